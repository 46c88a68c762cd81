"""Working weeks with what administrators say of a country: their week-end and working hours over the house's."""

from __future__ import annotations

from kith.kernel.hours import Span
from kith.kernel.working_time import Spell, WorkWeek

from .calling import holidays_of
from .customs import Customs


def work_week(
    usual: Customs,
    *,
    zone: str = "",
    region: str = "",
    hours: tuple[Span, ...] = (),
    days: tuple[int, ...] | None = None,
    away: tuple[Spell, ...] = (),
) -> WorkWeek:
    """When somebody works in the country of `usual`; what is given is her own and stands before what is usual there."""
    usual_days = tuple(day for day in range(7) if day not in usual.weekend)
    return WorkWeek(
        zone=zone or usual.zone or "UTC",
        hours=hours or (usual.working,),
        days=usual_days if days is None else days,
        holiday=holidays_of(usual.country, "en", region),
        away=away,
    )


__all__ = ["work_week"]
