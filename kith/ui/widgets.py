"""Edit widgets: from a field and a value to inputs, and back from what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import select_template
from django.utils.safestring import SafeString

from kith.identity.names import active_users
from kith.kernel.viewer import Viewer
from kith.objects.declare import Field, ObjectType, object_type


def widget(
    field: Field,
    value: Any,
    viewer: Viewer,
    *,
    name: str = "",
    text: str | None = None,
    error: str = "",
    inline: bool = False,
    required: bool | None = None,
    data: Mapping[str, str] | None = None,
) -> SafeString:
    """The inputs for `field`, called `name` (default: the field's name), holding `value`.

    `text` is what was typed when it was refused, `data` the whole posted form then; `error` is the refusal; `inline` means inside a
    list cell.
    """
    kind = field.kind
    name = name or field.name
    own = kind.edit_inline(value, viewer) if inline else kind.edit(value, viewer)
    context = {
        "field": field,
        "kind": kind,
        "name": name,
        "id": f"w-{name.replace('.', '-')}",
        "value": value,
        "text": own if text is None else text,
        "error": error,
        "inline": inline,
        "required": field.required if required is None else required,
        "data": data,
        "viewer": viewer,
        "options": options(field, value, viewer),
        "lookup": lookup_url(field),
        **kind.widget_context(value if data is None else kind.draft(data, name, viewer, value), viewer),
    }
    template = select_template([f"ui/kinds/{kind.widget}.html", "ui/kinds/text.html"])
    return template.render(context)


def options(field: Field, value: Any, viewer: Viewer) -> list[dict[str, Any]] | None:
    """The closed list of a field as (value, label, icon, hue, chosen), or None where anything may be typed."""
    if links_to_users(field):
        mine = set(field.kind.keys(value))
        return [
            {"value": str(pk), "label": name, "icon": "", "hue": None, "chosen": str(pk) in mine}
            for pk, name in active_users()
        ]
    choices = field.kind.choices(viewer)
    if choices is None:
        return None
    chosen = set(field.kind.keys(value))
    listed = [(field.kind.export(c.value) if not isinstance(c.value, str) else c.value, c) for c in choices]
    return [{"value": v, "label": c.label, "icon": c.icon, "hue": c.hue, "chosen": v in chosen} for v, c in listed]


def lookup_url(field: Field) -> str:
    """Where records to link to are looked up, or "" for fields that link to none."""
    if not field.target or links_to_users(field):
        return ""
    return f"{object_type(field.target).url()}lookup/"


def links_to_users(field: Field) -> bool:
    """Whether the field names colleagues, who are no object but a short list."""
    return bool(field.target) and field.target not in ObjectType.known()


def read(
    field: Field, data: Mapping[str, str], viewer: Viewer, *, name: str = "", old: Any = None, inline: bool = False
) -> Any:
    """The value that was posted; raises Refused with a sentence. `old` is what stands there now, for edits inside a cell."""
    name = name or field.name
    return field.kind.read_inline(old, data, name, viewer) if inline else field.kind.read(data, name, viewer)
