"""Closed lists of a culture profile: of a country, and of whoever has one of her own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.kernel.culture import FRIDAY, MONDAY, SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY

from ..columns import Option
from ..kinds.weekdays import DAYS, day_label

CALENDARS = (
    Option("gregorian", _("Gregorian"), "calendar"),
    Option("jalali", _("Solar Hijri (Jalali)"), "calendar"),
    Option("hijri", _("Islamic (Hijri)"), "calendar"),
    Option("buddhist", _("Buddhist"), "calendar"),
    Option("roc", _("Republic of China (Minguo)"), "calendar"),
)
#: How much is said in words, and how much is left to the situation.
STYLES = (
    Option("direct", _("Direct"), "move-right"),
    Option("indirect", _("Indirect"), "waves"),
)
CHANNELS = (
    Option("email", pgettext_lazy("a way to reach somebody", "E-mail"), "mail"),
    Option("phone", _("Phone"), "phone"),
    Option("chat", _("Chat"), "message-circle"),
    Option("letter", _("Letter"), "file-text"),
    Option("in_person", _("In person"), "handshake"),
)
WEEKDAYS = tuple(
    Option(DAYS[day], day_label(day)) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)
)
