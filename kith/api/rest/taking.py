"""What programs send for fields, held against what the description says of them.

The write path reads what people write, too: “yes”, an amount with the sign of its currency, the title of a record. Of a program these would
be guesses, and nobody can rely on what is not described. So a value that does not have the described form is refused before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid, Refused
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.actions import Action
from kith.objects.declare import ObjectType
from kith.objects.kinds import Kind


def record_faults(actor: Actor, o: ObjectType, verb: str, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Sentences by the name of the value that is not of the described form.

    What is no field that `actor` may write with `verb` is left to the write path, which says what can be said of it.
    """
    fields = fields_of(actor, o, verb) if may(actor, verb, o) else {}
    kinds: dict[str, Kind] = {}
    for name in values:
        head, _dot, part = name.partition(".")
        if head in fields:
            whole = fields[head].kind
            kinds |= {name: whole.parts[part]} if part in whole.parts else {} if part else {name: whole}
    return _faults(kinds, values)


def hold(actor: Actor, o: ObjectType, verb: str, values: Mapping[str, Any]) -> None:
    """Invalid for values of a record that are not of the described form."""
    if found := record_faults(actor, o, verb, values):
        raise Invalid(found)


def hold_inputs(action: Action, values: Mapping[str, Any]) -> None:
    """Invalid for what an action asks for and that is not of the described form."""
    kinds = {name: kind for name, (_label, kind, _required) in action.form.items() if name in values}
    if found := _faults(kinds, values):
        raise Invalid(found)


def _faults(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {name: fault for name, kind in kinds.items() if (fault := _fault(kind, values[name]))}
    if not found:
        return {}
    # Everything that is wrong is said at once; whatever has its form is judged by the write path otherwise.
    told = {name: _said(kind, values[name], found.get(name)) for name, kind in kinds.items()}
    return {name: [sentence] for name, sentence in told.items() if sentence}


def _fault(kind: Kind, value: Any) -> ValidationError | None:
    return next(Draft202012Validator(kind.taken_schema(), format_checker=_FORMATS).iter_errors(value), None)


#: Forms of text that are held here. Those of addresses their kinds judge, who know more of them than a pattern.
_FORMATS = FormatChecker(formats=("date",))
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@_FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    """RFC 3339, 5.6; whether there is such a day and hour is for the kind to say."""
    return not isinstance(value, str) or _MOMENT.fullmatch(value) is not None


def _said(kind: Kind, value: Any, fault: ValidationError | None) -> str:
    """The sentence of the kind, as in the forms; where people may write it so, what programs need to send; "" where nothing is wrong."""
    try:
        kind.clean(value)
    except Refused as refusal:
        return str(refusal)
    if fault is None:
        return ""
    wanted: Any = fault.validator_value if fault.validator == "type" else ""
    for sort in [wanted] if isinstance(wanted, str) else wanted:
        if sort in _SORTS:
            return _SORTS[sort]()
    return _("This does not have the form that the description of the API gives for it.")


#: By the types of JSON.
_SORTS: dict[str, Callable[[], str]] = {
    "string": lambda: _("This needs to be text."),
    "integer": lambda: _("This needs to be a whole number."),
    "boolean": lambda: _("This needs to be true or false."),
    "array": lambda: _("This needs to be a list."),
    "object": lambda: _("This needs to be a JSON object with the parts of the value."),
}
