"""The demo's address book: firms, the people who work there, and who belongs where. Made up from `lands` by a seeded generator."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from kith.kernel.money import Money
from kith.kernel.text import fold

from .house import TAGS
from .lands import LANDS, Land

#: Roughly how many units of a currency are one euro: firms' revenues should have a plausible size.
RATES = {
    "EUR": 1, "SEK": 11, "BRL": 6, "MXN": 20, "IRR": 600_000, "AED": 4, "USD": 1, "ILS": 4, "JPY": 160, "CNY": 8, "KRW": 1_500,
    "INR": 90, "UAH": 45, "TRY": 40, "PLN": 4, "GBP": 1,
}  # fmt: skip
SIZES = (
    ("1", 1, 1),
    ("2-9", 2, 9),
    ("10-49", 10, 49),
    ("50-249", 50, 249),
    ("250-999", 250, 999),
    ("1000+", 1000, 4000),
)
#: Words for the form of a firm, which stand in no address of the web.
FORMS = set(
    "oy,ab,gmbh,doo,ae,ltda,sl,sa,de,cv,co,llc,sal,ltd,kk,pvt,as,sp,z,oo,inc,sarl".split(",")  # noqa: SIM905
)
ETIQUETTE = (
    "Vegetarian. Prefers tea to coffee.",
    "Bring something from Finland; always returns the gesture.",
    "Wants the agenda the day before.",
    "No meetings during Ramadan in the afternoon.",
    "Use the title until she offers her first name.",
)
SELLERS = {
    "Coffee grower",
    "Olive oil",
    "Honey",
    "Nuts and dried fruit",
    "Dates",
    "Cocoa",
    "Winery",
    "Edible oils",
    "Tea",
    "Spices",
}


@dataclass(eq=False)
class Firm:
    """A company to be. `stages` is the way that it goes; `values` what its record starts with."""

    land: Land
    latin: str
    domain: str
    phone: str
    stages: list[str]
    values: dict[str, Any]
    people: list[Contact] = field(default_factory=list)
    parent: Firm | None = None
    record: Any = None


@dataclass(eq=False)
class Contact:
    """A person to be."""

    firm: Firm
    stages: list[str]
    values: dict[str, Any]
    ties: list[Tie] = field(default_factory=list)
    record: Any = None


@dataclass(eq=False)
class Tie:
    """That a person belongs to a firm."""

    contact: Contact
    firm: Firm
    values: dict[str, Any]
    record: Any = None


def make_book(rng: Random, today: date, scale: float) -> list[Firm]:
    """Firms with their people: 400 and 2,000 at scale 1."""
    firms = _firms(rng, max(len(LANDS), round(400 * scale)))
    #: Who is in the book already: two people of one name are possible, but rare.
    names: set[tuple[str, str]] = set()
    for _n in range(max(len(firms), round(2_000 * scale))):
        # Some firms have many people, most a few.
        firm = firms[int(len(firms) * rng.random() ** 1.6)]
        firm.people.append(_contact(rng, firm, today, names))
    for firm in firms:
        if not firm.people:
            donor = max(firms, key=lambda f: len(f.people))
            donor.people.pop()
            firm.people.append(_contact(rng, firm, today, names))
    _more_ties(rng, firms, today)
    return firms


# ── firms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _firms(rng: Random, wanted: int) -> list[Firm]:
    weights = [land.weight for land in LANDS]
    lands = [*LANDS, *rng.choices(LANDS, weights, k=wanted - len(LANDS))]
    words = {land.code: _names_of_firms(rng, land) for land in LANDS}
    firms: list[Firm] = []
    domains: set[str] = set()
    for land in lands:
        # Where the words run out, the town tells two firms apart, as in real trade registers.
        name, latin, industry = words[land.code].pop(0)
        firms.append(_firm(rng, land, name, latin, industry, domains))
        words[land.code].append((name, latin, industry))
    rng.shuffle(firms)
    for firm in firms[: wanted // 8]:
        above = firms[wanted // 8 + rng.randrange(max(1, wanted // 20))]
        if above is not firm:
            firm.parent = above
    return firms


def _names_of_firms(rng: Random, land: Land) -> list[tuple[str, str, str]]:
    pattern, _bar, latin_pattern = land.firm.partition("|")
    made = []
    for brand, brand_latin in _spelled(land.brands):
        for entry in land.trades.split(","):
            words, _equals, industry = entry.partition("=")
            ((trade, trade_latin),) = _spelled(words)
            latin = latin_pattern.format(brand=brand_latin, trade=trade_latin) if latin_pattern else ""
            made.append((pattern.format(brand=brand, trade=trade), latin, industry))
    rng.shuffle(made)
    return made


def _firm(rng: Random, land: Land, name: str, latin: str, industry: str, domains: set[str]) -> Firm:
    city, region, postal, phone = rng.choice(land.cities.split(";")).split("|")
    ((town, town_latin),) = _spelled(city)
    domain = _slug(latin or name)
    if domain in domains:
        name, latin = f"{name} {town}", f"{latin} {town_latin}" if latin else ""
        domain = _slug(f"{latin or name}")
    number = 2
    while domain in domains:
        domain, number = f"{_slug(latin or name)}-{number}", number + 1
        name = f"{re.sub(r' [IVX]+$', '', name)} {'I' * (number - 1)}"
    domains.add(domain)
    size, least, most = SIZES[min(len(SIZES) - 1, int(rng.triangular(1, 6, 2)))]
    employees = rng.randint(least, most)
    street = land.street_line.format(
        street=rng.choice(land.streets.split(",")), n=rng.randint(1, 98), m=rng.randint(1, 20)
    )
    line = _digits(rng, phone)
    values: dict[str, Any] = {
        "name": name,
        "other_names": latin,
        "website": f"https://{domain}.example",
        "emails": [{"value": f"{rng.choice(('info', 'office', 'orders', 'hello'))}@{domain}.example", "type": "work"}],
        "phones": [{"value": line, "type": "work"}],
        "address": {
            "street": street,
            "city": town,
            "region": region,
            "postal": _digits(rng, postal),
            "country": land.code,
        },
        "industry": industry,
        "size": size,
        "language": land.language,
        "source": rng.choice(
            ("trade_fair", "referral", "web", "email", "phone", "partner", "list", "trade_fair", "referral")
        ),
        "registration": f"{land.code}-X{len(domains):04d}",
        "tags": sorted(rng.sample(TAGS, rng.choice((0, 0, 1, 1, 2)))),
    }
    if rng.random() < 0.6:
        values["employees"] = employees
    if rng.random() < 0.5:
        euros = employees * rng.randint(60, 240) * 1_000
        values["annual_revenue"] = Money(Decimal(euros * RATES[land.currency]), land.currency)
    stages = _way(rng, seller=industry in SELLERS and rng.random() < 0.6)
    if stages == ["partner"]:
        values["tags"] = sorted({*values["tags"], "Supplier"})
    elif industry == "Wholesale" and stages[-1] == "customer":
        values["tags"] = sorted({*values["tags"], "Distributor"})
    values["stage"] = stages[0]
    return Firm(land, latin, f"{domain}.example", line, stages, values)


def _way(rng: Random, *, seller: bool) -> list[str]:
    """The stages that somebody goes through, from the one on the first day to the one of today."""
    if seller:
        return ["partner"]
    way = ["lead", "qualified", "opportunity", "customer", "former"]
    first = rng.choices((0, 1, 3), (6, 2, 2))[0]
    last = rng.choices((0, 1, 2, 3, 4), (22, 16, 13, 43, 6))[0]
    return way[first : max(first, last) + 1]


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _contact(rng: Random, firm: Firm, today: date, names: set[tuple[str, str]]) -> Contact:
    land = firm.land
    name = _name(rng, land)
    for _n in range(20):
        if (name["given"], name["family"]) not in names:
            break
        name = _name(rng, land)
    names.add((name["given"], name["family"]))
    address = f"{_slug(name.get('latin_given', name['given']))}.{_slug(name.get('latin_family', name['family']))}"
    taken = {c.values["emails"][0]["value"].partition("@")[0] for c in firm.people}
    box, number = address, 2
    while box in taken:
        box, number = f"{address}{number}", number + 1
    stages = firm.stages if rng.random() < 0.5 else _way(rng, seller=firm.stages == ["partner"])
    where = firm.values["address"]
    values: dict[str, Any] = {
        "name": name,
        "job_title": rng.choice(land.titles.split(",")),
        "emails": [{"value": f"{box}@{firm.domain}", "type": "work", "primary": True}],
        "phones": _phones(rng, firm),
        "address": {"city": where["city"], "region": where["region"], "country": land.code},
        "stage": stages[0],
        "source": rng.choice((firm.values["source"], "referral", "email", "trade_fair", "social", "campaign")),
        "tags": sorted(rng.sample(TAGS, rng.choice((0, 0, 0, 1, 1, 2)))),
    }
    if rng.random() < 0.15:
        values["emails"].append({"value": f"{box}@post.example", "type": "home"})
    if rng.random() < 0.3:
        values["birthday"] = today - timedelta(days=rng.randint(23 * 365, 62 * 365))
    values |= _culture(land, name, box)
    contact = Contact(firm, stages, values)
    contact.ties.append(
        Tie(contact, firm, {"main": True, "role": values["job_title"], "since": _years_ago(rng, today, 2, 12)})
    )
    return contact


def _culture(land: Land, name: dict[str, str], box: str) -> dict[str, Any]:
    """What somebody said of herself; the rest is assumed from her country. Drawn by a generator of her own, so that the story stays."""
    rng = Random(f"{box} {land.code}")  # noqa: S311 - a story, no secret
    found: dict[str, Any] = {}
    if rng.random() < 0.6:
        found["language"] = land.language
    if rng.random() < 0.3:
        found["zone"] = land.zone
    if rng.random() < 0.4:
        women = {given for given, _latin in _spelled(land.women)}
        found["salutation"] = "ms" if name["given"] in women else "mr"
    if rng.random() < 0.05:
        found["salutation"] = rng.choice(("dr", "prof"))
    if rng.random() < 0.15:
        found["channel"] = rng.choice(("email", "phone", "chat", "letter", "in_person"))
    if rng.random() < 0.15:
        found["preferred_hours"] = rng.choice(("09:00-11:00", "10:00-12:00", "14:00-16:00", "16:00-18:00"))
    if rng.random() < 0.1:
        found["quiet_hours"] = rng.choice(("20:00-09:00", "19:00-08:00", "12:00-14:00"))
    if rng.random() < 0.06:
        found["style"] = rng.choice(("direct", "indirect"))
    if rng.random() < 0.03:
        found["do_not_call"] = True
    if rng.random() < 0.05:
        found["etiquette"] = rng.choice(ETIQUETTE)
    return found


def _name(rng: Random, land: Land) -> dict[str, str]:
    woman = rng.random() < 0.5
    given, given_latin = rng.choice(_spelled(land.women if woman else land.men))
    his, _colon, hers = rng.choice(land.families.split(",")).partition(":")
    ((family, family_latin),) = _spelled(hers if woman and hers else his)
    name = {"given": given, "family": family}
    return name if given_latin == given else {**name, "latin_given": given_latin, "latin_family": family_latin}


def _phones(rng: Random, firm: Firm) -> list[dict[str, Any]]:
    found = [{"value": f"{firm.phone};ext={rng.randint(10, 99)}", "type": "work"}]
    if firm.land.mobile and rng.random() < 0.7:
        found.append({"value": _digits(rng, firm.land.mobile), "type": "mobile"})
        if rng.random() < 0.5:
            found.reverse()
    return found


def _more_ties(rng: Random, firms: list[Firm], today: date) -> None:
    """Some sit on a second firm's board, some have left an earlier one."""
    at_home = {land.code: [f for f in firms if f.land is land] for land in LANDS}
    for firm in firms:
        for contact in firm.people:
            others = [f for f in at_home[firm.land.code] if f is not firm]
            if not others or rng.random() > 0.35:
                continue
            other = rng.choice(others)
            values: dict[str, Any]
            if rng.random() < 0.6:
                values = {
                    "role": rng.choice(("Board member", "Adviser", "Shareholder")),
                    "since": _years_ago(rng, today, 2, 6),
                }
            else:
                until = _years_ago(rng, today, 2, 4)
                values = {
                    "role": rng.choice(firm.land.titles.split(",")),
                    "since": until - timedelta(days=rng.randint(300, 2_000)),
                    "until": until,
                    "inactive": True,
                }
            contact.ties.append(Tie(contact, other, values))


# ── words and digits ─────────────────────────────────────────────────────────────────────────────────────────────────


def _spelled(words: str) -> list[tuple[str, str]]:
    """(own script, Latin) of each; the same twice where it is Latin anyway."""
    pairs = (word.partition("/") for word in words.split(","))
    return [(own, latin or own) for own, _slash, latin in pairs]


def _slug(text: str) -> str:
    words = re.findall(r"[a-z0-9]+", re.sub(r"[.’'\"]", "", fold(text)))
    while len(words) > 1 and words[-1] in FORMS:
        words.pop()
    return "-".join(words)


def _digits(rng: Random, pattern: str) -> str:
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)


def _years_ago(rng: Random, today: date, least: int, most: int) -> date:
    return today - timedelta(days=rng.randint(least * 365, most * 365))
