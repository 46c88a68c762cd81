"""Who asks, and everything that is bound for one request: actor, viewer, language, what of the database it may do.

An answering function gets an `Asked` and what its address holds. Whatever it raises becomes a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from kith.identity import tokens
from kith.identity.models import Token
from kith.identity.names import viewer_of
from kith.kernel import guarded
from kith.kernel.actor import Actor, acting
from kith.kernel.errors import KithError, Missing, Refused
from kith.kernel.problems import problem
from kith.kernel.sentences import counted, listed
from kith.kernel.viewer import Viewer, viewing
from kith.objects import reads
from kith.objects.declare import ObjectType, by_slug

from . import problems
from .wire import Unfit

READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class Asked:
    """One request: who asks it, how she sees things, and what stands in its address."""

    request: Any
    token: Token
    actor: Actor
    viewer: Viewer
    given: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The method; HEAD is a GET whose body the server leaves out."""
        return "GET" if self.request.method == "HEAD" else str(self.request.method)

    def only(self, *names: str) -> dict[str, str]:
        """The parameters of the address; others than these are refused, and such that come twice."""
        for name, values in self.request.GET.lists():
            if name not in names:
                sentence = _("The address has the unknown parameter “%(name)s”.") % {"name": name[:60]}
                if names:
                    sentence = _("The address has the unknown parameter “%(name)s”. Known are: %(names)s.") % {
                        "name": name[:60],
                        "names": listed(names),
                    }
                raise _unfit(name, sentence)
            if len(values) > 1:
                raise _unfit(name, _("The parameter “%(name)s” comes twice.") % {"name": name})
            if "\0" in values[0]:
                raise _unfit(name, _("The parameter “%(name)s” holds control characters.") % {"name": name})
        self.given = {name: self.request.GET[name] for name in names if name in self.request.GET}
        return self.given

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        if name not in self.given:
            return usual
        text = self.given[name]
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
            raise _unfit(
                name, _("“%(name)s” is a whole number from 1 to %(most)s.") % {"name": name, "most": counted(most)}
            )
        return int(text)

    def flag(self, name: str) -> bool:
        """A parameter that is "true" or "false"."""
        text = self.given.get(name, "false")
        if text not in ("true", "false"):
            raise _unfit(name, _("“%(name)s” is “true” or “false”.") % {"name": name})
        return text == "true"

    def names(self, name: str, most: int) -> list[str] | None:
        """A parameter that is a list of names, parted by commas, each once; None where it is not there."""
        if name not in self.given:
            return None
        found = list(dict.fromkeys(part.strip() for part in self.given[name].split(",")))
        if len(found) > most or not all(found):
            raise _unfit(
                name,
                _("“%(name)s” is a list of at most %(most)s names, parted by commas.")
                % {"name": name, "most": counted(most)},
            )
        return found

    @contextmanager
    def about(self, name: str) -> Any:
        """What is refused inside is refused because of the parameter `name`."""
        try:
            yield
        except Refused as refusal:
            refusal.parameter = name  # type: ignore[attr-defined]
            raise


def _unfit(name: str, sentence: str) -> Unfit:
    return Unfit(422, sentence, "parameter", errors=[{"parameter": name[:60], "detail": sentence}])


Work = Callable[..., HttpResponseBase]


def asking(**by_method: Work) -> Callable[..., HttpResponseBase]:
    """What an address answers, by method: `door` gives it what the address holds; `slug` becomes the object."""

    def answered(request: Any, **captured: Any) -> HttpResponseBase:
        language = _asked_language(request.headers.get("Accept-Language", ""))
        with translation.override(language or "en"):
            token = None
            try:
                token = tokens.authenticate(request)
                response = _bound(request, token, language, by_method, captured)
            except Exception as error:
                guarded_release(error)
                response = problems.said(error)
                response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        for name, value in _allowance(token).items():
            response.headers[name] = value
        return response

    return answered


def guarded_release(error: Exception) -> None:
    """A statement that was stopped may have left the connection in a transaction that nothing can be said to."""
    if guarded.stopped(error):
        guarded.release()


def _bound(
    request: Any, token: Token, language: str, by_method: Mapping[str, Work], captured: dict[str, Any]
) -> HttpResponseBase:
    owner = token.owner
    language = language or _known(getattr(owner, "language", "")) or "en"
    actor, viewer = tokens.actor_of_token(token), viewer_of(owner, language)
    asked = Asked(request, token, actor, viewer)
    reading = request.method in READING
    # That the token was used is written down. From here on, what only looks only reads.
    guarded.watch(guarded.LOOKING if reading else guarded.WRITING, read_only=reading)
    with translation.override(language), viewing(viewer), acting(actor):
        with reads.noting() as noted:
            try:
                response = by_method[asked.method](asked, **_objects(captured))
            except Exception as error:
                guarded_release(error)
                response = problems.said(error)
        if noted.found:
            with guarded.tracking("audit"):
                noted.write_down(actor)
        response.headers["Content-Language"] = language
    return response


def _objects(captured: dict[str, Any]) -> dict[str, Any]:
    slug = captured.pop("slug", None)
    return captured if slug is None else {"o": known(slug), **captured}


def known(slug: str) -> ObjectType:
    """The object that an address names."""
    found = by_slug(slug)
    if found is None:
        raise Missing(_("There are no records under this address."))
    return found


def _asked_language(header: str) -> str:
    """The first language of the header in which we can answer, "" where there is none."""
    for code, _weight in parse_accept_lang_header(header):
        if code != "*" and (found := _known(code)):
            return found
    return ""


def _known(code: str) -> str:
    try:
        return get_supported_language_variant(code) if code else ""
    except LookupError:
        return ""


def _allowance(token: Token | None) -> dict[str, str]:
    """How much may be asked, and how much of it is left, as the IETF's draft of these headers says it."""
    if token is None or token.allowance is None:
        return {}
    gate, left = token.allowance
    window = round(gate.burst * gate.seconds)
    return {
        "RateLimit-Policy": f'"token";q={gate.burst};w={window}',
        "RateLimit": f'"token";r={left};t={max(1, round((gate.burst - left) * gate.seconds))}',
    }


def not_allowed(request: Any, methods: Iterable[str]) -> HttpResponse:
    """The answer to a method that an address does not know."""
    with translation.override(_asked_language(request.headers.get("Accept-Language", "")) or "en"):
        told = [*methods, "HEAD"] if "GET" in methods else list(methods)
        sentence = _("This address does not take %(method)s. It takes: %(methods)s.") % {
            "method": request.method[:20],
            "methods": listed(told),
        }
        return problems.answer(
            problem(405, sentence, "method"), {"Allow": HttpResponseNotAllowed(told).headers["Allow"]}
        )


def nowhere(asked: Asked, **captured: Any) -> HttpResponse:
    """Whatever else is asked for: there is nothing."""
    raise Missing(_("There is nothing at this address."))


__all__ = ["Asked", "KithError", "asking", "known", "not_allowed", "nowhere"]
