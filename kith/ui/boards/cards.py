"""The cards of a board in plain Python: one plan per board, then one short loop per card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import format_compact_currency
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.digits import local_digits, system_of
from kith.kernel.html import EMPTY, el, icon, join
from kith.kernel.money import Money
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import readable
from kith.objects.declare import Field, ObjectType
from kith.objects.history import standing_since
from kith.objects.kinds import Amount, faces
from kith.objects.kinds.numerals import show_number
from kith.objects.query import visible_to

from .columns import Column

#: Fields that somebody asked for by name, on one card.
MOST_LINES = 4
#: How a next step stands: its sign differs by shape, and its words say it.
OK, TODAY, LATE, NONE = "ok", "today", "late", "none"
_SIGNS = {OK: "calendar-clock", TODAY: "clock", LATE: "circle-alert", NONE: "triangle-alert"}


@dataclass(frozen=True)
class Place:
    """Where a card stands that is sent by itself: in which column, after which record; 0 for none, None for no place among the first."""

    column: int
    after: int | None


class Cards:
    """Draws the cards of one object for one person; `by` is the field whose values are the columns."""

    def __init__(
        self, actor: Actor, o: ObjectType, by: Field, viewer: Viewer, *, asked: Sequence[str] = (), movable: bool = True
    ):
        self.actor, self.object, self.by, self.viewer = actor, o, by, viewer
        mine = fields_of(actor, o)
        self.titled = o.title in mine
        #: The amount of a card and of its column: the first one of the object that this person may read.
        self.money: Field | None = next((f for f in _in_order(o, mine) if f.kind.kept), None)
        owner = o.owner_field
        self.owner = owner if owner is not None and owner.name in mine and owner is not by else None
        #: The two fields that say what comes next and when, for whoever may read both.
        self.steps = [mine[n] for n in o.next_step] if o.next_step and all(n in mine for n in o.next_step) else []
        taken = {o.title, by.name, *(f.name for f in (self.money, self.owner, *self.steps) if f)}
        if asked:
            self.lines = [readable(actor, o, name) for name in asked if name not in taken][:MOST_LINES]
            self.about = None
        else:
            self.lines = []
            self.about = next((f for f in _in_order(o, mine) if f.target and f.name not in taken and f.fact), None)
        self.movable = movable and by.name in fields_of(actor, o, "change")

    @property
    def fields(self) -> list[str]:
        """Names of the fields that the cards show."""
        found = [self.about, self.money, self.owner, *self.lines, *self.steps, self.by]
        return list(dict.fromkeys([self.object.title, *(f.name for f in found if f is not None)]))

    def prepare(self, records: Sequence[Any]) -> None:
        """Read what all cards need beside their fields, in a constant number of queries."""
        self.since = standing_since(self.by, records)
        self.now = clock.now()
        self.mine: set[int] = set()
        if self.movable and records:
            allowed = visible_to(self.actor, self.object, "change").filter(pk__in=[r.pk for r in records])
            self.mine = set(allowed.values_list("pk", flat=True))

    def draw(self, record: Any, column: Column, place: Place | None = None) -> SafeString:
        """One card; `prepare` has seen its record. On a page its place says itself."""
        o, viewer = self.object, self.viewer
        name = o.title_of(record, viewer) if self.titled else f"#{record.pk}"
        days = self._days(self.since[record.pk])
        rotten = column.limit is not None and days > column.limit
        mine, age = record.pk in self.mine, self._age(days, rotten)
        link = el("a", el("bdi", name), href=o.url(record.pk), class_="ti", draggable="false")
        move = (
            el(
                "a",
                href=f"{o.url(record.pk)}move/?by={self.by.name}",
                class_="b s ic mb",
                data_move=True,
                aria_haspopup="menu",
                aria_label=_("Move: %(name)s") % {"name": name},
                tabindex="-1",
            )
            if mine
            else None
        )
        return el(
            "li",
            link,
            move,
            self._about(record),
            self._worth(record, age) if self.money is not None else None,
            *(self._line(field, record) for field in self.lines),
            self._foot(record, age if self.money is None else None),
            class_="dc rot" if rotten else "dc",
            data_id=record.pk,
            data_v=record.version,
            data_fixed=None if mine else True,
            data_column=place and place.column,
            data_after=place and place.after,
        )

    def _days(self, since: datetime) -> int:
        zone = self.viewer.tzinfo
        return max(0, (self.now.astimezone(zone).date() - since.astimezone(zone).date()).days)

    def _about(self, record: Any) -> SafeString | None:
        if self.about is None:
            return None
        value = self.about.get(record)
        one = next(iter(value), None) if isinstance(value, tuple) else value
        if one is None or not one.title:
            return None
        return el("div", faces.logo(one.title, one.hue), el("bdi", one.title, class_="tx"), class_="co")

    def _age(self, days: int, rotten: bool) -> SafeString:
        said = ngettext("%(n)s day", "%(n)s days", days) % {"n": show_number(days, self.viewer)}
        hint = _("In this column for %(days)s") % {"days": said}
        if rotten:
            hint = _("Too long in this column: %(days)s") % {"days": said}
        # Few signs for the eye, a sentence for who listens or points; a board has many cards, and each says it in one element.
        return el(
            "span",
            icon("hourglass") if rotten else None,
            said,
            class_="age",
            role="img",
            aria_label=hint,
            title=hint,
        )

    def _worth(self, record: Any, age: SafeString) -> SafeString:
        shown, field = EMPTY, self.money
        if field is not None and not field.kind.is_empty(value := field.get(record)):
            shown = join([el("b", field.kind.cell(value, self.viewer)), self._beside(value, field.worth(record))], " ")
        return el("div", shown, age, class_="va")

    def _beside(self, value: Any, kept: Any) -> SafeString:
        """What an amount in another currency comes to: in few signs here, in full as a hint."""
        base = kept.base if kept is not None else None
        if base is None or base.currency == value.currency:
            return EMPTY
        about = _("≈ %(amount)s") % {"amount": in_few_signs(base, self.viewer)}
        hint = Amount().format(base, self.viewer)
        return el("span", el("bdi", about, class_="num"), class_="worth", title=hint)

    def _line(self, field: Field, record: Any) -> SafeString | None:
        shown = field.kind.cell(field.get(record), self.viewer)
        if shown == "":
            return None
        return el("div", icon(field.icon), el("span", field.label, class_="vh"), shown, class_="li")

    def _foot(self, record: Any, age: SafeString | None) -> SafeString | None:
        step = self._step(record) if self.steps else None
        person = self.owner.get(record) if self.owner is not None else None
        face = None
        if person is not None and person.title:
            face = (
                faces.avatar(person.title, person.hue, "us s ow", alone=True)
                if step
                else el(
                    "span",
                    faces.avatar(person.title, person.hue, "us s"),
                    el("bdi", person.title, class_="tx"),
                    class_="ow",
                    title=person.title,
                )
            )
        return el("div", step, face, age, class_="fo") if step or face or age else None

    def _step(self, record: Any) -> SafeString:
        what, when = self.steps
        text, due = what.get(record), when.get(record)
        today = self.now.astimezone(self.viewer.tzinfo).date()
        state = OK if due is None or due > today else TODAY if due == today else LATE
        if what.kind.is_empty(text):
            state, text = NONE, _("No next step")
        said = {TODAY: _("Today"), LATE: _("Overdue")}.get(state)
        hint = said or (None if due is None or state == NONE else when.kind.format(due, self.viewer))
        return el(
            "span",
            icon(_SIGNS[state]),
            el("span", hint, class_="vh") if hint else None,
            el("bdi", text, class_="tx"),
            class_=f"st {state}",
            title=hint,
        )


def _in_order(o: ObjectType, mine: dict[str, Field]) -> list[Field]:
    """The fields that somebody may read, those of the object's own list first."""
    first = [mine[name] for name in o.list if name in mine]
    return [*first, *(f for f in mine.values() if f not in first)]


def in_few_signs(value: Money, viewer: Viewer) -> str:
    """An amount in few signs, "€103K"."""
    short = format_compact_currency(
        value.amount, value.currency, locale=viewer.locale, fraction_digits=1, numbering_system=system_of(viewer)
    )
    return local_digits(short, viewer)


def compact(value: Money, viewer: Viewer) -> SafeString:
    """The same, with all of the amount as a hint."""
    return el("bdi", in_few_signs(value, viewer), class_="num", title=Amount().format(value, viewer))
