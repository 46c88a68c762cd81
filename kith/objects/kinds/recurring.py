"""When something happens again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.recurrence import DAILY, MONTHLY, WEEKLY, YEARLY, Change, Recurrence, Rule, sentence
from kith.kernel.viewer import NEUTRAL, Viewer

from .date import Date
from .integer import Integer
from .kind import Kind
from .weekdays import DAYS, Weekday

#: What a form offers beside "as written"; a rule with more in it is written out.
UNITS = {
    DAILY: lazy("Every day"),
    WEEKLY: lazy("Every week"),
    MONTHLY: lazy("Every month"),
    YEARLY: lazy("Every year"),
}
#: The choice of a form whose rule is written out.
WRITTEN = "written"
#: Longer than five hundred exceptions of each sort.
LONGEST = 50_000
_EXAMPLES = (
    "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=10", "FREQ=DAILY;INTERVAL=3;UNTIL=20271231", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYYEARDAY=1,-1",
)  # fmt: skip


class Recurring(Kind):
    """A rule of RFC 5545 with its exceptions (`kith.kernel.recurrence`). The start and its zone are said by whoever the rule belongs to.

    Text is neutral: an RRULE, and a line each for RDATE, EXDATE and CHANGED. People see sentences.
    """

    key, label, icon, widget = "recurrence", lazy("Recurrence"), "repeat", "recurrence"
    empty: ClassVar[Any] = None
    stores_packed = True
    sortable = False
    inline = False
    operators = ("empty", "filled")

    def parse(self, text: str, viewer: Viewer) -> Recurrence | None:
        # Lines are what this text is made of, and no control characters.
        text = self.checked_text(" ".join(text.split()) if isinstance(text, str) else text)
        if len(text) > LONGEST:
            raise Refused(
                _("This is no rule of recurrence. Write one such as %(example)s.") % {"example": _EXAMPLES[0]}
            )
        return Recurrence.of(text) if text else None

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> Recurrence | None:
        """Inputs `name.every` and its kin where the form has them, else one text."""
        every = data.get(f"{name}.every")
        if every is None:
            return super().read(data, name, viewer)
        if every == WRITTEN:
            return self.parse(data.get(f"{name}.rule", ""), viewer)
        if every not in UNITS:
            return None
        number = Integer(least=1)
        rule = Rule(
            every,
            interval=number.parse(data.get(f"{name}.interval", ""), viewer) or 1,
            count=number.parse(data.get(f"{name}.count", ""), viewer) or 0,
            until=Date().parse(data.get(f"{name}.until", ""), viewer),
            weekdays=tuple((0, n) for n, day in enumerate(DAYS) if every == WEEKLY and f"{name}.{day}" in data),
            week_starts=viewer.week_starts if every == WEEKLY else 0,
        )
        kept = self.parse(data.get(f"{name}.rule", ""), viewer) or Recurrence()
        # Through its text, where every limit is kept.
        return Recurrence(Rule.of(str(rule)), kept.extra, kept.without, kept.changes).checked()

    def clean(self, value: Any) -> Recurrence | None:
        if value is None:
            return None
        if isinstance(value, Recurrence):
            return self.parse(str(value.checked()), NEUTRAL)
        return self.parse(value, NEUTRAL)

    def format(self, value: Any, viewer: Viewer) -> str:
        """In words: “Every 2 weeks on Monday and Wednesday.”"""
        return sentence(value, viewer) if value else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        return el("bdi", self.format(value, viewer), class_="tx") if value else EMPTY

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`every` and the other inputs as they stand; `days` are (code, name, chosen) in the viewer's week."""
        rule: Rule | None = value.rule if value else None
        simple = rule is not None and _is_simple(rule)
        week = [(viewer.week_starts + n) % 7 for n in range(7)]
        chosen = {day for _nth, day in rule.weekdays} if rule is not None and simple else set()
        return {
            "units": list(UNITS.items()),
            "every": "" if value is None else rule.every if rule is not None and simple else WRITTEN,
            "interval": Integer().edit(rule.interval if rule is not None and simple else 1, viewer),
            "count": Integer().edit(rule.count or None, viewer) if rule is not None and simple else "",
            "until": Date().edit(rule.until, viewer) if rule is not None and simple else "",
            "days": [(DAYS[n], Weekday().name(DAYS[n], viewer), n in chosen) for n in week],
            "rule": self.export(value),
            "example": _EXAMPLES[0],
            "day_example": Date().widget_context(None, viewer)["example"],
        }

    def pack(self, value: Any) -> Any:
        return str(value) if value else None

    def unpack(self, raw: Any) -> Recurrence | None:
        return Recurrence.of(raw) if raw else None

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "maxLength": LONGEST}

    def words(self, value: Any) -> str:
        return ""

    def example(self, n: int) -> Recurrence:
        found = Recurrence.of(_EXAMPLES[n % len(_EXAMPLES)])
        if n % 3:
            return found
        at = datetime.fromisoformat("2026-11-23T09:00")
        changes = (Change(at.replace(day=25), at.replace(day=26, hour=14), 30),)
        return Recurrence(found.rule, (at.replace(day=27),), (at.replace(day=30),), changes).checked()


def _is_simple(rule: Rule) -> bool:
    """Whether the inputs of a form say all that the rule says."""
    more = rule.months or rule.weeks or rule.year_days or rule.month_days or rule.positions
    counted = any(nth for nth, _day in rule.weekdays)
    return not more and not counted and (rule.every == WEEKLY or not rule.weekdays)
