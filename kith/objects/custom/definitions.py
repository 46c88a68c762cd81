"""From definition rows to objects and fields; reloaded when their version number rises."""

from __future__ import annotations

import threading
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.utils import DatabaseError
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kith.kernel.errors import Refused

from ..columns import describe_inherited
from ..declare import Facts, Field, ObjectType, Section
from ..kinds import Kind, Option
from .carriers import Custom, CustomLinks
from .models import CustomField, CustomObject, CustomRecord, DefinitionVersion, FieldLook

#: The version that is loaded in this process; empty while none is.
_loaded: list[int] = []
_lock = threading.Lock()
#: Rises with every load in this process.
_generation = [0]


def refresh() -> None:
    """Reload definitions if somebody changed them: one cheap read per request or job."""
    number = DefinitionVersion.objects.order_by("pk").values_list("number", flat=True).first() or 0
    if _loaded != [number]:
        with _lock:
            _load()
            _loaded[:] = [number]
            _generation[0] += 1


def generation() -> int:
    """Which load of the definitions this process works with: what else is kept under the same version is loaded anew when it rises."""
    if not _loaded:
        refresh()
    return _generation[0]


def forget() -> None:
    """Make the next `refresh` load anew: after a migration, and between tests."""
    _loaded.clear()


def changed() -> None:
    """Say that definitions changed; inside the transaction of the change."""
    with transaction.atomic():
        row, _made = DefinitionVersion.objects.get_or_create(pk=1)
        DefinitionVersion.objects.filter(pk=row.pk).update(number=F("number") + 1)


def _said(texts: dict[str, str], default: str) -> str:
    language = get_language() or ""
    return texts.get(language) or texts.get(language.partition("-")[0]) or default


#: What users wrote, in the reader's language, else in a form of it ("zh" for "zh-hans"), else as it was called first. Made once: each
#: `lazy` is a class of its own, and making one for every label took most of the time of a load.
_by_language: Any = lazy(_said, str)


def _load() -> None:
    fields: dict[str, list[CustomField]] = {}
    for row in CustomField.objects.filter(removed_at=None).order_by("object", "position", "pk"):
        fields.setdefault(row.object, []).append(row)
    made = {}
    for definition in CustomObject.objects.filter(removed_at=None).order_by("pk"):
        key = f"custom.o{definition.pk}"
        rows = fields.get(key, [])
        if rows:
            made[key] = _object(key, definition, rows)
    for o in ObjectType.registry:
        o.custom = _attached(o, [field_of(row) for row in fields.get(o.key, [])])
    ObjectType.made = made
    _relook([*ObjectType.registry, *made.values()])


def _relook(objects: list[ObjectType]) -> None:
    """Lay over every closed list what administrators decided about it."""
    looks = {(row.object, row.field): row.looks for row in FieldLook.objects.all()}
    for o in objects:
        for field in o.fields.values():
            field.kind.relook(looks.get((o.key, field.id), {}))


def _attached(o: ObjectType, fields: list[Field]) -> dict[str, Field]:
    for field in fields:
        field.object = o
    return {field.name: field for field in fields}


def field_of(row: CustomField) -> Field:
    """The Field that one definition row makes."""
    kind = make_kind(row.kind, row.options)
    facts = Facts(pii=row.pii, search=row.search or None, related=None)
    carrier = CustomLinks if getattr(kind, "to", None) is not None else Custom
    return carrier(
        row.field_id,
        kind,
        _by_language(row.labels, row.label),
        id=row.field_id,
        help=_by_language(row.helps, row.help),
        required=row.required,
        facts=facts,
    )


def make_kind(key: str, options: dict[str, Any]) -> Kind:
    """A kind from what a definition says; Refused for an unknown one."""
    kind_class = Kind.registry.get(key)
    if kind_class is None:
        raise Refused(_("There is no kind of field called “%(kind)s”.") % {"kind": key})
    given = dict(options)
    if "options" in given:
        given["options"] = [
            Option(
                o["value"],
                _by_language(o.get("labels", {}), o["label"]),
                o.get("icon", ""),
                o.get("hue"),
                o.get("meaning", ""),
                o.get("probability"),
                o.get("limit"),
                tuple(o.get("asks", ())),
            )
            for o in given["options"]
        ]
    return kind_class(**given)


def _object(key: str, definition: CustomObject, rows: list[CustomField]) -> ObjectType:
    fields = [field_of(row) for row in rows]
    names = [f.name for f in fields]
    title = definition.title if definition.title in names else names[0]
    label = _by_language(definition.labels, definition.label)
    return ObjectType(
        key,
        model=CustomRecord,
        label=label,
        plural=_by_language(definition.plurals, definition.plural),
        fields=[*fields, *describe_inherited(CustomRecord)],
        title=title,
        slug=definition.slug,
        icon=definition.icon,
        list=[title, *(n for n in names if n != title)][:8],
        form=[Section(label, *names, "owner")],
        base={"definition_id": definition.pk},
    )


def load_if_there() -> None:
    """Load definitions at start, unless the tables do not exist yet."""
    try:
        with transaction.atomic():
            refresh()
    except DatabaseError:
        forget()
