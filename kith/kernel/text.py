"""One normaliser for the index and for the query, so that what was written is found as it is typed.

`fold` makes spellings equal: compatibility forms, case, Turkish i, Arabic and Persian letters and digits, marks, tatweel and
joiners. `tokens` are the words that the index holds of a text; `asked` are the words of a question, each with what else it may
have been written as. Scripts written without spaces (Chinese, Japanese, Thai, …) are cut into pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MAP = {
    **dict.fromkeys("أإآٱ", "ا"), "ك": "ک", "ي": "ی", "ى": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ؤ": "و",
    "ı": "i", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ς": "σ",
    "ـ": "", "\u200c": "", "\u200d": "", "\u00ad": "", "\u2060": "", "\ufeff": "",
    **{chr(0x200E + i): "" for i in range(2)}, **{chr(0x202A + i): "" for i in range(5)}, **{chr(0x2066 + i): "" for i in range(4)},
}  # fmt: skip
_TABLE = str.maketrans(_MAP)
#: Longer texts (notes) are folded once and seldom again; keeping thousands of them would only cost memory.
_KEPT = 200


def fold(text: str) -> str:
    """`text` in the spelling that the index uses: lower case, no marks, one form per letter and digit, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    return _folded(text) if len(text) <= _KEPT else _fold(text)


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.replace("İ", "i"))
    text = unicodedata.normalize("NFD", text.casefold())
    # Marks go, except where they are part of the letter itself (kana voicing, Thai and Indic vowels).
    text = "".join(
        c for c in text if unicodedata.category(c) != "Mn" or c in "\u3099\u309a" or "\u0900" <= c <= "\u0eff"
    )
    text = unicodedata.normalize("NFC", text).translate(_TABLE)
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() and unicodedata.digit(c, None) is not None else c
        for c in text
    )
    return " ".join(text.split())


_folded = lru_cache(maxsize=20_000)(_fold)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Blocks written without spaces between words. The middle dot of katakana (U+30FB) stands between words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Vowel signs and marks of Indic scripts, which Python does not count as letters, though words are full of them.
_INDIC = "\u0900-\u0963\u0966-\u0dff"
_RUNS = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_INDIC}])+", re.UNICODE)
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
#: What search takes for one beyond `fold`, which stored keys depend on: hiragana and katakana, forms of characters that names
#: are written with now one way, now the other, Urdu and Kurdish letters, nukta and nasal signs of Devanagari.
_SEARCHED = str.maketrans(
    {chr(c): chr(c - 0x60) for c in range(0x30A1, 0x30F7)}
    | dict(zip("髙﨑邊邉齋齊斎澤濱濵廣國嶋嶌眞櫻瀧龍惠榮德壽德淸栁", "高崎辺辺斉斉斉沢浜浜広国島島真桜滝竜恵栄徳寿徳清柳", strict=True))
    | {"ہ": "ه", "ھ": "ه", "ە": "ه", "ے": "ی", "\u093c": "", "ँ": "ं"}
)  # fmt: skip
#: Longer words are no words (keys, encoded files); PostgreSQL refuses them in an index.
LONGEST = 80
#: How letters with marks are written where a keyboard lacks them, beside leaving the mark away.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_HAS_SPELT = re.compile("[äöüåø]")
#: Signs inside a word that many leave out: apostrophes, hyphens, Hebrew geresh; dots between single letters; joiners of Persian.
_INNER = re.compile(r"(?<=\w)['’‘ʼ`´\-‐‑‒–־׳״\"](?=\w)")
_DOTTED = re.compile(r"(?<![^\W\d_])((?:[^\W\d_][.]){2,}[^\W\d_]?)(?!\w)")
_JOINER = "\u200c"
#: A phone number as people type it: groups of digits, perhaps "(0)" and a sign of the country code before them.
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d[\d()./\-‐‑–  ]*\d(?!\w)")
#: So many digits in groups are one number in a question, so many in what is stored (E.164 has fifteen at most).
_FEWEST_DIGITS, _FEWEST_STORED, _MOST_DIGITS = 5, 7, 15
#: From here on they can only be one number.
_SURELY = 9


def tokens(text: str) -> list[str]:
    """What the index holds of `text`, in the order of the text: words, and unspaced runs as overlapping pairs and their last
    character (so that every character begins a token). Behind them other spellings of the same words, if there are any.
    """
    found: list[str] = []
    for run in dict.fromkeys(_runs(text)):
        found += _pairs(run) if _IS_UNSPACED.match(run) else [run[:LONGEST]]
    known = set(found)
    return found + [word for word in dict.fromkeys(_variants(text)) if word not in known]


def _runs(text: str) -> list[str]:
    return _RUNS.findall(searched(text))


def searched(text: str) -> str:
    """`text` as search compares it: folded, with letters that names are written with now one way, now the other, made one."""
    return fold(text).translate(_SEARCHED)


def _pairs(run: str) -> list[str]:
    return [*(run[i : i + 2] for i in range(len(run) - 1)), run[-1]]


def _variants(text: str) -> list[str]:
    found: list[str] = []
    if _DOTTED.search(text):
        found += [run for m in _DOTTED.finditer(text) for run in _runs(m[1].replace(".", ""))]
    if _INNER.search(text):
        found += [run for chunk in text.split() if _INNER.search(chunk) for run in _runs(_INNER.sub("", chunk))]
    for match in _NUMBER.finditer(text if text.isascii() else ascii_digits(text)):
        groups = _runs(match[0].replace("(0)", " "))
        if len(groups) > 1 and _FEWEST_STORED <= sum(map(len, groups)) <= _MOST_DIGITS:
            found.append("".join(groups))
    if text.isascii():
        return found
    lower = unicodedata.normalize("NFC", text).lower()
    found += [run for chunk in lower.split() if _HAS_SPELT.search(chunk) for run in _runs(chunk.translate(_SPELT))]
    if _JOINER in text:
        found += [run for chunk in text.split() if _JOINER in chunk for run in _runs(chunk.replace(_JOINER, " "))]
    found += [bare for run in _runs(text) if (bare := _without_article(run))]
    return [run[:LONGEST] for run in found if not _IS_UNSPACED.match(run)]


def _without_article(word: str) -> str:
    """An Arabic word without its article, "" when it has none. Persian names such as الهام only look as if they had one: what is
    left of those is too short."""
    return word[2:] if word.startswith("ال") and len(word) >= 6 else ""


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Term:
    """Something that one field of a record must hold.

    `tokens` are all in the index; `inside` says that the text may stand anywhere in a word, else a word begins with it. `written`
    is how it stands among the field's tokens: neighbouring pairs with a blank between.
    """

    tokens: tuple[str, ...]
    inside: bool = False

    @property
    def written(self) -> str:
        return " ".join(self.tokens)


#: One word of a question: other ways of writing it, each of them terms that must all be there.
Word = tuple[tuple[Term, ...], ...]

#: From this length on a word is looked for inside words, too.
INSIDE = 3
#: More words than this in a question narrow nothing.
MAX_WORDS = 8


def asked(text: str) -> list[Word]:
    """The words of a question, at most MAX_WORDS; a record that holds them all is meant by it."""
    words: list[Word] = []
    rest, at = ascii_digits(unicodedata.normalize("NFKC", text)) if not text.isascii() else text, 0
    for found in _NUMBER.finditer(rest):
        number = _number(found[0])
        if number is not None:
            words += [*_spaced(rest[at : found.start()]), number]
            at = found.end()
    words += _spaced(rest[at:])
    return list(dict.fromkeys(words))[:MAX_WORDS]


def _number(text: str) -> Word | None:
    """A number in groups of digits: as one number however it is stored, or its groups one by one."""
    groups = _runs(text)
    digits = "".join(groups)
    if len(digits) < _FEWEST_DIGITS or (len(groups) == 1 and not digits.startswith("00")):
        return None
    ways: list[tuple[Term, ...]] = [(_term(digits),)]
    if text.lstrip("(").startswith(("+", "00")):
        ways.append((_term("".join(_runs(text.replace("(0)", " "))).removeprefix("00")),))
    elif len(digits) < _SURELY:
        # A house and a postal code, perhaps. Longer numbers are held as one, however they were written.
        ways.append(tuple(_term(group) for group in groups))
    return tuple(dict.fromkeys(ways))


def _spaced(text: str) -> list[Word]:
    return [word for chunk in text.split() for word in _chunk(chunk)]


def _chunk(chunk: str) -> list[Word]:
    if _JOINER in chunk:
        pieces = _runs(chunk.replace(_JOINER, " "))
        if len(pieces) > 1:
            return [(tuple(map(_term, _runs(chunk))), tuple(map(_term, pieces)))]
    if _INNER.search(chunk) and len(pieces := _runs(chunk)) > 1:
        return [(tuple(map(_term, pieces)), tuple(map(_term, _runs(_INNER.sub("", chunk)))))]
    words: list[Word] = [_ways(run) for run in _runs(chunk)]
    if not chunk.isascii() and len(words) == 1:
        lower = unicodedata.normalize("NFC", chunk).lower()
        if _HAS_SPELT.search(lower):
            return [(*words[0], tuple(map(_term, _runs(lower.translate(_SPELT)))))]
    return words


def _ways(run: str) -> Word:
    bare = _without_article(run)
    return ((_term(run),), (_term(bare, begins=True),)) if bare else ((_term(run),),)


def _term(run: str, begins: bool = False) -> Term:
    if _IS_UNSPACED.match(run):
        return Term(tuple(_pairs(run)[:-1]) or (run,))
    run = run[:LONGEST]
    return Term((run,), inside=len(run) >= INSIDE and not begins)


def ascii_digits(text: str) -> str:
    """`text` with the digits of every script written 0–9; nothing else changes."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


#: What is copied along with an address and cannot be seen: zero-width spaces and joiners, marks of direction, byte order marks.
#: Overrides of direction are not among them: they are meant to deceive.
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff \t\r\n"


def bare(text: str) -> str:
    """`text` without what cannot be seen at its two ends; for addresses, in which such a sign is never meant."""
    return text.strip(_UNSEEN)


#: Characters that never belong into a stored line of text: NUL and other controls, but not tab and line breaks.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def has_controls(text: str) -> bool:
    """Whether `text` holds control characters that no keyboard types."""
    return bool(_CONTROLS.search(text))
