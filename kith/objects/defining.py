"""Fields and objects that administrators make: checked, told in the ledger, put aside and brought back, never deleted with their values.

A definition is what a screen shows of it and the ledger keeps: a plain dict (`Definition`). A field that is put aside keeps its values
in the records, so that bringing it back brings them back, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.events.facts import emit
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.errors import Forbidden, Invalid, Refused
from kith.kernel.sentences import counted
from kith.kernel.text import has_controls

from .access.facts import Thing
from .custom import definitions, indexes
from .custom.models import CustomField, CustomObject
from .declare import FREE_TEXT, HIGH, TITLE, ObjectType, object_type, object_types
from .definition_facts import FieldDefined, FieldsOrdered, ObjectDefined
from .filters.tree import Condition
from .kinds import Kind
from .query import Count, count, visible_to
from .roles import administers
from .search import index as searching
from .write.undo import reverses

Definition = dict[str, Any]
#: So many fields an object may have beside its own, so many objects a house, so many options a list, so long a name may be.
MOST_FIELDS, MOST_OBJECTS, MOST_OPTIONS, LONGEST = 100, 40, 200, 120
#: What a user-made object looks like until somebody chooses.
ICON = "square"
#: Beside these, a user-made object stands under no address.
SLUG = 50


def _only_administrators(actor: Actor) -> None:
    if not administers(actor):
        raise Forbidden(_("Only administrators decide which fields and objects there are."))


def _published() -> None:
    """Everybody works with the new definitions from the next request on, and this one at once."""
    definitions.changed()
    definitions.refresh()
    indexes.sync()


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def field_definition(row: CustomField | None) -> Definition:
    """What a field is, as screens show it and the ledger keeps it; {} for one that is not there."""
    if row is None or row.pk is None:
        return {}
    names = ("object", "label", "labels", "help", "helps", "kind", "options", "pii", "search", "required", "position")
    return {name: getattr(row, name) for name in names} | {"aside": row.removed_at is not None}


def checked_field(o: ObjectType, asked: Mapping[str, Any], row: CustomField | None = None) -> CustomField:
    """The unsaved definition that `asked` describes; Invalid with a sentence beside everything that cannot be."""
    errors: dict[str, list[str]] = {}
    made = row or CustomField(object=o.key)
    made.label = _named(asked.get("label", ""), "label", errors)
    made.labels = _in_languages(asked.get("labels", {}), "labels", errors)
    made.help = _text(asked.get("help", ""), 300, "help", errors)
    made.helps = _in_languages(asked.get("helps", {}), "helps", errors, 300)
    if row is None:
        made.kind = str(asked.get("kind", ""))
    kind = Kind.registry.get(made.kind)
    if kind is None or not kind.definable:
        raise Invalid({"kind": [_("Choose what sort of value it holds.")]})
    try:
        made.options = kind.settled(_options_given(kind, asked, made))
        target = getattr(definitions.make_kind(made.kind, made.options), "to", None)
        if "to" in kind.asks and target not in ObjectType.known():
            raise Refused(_("Choose what it links to."), field="to")
    except Refused as refusal:
        for name, said in refusal.errors.items():
            errors.setdefault(name or "kind", []).extend(said)
    made.pii = asked.get("pii", FREE_TEXT)
    made.search = HIGH if asked.get("search") and kind.textual else (TITLE if made.search == TITLE else "")
    made.required = bool(asked.get("required"))
    taken = {str(f.label).casefold() for f in o.fields.values() if f.id != (made.field_id if made.pk else "")}
    if made.label and made.label.casefold() in taken:
        errors.setdefault("label", []).append(_("This object has a field of this name already."))
    if errors:
        raise Invalid(errors)
    return made


def _options_given(kind: type[Kind], asked: Mapping[str, Any], made: CustomField) -> dict[str, Any]:
    return {name: asked.get(name, made.options.get(name)) for name in kind.asks}


def add_field(actor: Actor, o: ObjectType, asked: Mapping[str, Any]) -> CustomField:
    """A further field of `o`, the last one."""
    _only_administrators(actor)
    row = checked_field(o, asked)
    with transaction.atomic():
        there = CustomField.objects.select_for_update().filter(object=o.key)
        if sum(one.removed_at is None for one in there) >= MOST_FIELDS:
            raise Refused(
                ngettext(
                    "An object has at most %(n)s field of your own. Put one aside first.",
                    "An object has at most %(n)s fields of your own. Put one aside first.",
                    MOST_FIELDS,
                )
                % {"n": counted(MOST_FIELDS)}
            )
        row.position = max((one.position for one in there), default=-1) + 1
        row.save()
        emit(FieldDefined(Thing("objects.field", row.pk), o.key, row.label, {}, field_definition(row)), actor)
        _published()
    return row


def change_field(actor: Actor, row: CustomField, asked: Mapping[str, Any], seen: Definition | None = None) -> None:
    """What `asked` says; its kind stays as it is. `seen` is the definition that was read: Refused when somebody was faster."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomField.objects.select_for_update().get(pk=row.pk)
        before = field_definition(row)
        if seen is not None and seen != before:
            raise Refused(_("Somebody else changed this field in the meantime. Look again before you save."))
        o = object_type(row.object)
        was = row.search
        checked_field(o, asked, row)
        _keep_used_options(actor, o, row, before["options"])
        if field_definition(row) == before:
            return
        row.save()
        emit(FieldDefined(Thing("objects.field", row.pk), o.key, row.label, before, field_definition(row)), actor)
        _published()
        if was != row.search:
            _index_anew(object_type(row.object), row)


def _keep_used_options(actor: Actor, o: ObjectType, row: CustomField, before: Mapping[str, Any]) -> None:
    now = {one["value"] for one in row.options.get("options", ())}
    for one in before.get("options", ()):
        if one["value"] not in now:
            used = count(actor, o, filter=Condition(row.field_id, "in", (one["value"],)), cap=10_000).value
            if used:
                told = ngettext(
                    "“%(option)s” is chosen in %(n)s record. Choose something else there first.",
                    "“%(option)s” is chosen in %(n)s records. Choose something else there first.",
                    used,
                )
                raise Refused(told % {"option": one["label"], "n": counted(used)}, field="options")


def _index_anew(o: ObjectType, row: CustomField) -> None:
    """What is searched changed: the records that have a value in the field are written into the index again."""
    field = o.fields[row.field_id]
    rows = visible_to(System("search index"), o).annotate(_v=field.expression()).exclude(_v=None).order_by("pk")
    after = 0
    while records := list(rows.filter(pk__gt=after)[:1000]):
        searching.reindex(o, records, [field])
        after = records[-1].pk


def held(actor: Actor, row: CustomField) -> Count:
    """In how many records something stands in this field."""
    o = object_type(row.object)
    return count(actor, o, filter=Condition(row.field_id, "filled", ())) if row.field_id in o.fields else Count(0, True)


def put_field_aside(actor: Actor, row: CustomField) -> None:
    """It is shown nowhere any more; what stands in it stays in the records and comes back with it."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomField.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is not None:
            return
        if object_type(row.object).title == row.field_id:
            raise Refused(_("This field gives records their name. An object needs it."))
        _set_aside(actor, row, clock.now())


def bring_field_back(actor: Actor, row: CustomField) -> None:
    """It stands where it stood, with everything that was in it."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomField.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is None:
            return
        target = row.options.get("to")
        if target and target not in ObjectType.known():
            raise Refused(_("The object that it links to was put aside. Bring that back first."))
        if str(row.label).casefold() in {str(f.label).casefold() for f in object_type(row.object).fields.values()}:
            raise Refused(_("This object has a field of this name already."))
        _set_aside(actor, row, None)


def _set_aside(actor: Actor, row: CustomField, when: Any) -> None:
    before = field_definition(row)
    row.removed_at = when
    row.save(update_fields=["removed_at"])
    emit(FieldDefined(Thing("objects.field", row.pk), row.object, row.label, before, field_definition(row)), actor)
    _published()


def order_fields(actor: Actor, o: ObjectType, ids: Iterable[int]) -> None:
    """Put the fields of `o` into this order; those not named come last."""
    _only_administrators(actor)
    with transaction.atomic():
        rows = list(CustomField.objects.select_for_update().filter(object=o.key).order_by("position", "pk"))
        wanted = {pk: place for place, pk in enumerate(ids)}
        ordered = sorted(rows, key=lambda one: wanted.get(one.pk, len(wanted)))
        before, after = [one.pk for one in rows], [one.pk for one in ordered]
        if before == after:
            return
        _place(ordered)
        emit(FieldsOrdered(Thing("objects.fields", 0), o.key, before, after), actor)
        _published()


def _place(ordered: Iterable[CustomField]) -> None:
    rows = list(ordered)
    for place, one in enumerate(rows):
        one.position = place
    CustomField.objects.bulk_update(rows, ["position"])


# ── objects ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def object_definition(row: CustomObject | None) -> Definition:
    """What a user-made object is; {} for one that is not there."""
    if row is None or row.pk is None:
        return {}
    names = ("slug", "label", "plural", "labels", "plurals", "icon", "title")
    return {name: getattr(row, name) for name in names} | {"aside": row.removed_at is not None}


def _checked_object(asked: Mapping[str, Any], row: CustomObject) -> CustomObject:
    errors: dict[str, list[str]] = {}
    row.label = _named(asked.get("label", ""), "label", errors)
    row.plural = _named(asked.get("plural", ""), "plural", errors)
    row.labels = _in_languages(asked.get("labels", {}), "labels", errors)
    row.plurals = _in_languages(asked.get("plurals", {}), "plurals", errors)
    row.icon = str(asked.get("icon") or ICON)[:40]
    own = f"custom.o{row.pk}"
    taken = {str(text).casefold() for o in object_types() if o.key != own for text in (o.label, o.plural)}
    for name in ("label", "plural"):
        if getattr(row, name).casefold() in taken:
            errors.setdefault(name, []).append(_("There is an object of this name already."))
    if errors:
        raise Invalid(errors)
    return row


def add_object(actor: Actor, asked: Mapping[str, Any], reserved: Collection[str] = ()) -> CustomObject:
    """A new sort of record, with one field: its name. `reserved` are addresses that belong to the house."""
    _only_administrators(actor)
    row = _checked_object(asked, CustomObject())
    with transaction.atomic():
        if CustomObject.objects.filter(removed_at=None).count() >= MOST_OBJECTS:
            raise Refused(
                ngettext(
                    "There can be at most %(n)s object of your own. Put one aside first.",
                    "There can be at most %(n)s objects of your own. Put one aside first.",
                    MOST_OBJECTS,
                )
                % {"n": counted(MOST_OBJECTS)}
            )
        taken = {o.slug for o in object_types()} | set(CustomObject.objects.values_list("slug", flat=True))
        row.slug = row.key = _slug(row.plural, {*taken, *reserved})
        row.save()
        title = CustomField.objects.create(
            object=f"custom.o{row.pk}", label=_("Name"), kind="text", search=TITLE, pii=FREE_TEXT, required=True
        )
        row.title = title.field_id
        row.save(update_fields=["title"])
        emit(ObjectDefined(Thing("objects.object", row.pk), row.label, {}, object_definition(row)), actor)
        _published()
    actor.forget()
    return row


def _slug(text: str, taken: set[str]) -> str:
    stem = slugify(text)[:SLUG] or "records"
    stem = f"{stem}-list" if stem.isdecimal() else stem
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


def change_object(actor: Actor, row: CustomObject, asked: Mapping[str, Any], seen: Definition | None = None) -> None:
    """Other names or another icon; its address stays."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomObject.objects.select_for_update().get(pk=row.pk)
        before = object_definition(row)
        if seen is not None and seen != before:
            raise Refused(_("Somebody else changed this object in the meantime. Look again before you save."))
        _checked_object(asked, row)
        if object_definition(row) != before:
            row.save()
            emit(ObjectDefined(Thing("objects.object", row.pk), row.label, before, object_definition(row)), actor)
            _published()


def put_object_aside(actor: Actor, row: CustomObject) -> None:
    """It is shown nowhere any more; its records stay and come back with it. Refused while a field links to it."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomObject.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is not None:
            return
        key = f"custom.o{row.pk}"
        linking = [f for o in object_types() if o.key != key for f in o.fields.values() if f.target == key]
        if linking:
            told = {"field": linking[0].label, "objects": linking[0].object.plural}
            raise Refused(_("“%(field)s” of %(objects)s links to it. Put that field aside first.") % told)
        _set_object_aside(actor, row, clock.now())


def bring_object_back(actor: Actor, row: CustomObject) -> None:
    """It is there again with all of its records."""
    _only_administrators(actor)
    with transaction.atomic():
        row = CustomObject.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is not None:
            _set_object_aside(actor, row, None)


def _set_object_aside(actor: Actor, row: CustomObject, when: Any) -> None:
    before = object_definition(row)
    row.removed_at = when
    row.save(update_fields=["removed_at"])
    emit(ObjectDefined(Thing("objects.object", row.pk), row.label, before, object_definition(row)), actor)
    _published()
    actor.forget()


# ── what is typed ────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(value: Any, longest: int, name: str, errors: dict[str, list[str]]) -> str:
    text = " ".join(str(value or "").split())
    if has_controls(text):
        errors.setdefault(name, []).append(
            _("This text holds control characters, such as NUL. Remove them and try again.")
        )
    if len(text) > longest:
        said = ngettext("Use at most %(n)s character.", "Use at most %(n)s characters.", longest)
        errors.setdefault(name, []).append(said % {"n": counted(longest)})
    return text


def _named(value: Any, name: str, errors: dict[str, list[str]]) -> str:
    text = _text(value, LONGEST, name, errors)
    if not text:
        errors.setdefault(name, []).append(_("Give it a name."))
    return text


def _in_languages(
    texts: Mapping[str, Any], name: str, errors: dict[str, list[str]], longest: int = LONGEST
) -> dict[str, str]:
    known = dict(settings.LANGUAGES)
    read = {code: _text(text, longest, name, errors) for code, text in texts.items() if code in known}
    return {code: text for code, text in read.items() if text}


# ── taking back ──────────────────────────────────────────────────────────────────────────────────────────────────────


@reverses(FieldDefined.name)
def take_field_back(actor: Actor, event: Event) -> str:
    """Undo one change of a field; the reason when somebody changed it again, else ""."""
    _only_administrators(actor)
    fact = FieldDefined.load(event)
    row = CustomField.objects.filter(pk=event.record).first()
    if row is None or field_definition(row) != fact.after:
        return _("The field was changed again since.")
    if not fact.before:
        put_field_aside(actor, row)
        return ""
    for name, value in fact.before.items():
        if name != "aside":
            setattr(row, name, value)
    row.removed_at = row.removed_at or clock.now() if fact.before["aside"] else None
    row.save()
    emit(FieldDefined(Thing("objects.field", row.pk), row.object, row.label, fact.after, field_definition(row)), actor)
    _published()
    return ""


@reverses(ObjectDefined.name)
def take_object_back(actor: Actor, event: Event) -> str:
    """Undo one change of an object; the reason when somebody changed it again, else ""."""
    _only_administrators(actor)
    fact = ObjectDefined.load(event)
    row = CustomObject.objects.filter(pk=event.record).first()
    if row is None or object_definition(row) != fact.after:
        return _("The object was changed again since.")
    if not fact.before or fact.before["aside"]:
        put_object_aside(actor, row)
    elif fact.after["aside"]:
        bring_object_back(actor, row)
    else:
        change_object(actor, row, fact.before)
    return ""


@reverses(FieldsOrdered.name)
def take_order_back(actor: Actor, event: Event) -> str:
    """Put fields back into the order that they had."""
    fact = FieldsOrdered.load(event)
    order_fields(actor, object_type(fact.object), fact.before)
    return ""


__all__ = [
    "Definition", "add_field", "add_object", "bring_field_back", "bring_object_back", "change_field", "change_object",
    "checked_field", "field_definition", "held", "object_definition", "order_fields", "put_field_aside", "put_object_aside",
]  # fmt: skip
