"""The table of a list in plain Python: one plan per page, then one short loop per row. Templates are too slow for 400 cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.html import EMPTY, el, icon, join
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.query import visible_to
from kith.objects.samples import among

#: Width of a column in pixels before anybody changed it.
WIDE, NORMAL, STATE, NARROW = 300, 190, 160, 140
#: What the header needs beside its label: padding, icon, arrow, button of its menu; and a letter of it, at most on the average.
BESIDE_LABEL, LETTER, SQUARE_LETTER = 90, 7, 12
NOTHING = el("span", "—", class_="none", aria_hidden="true")


def room_for(label: Any) -> int:
    """Pixels in which this label stands in a header uncut, in whatever language it is: fonts are not measured here, so it is ample."""
    return BESIDE_LABEL + sum(SQUARE_LETTER if east_asian_width(sign) in "WF" else LETTER for sign in str(label))


@dataclass(frozen=True)
class Column:
    """One column of the plan: everything about it that does not depend on the row."""

    field: Field
    classes: str
    editable: bool
    width: int


class Grid:
    """Draws the rows of one object for one person."""

    def __init__(
        self,
        actor: Actor,
        o: ObjectType,
        fields: Iterable[Field],
        viewer: Viewer,
        *,
        widths: dict[str, int] | None = None,
        trash: bool = False,
    ):
        self.actor, self.object, self.viewer, self.trash = actor, o, viewer, trash
        changeable = {} if trash else fields_of(actor, o, "change")
        widths = widths or {}
        self.title_width = widths.get(o.title, WIDE)
        self.columns: list[Column] = []
        fields = [field for field in fields if field.name != o.title]
        # On a phone a row has two lines: the title and a state, then another column and when something happened last.
        moments = [field.name for field in fields if field.kind.timed]
        places = ["m-c"] if moments else ["m-c", "m-a"]
        state_shown = False
        for field in fields:
            classes, width = ("n", NARROW) if field.kind.numeric else ("", NORMAL)
            state = _is_state(field, viewer)
            if state and not state_shown:
                classes, state_shown = f"{classes} m-s", True
            elif moments and field.name == moments[-1]:
                classes = f"{classes} m-a"
            elif places:
                classes = f"{classes} {places.pop(0)}"
            width = widths.get(field.name) or max(STATE if state else width, min(WIDE, room_for(field.label)))
            self.columns.append(Column(field, classes.strip(), field.name in changeable and field.inline, width))
        self.title_field = o.title_field
        #: A title that is withheld is replaced by the record's number.
        self.titled = o.title in fields_of(actor, o)
        self._changeable: set[int] = set()
        self._samples: set[int] = set()

    @property
    def width(self) -> int:
        """The sum of all widths: browsers share out a wider table in ways of their own."""
        return self.title_width + sum(c.width for c in self.columns)

    @property
    def span(self) -> int:
        """How many columns there are."""
        return len(self.columns) + 1

    def ready(self, records: list[Any]) -> None:
        """Learn which of `records` this person may change: asked once, for however many rows in however many pieces."""
        self._samples = among(self.object, [r.pk for r in records])
        if not self.trash and any(c.editable for c in self.columns):
            ids = [r.pk for r in records]
            self._changeable = set(
                visible_to(self.actor, self.object, "change").filter(pk__in=ids).values_list("pk", flat=True)
            )

    def rows(self, records: list[Any], *, focus: bool = False, prepared: bool = False) -> SafeString:
        """The rows of `records`; with `focus` the first cell is where the Tab key enters the table. `prepared` after `ready`."""
        if not prepared:
            self.ready(records)
        return join(self._row(record, focus and i == 0) for i, record in enumerate(records))

    def _row(self, record: Any, focus: bool) -> SafeString:
        mine = record.pk in self._changeable
        cells = [self._title(record, focus)]
        viewer = self.viewer
        for column in self.columns:
            field = column.field
            value = field.get(record)
            shown = field.kind.cell(value, viewer)
            cells.append(
                el(
                    "td",
                    shown if shown != "" else NOTHING,
                    role="gridcell",
                    tabindex="-1",
                    class_=column.classes or None,
                    data_f=field.name if mine and column.editable else None,
                )
            )
        return el(
            "tr",
            *cells,
            role="row",
            id=f"r{record.pk}",
            data_id=record.pk,
            data_v=record.version,
            aria_selected="false",
        )

    def _title(self, record: Any, focus: bool) -> SafeString:
        o, kind = self.object, self.title_field.kind
        value = self.title_field.get(record) if self.titled else kind.empty
        name = o.title_of(record, self.viewer) if self.titled else f"#{record.pk}"
        box = el(
            "input",
            type="checkbox",
            tabindex="-1",
            name="ids",
            value=record.pk,
            aria_label=_("Select: %(name)s") % {"name": name},
        )
        check = el(
            "span",
            kind.portrait(value, self.viewer),
            box,
            el("span", icon("check"), class_="bx", aria_hidden="true"),
            class_="ck",
        )
        inner: Any = kind.cell(value, self.viewer) or name
        if self.trash:
            return el(
                "td",
                el("div", check, el("span", inner, class_="n"), class_="nm"),
                class_="st",
                role="rowheader",
                tabindex="0" if focus else "-1",
            )
        link = el("a", inner, class_="n", tabindex="-1", href=o.url(record.pk))
        mark = el("span", _("Sample"), class_="pill smp") if record.pk in self._samples else EMPTY
        peek = el(
            "button",
            icon("panel-right-open", "flip"),
            _("Preview"),
            type="button",
            class_="b s pk",
            tabindex="-1",
            data_peek=record.pk,
        )
        return el(
            "td",
            el("div", check, link, mark, peek, class_="nm"),
            class_="st",
            role="rowheader",
            tabindex="0" if focus else "-1",
        )

    def cell(self, record: Any, name: str) -> SafeString:
        """What stands in one cell."""
        field = self.object.field(name)
        shown = field.kind.cell(field.get(record), self.viewer)
        return shown if shown != "" else NOTHING


def _is_state(field: Field, viewer: Viewer) -> bool:
    """Whether the field is shown as a coloured state: a short list whose options have looks."""
    options = field.kind.choices(viewer)
    return bool(options) and any(o.icon or o.hue is not None for o in options or ())


__all__ = ["EMPTY", "Column", "Grid"]
