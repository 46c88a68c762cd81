"""New records and whole forms: quick create in a dialog or on a page of its own, and editing everything at once."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.events.models import Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused, Stale
from kith.kernel.sentences import counted
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds.kind import new_key
from kith.objects.likeness import alike, belongs
from kith.objects.query import find, reader
from kith.objects.write import change, create

from .. import panels
from ..inputs import Inputs
from ..render import answer, draw, onward, page, partial, toast, wants_part
from . import fact
from .lookup import makes

MORE = "more"


def new(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: the form of a new record; names of fields in the address preset them. POST: create it, once however often it is sent."""
    mine = fields_of(actor, o, "create")
    if request.method == "GET":
        return _new_form(request, actor, o, mine, presets=_presets(request, actor, o, mine))
    return _create(request, actor, o, mine)


def _create(request: Any, actor: Actor, o: ObjectType, mine: dict[str, Field]) -> HttpResponse:
    given, viewer = request.POST, request.viewer
    shown = _posted(given, mine)
    once = given.get("once", "") or new_key()
    try:
        values = Inputs(shown).read(given, viewer)
        # What was left empty is not said: defaults of the object stand, such as who made it.
        said = {name: value for name, value in values.items() if not mine[name].kind.is_empty(value)}
        record = create(actor, o, said, once=once)
    except Refused as refusal:
        return _new_form(request, actor, o, mine, refusal=refusal)
    fresh = Event.objects.filter(object=o.key, record=record.pk, name="created", cause=request.cause).exists()
    title = panels.title(actor, o, record, viewer)
    sentence = _("“%(title)s” was added.") % {"title": title} if fresh else _("Already saved.")
    if given.get("then") == "another":
        presets = _presets(request, actor, o, mine)
        if not wants_part(request):
            messages.success(request, sentence)
            return HttpResponseRedirect(f"{o.url()}new/?{request.GET.urlencode()}")
        form = draw(request, "ui/parts/form.html", _new_context(request, actor, o, mine, presets=presets))
        return answer(
            request, form, toast(request, sentence, undo=request.cause if fresh else ""), changed=_told(o, record)
        )
    if request.GET.get("stay") and wants_part(request):
        return answer(
            request,
            partial(
                "#toasts",
                "innerHTML",
                draw(
                    request,
                    "ui/parts/added_toast.html",
                    {"sentence": sentence, "url": o.url(record.pk), "undo": request.cause if fresh else ""},
                ),
            ),
            changed=_told(o, record),
            HX_Reswap="none",
        )
    return onward(request, o.url(record.pk), sentence, undo=request.cause if fresh else "")


def hint(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """What stands in the way of a new record while it is typed: records like it, and what its address belongs to."""
    mine, viewer = fields_of(actor, o, "create"), request.viewer
    values: dict[str, Any] = {}
    for field in _posted(request.POST, mine):
        try:
            values[field.name] = field.kind.read(request.POST, field.name, viewer)
        except Refused:
            # Half typed; it is judged when it is sent.
            continue
    found = [
        {"url": o.url(one.id), "title": panels.title(actor, o, one.record, viewer), "by": [f.label for f in one.by]}
        for one in alike(actor, o, values)
    ]
    home = belongs(actor, o, values)
    told = None
    if home is not None and (home.record is not None or makes(actor, home.object)):
        known = home.record is not None
        told = {
            "field": home.field.name,
            "object": home.object,
            "domain": home.domain,
            "pk": home.record.pk if known else "",
            "title": panels.title(actor, home.object, home.record, viewer)
            if known
            else home.domain.partition(".")[0].title(),
        }
    return page(request, "ui/pages/alike.html", {"alike": found, "home": told}, part="ui/parts/alike_hint.html")


def _told(o: ObjectType, record: Any) -> dict[str, Any]:
    return {"object": o.key, "ids": [record.pk], "by": "new"}


def _presets(request: Any, actor: Actor, o: ObjectType, mine: dict[str, Field]) -> dict[str, Any]:
    """Values that the address asks for; what cannot be read is left out, it was only an offer."""
    values: dict[str, Any] = {}
    wanted = {name: f for name, f in mine.items() if name in request.GET}
    for name, field in mine.items():
        values[name] = field.default()
    owner = o.owner_field
    if owner is not None and owner.name in mine and actor.user_id:
        values[owner.name] = owner.kind.clean(actor.user_id)
    for name, field in wanted.items():
        try:
            values[name] = field.kind.read(request.GET, name, request.viewer)
        except Refused:
            continue
        if field.target:
            values[name] = _named(actor, field, values[name])
    return values


def _named(actor: Actor, field: Field, value: Any) -> Any:
    """Links of an address with the titles of what they lead to; those that the person may not see are left out."""
    from kith.objects.columns import references
    from kith.objects.declare import ObjectType as Known
    from kith.objects.kinds import Reference

    if field.target not in Known.known():
        return value
    several = value if isinstance(value, tuple) else (value,)
    found = references(field.target, [v.id for v in several if isinstance(v, Reference)], reader(actor))
    kept = tuple(found[v.id] for v in several if isinstance(v, Reference) and v.id in found)
    return kept if isinstance(value, tuple) else kept[0] if kept else None


def _posted(data: Any, mine: dict[str, Field]) -> list[Field]:
    """The fields whose inputs were on the form that was sent."""
    names = set(data.get("fields", "").split(","))
    return [f for name, f in mine.items() if name in names]


def _new_form(
    request: Any,
    actor: Actor,
    o: ObjectType,
    mine: dict[str, Field],
    *,
    presets: dict[str, Any] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = _new_context(request, actor, o, mine, presets=presets, refusal=refusal)
    return page(request, "ui/pages/form.html", context, part="ui/parts/form.html", status=422 if refusal else 200)


def _new_context(
    request: Any,
    actor: Actor,
    o: ObjectType,
    mine: dict[str, Field],
    *,
    presets: dict[str, Any] | None = None,
    refusal: Refused | None = None,
) -> dict[str, Any]:
    viewer = request.viewer
    data = request.POST if refusal else {}
    errors = refusal.errors if refusal else {}
    quick = [
        mine[n]
        for n in dict.fromkeys([*o.quick, *_required(mine), *(n for n in mine if n in request.GET)])
        if n in mine
    ]
    rest = [
        (section.label, [mine[n] for n in section.names if n in mine and mine[n] not in quick]) for section in o.form
    ]
    sections = [("", Inputs(quick).shown(data, viewer, values=presets, errors=errors))]
    more = [(label, Inputs(some).shown(data, viewer, values=presets, errors=errors)) for label, some in rest if some]
    return {
        "object": o,
        "heading": o.new_label,
        "action": request.get_full_path(),
        "cancel": o.url(),
        "once": request.POST.get("once", "") if refusal else new_key(),
        "sections": sections,
        "more": more,
        "open": bool(refusal and any(row.errors for _label, rows in more for row in rows)) or MORE in request.GET,
        "fields": ",".join(f.name for f in [*quick, *(f for _label, some in rest for f in some)]),
        "creating": True,
        "hints": f"{o.url()}new/alike/",
        "draft": f"new:{o.key}",
        **_summary(errors, mine),
    }


def _required(mine: dict[str, Field]) -> list[str]:
    return [name for name, f in mine.items() if f.required]


def _summary(errors: dict[str, list[str]], mine: dict[str, Field]) -> dict[str, Any]:
    """What the head of a refused form says: faults of the whole, and how many fields need a look."""
    whole = [s for name, sentences in errors.items() if name not in mine for s in sentences]
    n = sum(name in mine for name in errors)
    some = (
        ngettext("%(n)s field needs another look.", "%(n)s fields need another look.", n) % {"n": counted(n)}
        if n
        else ""
    )
    return {"whole": whole, "counted": some}


# ── a whole form for what is there ───────────────────────────────────────────────────────────────────────────────────


def edit(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: everything that this person may change. POST: save what she changed, and nothing that she left as it was."""
    find(actor, o, pk, "change")
    mine = fields_of(actor, o, "change")
    if not mine:
        raise Forbidden
    record = panels.loaded(actor, o, pk, request.viewer)
    if request.method == "GET":
        return page(request, "ui/pages/form.html", _edit_context(request, o, mine, record), part="ui/parts/form.html")
    given, viewer = request.POST, request.viewer
    version = int(given["version"]) if given.get("version", "").isdecimal() and len(given["version"]) < 10 else None
    try:
        values = Inputs(_posted(given, mine)).read(given, viewer)
        # Fields that nobody touched are not sent: what others wrote into them meanwhile stays.
        changed = {
            name: value for name, value in values.items() if _mark(mine[name], value) != given.get(f"{name}.base", "")
        }
        taken = set(given.getlist("theirs"))
        change(actor, record, {name: value for name, value in changed.items() if name not in taken}, version=version)
    except Stale as stale:
        told = {f.name: fact.said(stale, record, f, viewer) for f in mine.values()}
        context = _edit_context(
            request, o, mine, record, data=given, theirs={k: v for k, v in told.items() if v}, whole=[str(stale)]
        )
        return page(request, "ui/pages/form.html", context, part="ui/parts/form.html", status=409)
    except Refused as refusal:
        context = _edit_context(request, o, mine, record, data=given, errors=refusal.errors)
        return page(request, "ui/pages/form.html", context, part="ui/parts/form.html", status=422)
    return onward(request, o.url(pk), _("Saved"), undo=request.cause)


def _edit_context(
    request: Any,
    o: ObjectType,
    mine: dict[str, Field],
    record: Any,
    *,
    data: Any = None,
    errors: dict[str, list[str]] | None = None,
    theirs: dict[str, str] | None = None,
    whole: list[str] | None = None,
) -> dict[str, Any]:
    viewer, errors = request.viewer, errors or {}
    named = {n for section in o.form for n in section.names}
    groups = [(section.label, [mine[n] for n in section.names if n in mine]) for section in o.form]
    groups.append((_("More fields"), [f for n, f in mine.items() if n not in named]))
    values = {name: field.get(record) for name, field in mine.items()}
    assumed = {name: panels.guess(request.actor, record, field, viewer) for name, field in mine.items()}
    fields = [f for _label, some in groups for f in some]
    summary = _summary(errors, mine)
    bases = [(f.name, data.get(f"{f.name}.base", "") if data is not None else _mark(f, values[f.name])) for f in fields]
    return {
        "object": o,
        "record": record,
        "heading": _("Edit: %(title)s") % {"title": panels.title(request.actor, o, record, viewer)},
        "action": f"{o.url(record.pk)}edit/",
        "cancel": o.url(record.pk),
        "version": record.version,
        "bases": bases,
        "sections": [
            (
                label,
                Inputs(some).shown(data or {}, viewer, values=values, errors=errors, theirs=theirs, assumed=assumed),
            )
            for label, some in groups
            if some
        ],
        "more": [],
        "fields": ",".join(f.name for f in fields),
        "draft": "",
        **summary,
        "whole": [*(whole or []), *summary["whole"]],
    }


def _mark(field: Field, value: Any) -> str:
    """A short mark of a value, to see whether it was changed on the form; words of a link that is not found yet differ from all."""
    try:
        packed = field.kind.pack(value)
    except Refused:
        return "?"
    return hashlib.sha256(json.dumps(packed, sort_keys=True, default=str).encode()).hexdigest()[:16]
