"""A field of one's own: its form, with a preview while it is made; made, changed, put aside."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.kernel.viewer import current_viewer
from kith.objects import defining
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.declare import CONTACT, FREE_TEXT, IDENTITY, NONE, SPECIAL, ObjectType, object_type, object_types
from kith.objects.kinds import ALL_KINDS, Kind
from kith.objects.kinds.numerals import show_number

from .. import widgets
from ..render import draw, onward, own_url
from ..settings import settings_page

#: What a field holds of people.
PERSONAL: dict[str, Any] = {
    FREE_TEXT: lazy("Free text about people"),
    NONE: lazy("Nothing about people"),
    IDENTITY: lazy("Who somebody is"),
    CONTACT: lazy("How to reach somebody"),
    SPECIAL: lazy("Health, faith, convictions: every look is kept in the audit trail"),
}
#: Colours of options: a hue of the wheel, whose lightness is the house's.
HUES: dict[str, Any] = {
    "": pgettext_lazy("colour of an option", "None"),
    "25": pgettext_lazy("colour of an option", "Red"),
    "60": pgettext_lazy("colour of an option", "Orange"),
    "95": pgettext_lazy("colour of an option", "Yellow"),
    "150": pgettext_lazy("colour of an option", "Green"),
    "200": pgettext_lazy("colour of an option", "Turquoise"),
    "250": pgettext_lazy("colour of an option", "Blue"),
    "300": pgettext_lazy("colour of an option", "Purple"),
    "350": pgettext_lazy("colour of an option", "Pink"),
}
#: The page of settings under which it stands.
KEY, AT = "fields", "/settings/fields/"
#: An empty line more than there are options stands ready, and so many at first.
LINES = 3


def kinds() -> list[type[Kind]]:
    """The kinds that are offered, in the order in which people choose among them."""
    return [kind for kind in ALL_KINDS if kind.definable]


def field(request: Any, actor: Actor, key: str, pk: int = 0) -> HttpResponse:
    """GET: the form of a field, new without `pk`. POST: make, change or put it aside."""
    o = found_object(key)
    row = field_row(o, pk) if pk else None
    refusal = None
    if request.method == "POST":
        try:
            return _save(request, actor, o, row)
        except Refused as fault:
            refusal = fault
            row = field_row(o, pk) if pk else None
    given = request.POST if refusal else {}
    definition = defining.field_definition(row)
    context = {
        "object": o,
        "row": row,
        "back": field_url(key),
        "next": own_url(request, request.POST.get("next") or request.GET.get("next"), ""),
        "seen": digest(definition),
        "preview": field_url(key, "preview/"),
        "danger": _danger_of_field(actor, o, row) if row and row.removed_at is None and o.title != row.field_id else None,
        **_asked_form(o, row, definition, given, request.viewer),
        **faults(refusal),
    }  # fmt: skip
    context |= _previewed(request, o, row, given or _posted(definition))
    return settings_page(request, KEY, "ui/settings/field.html", context, status=422 if refusal else 200)


def _save(request: Any, actor: Actor, o: ObjectType, row: CustomField | None) -> HttpResponse:
    given = request.POST
    if row is None:
        made = defining.add_field(actor, o, asked_of(given))
        said = _("Field “%(field)s” added.") % {"field": made.label}
        return onward(request, _with_column(request, o, made), said, undo=request.cause)
    if given.get("do") == "aside":
        defining.put_field_aside(actor, row)
        said = _("Field “%(field)s” was put aside. What stands in it is kept.") % {"field": row.label}
        return onward(request, field_url(o.key), said, undo=request.cause)
    definition = defining.field_definition(row)
    if given.get("seen") != digest(definition):
        raise Refused(_("Somebody else changed this field in the meantime. Look again before you save."))
    defining.change_field(actor, row, asked_of(given), definition)
    return onward(request, own_url(request, given.get("next"), field_url(o.key)), _("Saved"), undo=request.cause)


def _with_column(request: Any, o: ObjectType, made: CustomField) -> str:
    """Back to where the field was asked for; a list shows it as its last column."""
    back = own_url(request, request.POST.get("next"), field_url(o.key))
    parts = urlsplit(back)
    if parts.path != o.url():
        return back
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    shown = query.get("columns") or ",".join(name for name in o.list if name != o.title)
    return f"{o.url()}?{urlencode({**query, 'columns': f'{shown},{made.field_id}'}, safe=',:')}"


def asked_of(given: Any) -> dict[str, Any]:
    """What the form of a field says, as `defining` reads it."""
    numbers = sorted({int(m[1]) for name in given if (m := re.fullmatch(r"option-(\d{1,4})\.label", name))})
    options = [
        {
            "value": given.get(f"option-{n}.value", "")[:60],
            "label": given.get(f"option-{n}.label", ""),
            "hue": int(hue) if (hue := given.get(f"option-{n}.hue", "")) in HUES and hue else None,
            "labels": {code: given.get(f"option-{n}.label.{code}", "") for code, _said in settings.LANGUAGES},
        }
        for n in numbers
    ]
    pii = given.get("pii", "")
    return {
        "label": given.get("label", ""),
        "help": given.get("help", ""),
        "labels": texts(given, "labels"),
        "helps": texts(given, "helps"),
        "kind": given.get("kind", ""),
        "options": options,
        "places": given.get("places", ""),
        "to": given.get("to", ""),
        "pii": pii if pii in PERSONAL else FREE_TEXT,
        "search": "search" in given,
        "required": "required" in given,
    }


def _posted(definition: dict[str, Any]) -> dict[str, Any]:
    """A stored definition as the form would post it: what its preview is drawn by."""
    if not definition:
        return {}
    flat = {name: definition[name] for name in ("label", "help", "kind", "pii")} | {
        "places": str(definition["options"].get("places", "")),
        "to": definition["options"].get("to", ""),
    }
    for n, option in enumerate(definition["options"].get("options", ())):
        flat |= {f"option-{n}.value": option["value"], f"option-{n}.label": option["label"]}
        flat[f"option-{n}.hue"] = "" if option.get("hue") is None else str(option["hue"])
    return flat | {name: "1" for name in ("search", "required") if definition[name]}


def _asked_form(
    o: ObjectType, row: CustomField | None, definition: dict[str, Any], given: Any, viewer: Any
) -> dict[str, Any]:
    asked = asked_of(given) if given else {}
    stored = definition.get("options", {}).get("options", [])
    lines = [one for one in asked.get("options", stored) if one["label"] or one.get("value")]
    empty = max(1, LINES - len(lines))
    lines = [*lines, *({"value": "", "label": "", "hue": None, "labels": {}} for _n in range(empty))]
    languages = settings.LANGUAGES
    return {
        "given": {
            "label": asked.get("label", definition.get("label", "")),
            "help": asked.get("help", definition.get("help", "")),
            "kind": asked.get("kind") or definition.get("kind", kinds()[0].key),
            "places": asked.get("places") or str(definition.get("options", {}).get("places", 2)),
            "to": asked.get("to") or definition.get("options", {}).get("to", ""),
            "pii": asked.get("pii", definition.get("pii", FREE_TEXT)),
            "search": asked.get("search", bool(definition.get("search"))),
            "required": asked.get("required", bool(definition.get("required"))),
        },
        "kinds": [{"key": k.key, "label": k.label, "asks": " ".join((*k.asks, *(["text"] if k.textual else [])))} for k in kinds()],
        "kind": Kind.registry.get(row.kind) if row else None,
        "asks": Kind.registry[row.kind].asks if row else (),
        "textual": Kind.registry[row.kind].textual if row else False,
        "personal": PERSONAL.items(),
        "targets": [(t.key, t.plural) for t in object_types() if not t.common],
        "places": range(7),
        "hues": HUES.items(),
        "options": [
            {**one, "hue": "" if one.get("hue") is None else str(one["hue"]), "name": f"option-{n}", "number": n + 1,
             "languages": [(code, label, (one.get("labels") or {}).get(code, "")) for code, label in languages]}
            for n, one in enumerate(lines)
        ],
        "tongues": in_languages(definition.get("labels", {}), definition.get("helps", {}), given, ("labels", "helps")),
    }  # fmt: skip


def _danger_of_field(actor: Actor, o: ObjectType, row: CustomField) -> dict[str, Any]:
    there = defining.held(actor, row)
    n = show_number(there.value, current_viewer())
    lost = (
        ngettext(
            "%(n)s record has something here. It is kept, but shown, searched and exported nowhere until you bring the field back.",
            "%(n)s records have something here. It is kept, but shown, searched and exported nowhere until you bring the field back.",
            there.value,
        )
        % {"n": n}
        if there.value
        else _("No record has anything in this field. You can bring it back at any time.")
    )
    return {"lost": lost}


def preview(request: Any, actor: Actor, key: str) -> HttpResponse:
    """What the field would look like with the form as it is now: as an input, in a list, on a record."""
    o = found_object(key)
    number = request.POST.get("field", "")
    row = field_row(o, int(number)) if number.isdecimal() and len(number) < 19 else None
    return HttpResponse(
        draw(request, "ui/settings/_field_preview.html", _previewed(request, o, row, request.POST) | {"object": o})
    )


def _previewed(request: Any, o: ObjectType, row: CustomField | None, given: Any) -> dict[str, Any]:
    """The input, the cell and what is not right yet, for a definition that nobody saved."""
    asked = asked_of(given)
    asked["label"] = asked["label"].strip() or _("New field")
    try:
        drafted = CustomField(
            object=o.key, kind=row.kind if row else asked["kind"] or kinds()[0].key, options=row.options if row else {}
        )
        kind_class = Kind.registry.get(drafted.kind)
        if kind_class is None or not kind_class.definable:
            raise Refused(_("Choose what sort of value it holds."))
        drafted.options = kind_class.settled({name: asked.get(name) for name in kind_class.asks})
        target = drafted.options.get("to")
        if target and target not in ObjectType.known():
            raise Refused(_("Choose what it links to."))
        drafted.label, drafted.labels = asked["label"][:120], asked["labels"]
        drafted.help, drafted.helps, drafted.required = asked["help"][:300], asked["helps"], asked["required"]
        drafted.pk = 0
        shown = definitions.field_of(drafted)
    except Refused as refusal:
        return {"sample": None, "problem": " ".join(s for said in refusal.errors.values() for s in said)}
    shown.object = o
    viewer = request.viewer
    value = shown.kind.example(1)
    try:
        value = shown.kind.clean(value)
    except Refused:
        value = shown.kind.empty
    return {
        "sample": shown,
        "problem": "",
        "widget": widgets.widget(shown, shown.kind.empty, viewer, name="preview"),
        "cell": shown.kind.cell(value, viewer),
        "detail": shown.kind.detail(value, viewer),
    }


def digest(definition: dict[str, Any]) -> str:
    """What a form sends back to say which definition it was drawn from."""
    text = json.dumps(definition, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def faults(refusal: Refused | None) -> dict[str, Any]:
    """What was refused: a sentence beside each input, and those about the whole form."""
    errors = dict(refusal.errors) if refusal else {}
    return {"errors": {k: said[0] for k, said in errors.items() if k}, "whole": errors.get("", [])}


def field_url(key: str, below: str = "") -> str:
    """Where an object stands in the settings, or a page below it."""
    return f"{AT}{key}/{below}"


def found_object(key: str) -> ObjectType:
    """The object of this key; Missing for none, and for facts of the house."""
    try:
        o = object_type(key)
    except KeyError as error:
        raise Missing from error
    if o.common:
        raise Missing
    return o


def field_row(o: ObjectType, pk: int) -> CustomField:
    """The definition of a field of `o`; Missing for none."""
    row = CustomField.objects.filter(object=o.key, pk=pk).first() if pk < 2**63 else None
    if row is None:
        raise Missing
    return row


def texts(given: Any, name: str) -> dict[str, str]:
    """What was typed for each language."""
    return {code: given.get(f"{name}.{code}", "") for code, _said in settings.LANGUAGES}


def in_languages(
    first: dict[str, str], second: dict[str, str], given: Any, names: tuple[str, str]
) -> list[dict[str, Any]]:
    """For each language the two texts that it has, as stored or as they were typed."""
    return [
        {
            "code": code,
            "label": label,
            "first": given.get(f"{names[0]}.{code}", first.get(code, "")),
            "second": given.get(f"{names[1]}.{code}", second.get(code, "")),
        }
        for code, label in settings.LANGUAGES
    ]
