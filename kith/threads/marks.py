"""@people and #records inside of a text.

A text keeps them as tokens, `@{5}` and `#{room.object:7}`, never as names: what a record is called is asked of the gate each time, for
whoever reads. People type names; `with_tokens` makes tokens of them, `editable` turns them back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kith.identity.names import active_users, user_references
from kith.kernel.actor import Actor
from kith.objects.columns import references
from kith.objects.declare import ObjectType, object_type
from kith.objects.kinds import Reference
from kith.objects.query import reader

TOKEN = re.compile(r"@\{(\d{1,15})\}|#\{([\w.]{1,80}):(\d{1,15})\}")
#: Addresses that are shown as links; what ends a sentence is none of theirs.
_PLACE = re.compile(r"https?://[^\s<>\"']{3,500}[^\s<>\"'.,;:!?)\]]")
#: So many people may be mentioned, and records linked, in one text.
MOST = 30


def people_in(text: str) -> list[int]:
    """Ids of the people mentioned, in their order."""
    return list(dict.fromkeys(int(m[1]) for m in TOKEN.finditer(text) if m[1]))[:MOST]


def records_in(text: str) -> dict[str, set[int]]:
    """Ids of the records linked, by object."""
    found: dict[str, set[int]] = {}
    for match in TOKEN.finditer(text):
        if match[2] and match[2] in ObjectType.known():
            found.setdefault(match[2], set()).add(int(match[3]))
    return found


def person_token(user_id: int) -> str:
    """How a text keeps that somebody is mentioned."""
    return f"@{{{user_id}}}"


def record_token(key: str, pk: int) -> str:
    """How a text keeps a link to a record."""
    return f"#{{{key}:{pk}}}"


@dataclass(frozen=True)
class Names:
    """What the tokens of some texts are called, for one reader; what is absent she may not see."""

    people: dict[int, str] = field(default_factory=dict)
    records: dict[str, dict[int, Reference]] = field(default_factory=dict)


def names(actor: Actor, texts: Iterable[str]) -> Names:
    """Read the names for all of `texts`: one query for people and one for each object."""
    people: set[int] = set()
    records: dict[str, set[int]] = {}
    for text in texts:
        people.update(people_in(text))
        for key, ids in records_in(text).items():
            records.setdefault(key, set()).update(ids)
    return Names(
        user_references(people) if people else {},
        {key: references(key, ids, reader(actor)) for key, ids in records.items()},
    )


@dataclass(frozen=True)
class Piece:
    """A part of a line: "text", "person", "record", "place" (a web address), or "unseen" (a record that is not hers to see)."""

    sort: str
    text: str
    url: str = ""
    icon: str = ""
    me: bool = False


def pieces(text: str, known: Names, me: int | None = None) -> list[list[Piece]]:
    """A text as lines of pieces."""
    return [list(_line(line, known, me)) for line in text.split("\n")]


def _line(line: str, known: Names, me: int | None) -> Iterator[Piece]:
    at = 0
    for match in TOKEN.finditer(line):
        yield from _plain(line[at : match.start()])
        at = match.end()
        yield _shown(match, known, me)
    yield from _plain(line[at:])


def _plain(text: str) -> Iterator[Piece]:
    at = 0
    for match in _PLACE.finditer(text):
        if text[at : match.start()]:
            yield Piece("text", text[at : match.start()])
        yield Piece("place", match[0], match[0])
        at = match.end()
    if text[at:]:
        yield Piece("text", text[at:])


def _shown(match: re.Match[str], known: Names, me: int | None) -> Piece:
    if match[1]:
        name = known.people.get(int(match[1]))
        return Piece("person", f"@{name}", me=int(match[1]) == me) if name else Piece("unseen", _("@somebody"))
    ref = known.records.get(match[2], {}).get(int(match[3]))
    if ref is None:
        return Piece("unseen", _("a record that you cannot see"))
    return Piece("record", ref.title, ref.url, object_type(ref.object).icon)


def plain(text: str, known: Names) -> str:
    """A text without markup, as an e-mail or an excerpt shows it."""
    return TOKEN.sub(lambda match: _shown(match, known, None).text, text)


def editable(text: str, known: Names) -> tuple[str, list[str]]:
    """A text as somebody edits it, and the marks ("label⇥token") that turn it back. What she may not see stays a token."""
    marks: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        piece = _shown(match, known, None)
        if piece.sort == "unseen":
            return match[0]
        label = piece.text if piece.sort == "person" else f"#{piece.text}"
        if marks.setdefault(label, match[0]) != match[0]:
            return match[0]  # two of one name: the second one stays what it is
        return label

    shown = TOKEN.sub(named, text)
    return shown, [f"{label}\t{token}" for label, token in marks.items()]


def with_tokens(text: str, marks: Iterable[str]) -> str:
    """What somebody typed, with tokens in the place of what she chose; names of people that she typed out count, too.

    `marks` come from the form: a label and the token that it stands for. They can say nothing that could not be typed.
    """
    chosen: dict[str, str] = {}
    for mark in list(marks)[: 2 * MOST]:
        label, _tab, token = mark.partition("\t")
        if label[:1] in "@#" and len(label) > 1 and TOKEN.fullmatch(token):
            chosen[label] = token
    for label in sorted(chosen, key=len, reverse=True):
        text = re.sub(re.escape(label) + r"(?!\w)", _always(chosen[label]), text)
    return _typed_out(text) if re.search(r"(?<!\w)@(?!\{)", text) else text


def _typed_out(text: str) -> str:
    holders: dict[str, list[int]] = {}
    for pk, name in active_users():
        if name:
            holders.setdefault(name.casefold(), []).append(pk)
    for name in sorted(holders, key=len, reverse=True):
        if len(holders[name]) == 1 and name in text.casefold():
            token = person_token(holders[name][0])
            text = re.sub(r"(?<!\w)@" + re.escape(name) + r"(?!\w)", _always(token), text, flags=re.IGNORECASE)
    return text


def _always(token: str) -> Callable[[re.Match[str]], str]:
    """What puts a token in the place of whatever was found, its backslashes meaning nothing."""
    return lambda _match: token
