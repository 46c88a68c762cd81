"""The closed lists of this room. Code asks an option for its meaning, never for its label."""

from __future__ import annotations

from babel import Locale
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kith.kernel.viewer import LOCALES
from kith.objects.columns import Option

#: How far somebody has come with us. `open` is on the way, `won` buys, `lost` no longer does, "" is neither.
STAGES = (
    Option("subscriber", _("Subscriber"), "newspaper", 250),
    Option("lead", _("Lead"), "circle-dashed", 220, "open"),
    Option("qualified", _("Qualified"), "circle-dot", 190, "open"),
    Option("opportunity", _("Opportunity"), "hourglass", 60, "open"),
    Option("customer", _("Customer"), "circle-check", 145, "won"),
    Option("partner", _("Partner"), "handshake", 300),
    Option("former", _("Former customer"), "archive", 20, "lost"),
)

#: Where we first heard of each other.
SOURCES = (
    Option("referral", _("Referral"), "message-circle-heart", 145),
    Option("trade_fair", _("Trade fair"), "store", 30),
    Option("web", _("Website"), "globe", 220),
    Option("email", pgettext_lazy("a way to reach somebody", "E-mail"), "mail", 250),
    Option("phone", _("Phone call"), "phone", 190),
    Option("campaign", _("Campaign"), "megaphone", 320),
    Option("social", _("Social network"), "share-2", 280),
    Option("partner", _("Through a partner"), "handshake", 60),
    Option("list", _("List of addresses"), "list", 90),
    Option("other", _("Other source"), "circle", 0),
)

#: People who work there.
SIZES = (
    Option("1", _("Only the owner"), "user", 220),
    Option("2-9", _("2 to 9"), "users", 200),
    Option("10-49", _("10 to 49"), "users", 180),
    Option("50-249", _("50 to 249"), "users", 145),
    Option("250-999", _("250 to 999"), "users", 90),
    Option("1000+", _("1,000 or more"), "users", 60),
)

#: How somebody is addressed. The gender in it is one that was given; nothing guesses it.
SALUTATIONS = (
    Option("ms", pgettext_lazy("before a name", "Ms")),
    Option("mr", pgettext_lazy("before a name", "Mr")),
    Option("mx", pgettext_lazy("before a name, of no stated gender", "Mx")),
    Option("dr", pgettext_lazy("before a name", "Dr")),
    Option("prof", pgettext_lazy("before a name", "Professor")),
)


def _script(code: str) -> str:
    return str(Locale.parse(LOCALES.get(get_language() or "en", "en_GB")).scripts.get(code, code))


_script_name = lazy(_script, str)

#: Scripts that languages of today are written in (ISO 15924), called as CLDR calls them.
SCRIPTS = tuple(
    Option(code, _script_name(code))
    for code in (
        "Latn", "Cyrl", "Grek", "Arab", "Hebr", "Hans", "Hant", "Jpan", "Kore", "Deva", "Beng", "Thai", "Armn", "Geor", "Ethi", "Khmr",
        "Laoo", "Mymr", "Sinh", "Taml", "Telu", "Knda", "Mlym", "Gujr", "Guru", "Orya", "Tibt", "Mong", "Thaa", "Tfng", "Cans",
    )
)  # fmt: skip
