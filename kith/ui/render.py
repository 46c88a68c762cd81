"""From a template to an answer: a full page, or only the part that the script asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.html import el, join
from kith.objects.access import may
from kith.objects.declare import ObjectType, object_types

from . import offline
from .preferences import DENSITIES, SAVERS, THEMES
from .reach import Entry, reach
from .shortcuts import JUMP, keymap

BRAND = "Kith"


def wants_part(request: Any) -> bool:
    """Whether the script asks for a part; history restores and whole-page requests get the whole page."""
    return (
        bool(request.htmx)
        and not request.htmx.history_restore_request
        and request.headers.get("HX-Request-Type") != "full"
    )


def page(
    request: Any, template: str, context: dict[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`; where a script asks for a part and there is one, render `part` from the same context instead."""
    given = {"viewer": request.viewer, **(context or {})}
    if part and wants_part(request):
        return HttpResponse(render_to_string(part, given, request), status=status)
    return HttpResponse(render_to_string(template, {**shell(request), **given}, request), status=status)


def answer(
    request: Any, *pieces: Any, status: int = 200, changed: dict[str, Any] | None = None, **headers: str
) -> HttpResponse:
    """Safe pieces of HTML as one answer. `changed` says what changed ({"object": key, "ids": […]}), so that screens refresh themselves."""
    response = HttpResponse(join(pieces), status=status)
    if changed is not None:
        response.headers["HX-Trigger"] = json.dumps({"kith:changed": changed})
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def draw(request: Any, template: str, context: dict[str, Any]) -> SafeString:
    """A template as a piece."""
    return render_to_string(template, {"viewer": request.viewer, **context}, request)


def partial(target: str, swap: str, *children: Any) -> SafeString:
    """A piece for another place of the page: `target` is a selector, `swap` how it goes there."""
    return el("hx-partial", *children, hx_target=target, hx_swap=swap)


def toast(
    request: Any, sentence: Any, *, undo: str = "", bad: bool = False, back: dict[str, Any] | None = None
) -> SafeString:
    """A short message about what the person just did; `undo` is the cause to take back, `back` another way: {"url", "given"}."""
    context = {"sentence": sentence, "undo": undo, "bad": bad, "back": back}
    return partial("#toasts", "innerHTML", draw(request, "ui/parts/toast.html", context))


def announce(sentence: Any) -> SafeString:
    """A sentence for screen readers, about something that changed elsewhere on the page."""
    return partial("#say", "innerHTML", sentence)


def onward(
    request: Any, url: str, sentence: Any = "", *, undo: str = "", back: dict[str, Any] | None = None
) -> HttpResponse:
    """After a POST: go on to `url`, where `sentence` is said; `undo` is the cause to take back, `back` another way, as of `toast`."""
    if sentence:
        messages.success(request, str(sentence), extra_tags=json.dumps(back) if back else undo)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def own_url(request: Any, url: str | None, otherwise: str = "/") -> str:
    """`url` if it stays in this house, else `otherwise`."""
    own = url and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if own and url else otherwise


def shell(request: Any) -> dict[str, Any]:
    """What the frame around every page shows."""
    viewer, actor = request.viewer, request.actor
    objects = navigable(actor) if actor.user_id else []
    within = reach(request)
    chosen = getattr(request.user, "shortcuts", None) or {}
    letters = jump_letters(objects)
    for one in within["ways"]:
        one["letter"] = chosen.get(JUMP + one["key"], one["letter"])
    entries = []
    for o in objects:
        letter = chosen.get(JUMP + o.slug, letters[o.key])
        here = request.path.startswith(o.url())
        entries.append({"object": o, "url": o.url(), "key": letter, "here": here, "create": may(actor, "create", o)})
    return {
        **within,
        "keymap": json.dumps(keymap(chosen)),
        "brand": BRAND,
        "look": getattr(request, "look", None),
        "entries": entries,
        "preferences": request.preferences,
        "themes": THEMES.items(),
        "densities": DENSITIES.items(),
        "savers": SAVERS.items(),
        "now": clock.now(),
        "who": offline.whose(request),
        "writer": offline.writer(request),
        "languages": settings.LANGUAGES,
        "language": viewer.language,
        "dir": "rtl" if viewer.rtl else "ltr",
        "messages": [_said(message) for message in messages.get_messages(request)],
        "spoken": json.dumps(spoken(), ensure_ascii=False),
        # From when on this page has to be told of changes, in milliseconds.
        "made": int(clock.now().timestamp() * 1000),
    }


def _said(message: Any) -> dict[str, Any]:
    tags = message.extra_tags or ""
    back = json.loads(tags) if tags.startswith("{") else None
    return {"sentence": message.message, "undo": "" if back else tags, "back": back}


def jump_letters(objects: list[ObjectType]) -> dict[str, str]:
    """The letter after G for each object: the first of its address that no entry of the sidebar and no object before it has."""
    taken: set[str] = {"g", *(one.letter for one in Entry.registry)}
    letters = {}
    for o in objects:
        letter = next((c for c in o.slug if c.isascii() and c.isalpha() and c not in taken), "")
        taken.add(letter)
        letters[o.key] = letter
    return letters


def navigable(actor: Any) -> list[ObjectType]:
    """The objects that stand in the sidebar of `actor`, in their order."""
    return [o for o in object_types() if o.nav and may(actor, "view", o)]


def spoken() -> dict[str, str]:
    """The few sentences that scripts say themselves."""
    return {
        "unreachable": _("The server could not be reached. Your change was not saved."),
        "offline": _("You are offline. Your change was not saved."),
        "failed": _("Something went wrong. Your change was not saved."),
        "unread": _("This could not be loaded: the server could not be reached."),
        "unsent": _("“%(what)s” was not saved: the server could not be reached. What you typed is still here."),
        "broken": _("“%(what)s” was not saved: something went wrong. What you typed is still here."),
        "retry": _("Try again"),
        "waits": _("“%(what)s” waits in this browser and is sent when you are online again."),
        "unkept": _("This cannot be sent without a connection, and this browser cannot keep it. Leave the page open."),
        "sent": _("What waited was sent."),
        "stuck": _("Something that waited was not taken. Look at what waits."),
        "left": _("You were signed out. Sign in again to go on: what you typed is kept, and is sent then."),
        "other": _("Somebody else signed in. Nothing of what you typed was sent."),
        "elsewhere": _("Sign in another way, in a new tab"),
        "waiting": _("Waiting to be sent"),
        "late": _("Somebody else has just changed this."),
        "large": _("This file is too large."),
        "cancel": _("Cancel"),
        "close": _("Close"),
    }


def listed(parts: Iterable[Any]) -> str:
    """Several words in a row, as the language separates them."""
    return _(", ").join(str(part) for part in parts)
