"""Objects and fields: what there is, and the objects that administrators make."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.sentences import counted
from kith.objects import defining
from kith.objects.custom.models import CustomField, CustomObject
from kith.objects.declare import ObjectType, object_types
from kith.objects.kinds import ALL_KINDS
from kith.objects.query import count

from ..checks import words_in_use
from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page
from ..typed import NAME, ask_typed
from .own_fields import AT, KEY, digest, faults, field, field_row, field_url, found_object, in_languages, preview, texts

#: What a user-made object may look like: icons that the house draws anyway.
ICONS: dict[str, Any] = {
    "square": pgettext_lazy("icon", "Square"),
    "file-text": pgettext_lazy("icon", "Document"),
    "building-2": pgettext_lazy("icon", "Building"),
    "users": pgettext_lazy("icon", "People"),
    "user": pgettext_lazy("icon", "Person"),
    "handshake": pgettext_lazy("icon", "Handshake"),
    "briefcase": pgettext_lazy("icon", "Briefcase"),
    "calendar-days": pgettext_lazy("icon", "Calendar"),
    "map-pin": pgettext_lazy("icon", "Place"),
    "globe": pgettext_lazy("icon", "Globe"),
    "factory": pgettext_lazy("icon", "Factory"),
    "hash": pgettext_lazy("icon", "Number sign"),
    "star": pgettext_lazy("icon", "Star"),
    "target": pgettext_lazy("icon", "Target"),
    "banknote": pgettext_lazy("icon", "Banknote"),
    "mailbox": pgettext_lazy("icon", "Letter box"),
    "sticky-note": pgettext_lazy("icon", "Note"),
    "shapes": pgettext_lazy("icon", "Shapes"),
}


def index(request: Any, actor: Actor) -> HttpResponse:
    """GET: every object, and a form for a new one. POST: make it, or bring one back."""
    refusal = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "back":
                row = _object_row(request.POST.get("object", ""))
                defining.bring_object_back(actor, row)
                return onward(request, field_url(f"custom.o{row.pk}"), _("Brought back."), undo=request.cause)
            row = defining.add_object(actor, _object_asked(request.POST), _reserved())
            said = _("“%(object)s” is there. Give it fields of its own.") % {"object": row.plural}
            return onward(request, field_url(f"custom.o{row.pk}"), said, undo=request.cause)
        except Refused as fault:
            refusal = fault
    own: dict[str, int] = {}
    for key in CustomField.objects.filter(removed_at=None).values_list("object", flat=True):
        own[key] = own.get(key, 0) + 1
    rows = [
        {"object": o, "url": field_url(o.key), "made": o.key in ObjectType.made, "own": _counted(own.get(o.key, 0))}
        for o in object_types()
        if not o.common
    ]
    context = {
        "rows": rows,
        "aside": list(CustomObject.objects.exclude(removed_at=None).order_by("label")),
        "icons": ICONS.items(),
        "tongues": in_languages({}, {}, request.POST if refusal else {}, ("labels", "plurals")),
        "given": request.POST if refusal else {},
        **faults(refusal),
    }
    return settings_page(request, KEY, "ui/settings/objects.html", context, status=422 if refusal else 200)


def _counted(n: int) -> str:
    return ngettext("%(n)s field of your own", "%(n)s fields of your own", n) % {"n": counted(n)} if n else ""


def _object_row(key: str) -> CustomObject:
    number = key.removeprefix("custom.o")
    row = CustomObject.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row is None:
        raise Missing
    return row


def _reserved() -> set[str]:
    """Words of the house's own addresses."""
    return words_in_use()


def _object_asked(given: Any) -> dict[str, Any]:
    icon = given.get("icon", "")
    return {
        "label": given.get("label", ""),
        "plural": given.get("plural", ""),
        "labels": texts(given, "labels"),
        "plurals": texts(given, "plurals"),
        "icon": icon if icon in ICONS else next(iter(ICONS)),
    }


# ── one object ───────────────────────────────────────────────────────────────────────────────────────────────────────


def one(request: Any, actor: Actor, key: str) -> HttpResponse:
    """GET: the fields of an object. POST (`do`): names, order, bring back a field, put the object aside."""
    o = found_object(key)
    made = _object_row(key) if key in ObjectType.made else None
    refusal = None
    if request.method == "POST":
        try:
            return _do(request, actor, o, made)
        except Refused as fault:
            refusal = fault
    own = list(CustomField.objects.filter(object=o.key).order_by("position", "pk"))
    shown = [row for row in own if row.removed_at is None]
    kinds_by_key = {kind.key: kind for kind in ALL_KINDS}
    given = request.POST if refusal else {}
    definition = defining.object_definition(made)
    context = {
        "object": o,
        "made": made,
        "fields": [
            {"row": row, "label": o.fields[row.field_id].label, "kind": kinds_by_key.get(row.kind), "title": o.title == row.field_id,
             "url": field_url(key, f"{row.pk}/"), "first": n == 0, "last": n == len(shown) - 1}
            for n, row in enumerate(shown) if row.field_id in o.fields
        ],
        "house": [] if made else [f for f in o.own.values() if f.writable],
        "aside": [row for row in own if row.removed_at is not None],
        "new": field_url(key, "new/"),
        "said_none": _("No fields of your own yet"),
        "label_add": _("Add a field"),
        "icons": ICONS.items(),
        "definition": definition,
        "seen": digest(definition),
        "given": given,
        "tongues": in_languages(definition.get("labels", {}), definition.get("plurals", {}), given, ("labels", "plurals")),
        "danger": _danger_of_object(actor, o, refusal) if made else None,
        **faults(refusal),
    }  # fmt: skip
    return settings_page(request, KEY, "ui/settings/object.html", context, status=422 if refusal else 200)


def _do(request: Any, actor: Actor, o: ObjectType, made: CustomObject | None) -> HttpResponse:
    given, said = request.POST, _("Saved")
    asked = given.get("do", "")
    if asked in ("up", "down"):
        ids = list(
            CustomField.objects.filter(object=o.key, removed_at=None)
            .order_by("position", "pk")
            .values_list("pk", flat=True)
        )
        number = given.get("field", "")
        here = ids.index(int(number)) if number.isdecimal() and len(number) < 19 and int(number) in ids else -1
        there = here + (-1 if asked == "up" else 1)
        if here < 0 or not 0 <= there < len(ids):
            raise Refused(_("This request cannot be read."))
        ids[here], ids[there] = ids[there], ids[here]
        defining.order_fields(actor, o, ids)
    elif asked == "back":
        number = given.get("field", "")
        defining.bring_field_back(actor, field_row(o, int(number) if number.isdecimal() and len(number) < 19 else 0))
        said = _("Brought back.")
    elif asked == "names" and made is not None:
        definition = defining.object_definition(made)
        if given.get("seen") != digest(definition):
            raise Refused(_("Somebody else changed this object in the meantime. Look again before you save."))
        defining.change_object(actor, made, _object_asked(given), definition)
    elif asked == "aside" and made is not None:
        ask_typed(request, o.plural)
        defining.put_object_aside(actor, made)
        said = _("“%(object)s” was put aside. Its records are kept.") % {"object": made.plural}
        return onward(request, AT, said, undo=request.cause)
    else:
        raise Refused(_("This request cannot be read."))
    return onward(request, request.path, said, undo=request.cause)


def _danger_of_object(actor: Actor, o: ObjectType, refusal: Refused | None) -> dict[str, Any]:
    there = count(actor, o)
    lost = (
        ngettext(
            "%(n)s record will be seen, found and exported nowhere any more. It is kept, and comes back when you bring the object back.",
            "%(n)s records will be seen, found and exported nowhere any more. They are kept, and come back when you bring the object back.",
            there.value,
        )
        % {"n": counted(there.value)}
        if there.value
        else _("It has no records. You can bring it back at any time.")
    )
    return {
        "do": "aside",
        "heading": _("Put this object aside"),
        "sentence": lost,
        "name": o.plural,
        "button": _("Put aside"),
        "error": (refusal.errors.get(NAME) or [""])[0] if refusal else "",
    }


_AUDIT = "definition.field_changed and its like"
_WRITE = Policy(methods=("GET", "POST"), audit=_AUDIT, writes=True)
PAGE = SettingsPage(
    KEY,
    "data",
    lazy("Objects and fields"),
    icon="shapes",
    help=lazy("Fields and objects of your own, in every language, with a preview"),
    screen=index,
    who=ADMINISTRATORS,
    audit=_AUDIT,
    writes=True,
    words=lazy("custom field column object list choice option required label translation"),
    order=20,
    further=(
        Further("<str:key>/", one, "settings-object", _WRITE),
        Further("<str:key>/new/", field, "settings-field-new", _WRITE),
        Further("<str:key>/preview/", preview, "settings-field-preview", Policy(methods=("POST",))),
        Further("<str:key>/<int:pk>/", field, "settings-field", _WRITE),
    ),
)
