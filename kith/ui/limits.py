"""How large a request may be, in each of its parts; what is larger is refused in a sentence before anything of it is read.

Limits of single values (a text, a filter, a file of an import) are held where those values are understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kith.kernel.sentences import counted

from .policy import ANYONE

MEGABYTE = 1024 * 1024
#: Letters of an address with its query: a filter may be 20,000 long.
ADDRESS = 30_000
#: Bytes of all headers together, and how many there may be.
HEADERS, HEADER_COUNT = 32 * 1024, 100
#: In an environ: why the door (kith.config.asgi) did not wait for the body.
ARRIVAL, LATE, CROWDED = "kith.arrival", "late", "crowded"
RETRY_AFTER = "10"  # seconds, for what came while too much was arriving


class Limits:
    """Refuses requests that are too large, by what they say of themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = _too_much(request)
        if refused is None:
            return self.get_response(request)
        response = _said(request, *refused)
        if refused[0] == 503:
            response["Retry-After"] = RETRY_AFTER
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Before anything reads the body: it may be as large as this address takes, from somebody who may come here."""
        most = _most(getattr(view, "policy", None), lambda: request.user.is_authenticated)
        size = length(request.META)
        return _said(request, 413, _too_large(most)) if size is None or size > most else None


def smallest() -> int:
    """Bytes of a body that every address takes, from everybody."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def taken(environ: dict[str, Any]) -> int:
    """Bytes of a body that this request may have, by its address and by whose session it names. Nothing of the body is read."""
    request: Any = WSGIRequest(environ)
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return smallest()

    def known() -> bool:
        SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
        return bool(get_user(request).is_authenticated)

    close_old_connections()
    return _most(getattr(view, "policy", None), known)


def length(meta: Mapping[str, Any]) -> int | None:
    """What a request says of the length of its body; None when it says nothing that is one."""
    said = meta.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else None


def _most(policy: Any, known: Callable[[], bool]) -> int:
    if policy is not None and policy.upload and (policy.who == ANYONE or known()):
        return max(smallest(), int(policy.upload) + MEGABYTE)
    return smallest()


def _too_much(request: HttpRequest) -> tuple[int, str] | None:
    meta = request.META
    if meta.get(ARRIVAL) == LATE:
        return 408, _late()
    if meta.get(ARRIVAL) == CROWDED:
        return 503, _("Too much is being sent to Kith at once. Wait a moment and try again.")
    if "HTTP_TRANSFER_ENCODING" in meta:
        # Programs in a row that disagree about where such a body ends are how requests are smuggled.
        return 411, _("Say how long the body of this request is: a Content-Length is needed.")
    if len(meta.get("PATH_INFO", "")) + len(meta.get("QUERY_STRING", "")) > ADDRESS:
        return 414, _("This address is too long. Choose fewer filters or columns.")
    sizes = [len(name) + len(value) for name, value in meta.items() if name.startswith("HTTP_")]
    if len(sizes) > HEADER_COUNT or sum(sizes) > HEADERS:
        return 431, _(
            "Your browser sent too much along with this request. Delete the cookies of this site and try again."
        )
    return None


def _too_large(most: int) -> str:
    return _("What you sent is too large: this address takes at most %(n)s MB.") % {"n": counted(most // MEGABYTE)}


def _late() -> str:
    return _("Your request did not arrive in time. Check the connection and try again.")


def sentence_of(error: BaseException | None) -> tuple[int, str] | None:
    """Status and sentence for what Django refuses while it reads a request; None for anything else."""
    if isinstance(error, RequestDataTooBig):
        return 413, _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(error, TooManyFieldsSent):
        n = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return 400, _("This form has too many fields: at most %(n)s are taken at once.") % {"n": counted(n)}
    if isinstance(error, TooManyFilesSent):
        return 400, _("Send fewer files at once.")
    if isinstance(error, DisallowedHost):
        return 400, _("Kith does not answer under this name. An operator can add it to KITH_HOSTS.")
    if isinstance(error, UnreadablePostError):
        return 408, _late()
    if isinstance(error, MultiPartParserError):
        return 400, _("This form did not arrive whole. Load the page again and try once more.")
    return None


def _said(request: Any, status: int, sentence: str) -> HttpResponse:
    from .screens import faults

    return faults.refused(request, status, sentence)
