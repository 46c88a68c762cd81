"""From the JSON of another program to the fields of a record: where each value stands, or a constant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import KithError, Missing, Refused, UnknownField
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access.models import CHANGE, CREATE
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.exchange.finding import Finder, check_match
from kith.objects.exchange.reading import Row
from kith.objects.exchange.rows import Parsed
from kith.objects.kinds import Kind
from kith.objects.kinds.reference import Wanted
from kith.objects.query import find
from kith.objects.write import change, create

from . import owning
from .models import Arrival, Inlet

#: Fields that are filled; signs of a path, and of a constant as JSON; levels of the JSON that comes in.
MOST, LONGEST, LONGEST_VALUE, DEPTH = 60, 300, 5000, 32
_NOTHING = object()


class Unreadable(KithError):
    """What came is no JSON that is taken here."""


def read(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`, numbers with a point as exact decimals; raises Unreadable with a sentence."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unreadable(_("The body cannot be read as JSON.")) from error
    if not isinstance(found, dict):
        raise Unreadable(_("The body needs to be a JSON object."))
    level: list[Any] = [found]
    for _depth in range(DEPTH):
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one) if _is_nested(inner)
        ]
        if not level:
            return found
    raise Unreadable(_("The body is nested too deeply."))


def _is_nested(one: Any) -> bool:
    return isinstance(one, dict | list)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON.")


def steps(path: str) -> list[str]:
    """What a path names, one after the other: a JSON pointer (RFC 6901, “/customer/mails/0”) or names parted by points."""
    if path.startswith("/"):
        return [one.replace("~1", "/").replace("~0", "~") for one in path[1:].split("/")]
    return path.split(".")


def taken(found: Any, path: str) -> Any:
    """What stands at `path`; `_NOTHING` where there is nothing."""
    for step in steps(path):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif (
            isinstance(found, list) and step.isascii() and step.isdecimal() and len(step) < 6 and int(step) < len(found)
        ):
            found = found[int(step)]
        else:
            return _NOTHING
    return found


def field_of(actor: Actor, o: ObjectType, path: str) -> tuple[Field, Kind]:
    """The field that `path` names, which the actor may write, and the kind of what is written there: the field's or that of its part."""
    name, _dot, part = path.partition(".")
    field = {**fields_of(actor, o, CHANGE), **fields_of(actor, o, CREATE)}.get(name)
    if field is None or (part and part not in field.kind.parts):
        raise UnknownField(path[:80], o.label)
    return field, field.kind.parts[part] if part else field.kind


def checked(actor: Actor, o: ObjectType, given: Any, match: str) -> list[dict[str, Any]]:
    """A mapping as it is kept; Refused where a field does not exist, or comes twice, or a path is none."""
    if not isinstance(given, Sequence) or isinstance(given, str) or not given or len(given) > MOST:
        raise Refused(_("Say for one field at least where its value stands."), "mapping")
    made: list[dict[str, Any]] = []
    for one in given:
        if not isinstance(one, Mapping) or not isinstance(one.get("to"), str):
            raise Refused(_("Say for one field at least where its value stands."), "mapping")
        to = one["to"]
        field_of(actor, o, to)
        if any(to == other["to"] for other in made):
            raise Refused(_("“%(field)s” is filled twice.") % {"field": to}, "mapping")
        if "value" in one:
            made.append({"to": to, "value": _constant(to, one["value"])})
            continue
        path = one.get("from")
        if not isinstance(path, str) or not path.strip() or len(path) > LONGEST:
            raise Refused(_("Say where the value of “%(field)s” stands.") % {"field": to}, "mapping")
        made.append({"to": to, "from": owning.storable(path.strip(), "mapping")})
    if match:
        if match not in {one["to"].partition(".")[0] for one in made}:
            raise Refused(_("Records are found by a field that is filled."), "match")
        try:
            check_match(o, fields_of(actor, o), match)
        except Refused as error:
            raise Refused(error.sentence, "match") from error
    return made


def _constant(to: str, value: Any) -> Any:
    """A constant as it is kept: JSON of a bounded size, which every database can hold and in which no number lost a digit."""
    exact = _numbers(value, float, _exact)
    kept = _numbers(exact, Decimal, float)
    if len(json.dumps(exact, default=str)) > LONGEST_VALUE or _numbers(kept, float, _exact) != exact:
        raise Refused(_("What “%(field)s” always is cannot be kept: it is too long.") % {"field": to}, "mapping")
    for one in _texts(value):
        owning.storable(one, "mapping")
    return kept


def _texts(value: Any) -> Iterator[str]:
    """Every text that stands in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _texts(one)


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


def _numbers(value: Any, sort: type, made: Callable[[Any], Any]) -> Any:
    """A JSON value with its numbers of one sort made into others."""
    if isinstance(value, dict):
        return {name: _numbers(one, sort, made) for name, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one, sort, made) for one in value]
    return made(value) if isinstance(value, sort) else value


def carry_out(inlet: Inlet, actor: Actor, viewer: Viewer, arrival: Arrival) -> tuple[str, Any]:
    """Make or change the record that an arrival is about, as the owner: what was done, and the record. Raises KithError."""
    o = object_type(inlet.object)
    found = read(arrival.body.encode("utf-8", "replace"))
    values = _values(actor, o, inlet.mapping, found, viewer)
    record = _existing(actor, o, inlet.match, values) if inlet.match else None
    if record is None and inlet.does == Inlet.CHANGE:
        raise Missing(_("There is no record to change."))
    if record is not None and inlet.does == Inlet.CREATE:
        raise Refused(_("There is such a record already."))
    if record is None:
        return "created", create(actor, o, {name: value for name, value in values.items() if value is not None})
    before = record.version
    record = change(actor, record, values)
    return ("unchanged" if record.version == before else "changed"), record


def _values(
    actor: Actor, o: ObjectType, entries: Sequence[Mapping[str, Any]], found: Any, viewer: Viewer
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in entries:
        raw = _numbers(one["value"], float, _exact) if "value" in one else taken(found, one["from"])
        if raw is _NOTHING:
            continue
        field, kind = field_of(actor, o, one["to"])
        try:
            values[one["to"]] = _value(kind, raw, viewer)
        except Refused as error:
            raise Refused(
                _("%(field)s: %(why)s") % {"field": field.label, "why": error.sentence}, field.name
            ) from error
    if not values:
        raise Refused(_("Nothing of what the mapping names stands in what came."))
    return values


def _value(kind: Kind, raw: Any, viewer: Viewer) -> Any:
    """A value from what programs write: text as people type it, and numbers where text is wanted."""
    if raw is None:
        return None
    if isinstance(raw, str):
        return kind.parse(raw, viewer)
    try:
        return kind.clean(raw)
    except Refused:
        if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            return kind.parse(str(raw), viewer)
        raise


def _existing(actor: Actor, o: ObjectType, match: str, values: Mapping[str, Any]) -> Any:
    """The record that what came is about, found as imports find theirs; None where there is none that the actor sees."""
    parsed = Parsed(Row(1, []))
    for to, value in values.items():
        name, _dot, part = to.partition(".")
        if value is None:
            continue
        if part:
            parsed.parts.setdefault(name, {})[part] = value
        elif isinstance(value, Wanted):
            parsed.wanted[name] = [value.text]
        else:
            parsed.values[name] = value
    finder = Finder(actor, o, [match], "")
    if not finder.marks(parsed):
        raise Refused(_("What came has no value for “%(field)s”, by which its record is found.") % {"field": match})
    (found,) = finder.find([parsed])
    if len(found) > 1:
        raise Refused(_("More than one record has this value in “%(field)s”.") % {"field": match})
    return find(actor, o, found[0]) if found else None
