"""What surrounds every screen: headers on every answer, and who is asking, for whom it is shown, and why it happens."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from kith.identity import sign_in
from kith.identity.addresses import client, printable
from kith.identity.names import actor_of, viewer_of
from kith.kernel import guarded
from kith.kernel.actor import Guest, acting, cause
from kith.kernel.errors import KithError
from kith.kernel.origin import Origin, coming_from
from kith.kernel.viewer import Viewer, viewing
from kith.objects import reads
from kith.objects.custom import definitions

from . import looking, offline
from .limits import sentence_of
from .preferences import Preferences
from .screens import faults

log = logging.getLogger("kith.ui")

#: Scripts and styles come from this house only. Style attributes are allowed for custom properties (--h, --w): they carry a hue or a
#: width, which no style sheet can know.
CSP = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    "object-src 'none'; "
    # assets/js/trusted.js: text becomes markup through one policy, and never code.
    "require-trusted-types-for 'script'; "
    "trusted-types default inert"
)
#: What browsers can do and no page of ours asks for. (Copying to the clipboard is no such thing: buttons do it.)
FEATURES = (
    "accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
    "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    # Pages hold data about people: no copy stays in shared or private caches.
    "Cache-Control": "no-store, private",
}
#: What a script, a style sheet or a picture of ours needs: the other headers speak of documents alone, and each of them would travel
#: beside every small file of a first visit. Opened as a document by itself (icons are SVG) it may load and do nothing.
FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Next = Callable[[HttpRequest], HttpResponse]


class Headers:
    """The first and last to touch an answer: also redirects, static files and faults carry the headers."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page that stands in for a missing file is a page.
        file = request.path.startswith(settings.STATIC_URL) and response.status_code < 400
        headers = FILE_HEADERS if file else HEADERS
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser itself says that another site sent this, in a way that no link or typed address does.

    It stands beside Django's token and its look at Origin and Referer. Where a browser says neither Origin nor Sec-Fetch-Site, as
    programs do and browsers before 2023, the token alone decides (and over HTTPS the Referer).
    """
    if request.headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site"):
        return False
    looking = request.method in ("GET", "HEAD")
    return not (looking and request.headers.get("Sec-Fetch-Mode") == "navigate" and not _framed(request))


def _framed(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest", "document") in ("iframe", "frame", "object", "embed")


class Shell:
    """Binds actor, viewer and cause to the request, and turns refusals into answers in words."""

    def __init__(self, get_response: Next):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        definitions.refresh()
        user = by = request.user
        known = user.is_authenticated
        if known:
            sign_in.seen(request)
        request.look = looking.current(request)
        if request.look is not None:
            # The whole house answers as it would answer the user; what is written down names the administrator.
            user = request.user = request.look.user
        request.preferences = Preferences.of(request)
        request.actor = request.look.actor if request.look else actor_of(user) if known else Guest("web")
        language = get_language() or "en"
        request.viewer = viewer_of(user, language) if known else Viewer(language=language)
        request.cause = f"request:{uuid.uuid4().hex}"
        with viewing(request.viewer), acting(request.actor), cause(request.cause), coming_from(_origin(request)):
            with reads.noting() as noted:
                try:
                    no = looking.refused(request) if request.look else None
                    response: Any = faults.said(request, no) if no else self.get_response(request)
                finally:
                    guarded.release()
            noted.write_down(actor_of(by) if known else request.actor)
        if response.streaming:
            response.streaming_content = guarded.streamed(response.streaming_content)
        offline.mark(request, response)
        patch_vary_headers(response, ("Cookie", "HX-Request", "HX-Target", "Save-Data"))
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Before the screen: a page that is only looked at cannot write, and nothing takes for ever.

        What another site sent is refused; protocols that want that say so in their policy.
        """
        reading, policy = request.method in ("GET", "HEAD", "OPTIONS"), getattr(view, "policy", None)
        if _from_elsewhere(request) and not (policy is not None and policy.elsewhere):
            return faults.csrf(request)
        tracked = reading and bool(getattr(policy, "tracker", ""))
        guarded.watch(guarded.LOOKING if reading else guarded.WRITING, read_only=reading and not tracked)
        return None

    def process_exception(self, request: Any, error: Exception) -> HttpResponse | None:
        """Every failure that a person can cause has a sentence; everything else is a fault of ours."""
        if slow := guarded.stopped(error):
            log.warning("A statement was stopped for its time", extra={"route": request.resolver_match.route})
            guarded.release()
            error = slow
        if known := sentence_of(error):
            return faults.refused(request, *known)
        return faults.said(request, error) if isinstance(error, KithError) else None


def _origin(request: Any) -> Origin:
    agent = printable(request.headers.get("User-Agent", ""), 300)
    return Origin(client(request.META), agent, request.path[:80])
