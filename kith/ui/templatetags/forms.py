"""What edit widgets need: typed text that is never lost, lines of several values, options as they look."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.html import el, join
from kith.kernel.viewer import current_viewer
from kith.objects.kinds import Date, faces

register = template.Library()


@register.simple_tag(takes_context=True)
def typed(context: Any, part: str, text: Any) -> Any:
    """What stood in this part of the posted form, else `text`: a refused form comes back as it was typed."""
    data = context.get("data")
    name = f"{context['name']}.{part}" if part else context["name"]
    return data[name] if data is not None and name in data else text


@register.simple_tag(takes_context=True)
def ticked(context: Any, number: Any) -> bool:
    """Whether a link that stands there now is still ticked in the posted form; unposted, it is."""
    data = context.get("data")
    return data is None or f"{context['name']}-{number}" in data


@register.simple_tag(takes_context=True)
def boxed(context: Any, part: str, chosen: bool) -> bool:
    """Whether a box among several is ticked: as it was posted, else as it is stored."""
    data = context.get("data")
    return chosen if data is None else f"{context['name']}.{part}" in data


@register.simple_tag(takes_context=True)
def entries(context: Any, rows: Iterable[tuple[Any, str]]) -> list[dict[str, Any]]:
    """Lines of a field with several values: those posted or those stored, and an empty one to write into."""
    data, name = context.get("data"), context["name"]
    if data is not None:
        numbers = sorted(
            {int(m[1]) for key in data if (m := re.fullmatch(rf"{re.escape(name)}-(\d{{1,4}})\.value", key))}
        )
        if numbers:
            lines = [_posted(data, name, number) for number in numbers]
            if context.get("error"):
                for line in lines:
                    line["wrong"] = _refused(context["kind"].inner, line["text"])
            return lines
    lines = [
        {"text": text, "type": e.type, "primary": e.primary, "invalid": e.invalid, "opted_out": e.opted_out}
        for e, text in rows
    ]
    return [*lines, {"text": "", "primary": not lines}]


#: What most names have; the other parts wait behind a heading until one of them is filled.
USUAL = ("full", "given", "family")


@register.simple_tag(takes_context=True)
def name_parts(context: Any, rows: Iterable[tuple[str, Any, str]]) -> dict[str, Any]:
    """The parts of a name as two groups, each in the order in which the name is written."""
    first, rest = [r for r in rows if r[0] in USUAL], [r for r in rows if r[0] not in USUAL]
    data, name = context.get("data"), context["name"]
    filled = any(data.get(f"{name}.{part}", text) if data is not None else text for part, _label, text in rest)
    return {"first": first, "rest": rest, "open": filled or bool(context.get("order"))}


def _refused(kind: Any, text: str) -> bool:
    """Whether this is the line, among several, that was refused."""
    try:
        kind.parse(text, current_viewer())
    except Refused:
        return True
    return False


def _posted(data: Any, name: str, number: int) -> dict[str, Any]:
    start = f"{name}-{number}."
    return {
        "text": data.get(f"{start}value", ""),
        "type": data.get(f"{start}type", ""),
        "primary": data.get(f"{name}.primary") == str(number),
        "invalid": f"{start}invalid" in data,
        "opted_out": f"{start}opted_out" in data,
    }


@register.simple_tag
def option(o: dict[str, Any]) -> SafeString:
    """One of a closed list, as it looks in a cell: a coloured state where it has a colour or a drawing, else its words."""
    if o["hue"] is not None or o["icon"]:
        return faces.pill(o["label"], o["hue"], o["icon"])
    return el("bdi", o["label"], class_="tx")


@register.simple_tag
def period(field: Any, told: Any) -> SafeString:
    """What a field was, from when to when, and who set it."""
    viewer = current_viewer()
    days = Date()
    since = days.format(told.since.astimezone(viewer.tzinfo).date(), viewer)
    value = field.kind.cell(told.value, viewer)
    if told.until is None:
        said = _("since %(day)s · %(name)s") % {"day": since, "name": told.by}
    else:
        until = days.format(told.until.astimezone(viewer.tzinfo).date(), viewer)
        said = _("%(since)s – %(until)s · %(name)s") % {"since": since, "until": until, "name": told.by}
    return join([el("span", value, class_="v"), el("span", said, class_="dim")], " ")
