"""A group of inputs: fields of an object, or what an action asks for. Drawn, and read back with all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from kith.kernel.errors import Invalid, Refused
from kith.kernel.viewer import Viewer
from kith.objects.actions import Action
from kith.objects.declare import Field

from . import widgets


@dataclass(frozen=True)
class Shown:
    """One input as a template shows it: what it asks for, the widget, and what was wrong with what was typed."""

    name: str
    id: str
    label: Any
    help: Any
    icon: str
    required: bool
    widget: SafeString
    errors: list[str]
    #: What somebody else wrote into the field meanwhile, in words; "" for nothing.
    theirs: str = ""
    #: What is taken while the input stays empty (`panels.Guess`), or None.
    assumed: Any = None


class Inputs:
    """Inputs by name."""

    def __init__(self, fields: Iterable[Field]):
        self.fields = {f.name: f for f in fields}

    @classmethod
    def of_action(cls, action: Action) -> Inputs:
        """What an action asks for beside the record."""
        return cls(Field(name, kind, label, required=required) for name, (label, kind, required) in action.form.items())

    def read(self, data: Mapping[str, str], viewer: Viewer) -> dict[str, Any]:
        """The values posted; Invalid with the sentences of every input that cannot be read."""
        values, errors = {}, {}
        for name, field in self.fields.items():
            try:
                values[name] = widgets.read(field, data, viewer)
            except Refused as refusal:
                errors[name] = [str(refusal)]
        if errors:
            raise Invalid(errors)
        return values

    def shown(
        self,
        data: Mapping[str, str],
        viewer: Viewer,
        *,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, list[str]] | None = None,
        theirs: Mapping[str, str] | None = None,
        assumed: Mapping[str, Any] | None = None,
        empty: bool = False,
        prefix: str = "",
    ) -> list[Shown]:
        """The inputs: with `values`, or as they were posted in `data`."""
        made = []
        for name, field in self.fields.items():
            said = list((errors or {}).get(name, ()))
            posted = None if empty or not data else data
            value = (values or {}).get(name, field.kind.empty)
            widget = widgets.widget(
                field,
                value,
                viewer,
                text=posted.get(name) if posted is not None else None,
                error=" ".join(said),
                data=posted,
            )
            made.append(
                Shown(
                    name,
                    f"w-{name.replace('.', '-')}",
                    field.label,
                    field.help,
                    field.icon,
                    field.required,
                    widget,
                    said,
                    (theirs or {}).get(name, ""),
                    (assumed or {}).get(name),
                )
            )
        return made
