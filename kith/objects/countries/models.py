"""The country, as a record."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kith.objects.columns import (
    NONE,
    Choice,
    Country,
    Hours,
    Languages,
    LongText,
    Once,
    Record,
    Section,
    TimeZone,
    Weekdays,
)  # fmt: skip

from .house import assumed
from .vocabulary import CALENDARS, CHANNELS, STYLES, WEEKDAYS


class CountryFacts(Record):
    """What is usual in one country. An empty field means: what the house knows itself."""

    code = Country(_("Country"), required=True, search="title")
    weekend = Weekdays(_("Week-end"), assumed=assumed("weekend"), help=_("Days on which most offices are closed."))
    working_hours = Hours(_("Working hours"), assumed=assumed("working_hours"), icon="briefcase")
    first_weekday = Choice(
        _("First day of the week"), options=WEEKDAYS, assumed=assumed("first_weekday"), icon="calendar"
    )
    languages = Languages(_("Usual languages"), assumed=assumed("languages"))
    zone = TimeZone(_("Time zone"), assumed=assumed("zone"), help=_("The one that most people live in."))
    calendar = Choice(_("Calendar"), options=CALENDARS, assumed=assumed("calendar"), icon="calendar-days")
    style = Choice(
        _("Communication style"),
        options=STYLES,
        assumed=assumed("style"),
        icon="messages-square",
        help=_(
            "Direct: what is meant is said in words. Indirect: much is said between the lines. A tendency, never a rule."
        ),
    )
    channel = Choice(_("Usual channel"), options=CHANNELS, assumed=assumed("channel"), icon="send")
    quiet_hours = Hours(
        _("Quiet hours"),
        assumed=assumed("quiet_hours"),
        icon="moon",
        help=_("When nobody is called for business. They may pass midnight."),
    )
    guidance = LongText(
        _("Greeting and etiquette"),
        pii=NONE,
        search="low",
        assumed=assumed("guidance"),
        icon="handshake",
        help=_("Shown beside people of this country."),
    )

    class Meta(Record.Meta):
        verbose_name, verbose_name_plural = _("Country"), _("Countries")
        constraints = [
            Once(
                fields=["code"],
                condition=Q(removed_at=None),
                name="country_once",
                said=_("This country is there already. Change that record instead."),
            )
        ]

    class Crm:
        key, slug, icon, title = "objects.country", "countries", "globe", "code"
        help = _(
            "What is usual in a country: week, hours, languages, manners. Administrators write it; everybody reads it."
        )
        common, nav = True, False
        sort = "code"
        list = ["code", "weekend", "working_hours", "languages", "zone", "guidance"]
        form = [
            Section(_("Country"), "code"),
            Section(
                _("Week and hours"), "weekend", "first_weekday", "working_hours", "quiet_hours", "zone", "calendar"
            ),
            Section(_("How people speak"), "languages", "style", "channel", "guidance"),
        ]
        duplicates = ["code"]
        quick = ["code", "weekend", "working_hours", "guidance"]
