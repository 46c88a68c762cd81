"""What time it is where somebody is, and whether it is a moment to call: made anew whenever it is shown, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from babel.dates import format_time
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.digits import local_digits
from kith.kernel.html import EMPTY, el, icon
from kith.kernel.viewer import Viewer

from .kind import Kind
from .spoken import said

#: The light: word, icon and hue by state. Each has a shape of its own, so that nobody needs to see the colour.
LIGHTS: dict[str, tuple[Any, str, int | None]] = {
    "yes": (lazy("Can be called now"), "phone-call", 145),
    "no": (lazy("Not a time to call"), "phone-off", 20),
    "unknown": (lazy("Not known whether to call"), "circle-question-mark", 250),
}


@dataclass(frozen=True)
class LocalClock:
    """`zone` is an IANA name or "" for unknown; `state` is yes, no or unknown."""

    zone: str
    state: str


class LocalTime(Kind):
    """The wall time in somebody's zone and the light beside it. A value of a list's column only."""

    key, label, icon = "local_time", lazy("Local time"), "clock"
    empty: ClassVar[Any] = None
    sortable = False
    operators: ClassVar[tuple[str, ...]] = ()

    def format(self, value: Any, viewer: Viewer) -> str:
        return wall_time(clock.now(), value.zone, viewer) if value is not None and value.zone else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if value is None:
            return EMPTY
        light = lamp(value.state, viewer, small=True)
        if not value.zone:
            return el("span", light, class_="fx clk")
        now = clock.now()
        time = el(
            "time",
            wall_time(now, value.zone, viewer),
            datetime=now.astimezone(ZoneInfo(value.zone)).isoformat(timespec="minutes"),
        )
        return el("span", time, light, class_="fx clk num")

    def export(self, value: Any) -> str:
        return ""

    def words(self, value: Any) -> str:
        return ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "null"}

    def example(self, n: int) -> LocalClock:
        return LocalClock(("Europe/Helsinki", "Asia/Tehran", "")[n % 3], ("yes", "no", "unknown")[n % 3])


def wall_time(at: datetime, zone: str, viewer: Viewer) -> str:
    """The time of the day that the clocks of `zone` show, as the viewer writes it."""
    return local_digits(format_time(at, "short", tzinfo=ZoneInfo(zone), locale=viewer.locale), viewer)


def lamp(state: str, viewer: Viewer, *, small: bool = False) -> SafeString:
    """The light: a shape and a word. Small, the word is for screen readers and on hover."""
    label, drawing, hue = LIGHTS[state]
    text = said(label, viewer)
    if small:
        return el("span", icon(drawing, label=text), class_=f"lamp {state}", title=text)
    return el("span", icon(drawing), el("bdi", text), class_="pill", style=f"--h:{hue}")
