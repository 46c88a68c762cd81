"""Webhooks that take in: the object and its mapping, the address and the secret, and what came."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from kith.hooks import arriving, inlets, owning
from kith.hooks.models import Arrival, Inlet
from kith.hooks.trouble import REASONS
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import counted, together
from kith.objects.access import fields as fields_of
from kith.objects.access.models import CHANGE, CREATE
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.exchange.finding import can_match
from kith.objects.query import visible_to

from ..render import onward
from ..settings import settings_page
from ..typed import danger
from .hooks_alike import object_label, page_of, removed, switched, told

HERE = "/settings/webhooks/in/"
#: Before a constant, in the place where it is said where a value stands.
ALWAYS = "="
#: What a sentence about something wrong stands beside; others stand above the form.
BESIDE = ("name", "mapping", "match", "does", "secured")
STATES: dict[str, tuple[Any, int]] = {
    Arrival.WAITING: (pgettext_lazy("a delivery", "Waiting"), 60),
    Arrival.DONE: (pgettext_lazy("a delivery", "Done"), 150),
    Arrival.FAILED: (pgettext_lazy("a delivery", "Failed"), 25),
}
SECURED = {
    Inlet.SIGNED: lazy("It signs what it sends (Standard Webhooks)"),
    Inlet.PATH: lazy("It can only be given an address: the secret stands in it"),
}
DOES = {
    Inlet.BOTH: lazy("Change the record that is found, or make a new one"),
    Inlet.CREATE: lazy("Only make new records"),
    Inlet.CHANGE: lazy("Only change records that are found"),
}
OUTCOMES = {
    "created": lazy("A record was made"),
    "changed": lazy("A record was changed"),
    "unchanged": lazy("Nothing was new"),
}


def choose(request: Any, actor: Actor) -> HttpResponse:
    """Of what the records shall be that are made."""
    return settings_page(request, "webhooks", "ui/settings/hook_in_choose.html", {"objects": inlets.objects_of(actor)})


def new(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """Make one, and show its address and secret this once."""
    if o.key not in {one.key for one in inlets.objects_of(actor)}:
        raise Missing(_("There are no records under this address."))
    if request.method == "GET":
        given = {"name": "", "secured": Inlet.SIGNED, "match": "", "does": Inlet.BOTH, "from": {}}
        return _form(request, actor, o, given)
    given = _given(request, actor, o)
    try:
        row, secret = inlets.make(actor, given)
    except Refused as refusal:
        return _form(request, actor, o, given, refusal.errors)
    return _told(request, row, secret)


def edit(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Change what is made of what comes in."""
    row = owning.find(actor, Inlet, pk)
    if row.object not in ObjectType.known():
        raise Missing
    o = object_type(row.object)
    if request.method == "GET":
        given = {name: getattr(row, name) for name in ("name", "secured", "match", "does", "version")}
        return _form(request, actor, o, {**given, "from": _typed(row.mapping)}, row=row)
    given = _given(request, actor, o)
    try:
        inlets.change(actor, row, given, given["version"])
    except Refused as refusal:
        return _form(request, actor, o, given, refusal.errors, row)
    return onward(request, f"{HERE}{row.pk}/", _("Saved"))


def _typed(mapping: list[dict[str, Any]]) -> dict[str, str]:
    """A mapping as the form shows it: field → where, or "=" and a constant."""
    return {
        one["to"]: one["from"]
        if "from" in one
        else ALWAYS + (one["value"] if isinstance(one["value"], str) else json.dumps(one["value"], ensure_ascii=False))
        for one in mapping
    }


def _given(request: Any, actor: Actor, o: ObjectType) -> dict[str, Any]:
    post = request.POST
    typed = {to: text for to, _label, _part in _targets(actor, o) if (text := post.get(f"from.{to}", "").strip()[:400])}
    version = post.get("version", "")
    return {
        "name": post.get("name", "")[:200],
        "secured": post.get("secured", "")[:10],
        "object": o.key,
        "match": post.get("match", "")[:120],
        "does": post.get("does", "")[:10],
        "mapping": [
            {"to": to, "value": text[1:]} if text.startswith(ALWAYS) else {"to": to, "from": text}
            for to, text in typed.items()
        ],
        "from": typed,
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 16 else None,
    }


def _targets(actor: Actor, o: ObjectType) -> list[tuple[str, str, str]]:
    """What can be filled: (path, label of the field, label of its part)."""
    found = []
    for field in _fields(actor, o):
        found.append((field.name, str(field.label), ""))
        found += [
            (f"{field.name}.{name}", str(field.label), str(part.part_label or part.label))
            for name, part in field.kind.parts.items()
        ]
    return found


def _fields(actor: Actor, o: ObjectType) -> list[Field]:
    both = {**fields_of(actor, o, CHANGE), **fields_of(actor, o, CREATE)}
    return [field for field in both.values() if field.writable and field.fact]


def _form(
    request: Any,
    actor: Actor,
    o: ObjectType,
    given: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    row: Inlet | None = None,
) -> HttpResponse:
    typed = given["from"]
    groups: dict[str, dict[str, Any]] = {}
    for to, label, part in _targets(actor, o):
        name = to.partition(".")[0]
        group = groups.setdefault(name, {"to": name, "label": label, "typed": typed.get(name, ""), "parts": []})
        if part:
            group["parts"].append((to, part, typed.get(to, "")))
            group["open"] = group.get("open") or to in typed
    context = {
        "o": o,
        "row": row,
        "given": given,
        "errors": errors or {},
        "whole": [s for name, some in (errors or {}).items() if name not in BESIDE for s in some],
        "targets": groups.values(),
        "matches": [(field.name, field.label) for field in _fields(actor, o) if can_match(field)],
        "secured": SECURED.items(),
        "does": DOES.items(),
    }
    return settings_page(request, "webhooks", "ui/settings/hook_in_edit.html", context, status=422 if errors else 200)


def _address(request: Any, row: Inlet, secret: str = "") -> str:
    return f"{settings.KITH_URL or request.build_absolute_uri('/').rstrip('/')}{inlets.address(row, secret)}"


def _told(request: Any, row: Inlet, secret: str) -> HttpResponse:
    signed = row.secured == Inlet.SIGNED
    return told(request, row, secret if signed else "", f"{HERE}{row.pk}/", _address(request, row, secret))


def one(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: one of them and what came. POST: pause it, turn it on, work off again what failed."""
    row = owning.find(actor, Inlet, pk, any_ones=True)
    here = f"{HERE}{row.pk}/"
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb != "replay":
            return onward(request, here, switched(actor, row, verb))
        n = arriving.repeat(actor, row)
        sentence = ngettext("%(n)s delivery is tried again.", "%(n)s deliveries are tried again.", n)
        return onward(request, here, sentence % {"n": counted(n)})
    mine = owning.is_mine(actor, row)
    rows = Arrival.objects.filter(inlet=row)
    found, older = page_of(request, rows, here) if mine else ([], "")
    context = {
        "row": row,
        "mine": mine,
        "address": _address(request, row),
        "why": together(str(REASONS.get(row.paused_why, "")), _("What is sent to it is not taken.")),
        "object": object_label(row.object),
        "how": SECURED[row.secured],
        "does": DOES[row.does],
        "log": [(came, *STATES[came.state], OUTCOMES.get(came.outcome, "")) for came in found],
        "older": older,
        "failed": rows.filter(state=Arrival.FAILED).count(),
        "danger": _danger(row),
    }
    return settings_page(request, "webhooks", "ui/settings/hook_in.html", context)


def secret(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """A new secret; for a day both count."""
    row = owning.find(actor, Inlet, pk)
    return _told(request, row, inlets.new_secret(actor, row))


def remove(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Take it away with what came in."""
    return removed(request, actor, owning.find(actor, Inlet, pk, any_ones=True), _danger)


def _danger(row: Inlet, error: str = "") -> dict[str, Any]:
    sentence = _("Nothing is taken there any more, and what came in goes with it. The records that were made stay.")
    return danger(row.name, sentence, error=error, action=f"{HERE}{row.pk}/remove/")


def arrival(request: Any, actor: Actor, pk: int, number: int) -> HttpResponse:
    """GET: one delivery, with its body and what came of it. POST: work it off again."""
    row = owning.find(actor, Inlet, pk)
    came = Arrival.objects.filter(inlet=row, pk=number).first() if number < 2**63 else None
    if came is None:
        raise Missing(_("There is no such delivery."))
    here = f"{HERE}{row.pk}/arrivals/{came.pk}/"
    if request.method == "POST":
        arriving.repeat(actor, row, only=came.pk)
        return onward(request, here, _("It is tried again. What comes of it stands here in a moment."))
    known = came.object in ObjectType.known() and came.record is not None
    seen = known and visible_to(actor, came.object).filter(pk=came.record).exists()
    try:
        body = json.dumps(json.loads(came.body), indent=2, ensure_ascii=False)
    except ValueError:
        body = came.body
    context = {
        "row": row,
        "came": came,
        "state": STATES[came.state],
        "outcome": OUTCOMES.get(came.outcome, ""),
        "body": body,
        "url": object_type(came.object).url(came.record) if seen else "",
        "again": came.state == Arrival.FAILED and row.paused_at is None,
    }
    return settings_page(request, "webhooks", "ui/settings/hook_in_arrival.html", context)
