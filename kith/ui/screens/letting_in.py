"""Letting an app in: what it asks for, in words, and the way back to it.

The way back is a page with a link that it follows by itself. A redirect would end the form of this page elsewhere, and the
Content-Security-Policy lets no form of ours end anywhere but here (browsers hold that against redirects, too).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity import oauth
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden
from kith.kernel.sentences import listed
from kith.objects.access.models import VERBS
from kith.objects.declare import object_types

from ..render import page

#: What stands for every object.
EVERYTHING = {
    "*": lazy("Everything that you may do here"),
    "view": lazy("See whatever you may see"),
}


def authorize(request: Any, actor: Actor) -> HttpResponse:
    """GET: what an app asks for. POST: the answer, with which the person goes back to the app."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    here = settings.KITH_URL or request.build_absolute_uri("/").rstrip("/")
    try:
        wanted = oauth.wish(asked, here)
    except oauth.Unsafe:
        return page(request, "ui/door/no_app.html", status=400)
    except oauth.Back as back:
        return _back(request, back.address)
    if actor.observer is not None:
        raise Forbidden
    told = asked_for(wanted.scopes)
    if told is None:
        return _back(request, oauth.refuse(wanted, "invalid_scope"))
    if request.method == "POST":
        if request.POST.get("answer_to_app") == "let_in":
            return _back(request, oauth.allow(request.user, wanted))
        return _back(request, oauth.refuse(wanted))
    context = {"app": wanted.app, "told": told, "whole": ("*", "*") in wanted.scopes, "back": wanted.address}
    return page(request, "ui/door/let_in.html", context)


def asked_for(scopes: list[tuple[str, str]]) -> list[str] | None:
    """What scopes let somebody do, in words, a line for each object; None where they name what there is not."""
    labels = {o.key: o.plural for o in object_types()}
    verbs: dict[str, list[str]] = {}
    for key, verb in scopes:
        if key != "*" and key not in labels:
            return None
        if verb != "*" and verb.partition("/")[0] not in VERBS:
            return None
        verbs.setdefault(key, []).append(verb)
    lines = []
    for key, some in verbs.items():
        if key == "*":
            lines += [
                str(EVERYTHING[verb]) if verb in EVERYTHING else _named(_("Whatever there is"), [verb]) for verb in some
            ]
        else:
            lines.append(_named(labels[key], some))
    return lines


def _named(what: Any, verbs: list[str]) -> str:
    if "*" in verbs:
        return _("%(objects)s: whatever you may do with them") % {"objects": what}
    said = listed(dict.fromkeys(str(VERBS[verb.partition("/")[0]]) for verb in verbs))
    return _("%(objects)s: %(verbs)s") % {"objects": what, "verbs": said}


def _back(request: Any, address: str) -> HttpResponse:
    return page(request, "ui/door/back_to_app.html", {"address": address})
