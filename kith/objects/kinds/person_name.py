"""People's names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.kernel.collation import PARTS
from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.text import fold
from kith.kernel.viewer import NEUTRAL, Viewer

from . import name_forms
from .choice import Choice
from .faces import avatar
from .kind import Kind, Option
from .labelled import read_labelled, write_labelled
from .order import key_companions
from .text import Text

GIVEN_FIRST, FAMILY_FIRST = "given_first", "family_first"
_ORDERS = (Option(GIVEN_FIRST, lazy("Given name first")), Option(FAMILY_FIRST, lazy("Family name first")))
#: Latin letters with marks, and what stands inside names: apostrophes, hyphens.
_LATIN_WORD = re.compile(
    r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]([A-Za-z\u00c0-\u024f\u1e00-\u1eff'’‘\-]*[A-Za-z\u00c0-\u024f\u1e00-\u1eff])?"
)


@dataclass(frozen=True)
class PersonName:
    """A name in its parts, in the person's own script and in Latin.

    `full` is the name as it was entered when it was not taken apart; it stands alone then. `order` says whether the family name
    comes first: "given_first", "family_first", or "" for what the script suggests.
    """

    given: str = ""
    family: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    latin_given: str = ""
    latin_family: str = ""
    full: str = ""
    order: str = ""

    @property
    def family_first(self) -> bool:
        """Whether the family name stands before the given name."""
        return name_forms.family_first(self)

    @property
    def shown(self) -> str:
        """The name as it is said in the third person, without a title. Characters that turn or hide are kept but not shown."""
        return name_forms.in_order(self)

    @property
    def latin(self) -> str:
        """The name in Latin letters, in the order of the name itself."""
        parts = (self.latin_family, self.latin_given) if self.family_first else (self.latin_given, self.latin_family)
        return " ".join(filter(None, map(name_forms.visible, parts)))

    @property
    def language(self) -> str | None:
        """The language that the script gives away, for fonts and screen readers; None when it does not."""
        return name_forms.script_language(self.shown)

    def said(
        self,
        usage: name_forms.Usage = "referring",
        length: name_forms.Length = "medium",
        formality: name_forms.Formality = "formal",
        *,
        language: str = "",
    ) -> str:
        """The name as CLDR's rules say it: of somebody or to her, in full or in short; `language` is the person's own."""
        return name_forms.said(self, usage, length, formality, language=language)


def _part(label: Any, length: int = 100) -> Text:
    kind = Text(max_length=length)
    kind.part_label = label
    return kind


class FullName(Kind):
    """A person's name. One line of text is taken apart only where that cannot go wrong for how the name is shown:

    - `Tanaka, Yuki` is family and given name, because the comma says so;
    - two words in Latin letters are given and family name, in the order in which they are written;
    - everything else (one word, three words, other scripts) is kept whole in `full`, for a person to take apart.
    """

    key, label, icon, widget = "person_name", pgettext_lazy("of a person", "Name"), "user", "person_name"
    empty: ClassVar[Any] = PersonName()
    textual = stores_packed = True
    packed_as = "json"
    #: The packed whole is JSON, in which words of other scripts are escaped: words are asked of the folded copy.
    folded_in = "folded"
    operators = ("contains", "empty", "filled")

    def __init__(self, **options: Any):
        super().__init__(**options)
        order = Choice(_ORDERS)
        order.part_label = lazy("Order of the name")
        self.parts: Mapping[str, Kind] = {
            "given": _part(lazy("Given name")),
            "family": _part(lazy("Family name")),
            "middle": _part(lazy("Middle name")),
            "prefix": _part(lazy("Title before the name"), 40),
            "suffix": _part(lazy("Suffix"), 40),
            "latin_given": _part(lazy("Given name in Latin letters")),
            "latin_family": _part(lazy("Family name in Latin letters")),
            "full": _part(lazy("Full name as entered"), 200),
            "order": order,
        }

    # ── from people and files ────────────────────────────────────────────────────────────────────────────────────────

    def parse(self, text: str, viewer: Viewer) -> PersonName:
        text = self.checked_text(text)
        parts = read_labelled(text, self.parts)
        if parts is not None:
            return self.clean(parts)
        return self.clean(_taken_apart(" ".join(text.split()))) if text else PersonName()

    def read(self, data: Mapping[str, str], name: str, viewer: Viewer) -> PersonName:
        """Inputs `name.given`, `name.family`, …; or `name` as one line."""
        given = {part: data[f"{name}.{part}"] for part in self.parts if f"{name}.{part}" in data}
        if not given:
            return self.parse(data.get(name, ""), viewer)
        return self.assemble({part: self.parts[part].parse(text, viewer) for part, text in given.items()}, None)

    def edit_inline(self, value: Any, viewer: Viewer) -> str:
        return value.shown if value else ""

    def read_inline(self, old: Any, data: Mapping[str, str], name: str, viewer: Viewer) -> PersonName:
        """The name that a cell shows, changed; what the cell does not show (title, Latin letters, order) stays."""
        text = self.checked_text(data.get(name, ""))
        if self.is_empty(old) or not text:
            return self.parse(text, viewer)
        if text == old.shown:
            return self.clean(old)
        new = self.parse(text, viewer)
        if old.order == FAMILY_FIRST and new.given and new.family and "," not in text:
            new = replace(new, given=new.family, family=new.given)
        return self.clean(
            replace(new, prefix=old.prefix, latin_given=old.latin_given, latin_family=old.latin_family, order=old.order)
        )

    def clean(self, value: Any) -> PersonName:
        """Takes a PersonName, a mapping of parts, or text as `parse` does."""
        if value is None:
            return PersonName()
        if isinstance(value, str):
            return self.parse(value, NEUTRAL)
        if isinstance(value, PersonName):
            value = vars(value)
        if not isinstance(value, Mapping):
            raise Refused(_("A name is text, or its parts by name."))
        unknown = [str(name) for name in value if name not in self.parts]
        if unknown:
            raise Refused(_("“%(part)s” is not a part of a name.") % {"part": unknown[0][:60]})
        made = PersonName(**{name: kind.clean(value.get(name)) for name, kind in self.parts.items()})
        # Once it is known which part is which, the name as entered would only contradict the parts sooner or later.
        made = replace(made, full="") if made.given or made.family else made
        if not self.is_empty(made) and not name_forms.can_be_seen(made.shown):
            raise Refused(_("Nothing of this name can be seen. Type at least one letter."))
        return made

    def warnings(self, value: Any, viewer: Viewer) -> list[str]:
        """What is odd about a name, in words. It is stored as it was typed, and shown without what could mislead."""
        text = "" if self.is_empty(value) else "".join(part for name, part in vars(value).items() if name != "order")
        found = []
        if name_forms.turns_direction(text):
            found.append(
                _("This name holds characters that turn the direction of writing. They are kept, but not shown.")
            )
        if name_forms.hides(text):
            found.append(_("This name holds characters that cannot be seen. They are kept, but not shown."))
        return found

    def assemble(self, parts: Mapping[str, Any], old: Any) -> PersonName:
        """A whole name from some parts. Given or family name, once said, replace a name that was kept whole."""
        return self.clean(replace(self.clean(old), **{name: parts[name] for name in parts if name in self.parts}))

    def part(self, value: Any, name: str) -> Any:
        return getattr(value, name)

    def is_empty(self, value: Any) -> bool:
        """An order alone is no name."""
        return value is None or not any(text for name, text in vars(value).items() if name != "order")

    # ── to people ────────────────────────────────────────────────────────────────────────────────────────────────────

    def format(self, value: Any, viewer: Viewer) -> str:
        return value.shown if value else ""

    def cell(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        shown, latin = value.shown, value.latin
        own = el("bdi", shown, lang=name_forms.script_language(shown), class_="tx")
        if not latin or fold(latin) == fold(shown):
            return own
        return el("span", own, el("bdi", latin, class_="alt"), class_="fx")

    def addressee(self, value: Any, *, latin: bool = False) -> str:
        if self.is_empty(value):
            return ""
        return value.latin if latin and value.latin else value.said("referring", "long")

    def portrait(self, value: Any, viewer: Viewer) -> SafeString:
        return avatar(self.format(value, viewer))

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if self.is_empty(value):
            return EMPTY
        titled = value.said("referring", "long")
        alt = el("bdi", value.latin, class_="alt") if value.latin and value.latin != value.shown else None
        return el("span", el("bdi", titled, lang=value.language, class_="tx"), alt, class_="fx")

    def widget_context(self, value: Any, viewer: Viewer) -> dict[str, Any]:
        """`rows` are (part, label, text) in the order in which the name is written; `orders` the choices of the order."""
        value = value or PersonName()
        first = ["family", "given", "middle"] if value.family_first else ["given", "middle", "family"]
        names = ["full"] * bool(value.full) + ["prefix", *first, "suffix", "latin_given", "latin_family"]
        return {
            "rows": [(n, self.parts[n].part_label, getattr(value, n)) for n in names],
            "orders": _ORDERS,
            "order": value.order,
            "warnings": self.warnings(value, viewer),
        }

    # ── to storage, ledger, wire and files ───────────────────────────────────────────────────────────────────────────

    def pack(self, value: Any) -> dict[str, str]:
        return {name: text for name, text in vars(value or PersonName()).items() if text}

    def unpack(self, raw: Any) -> PersonName:
        return PersonName(**raw) if raw else PersonName()

    def export(self, value: Any) -> str:
        """The name as it is shown where that reads back as the same parts, else every part with its name."""
        if not value:
            return ""
        shown = value.shown
        return shown if self._reads(shown) == value else write_labelled(vars(value))

    def _reads(self, text: str) -> PersonName | None:
        try:
            return self.parse(text, NEUTRAL)
        except Refused:
            return None

    def json_schema(self) -> dict[str, Any]:
        properties = {name: kind.json_schema() for name, kind in self.parts.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def taken_schema(self) -> dict[str, Any]:
        """A name in one line as well, which is taken apart as if somebody had typed it: many programs know no parts."""
        properties = {name: kind.taken_schema() for name, kind in self.parts.items()}
        return {"type": ["object", "string", "null"], "properties": properties, "additionalProperties": False}

    # ── for search, sort and filter ──────────────────────────────────────────────────────────────────────────────────

    def words(self, value: Any) -> str:
        if not value:
            return ""
        parts = [text for name, text in vars(value).items() if text and name != "order"]
        # 田中 由紀 is also looked for as 田中由紀.
        closed = "".join(value.full.split()) if name_forms.is_unspaced(value.full) else ""
        return " ".join(dict.fromkeys(filter(None, [value.shown, closed, *parts])))

    def keys(self, value: Any) -> list[str]:
        if self.is_empty(value):
            return []
        shown = "".join(value.shown.split()) if name_forms.is_unspaced(value.shown) else value.shown
        return [(fold(shown) or shown)[:200]]

    def companions(self) -> Any:
        """`folded`: family name first where there is one, to find by; and keys to sort by."""
        return {
            "folded": (lambda: models.CharField(max_length=160, default="", db_index=True), self._folded),
            **key_companions(self._sorted_by),
        }

    def _folded(self, value: Any) -> str:
        if self.is_empty(value):
            return ""
        parts = " ".join(p for p in (value.family, value.given, value.middle) if p)
        return fold(value.full or parts or value.shown)[:160]

    def _sorted_by(self, value: Any) -> str:
        """The family name before the others, compared by itself; in scripts without blanks the name as one, as it is in 王小明."""
        if self.is_empty(value):
            return ""
        parts = [p for p in (value.family, value.given, value.middle) if p]
        between = "" if all(map(name_forms.is_unspaced, parts)) else PARTS
        return value.full or between.join(parts) or value.shown

    def redact(self, value: Any) -> PersonName:
        return PersonName()

    def example(self, n: int) -> PersonName:
        return _EXAMPLES[n % len(_EXAMPLES)]


def _taken_apart(text: str) -> dict[str, str]:
    family, comma, given = (piece.strip() for piece in text.partition(","))
    names = [*family.split(), *(word.rstrip(".") for word in given.split())]
    is_suffix = fold(given).replace(".", "") in _SUFFIXES
    if comma and family and 1 <= len(given.split()) <= 2 and not is_suffix and all(map(_LATIN_WORD.fullmatch, names)):
        return {"given": given, "family": family}
    words = text.split(" ")
    if len(words) == 2 and all(map(_LATIN_WORD.fullmatch, words)):
        return {"given": words[0], "family": words[1]}
    return {"full": text}


#: What follows a comma without being a given name.
_SUFFIXES = {
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mba", "cpa", "dds", "jd", "llm", "bsc", "msc", "ma", "ba", "dr", "prof",
    "inc", "ltd", "llc", "oy", "ab", "ag", "gmbh", "doo",
}  # fmt: skip
_EXAMPLES = (
    PersonName(given="Ada", family="Lovelace"),
    PersonName(given="由紀", family="田中", latin_given="Yuki", latin_family="Tanaka"),
    PersonName(given="زهرا", family="محمدی", latin_given="Zahra", latin_family="Mohammadi"),
    PersonName(given="János", family="Nagy", order=FAMILY_FIRST),
    PersonName(full="María José Fernández de la Cruz"),
    PersonName(given="민준", family="김", latin_given="Minjun", latin_family="Kim"),
    PersonName(given="Čedomir", family="Žnidaršič", prefix="dr.", suffix="MBA"),
    PersonName(full="王小明"),
    PersonName(given="Ελένη", family="Παπαδοπούλου", middle="Μ."),
    PersonName(full="Suharto"),
)
