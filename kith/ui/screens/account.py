"""Signing in and out, and how somebody likes to see the house."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import check_for_language, ngettext
from django.utils.translation import gettext as _

from kith.identity import linking, sign_in
from kith.identity.facts import tell
from kith.identity.limits import TooMany
from kith.identity.passwords import Busy
from kith.kernel.errors import Refused
from kith.kernel.viewer import current_viewer
from kith.objects.kinds.numerals import show_number

from ..preferences import KNOWN, YEAR, Preferences, remember
from ..render import draw, own_url, page, wants_part

LANGUAGES = dict(settings.LANGUAGES)


def sign_in_page(request: Any, actor: Any) -> HttpResponse:
    """E-mail address and password. The answer never tells whether an address is known."""
    onward = own_url(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    if request.method == "GET":
        return _form(request, onward)
    email, password = request.POST.get("email", "").strip()[:254], request.POST.get("password", "")[:4096]
    try:
        user = sign_in.by_password(request, email, password)
    except (TooMany, Busy) as error:
        return slow_down(_form(request, onward, email, waiting(error)), error)
    if user is None:
        return _form(request, onward, email, _("This e-mail address and password do not belong together."), status=422)
    return further(request, user, "password", onward)


def _form(request: Any, onward: str, email: str = "", error: str = "", status: int = 200) -> HttpResponse:
    given = {"next": onward, "email": email, "error": error, "providers": linking.shown()}
    return page(request, "ui/door/sign_in.html", given, status=status)


def further(request: Any, user: Any, how: str, onward: str, *, strong: bool = False) -> HttpResponse:
    """After the first half of a proof: in, or on to the second half."""
    if sign_in.proceed(request, user, how, onward, strong=strong):
        return arrived(request, user, onward)
    return HttpResponseRedirect("/sign-in/factor/")


def arrived(request: Any, user: Any, onward: str) -> HttpResponse:
    """The answer to somebody who has just come in: on, with the cookie by which this browser is known, in her language."""
    response = HttpResponseRedirect(own_url(request, onward))
    response.set_cookie(
        sign_in.device_cookie(request),
        sign_in.known_device(request, user),
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    if user.language in LANGUAGES and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember_language(response, user.language)
    return response


def waiting(error: TooMany | Busy) -> str:
    """How long to wait, as a sentence."""
    if isinstance(error, Busy):
        return str(error)
    minutes = max(1, -(-error.wait // 60))
    return ngettext(
        "Too many tries in a row. Wait %(n)s minute, then try again.",
        "Too many tries in a row. Wait %(n)s minutes, then try again.",
        minutes,
    ) % {"n": show_number(minutes, current_viewer())}


def slow_down(response: HttpResponse, error: TooMany | Busy) -> HttpResponse:
    """Make `response` one that tells programs when to try again."""
    response.status_code = 429 if isinstance(error, TooMany) else 503
    response.headers["Retry-After"] = str(error.wait if isinstance(error, TooMany) else 3)
    return response


def sign_out(request: Any, actor: Any) -> HttpResponse:
    """End this session."""
    if request.user.is_authenticated:
        tell("account.signed_out", request.user)
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def preferences(request: Any, actor: Any) -> HttpResponse:
    """Remember theme, density or language; theme and density are changed by the script at once and only kept here."""
    response = (
        HttpResponse(_taken_back(request))
        if wants_part(request)
        else HttpResponseRedirect(own_url(request, request.POST.get("next")))
    )
    for name, allowed in KNOWN.items():
        value = request.POST.get(name)
        if value is not None:
            if value not in allowed:
                raise Refused(_("There is no such setting."))
            remember(request, response, name, value)
    language = request.POST.get("language")
    if language is not None:
        if language not in LANGUAGES or not check_for_language(language):
            raise Refused(_("There is no such language."))
        remember_language(response, language)
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def _taken_back(request: Any) -> str:
    """The toast that takes back what was chosen: by the same form, with what the cookie said before. Nothing where it was just that."""
    before = Preferences.of(request)
    for name in KNOWN:
        now, held = request.POST.get(name), getattr(before, name)
        if now is not None and now != held:
            said = _("Restored.") if request.POST.get("back") else _("Saved")
            return draw(request, "ui/parts/preferred.html", {"name": name, "held": held, "sentence": said})
    return ""


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in its cookie, which the sign-in page reads, too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
