"""What is said when something cannot be done: refusals in words, and pages for addresses and faults."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kith.kernel.errors import Forbidden, KithError, Missing, Stale
from kith.kernel.policy import TOKEN
from kith.kernel.problems import MEDIA_TYPE, problem
from kith.kernel.viewer import Viewer

from ..limits import sentence_of
from ..render import answer, page, toast, wants_part

#: What a refusal is called in HTTP; what is not listed is 422: the request was understood, but not granted.
STATUS: dict[type[KithError], int] = {Forbidden: 403, Missing: 404, Stale: 409}


def said(request: Any, error: KithError) -> HttpResponse:
    """The answer to a failure that the person caused: a toast for a part of a page, else a page with the sentence."""
    status = STATUS.get(type(error), 422)
    if wants_part(request):
        return answer(request, toast(request, str(error), bad=True), status=status)
    titles = {
        403: _("You may not do this"),
        404: _("Nothing is here"),
        409: _("Somebody was faster"),
        422: _("This did not work"),
    }
    return _page(request, status, titles[status], str(error))


def bad_request(request: Any, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    if known := sentence_of(exception):
        return refused(request, *known)
    return _page(request, 400, _("This request cannot be read"), _("Go back, load the page again and try once more."))


def refused(request: Any, status: int, sentence: str) -> HttpResponse:
    """A request that is refused for its size or shape, before anybody knows whose it is. Programs are told in their way."""
    if _for_programs(request):
        told = json.dumps(problem(status, sentence), ensure_ascii=False)
        return HttpResponse(told, status=status, content_type=MEDIA_TYPE)
    return _plain(request, status, _("This request cannot be read"), sentence)


def _for_programs(request: Any) -> bool:
    """Whether the address is one that programs ask with a token."""
    try:
        policy = getattr(resolve(request.path_info).func, "policy", None)
    except Resolver404:
        return False
    return policy is not None and policy.who == TOKEN


def denied(request: Any, exception: Exception | None = None) -> HttpResponse:
    """A request that is understood and refused."""
    return _page(request, 403, _("You may not do this"), _("You do not have the right to do this."))


def missing(request: Any, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere."""
    return _page(
        request,
        404,
        _("Nothing is here"),
        _("The address may be mistyped, or the record was deleted, or you may not see it."),
    )


def csrf(request: Any, reason: str = "") -> HttpResponse:
    """A form without its token: the page is old, or another site sent it."""
    sentence = _(
        "This page was open for too long, or you signed in again elsewhere. Nothing was saved. Load it and try again."
    )
    if wants_part(request) and hasattr(request, "viewer"):
        return answer(request, toast(request, sentence, bad=True), status=403)
    return _page(request, 403, _("This form has expired"), sentence)


def broken(request: Any) -> HttpResponse:
    """A fault of ours. Nothing is asked of the database here: it may be what is broken."""
    sentence = _("This is our fault, and it has been recorded. What you did just now was not saved.")
    return _plain(request, 500, _("Something went wrong"), sentence)


def _page(request: Any, status: int, title: str, sentence: str) -> HttpResponse:
    actor = getattr(request, "actor", None)
    if actor is None or not actor.user_id:
        return _plain(request, status, title, sentence)
    return page(request, "ui/pages/fault.html", {"title": title, "sentence": sentence}, status=status)


def _plain(request: Any, status: int, title: str, sentence: str) -> HttpResponse:
    viewer = getattr(request, "viewer", None) or Viewer()
    given = {
        "title": title,
        "sentence": sentence,
        "language": viewer.language,
        "dir": "rtl" if viewer.rtl else "ltr",
        "brand": "Kith",
        "preferences": getattr(request, "preferences", None),
    }
    return HttpResponse(render_to_string("ui/pages/fault_plain.html", given), status=status)
