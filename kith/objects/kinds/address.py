"""Postal addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.kernel.collation import in_order
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el, join
from kith.kernel.sentences import run_on
from kith.kernel.text import fold
from kith.kernel.viewer import NEUTRAL, Viewer

from . import postal
from .country import Country
from .kind import Kind, nullable
from .labelled import read_labelled, write_labelled
from .spoken import said
from .text import LongText, Text


@dataclass(frozen=True)
class Address:
    """An address: `street` may have several lines, `district` is a part of the city, `country` is ISO 3166-1 alpha-2.

    `latin` is the same address in Latin letters, as a whole, for letters from countries that do not read its script.
    """

    street: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postal: str = ""
    country: str = ""
    latin: str = ""


@dataclass(frozen=True)
class Row:
    """One input of an address's form. `choices` are (value, label) of a closed list, which may be left for what was typed."""

    part: str
    label: Any
    text: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


class PostalAddress(Kind):
    """An address in its parts, shown and printed by the rules of its country.

    One line of text is kept whole as the street, for a person to take apart, unless it is the labelled form that `export` writes
    (`street=… | city=…`). A wrong postal code is a warning, never an error: the world's rules have holes.
    """

    key, label, icon, widget = "address", lazy("Address"), "map-pin", "address"
    posted = True
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
            "district": _named(Text(max_length=100), pgettext_lazy("part of a city", "District")),
            "city": _named(Text(max_length=100), lazy("City")),
            "region": _named(Text(max_length=100), lazy("Region")),
            "postal": _named(Text(max_length=20), lazy("Postal code")),
            "country": Country(),
            "latin": _named(LongText(max_length=500), lazy("Address in Latin letters")),
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
        if self.is_empty(value) or not value.country:
            return []
        rules = postal.rules(value.country)
        found = []
        example = postal.postal_fault(rules, value.postal, value.region)
        if example is not None:
            country = self.parts["country"].format(value.country, viewer)
            told = {"code": value.postal, "country": country, "example": example}
            found.append(
                _("“%(code)s” does not look like a postal code of %(country)s, such as %(example)s.") % told
                if example
                else _("“%(code)s” does not look like a postal code of %(country)s.") % told
            )
        found += [
            _("%(part)s is missing.") % {"part": said(rules.labels[part], viewer)}
            for part in rules.order(latin=False)
            # Without a street it is no address for letters yet, and a form that was only begun has no faults.
            if value.street and part in rules.required and not getattr(value, part)
        ]
        return found

    def draft(self, data: Mapping[str, str], name: str, viewer: Viewer, old: Any) -> Address:
        """What stands in a form that was not saved yet, faults and all: only to draw the form again, by the rules of its country."""
        old = old or Address()
        typed = {part: data[f"{name}.{part}"] for part in self.parts if f"{name}.{part}" in data}
        try:
            country = self.parts["country"].parse(typed.pop("country", old.country), viewer)
        except Refused:
            country = old.country
        return replace(old, **{part: text.replace("\r\n", "\n") for part, text in typed.items()}, country=country)

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def lines(self, value: Any, viewer: Viewer) -> list[str]:
        """The address as the country writes it, the country's name last; in the order of Latin letters where it is written in them."""
        if self.is_empty(value):
            return []
        made = self._printed(value, latin=postal.looks_latin(vars(value)), home=value.country == viewer.country)
        country = self.parts["country"].format(value.country, viewer)
        # A city that is its own country stands there already: "SINGAPORE 546080".
        there = {word for line in made for word in (fold(line), fold(line.rpartition(" ")[0]))}
        return made if fold(country) in there else [*made, country] if country else made

    def envelope(self, value: Any, viewer: Viewer, *, home: str, latin: bool = False) -> list[str]:
        """The lines of a label on a letter posted in the country `home`.

        Inside the country neither its name nor its prefix stands on the label; from abroad its name comes last, in capitals (UPU,
        standard S42 and https://www.upu.int/en/universal-postal-union/activities/physical-services/addressing-solutions). `latin`
        asks for Latin letters: the address as somebody wrote it in them, else its own lines in that order.
        """
        if self.is_empty(value):
            return []
        if home == value.country:
            return self._printed(value, latin=latin or postal.looks_latin(vars(value)), home=True)
        country = self.parts["country"].format(value.country, viewer).upper()
        if latin and value.latin:
            made = [line.strip() for line in value.latin.split("\n") if line.strip()]
        else:
            made = self._printed(value, latin=latin or postal.looks_latin(vars(value)), home=False)
        return [*made, country] if country and country not in made else made

    def _printed(self, value: Address, *, latin: bool, home: bool) -> list[str]:
        rules = postal.rules(value.country)
        texts = {part: getattr(value, part) for part in postal.PARTS.values()}
        if rules.prefix and texts["postal"].upper().startswith(rules.prefix.upper()):
            texts["postal"] = texts["postal"][len(rules.prefix) :].strip()
        region = rules.region(value.region)
        if region is not None and (region.short or latin):
            texts["region"] = region.value if region.short else region.latin
        known = {fold(texts[part]) for part in rules.shown if part != "street"}
        for part in ("district", "city", "region"):
            # Dubai is city and emirate, and is written once; so is Singapore.
            once = fold(texts[part]) in known or any(fold(texts[part]) == fold(w) for w in rules.words)
            if part not in rules.shown and once:
                texts[part] = ""
        pattern = rules.latin if latin else rules.local
        if home and rules.prefix:
            pattern = tuple(line.replace(f"{rules.prefix}%Z", "%Z") for line in pattern)
        return [line.strip() for block in postal.printed(pattern, texts) for line in block.split("\n") if line.strip()]

    def format(self, value: Any, viewer: Viewer) -> str:
        return run_on(self.lines(value, viewer), viewer)

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        country = self.parts["country"].format(value.country, viewer)
        short = run_on((p for p in (*value.street.split("\n"), value.city, country) if p), viewer)
        return el("bdi", short or self.format(value, viewer), class_="tx", title=self.format(value, viewer))

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        own = el("div", join((el("bdi", line) for line in self.lines(value, viewer)), el("br")), class_="long")
        if not value.latin:
            return own
        return join(
            [own, el("div", join((el("bdi", line) for line in value.latin.split("\n")), el("br")), class_="long alt")]
        )

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """The form by the rules of the country.

        `rows` are Row in the order in which the country writes an address, and `more` the parts that it does not ask for and that
        are empty; `countries` is the list to choose from; `warnings` what looks wrong in `value`.
        """
        value = value or Address()
        rules = postal.rules(value.country)
        # People of the country fill in what they know; everybody else the way of letters from abroad.
        local = not postal.looks_latin(vars(value)) or viewer.language.split("-")[0] in rules.languages
        every = [self._row(part, value, rules, viewer) for part in rules.order(latin=not local)]
        rows = [row for row in every if row.part in rules.shown or row.text]
        in_latin = Row("latin", self.parts["latin"].part_label, value.latin)
        if value.latin or (rules.two_scripts and not postal.looks_latin(vars(value))):
            rows.append(in_latin)
        return {
            "rows": rows,
            "more": [row for row in [*every, in_latin] if row not in rows],
            "country": value.country,
            "countries": self.parts["country"].choices(viewer),
            "warnings": self.warnings(value, viewer),
        }

    def _row(self, part: str, value: Address, rules: postal.Rules, viewer: Viewer) -> Row:
        text = getattr(value, part)
        choices: tuple[tuple[str, str], ...] = ()
        if part == "region" and rules.regions:
            native = viewer.language.split("-")[0] in rules.languages
            choices = tuple((r.value, _called(r, native)) for r in rules.regions)
            if not native:
                choices = tuple(in_order(choices, lambda choice: choice[1], viewer.language))
            if text and text not in {r.value for r in rules.regions}:
                # What somebody wrote stays what it is until she chooses something else.
                choices = ((text, text), *choices)
        return Row(part, rules.labels[part], text, part in rules.required, choices)

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

    def taken_schema(self) -> dict[str, Any]:
        properties = {name: kind.taken_schema() for name, kind in self.parts.items()}
        return nullable({"type": "object", "properties": properties, "additionalProperties": False})

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def words(self, value: Any) -> str:
        """Every part but the country; a region also by its name, in its own letters and in Latin: CA is found as California."""
        if self.is_empty(value):
            return ""
        region = postal.rules(value.country).region(value.region)
        parts = [text for name, text in vars(value).items() if name != "country"]
        return " ".join(dict.fromkeys(filter(None, [*parts, *((region.name, region.latin) if region else ())])))

    def keys(self, value: Any) -> list[str]:
        text = " ".join(filter(None, (t for part, t in vars(value or Address()).items() if part != "latin")))
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


def _called(region: postal.Region, native: bool) -> str:
    """A region on a list: by its own name for people who read it, and by both for others."""
    if native or fold(region.name) == fold(region.latin):
        return region.name
    return f"{region.latin} · {region.name}"


_EXAMPLES = (
    Address("Mannerheimintie 1 A 3", "", "Helsinki", "", "00100", "FI"),
    Address("丸の内1-1", "", "千代田区", "東京都", "100-0001", "JP", "1-1 Marunouchi\nChiyoda-ku, Tokyo 100-0001"),
    Address("خیابان ولیعصر، پلاک ۱۲", "", "تهران", "تهران", "1593643315", "IR"),
    Address("Trubarjeva cesta 5", "", "Ljubljana", "", "1000", "SI"),
    Address("Av. Paulista, 1578\n4º andar", "Bela Vista", "São Paulo", "SP", "01310-200", "BR"),
    Address("朝阳路1号", "朝阳区", "北京市", "北京市", "100020", "CN"),
    Address("10 Downing Street", "", "London", "", "SW1A 2AA", "GB"),
    Address("شارع الشيخ زايد", "", "", "دبي", "", "AE"),
    Address("1 Main St | Suite \\ 5", "", "Springfield", "IL", "62701", "US"),
    Address("", "", "Αθήνα", "", "", ""),
)
