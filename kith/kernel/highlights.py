"""Where in a text the words of a question stand, in the spelling that the text has and not that of the question."""

from __future__ import annotations

from django.utils.safestring import SafeString

from .html import el, join
from .text import asked, searched

#: So much of a long text is looked through, and so much is shown around the first place.
LOOKED_AT, SHOWN = 4_000, 120


def spans(text: str, question: str) -> list[tuple[int, int]]:
    """Parts of `text` (from, to) that hold a word of `question`, in order and apart from each other."""
    pieces, places = [], []
    for at, sign in enumerate(text[:LOOKED_AT]):
        # One sign at a time: a mark becomes nothing, a ligature several letters, and each knows where it came from.
        folded = " " if sign.isspace() else searched(sign)
        pieces.append(folded)
        places += [at] * len(folded)
    plain, found = "".join(pieces), []
    for word in _words(question):
        start = plain.find(word)
        while start >= 0:
            end = start + len(word)
            # One or two letters mean the beginning of a word.
            if len(word) > 2 or not word.isascii() or start == 0 or not plain[start - 1].isalnum():
                found.append((places[start], places[end - 1] + 1))
            start = plain.find(word, end)
    return _apart(found, text)


def _words(question: str) -> list[str]:
    """The words of a question and their other spellings, longest first."""
    words = set(searched(question).split())
    for word in asked(question):
        for way in word:
            for term in way:
                pairs = term.tokens
                words.add(pairs[0] + "".join(pair[-1] for pair in pairs[1:]) if len(pairs) > 1 else pairs[0])
    return sorted((word for word in words if word), key=len, reverse=True)


def _apart(found: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        end = stop
        # Marks that stand on the last letter belong to it.
        while end < len(text) and not searched(text[end]) and not text[end].isspace():
            end += 1
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, question: str, shown: int = SHOWN) -> tuple[SafeString, bool]:
    """`text` escaped, with <mark> around what was asked for and cut around the first such place; and whether there is any."""
    places = spans(text, question)
    begin = max(0, places[0][0] - shown // 3) if places and len(text) > shown else 0
    if begin:
        blank = text.find(" ", begin, places[0][0])
        begin = blank + 1 if blank >= 0 else begin
    end = min(len(text), begin + shown)
    parts: list[object] = ["…"] if begin else []
    at = begin
    for start, stop in places:
        if start >= end:
            break
        parts += [text[at:start], el("mark", text[start : min(stop, end)])]
        at = min(stop, end)
    parts.append(text[at:end])
    if end < len(text):
        parts.append("…")
    return join(parts), bool(places)


__all__ = ["marked", "spans"]
