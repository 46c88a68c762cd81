"""One of a closed list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models.lookups import Exact
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY
from kith.kernel.sentences import counted, listed
from kith.kernel.text import fold
from kith.kernel.viewer import Viewer

from .faces import pill
from .kind import Kind, Option, new_key
from .order import Order
from .spoken import everywhere, said


class Choice(Kind):
    """One option of a list, stored as the option's `value`; labels may change and be translated without touching data.

    `options` is a list of Option or a function that gives one (options that users define).
    """

    key, label, icon, widget = "choice", lazy("Choice"), "circle-dashed", "choice"
    empty = ""
    operators = ("in", "not_in", "empty", "filled")
    groups = ("",)
    asks = ("options",)
    #: So many options a list of an administrator's own may have, and so long each may be called.
    MOST, LONGEST = 200, 120

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Options are dicts: value (made once and never changed), label, labels by language, hue (0 to 359, or None)."""
        asked = given.get("options")
        rows = [row for row in asked if isinstance(row, dict)] if isinstance(asked, list) else []
        made, labels = [], set()
        for row in rows:
            label = " ".join(str(row.get("label") or "").split())[: cls.LONGEST]
            if not label:
                continue
            if label.casefold() in labels:
                raise Refused(_("“%(option)s” stands in the list twice.") % {"option": label}, field="options")
            labels.add(label.casefold())
            hue = row.get("hue")
            more = {
                str(code): " ".join(str(text).split())[: cls.LONGEST]
                for code, text in dict(row.get("labels") or {}).items()
                if str(text).strip()
            }
            made.append(
                {
                    "value": str(row.get("value") or f"o{new_key()[:10]}"),
                    "label": label,
                    "labels": more,
                    "hue": hue if isinstance(hue, int) and 0 <= hue < 360 else None,
                }
            )
        if not made:
            raise Refused(_("Give at least one option."), field="options")
        if len(made) > cls.MOST:
            raise Refused(_("A list has at most %(n)s options.") % {"n": counted(cls.MOST)}, field="options")
        return {"options": made}

    def __init__(self, options: Iterable[Option] | Callable[[], Iterable[Option]] = (), **rest: Any):
        super().__init__(**rest)
        self._given = options if callable(options) else tuple(options)
        self._labels: tuple[Any, dict[str, list[str]]] | None = None
        self._looks: Mapping[str, Any] = {}
        self._shown = self._overlaid()

    @property
    def all(self) -> tuple[Option, ...]:
        """Every option, in order, as administrators want them to look."""
        return self._overlaid() if callable(self._given) else self._shown

    def relook(self, looks: Mapping[str, Any]) -> None:
        """`looks`: {"order": values, "options": {value: {"hue", "probability", "limit", "asks"}}}; the rest stays as declared."""
        self._looks = looks
        self._shown = self._overlaid()

    def _overlaid(self) -> tuple[Option, ...]:
        given = tuple(self._given()) if callable(self._given) else self._given
        if not self._looks:
            return given
        told, order = self._looks.get("options", {}), self._looks.get("order", [])
        place = {value: n for n, value in enumerate(order)}
        # Options that came after the order was decided stand behind the one that they were declared behind.
        last, ranked = -1.0, []
        for n, option in enumerate(given):
            last = float(place[option.value]) if option.value in place else last + 0.001
            facts = dict(told.get(option.value, {}))
            if "asks" in facts:
                facts["asks"] = tuple(facts["asks"])
            ranked.append((last, n, replace(option, **facts)))
        return tuple(option for _rank, _n, option in sorted(ranked, key=lambda one: one[:2]))

    def option(self, value: Any) -> Option | None:
        """The option with this value; None for a value that is no longer on the list."""
        return next((o for o in self.all if o.value == value), None)

    def meaning(self, value: Any) -> str:
        """What the value means to code, whatever its label."""
        found = self.option(value)
        return found.meaning if found else ""

    def parse(self, text: str, viewer: Viewer) -> str:
        """Stored values first, then labels in any language of the interface."""
        text = self.checked_text(text)
        if not text or self.option(text):
            return text
        found = self._by_label().get(fold(text[:200]), [])
        if len(found) == 1:
            return found[0]
        labels = listed((said(o.label, viewer) for o in self.all[:12]), viewer)
        raise Refused(_("“%(text)s” is not one of the choices: %(choices)s.") % {"text": text[:60], "choices": labels})

    def _by_label(self) -> dict[str, list[str]]:
        options = self.all
        if self._labels is None or self._labels[0] != options:
            found: dict[str, list[str]] = {}
            for option in options:
                for label in (str(option.value), *everywhere(option.label)):
                    values = found.setdefault(fold(label), [])
                    if option.value not in values:
                        values.append(option.value)
            self._labels = options, found
        return self._labels[1]

    def clean(self, value: Any) -> str:
        if value is None:
            return ""
        text = self.checked_text(value)
        if text and not self.option(text):
            labels = listed(o.value for o in self.all[:12])
            raise Refused(
                _("“%(text)s” is not one of the choices: %(choices)s.") % {"text": text[:60], "choices": labels}
            )
        return text

    def format(self, value: Any, viewer: Viewer) -> str:
        if not value:
            return ""
        found = self.option(value)
        return said(found.label, viewer) if found else str(value)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        found = self.option(value)
        return pill(self.format(value, viewer), found.hue if found else None, found.icon if found else "")

    def choices(self, viewer: Viewer) -> list[Option]:
        return list(self.all)

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any) -> list[str]:
        return [value] if value else []

    def order(self, expression: Any, viewer: Viewer) -> Order:
        """In the order of the list, which is the order people think in; values that are not on it any more are nothing here."""
        whens = [
            models.When(Exact(expression, models.Value(o.value)), then=models.Value(i)) for i, o in enumerate(self.all)
        ]
        return Order(models.Case(*whens, default=None, output_field=models.IntegerField()), served=False)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": ["", *(o.value for o in self.all)]}

    def redact(self, value: Any) -> Any:
        return ""

    def example(self, n: int) -> str:
        options = self.all
        return str(options[n % len(options)].value) if options else ""
