"""How a person's name is said: formally or not, in full or in short, by the rules of the person's own culture.

The rules are those of CLDR person names (UTS #35 part 8, https://unicode.org/reports/tr35/tr35-personNames.html). Babel does not
carry their data, so the patterns that are needed stand here, from the locales und, ja, zh, ko, hu and vi of CLDR 44 and 45
(common/main/*.xml, `personNames`). Two things are our own: somebody who is addressed formally and has no title gets her whole name,
with the honorific where leaving it out is rude; and what cannot be seen is never part of what is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, Protocol

from kith.kernel.culture import FAMILY_FIRST_LANGUAGES

Usage = Literal["referring", "addressing", "monogram", "sorting"]
Length = Literal["long", "medium", "short"]
Formality = Literal["formal", "informal"]

CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_IS_CJK = re.compile(rf"[{CJK}·・\s]+")
#: Katakana spells names that are not Japanese; they keep their own order, and a dot between their parts.
_FOREIGN = re.compile("[\u30a0-\u30ff\\s]+")
#: Letters that give a language away; Han, Cyrillic and most of Arabic are written by many. Vietnamese: only letters that nobody
#: else writes, which leaves out the dots below of Yoruba and Igbo and the tildes of Guaraní.
_LANGUAGES = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("fa", re.compile("[پچژگ]")),
    ("vi", re.compile("[ơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựảẻỉỏủỷ]", re.IGNORECASE)),
)  # fmt: skip

#: Controls of direction and other characters that cannot be seen. Joiners, which Persian and Indic names need, and single marks of
#: direction do no harm and stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_ARABIC = re.compile("[\u0600-\u06ff]")
#: Letters by name only: they are drawn as nothing.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
#: Signs that belong to the one before: marks, variation selectors, joiners, skin tones.
_JOINED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")

#: Suffixes that tell a generation; all others are taken for credentials.
_GENERATIONS = {
    "jr",
    "sr",
    "junior",
    "senior",
    "ii",
    "iii",
    "iv",
    "v",
    "ifj",
    "id",
    "filho",
    "neto",
    "fils",
    "père",
    "小",
}
#: Said behind the name of somebody who has no title; without it the bare name is rude.
_HONORIFICS = {"ja": "様", "ko": "님"}

_Patterns = Mapping[tuple[str, str, str], str]
_ALL: tuple[Length, ...] = ("long", "medium", "short")


def _every(usage: str, formality: str, pattern: str) -> dict[tuple[str, str, str], str]:
    return {(usage, length, formality): pattern for length in _ALL}


_GIVEN_FIRST: _Patterns = {
    ("referring", "long", "formal"): "{title} {given} {middle} {family} {generation}, {credentials}",
    ("referring", "medium", "formal"): "{given} {middle-initial} {family} {generation}, {credentials}",
    ("referring", "short", "formal"): "{given-initial} {middle-initial} {family}",
    ("referring", "long", "informal"): "{given} {family}",
    ("referring", "medium", "informal"): "{given} {family}",
    ("referring", "short", "informal"): "{given} {family-initial}",
    **_every("addressing", "formal", "{title} {family}"),
    **_every("addressing", "informal", "{given}"),
    ("monogram", "long", "formal"): "{given-sign}{middle-sign}{family-sign}",
    ("monogram", "medium", "formal"): "{given-sign}{family-sign}",
    ("monogram", "short", "formal"): "{family-sign}",
    ("monogram", "long", "informal"): "{given-sign}{family-sign}",
    ("monogram", "medium", "informal"): "{given-sign}{family-sign}",
    ("monogram", "short", "informal"): "{given-sign}",
    ("sorting", "long", "formal"): "{family}, {given} {middle}",
    ("sorting", "medium", "formal"): "{family}, {given} {middle-initial}",
    ("sorting", "short", "formal"): "{family}, {given-initial} {middle-initial}",
    **_every("sorting", "informal", "{family}, {given}"),
}
_FAMILY_FIRST: _Patterns = {
    **_GIVEN_FIRST,
    ("referring", "long", "formal"): "{title} {family} {given} {middle} {generation}, {credentials}",
    ("referring", "medium", "formal"): "{family} {given} {middle-initial} {generation}, {credentials}",
    ("referring", "short", "formal"): "{family} {given-initial} {middle-initial}",
    ("referring", "long", "informal"): "{family} {given}",
    ("referring", "medium", "informal"): "{family} {given}",
    ("referring", "short", "informal"): "{family} {given-initial}",
    ("monogram", "long", "formal"): "{family-sign}{given-sign}{middle-sign}",
    ("monogram", "medium", "formal"): "{family-sign}{given-sign}",
    ("monogram", "long", "informal"): "{family-sign}{given-sign}",
    ("monogram", "medium", "informal"): "{family-sign}{given-sign}",
}
#: Without blanks between the parts, titles behind; no initials, of which these scripts have none.
_UNSPACED: _Patterns = {
    ("referring", "long", "formal"): "{family}{given}{middle}{credentials}{title}",
    ("referring", "medium", "formal"): "{family}{given}{middle}",
    ("referring", "short", "formal"): "{family}{given}",
    **_every("referring", "informal", "{family}{given}"),
    **_every("addressing", "formal", "{family}{title}"),
    **_every("addressing", "informal", "{given}"),
    **_every("monogram", "formal", "{family-sign}"),
    **_every("monogram", "informal", "{given-sign}"),
    **_every("sorting", "formal", "{family}{given}{middle}"),
    **_every("sorting", "informal", "{family}{given}"),
}
_OWN: Mapping[str, _Patterns] = {
    "zh": _UNSPACED,
    "ja": {
        **_UNSPACED,
        ("referring", "long", "formal"): "{family}{middle}{given}{credentials}{title}",
        ("referring", "medium", "formal"): "{family}{middle}{given}",
        **_every("monogram", "formal", "{given-sign}"),
        **_every("sorting", "formal", "{family}{middle}{given}"),
    },
    # Korea writes the title apart, and only with the whole name: 김민준 님.
    "ko": {
        **_UNSPACED,
        **_every("addressing", "formal", "{family}{given} {title}"),
        ("referring", "long", "formal"): "{family}{given} {credentials} {title}",
    },
    "vi": {
        **_FAMILY_FIRST,
        ("referring", "long", "formal"): "{title} {credentials} {family} {middle} {given}",
        ("referring", "medium", "formal"): "{credentials} {family} {middle-initial} {given}",
        ("referring", "short", "formal"): "{family} {middle-initial} {given-initial}",
        **_every("addressing", "formal", "{title} {given}"),
        ("monogram", "long", "formal"): "{family-sign}{middle-sign}{given-sign}",
        **{("sorting", length, "formal"): "{family} {middle} {given}" for length in _ALL},
        **_every("sorting", "informal", "{family} {given}"),
    },
}


class Named(Protocol):
    """A name in its parts, as `PersonName` has them. What is said of names is remembered, so they must be hashable."""

    def __hash__(self) -> int: ...
    @property
    def given(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def middle(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def full(self) -> str: ...
    @property
    def order(self) -> str: ...
    @property
    def latin(self) -> str: ...


def said(
    name: Named,
    usage: Usage = "referring",
    length: Length = "medium",
    formality: Formality = "formal",
    *,
    language: str = "",
) -> str:
    """`name` as it is said of somebody ("referring"), to her ("addressing"), in a tile ("monogram") or in a list ("sorting").

    `language` is the person's own (a BCP 47 tag), where it is known; else the script of the name decides, as far as it tells. A name
    that was never taken apart is said whole. Never empty for a name that has anything to be seen.
    """
    if name.full or not (name.given or name.family):
        return _whole(name, usage, length, formality)
    patterns = _patterns(name, language)
    plain = _filled(patterns["referring", "long", "informal"], name, language)
    if usage == "addressing" and formality == "formal" and not (visible(name.prefix) and name.given and name.family):
        return _addressed_plainly(name, plain, language)
    if usage in ("referring", "sorting") and length == "short" and not (name.given and name.family):
        # Half a name is not made any shorter.
        return plain
    return _filled(patterns[usage, length, formality], name, language) or (
        _upper_sign(plain) if usage == "monogram" else plain
    )


# A list shows the same fifty names again and again.
@lru_cache(maxsize=10_000)
def in_order(name: Named, language: str = "") -> str:
    """The whole name without title, all parts written out, in the order of the person's culture. The form that lists show."""
    if name.full:
        return visible(name.full)
    own, suffix = _filled(_whole_pattern(name, language), name, language), visible(name.suffix)
    if not own:
        return suffix or visible(name.latin) or visible(name.prefix)
    return f"{own}{_comma(own)}{suffix}" if suffix else own


@lru_cache(maxsize=10_000)
def family_first(name: Named, language: str = "") -> bool:
    """Whether the family name stands before the given name: what was said about this name, else its script, else the language."""
    if name.order:
        return name.order == "family_first"
    spoken, letters = language_of(language), _letters(name)
    if name.given and name.family:
        # Letters tell more about a name than the language in which somebody likes to be written to.
        if is_unspaced(letters):
            return not _is_foreign(name) or spoken in FAMILY_FIRST_LANGUAGES
        if script_language(letters) == "vi":
            return True
    return spoken in FAMILY_FIRST_LANGUAGES


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag or a Django code: "zh" of "zh-Hant-TW"."""
    return re.split("[-_]", tag.lower(), maxsplit=1)[0]


def script_language(text: str) -> str | None:
    """The language that the letters of `text` give away; None when many write them."""
    if text.isascii():
        return None
    return next((code for code, letters in _LANGUAGES if letters.search(text)), None)


def is_unspaced(text: str) -> bool:
    """Whether `text` is written in a script that puts no blanks into names."""
    return bool(text) and bool(_IS_CJK.fullmatch(text))


def initials(text: str) -> str:
    """The initials of given names: "Ada Augusta" gives "A. A."; names in Chinese, Japanese or Korean letters stay whole."""
    if is_unspaced(text):
        return text
    return " ".join(f"{sign}." if sign[0].isalpha() else sign for sign in map(first_sign, text.split()) if sign)


def first_sign(word: str) -> str:
    """The first sign that a reader sees, with all that belongs to it: marks, skin tones, joined pictures."""
    text = visible(word).lstrip("'’‘\"“”(-")
    end = 1
    while end < len(text) and (
        unicodedata.category(text[end]).startswith("M") or _JOINED.match(text[end]) or text[end - 1] == "\u200d"
    ):
        end += 1
    return text[:end]


@lru_cache(maxsize=10_000)
def visible(text: str) -> str:
    """`text` without characters that turn the direction of what stands around it, and without those that nobody sees."""
    if text.isascii():
        return text.strip()
    return _HIDDEN.sub("", _TURNING.sub("", text)).strip()


def can_be_seen(text: str) -> bool:
    """Whether anything of `text` can be seen."""
    return any(
        unicodedata.category(c) not in ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me") and c not in _BLANK for c in text
    )


def turns_direction(text: str) -> bool:
    """Whether `text` holds characters that turn the direction of writing."""
    return bool(_TURNING.search(text))


def hides(text: str) -> bool:
    """Whether `text` holds characters that nobody sees and no name needs."""
    return bool(_HIDDEN.search(text)) or any(c in text for c in _BLANK)


# ── the work ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_foreign(name: Named) -> bool:
    return bool(_FOREIGN.fullmatch(_letters(name)))


def _letters(name: Named) -> str:
    """What of a name tells its script: all of it that can be seen."""
    return visible(name.family) + visible(name.given)


def _patterns(name: Named, language: str) -> _Patterns:
    own = script_language(_letters(name)) or language_of(language)
    if is_unspaced(_letters(name)) and family_first(name, language):
        # Han alone tells no language: what Chinese and Japanese have in common is said the Chinese way.
        return _OWN[own] if own in ("ja", "ko") else _UNSPACED
    if not family_first(name, language):
        return _GIVEN_FIRST
    return _OWN["vi"] if own == "vi" else _FAMILY_FIRST


def _whole_pattern(name: Named, language: str) -> str:
    own = script_language(_letters(name)) or language_of(language)
    if not family_first(name, language):
        return "{given} {middle} {family}"
    return "{family} {middle} {given}" if own in ("ja", "vi") else "{family} {given} {middle}"


def _filled(pattern: str, name: Named, language: str) -> str:
    """`pattern` with the parts of `name`; signs beside missing parts go with them."""
    values = _values(name)
    made, sign = "", ""
    for before, field in re.findall(r"([^{}]*)\{([\w-]+)\}", pattern):
        # Of the signs around a missing part the comma stays: "King, Jr.".
        sign = "" if not made else before if "," in before or not sign else sign
        text = _FORMS[field.partition("-")[2]](values[field.partition("-")[0]])
        if text:
            made += (_comma(made) if "," in sign else sign if made else "") + text
            sign = ""
    return _closed_up(made, name, language)


def _values(name: Named) -> dict[str, str]:
    suffix = visible(name.suffix)
    is_generation = suffix.casefold().rstrip(".") in _GENERATIONS
    return {
        "given": visible(name.given),
        "middle": visible(name.middle),
        "family": visible(name.family),
        "title": visible(name.prefix),
        "generation": suffix if is_generation else "",
        "credentials": "" if is_generation else suffix,
    }


def _upper_sign(text: str) -> str:
    return first_sign(text).upper()


_FORMS: Mapping[str, Callable[[str], str]] = {"": str, "initial": initials, "sign": _upper_sign}


def _comma(before: str) -> str:
    return "، " if _ARABIC.search(before) else ", "


def _closed_up(text: str, name: Named, language: str) -> str:
    """Names in Chinese, Japanese and Korean letters have no blanks; foreign ones in katakana a dot."""
    if not is_unspaced(text):
        return text
    foreign = _is_foreign(name) and bool(name.given and name.family) and not family_first(name, language)
    return "・".join(text.split()) if foreign else "".join(text.split())


def _addressed_plainly(name: Named, whole: str, language: str) -> str:
    """The whole name with its title, or with the honorific that stands for one."""
    if visible(name.prefix):
        return _titled(name, whole)
    own = script_language(whole) or language_of(language)
    honorific = _HONORIFICS.get(own, "") if is_unspaced(whole) else ""
    return f"{whole} {honorific}" if own == "ko" and honorific else whole + honorific


def _whole(name: Named, usage: Usage, length: Length, formality: Formality) -> str:
    """A name that was not taken apart: guessing its parts would be wrong for half of the world."""
    text = in_order(name)
    if usage == "monogram":
        return _upper_sign(text)
    if formality == "formal" and (usage == "addressing" or (usage == "referring" and length == "long")):
        return _titled(name, text)
    return text


def _titled(name: Named, text: str) -> str:
    title = visible(name.prefix)
    if not title or title == text:
        return text
    # 田中由紀先生 and 김민준 님, but Dr. Ada Lovelace.
    if is_unspaced(text) and is_unspaced(title):
        return f"{text} {title}" if script_language(text) == "ko" else text + title
    return f"{title} {text}"
