"""Signing in and out, and how somebody likes to see the house."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _

from kith.kernel.errors import Refused

from ..preferences import KNOWN, YEAR, remember
from ..render import own_url, page, wants_part

LANGUAGES = dict(settings.LANGUAGES)
#: Wrong passwords in a row for one account from one address, and for how long (seconds) they count. Each web process counts for
#: itself: this slows guessing down, and never locks an account for its owner elsewhere.
MOST_TRIES, WAIT = 20, 15 * 60


def sign_in(request: Any, actor: Any) -> HttpResponse:
    """E-mail address and password. The answer never tells whether an address is known."""
    onward = own_url(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    given = {"next": onward, "email": "", "error": ""}
    if request.method == "POST":
        email, password = request.POST.get("email", "").strip()[:254], request.POST.get("password", "")[:4096]
        tries = f"sign-in:{email.casefold()}:{request.META.get('REMOTE_ADDR', '')}"
        if cache.get(tries, 0) >= MOST_TRIES:
            given |= {"email": email, "error": _("Too many tries in a row. Wait a quarter of an hour, then try again.")}
            return page(request, "ui/pages/sign_in.html", given, status=429)
        # An unknown address is checked against a password too, so that the time taken tells nothing.
        user = authenticate(request, username=email, password=password)
        if user is not None:
            cache.delete(tries)
            login(request, user)
            response = HttpResponseRedirect(onward)
            language = getattr(user, "language", "")
            if language in LANGUAGES and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                remember_language(response, language)
            return response
        cache.add(tries, 0, WAIT)
        cache.incr(tries)
        given |= {"email": email, "error": _("This e-mail address and password do not belong together.")}
    return page(request, "ui/pages/sign_in.html", given, status=422 if given["error"] else 200)


def sign_out(request: Any, actor: Any) -> HttpResponse:
    """End this session."""
    logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def preferences(request: Any, actor: Any) -> HttpResponse:
    """Remember theme, density or language; theme and density are changed by the script at once and only kept here."""
    response = (
        HttpResponse(status=204)
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


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in its cookie, which the sign-in page reads, too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
