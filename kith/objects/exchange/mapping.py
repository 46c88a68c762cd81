"""Which column goes into which field: guessed by name in many languages and by the look of the values, decided by people.

A target is a field's name (`stage`), a part of a composite value (`address.city`), a link by the other program's key
(`parent@key`), or one of the three marks of a record: `@id` and `@version` of our own exports, `@key` of another program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid, KithError, Refused
from kith.kernel.sentences import part_of
from kith.kernel.text import ascii_digits
from kith.kernel.viewer import LOCALES, Viewer

from .. import access
from ..declare import Field, ObjectType
from ..kinds.several import TYPES, Several
from . import headers

ID, VERSION, KEY = "@id", "@version", "@key"
BY_KEY = "@key"
#: Confidence in a guess, as words for code; screens have their own.
SURE, LIKELY, GUESS = "sure", "likely", "guess"
_SCORES = ((90, SURE), (60, LIKELY), (0, GUESS))


@dataclass(frozen=True)
class Target:
    """Something that a column can go into. `field` is None for the marks of a record; `part` names a part of a value."""

    path: str
    label: str
    field: Field | None = None
    part: str = ""
    #: The type that several values of this column have: work, home, mobile.
    type: str = ""
    #: A link found by the key that the other record has in the program that the file came from.
    by_key: bool = False

    @property
    def many(self) -> bool:
        """Whether several columns may go into it."""
        return self.field is not None and self.field.kind.multiple and not self.part and not self.by_key


@dataclass(frozen=True)
class Guess:
    """One column: its name, some values, and where it probably goes ("" for nowhere)."""

    column: str
    samples: list[str]
    to: str
    confidence: str
    filled: int
    unread: int


def targets(actor: Actor, o: ObjectType) -> dict[str, Target]:
    """Everything that `actor` may fill in `o`, by path, in the order of the form."""
    found = {}
    writable = {**access.fields(actor, o, "create"), **access.fields(actor, o, "change")}
    order = [name for section in o.form for name in section.names if name in writable]
    for name in dict.fromkeys([o.title, *order, *writable]):
        field = writable.get(name)
        if field is None:
            continue
        found[name] = Target(name, str(field.label), field)
        for part, kind in field.kind.parts.items():
            label = str(getattr(kind, "part_label", None) or kind.label)
            found[f"{name}.{part}"] = Target(f"{name}.{part}", part_of(field.label, label), field, part)
        for option in TYPES if isinstance(field.kind, Several) else ():
            label = part_of(field.label, option.label)
            found[f"{name}@{option.value}"] = Target(f"{name}@{option.value}", label, field, type=option.value)
        if is_record_link(field):
            label = _("%(field)s, by the key of the other program") % {"field": field.label}
            found[f"{name}{BY_KEY}"] = Target(f"{name}{BY_KEY}", label, field, by_key=True)
    found[KEY] = Target(KEY, _("Key of the other program"))
    found[ID] = Target(ID, _("Number of the record in Kith"))
    found[VERSION] = Target(VERSION, _("Version of the record in Kith"))
    return found


def is_record_link(field: Field) -> bool:
    """Whether `field` links to records (not to users)."""
    return field.target is not None and field.target in ObjectType.known()


def guess(
    actor: Actor, o: ObjectType, columns: Sequence[str], rows: Sequence[Sequence[str]], viewer: Viewer
) -> list[Guess]:
    """Where each column probably goes, by its name and by what stands in `rows`."""
    known = targets(actor, o)
    names = _names(o, known)
    values = _columns(columns, rows)
    order = {path: n for n, path in enumerate(known)}
    # Equal names go to the field that stands first on the form.
    scored = sorted(
        (
            (-score, index, order[path], path)
            for index, column in enumerate(columns)
            for path, score in _by_name(column, columns, known, names).items()
        ),
    )
    chosen: dict[int, tuple[str, int]] = {}
    taken: dict[str, int] = {}
    for minus, index, _order, path in scored:
        score = -minus
        if index in chosen:
            continue
        if path in taken and not known[path].many:
            _prefer(index, taken[path], path, score, chosen, taken, known, values, viewer)
            continue
        chosen[index] = (path, score)
        taken.setdefault(path, index)
    _parts_before_wholes(columns, known, names, chosen, taken)
    _drop_said_twice(o, known, columns, rows, chosen)
    _by_values(columns, known, values, chosen, taken, viewer)
    return [_told(index, column, known, values, chosen, viewer) for index, column in enumerate(columns)]


def _columns(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    values: list[list[str]] = [[] for _column in columns]
    for row in rows:
        for index, cell in enumerate(row):
            if cell.strip():
                values[index].append(cell)
    return values


def _names(o: ObjectType, known: Mapping[str, Target]) -> dict[str, dict[str, int]]:
    """Score of every name that a column may have, by name and target."""
    found: dict[str, dict[str, int]] = {}
    for path, target in known.items():
        for name, score in _said_of(o, target):
            plain = headers.plain(name)
            if plain:
                scores = found.setdefault(plain, {})
                scores[path] = max(score, scores.get(path, 0))
    return found


def _said_of(o: ObjectType, target: Target) -> Iterator[tuple[str, int]]:
    """Names under which a target may be known, each with how sure that makes it."""
    field = target.field
    if field is None:
        return
    if target.by_key:
        for label in (field.name, *_labels(field.label), *field.aka):
            for ending in ("id", "key", "uuid", "number"):
                yield f"{label} {ending}", 92
    elif target.part:
        yield from _said_of_part(field, target)
    elif target.type:
        yield target.path, 100
        yield from _known(_family(field), target.type, 90)
    else:
        yield field.name, 100
        for label in _labels(field.label):
            yield label, 98
            if is_record_link(field):
                yield f"{label} name", 92
        for name in field.aka:
            yield name, 97
        yield from _known(_family(field), "", 90)
        yield from _said_of_role(o, field)


def _said_of_role(o: ObjectType, field: Field) -> Iterator[tuple[str, int]]:
    """What the field that names a record, and the field that says whose it is, are called everywhere."""
    if field.name == o.title:
        for label in _labels(o.label):
            yield f"{label} name", 93
            yield label, 85
        if field.kind.textual and not field.kind.parts:
            for name in headers.TITLES:
                yield name, 91
    if field.facts.owner:
        for name in headers.OWNERS:
            yield name, 90
        for label in _labels(o.label):
            yield f"{label} owner", 92


def _said_of_part(field: Field, target: Target) -> Iterator[tuple[str, int]]:
    yield target.path, 100
    kind = field.kind.parts[target.part]
    for label in _labels(getattr(kind, "part_label", None) or kind.label):
        yield label, 88
        for whole in _labels(field.label):
            yield f"{whole} {label}", 98
    yield from _known(_family(field), target.part, 90)


def _known(family: str, part: str, score: int) -> Iterator[tuple[str, int]]:
    for name in headers.KNOWN.get((family, part), ()):
        yield name, score


def _family(field: Field) -> str:
    """The kind whose names in the table of headers fit `field`: several e-mail addresses are called like one."""
    return headers.FAMILIES.get(field.kind.key, field.kind.key)


def _labels(label: Any) -> list[str]:
    """A label in all our languages."""
    found = []
    for language in LOCALES:
        with override(language):
            found.append(str(label))
    return list(dict.fromkeys(found))


def _by_name(
    column: str, columns: Sequence[str], known: Mapping[str, Target], names: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    plain = headers.plain(column)
    ours = {headers.plain(name) for name in columns} >= {"id", "version"}
    if ours and plain in ("id", "version"):
        # Only our own exports have both: another program's number is no number of ours.
        return {ID if plain == "id" else VERSION: 100}
    found: dict[str, int] = {}
    for form, exact in headers.variants(column):
        for path, score in names.get(form, {}).items():
            found[path] = max(found.get(path, 0), score if exact else min(score - 20, 75))
        if exact and form in headers.KEYS and not found:
            found[KEY] = 90
    return found


def _prefer(
    index: int,
    rival: int,
    path: str,
    score: int,
    chosen: dict[int, tuple[str, int]],
    taken: dict[str, int],
    known: Mapping[str, Target],
    values: list[list[str]],
    viewer: Viewer,
) -> None:
    """Two columns claim one target by names of equal worth: the one whose values are read better has it, then the shorter."""
    if abs(score - chosen[rival][1]) > 10 or not values[index]:
        return
    mine, theirs = (_unread(known[path], values[i], viewer) for i in (index, rival))
    length = sum(map(len, values[index][:100])) / max(len(values[index][:100]), 1)
    other = sum(map(len, values[rival][:100])) / max(len(values[rival][:100]), 1)
    if not values[rival] or mine < theirs or (mine == theirs and selective(known[path], viewer) and length < other):
        del chosen[rival]
        chosen[index] = (path, score)
        taken[path] = index


def _drop_said_twice(
    o: ObjectType,
    known: Mapping[str, Target],
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    chosen: dict[int, tuple[str, int]],
) -> None:
    """A full name beside given and family names says nothing more: its column is left out where the parts always stand too."""
    whole = next((index for index, (path, _score) in chosen.items() if path == o.title), None)
    parts = [i for i, (path, _score) in chosen.items() if known[path].part and path.startswith(f"{o.title}.")]
    if whole is None or len(parts) < 2:
        return
    if all(any(row[i].strip() for i in parts) for row in rows if row[whole].strip()):
        del chosen[whole]


def _parts_before_wholes(
    columns: Sequence[str],
    known: Mapping[str, Target],
    names: Mapping[str, Mapping[str, int]],
    chosen: dict[int, tuple[str, int]],
    taken: dict[str, int],
) -> None:
    """A word that means the whole or a part (“نام”, “ime”) means the part where the file has another part in a column of its own."""
    for index, (path, _score) in list(chosen.items()):
        if not any(other.startswith(f"{path}.") for other in taken):
            continue
        scores = _by_name(columns[index], columns, known, names)
        free = {part: score for part, score in scores.items() if part.startswith(f"{path}.") and part not in taken}
        if free:
            part = max(free, key=lambda name: free[name])
            chosen[index] = (part, free[part])
            taken[part] = taken.pop(path)


def _by_values(
    columns: Sequence[str],
    known: Mapping[str, Target],
    values: list[list[str]],
    chosen: dict[int, tuple[str, int]],
    taken: dict[str, int],
    viewer: Viewer,
) -> None:
    """Columns whose name says nothing, but whose values are all e-mail addresses, phones or web addresses."""
    free = [t for path, t in known.items() if path not in taken and t.field and not t.part and not t.by_key]
    free = [t for t in free if selective(t, viewer)]
    for index, column in enumerate(columns):
        sample = list(dict.fromkeys(values[index]))[:50]
        if index in chosen or len(sample) < 2:
            continue
        said = set(headers.words(column))
        days = looks_like_days(sample)
        for target in free:
            words = {word for label in _labels(target.label) for word in headers.words(label)}
            # A day or a moment may be any day: its column must share a word with the field.
            if _takes_days(target) and not said & words:
                continue
            if days and not _takes_days(target):
                continue
            if _unread(target, sample, viewer) * 10 <= len(sample):
                chosen[index] = (target.path, 50)
                free.remove(target)
                break


def _told(
    index: int,
    column: str,
    known: Mapping[str, Target],
    values: list[list[str]],
    chosen: dict[int, tuple[str, int]],
    viewer: Viewer,
) -> Guess:
    samples = list(dict.fromkeys(values[index]))
    path, score = chosen.get(index, ("", 0))
    if path and score < 90 and looks_like_days(samples[:50]) and selective(known[path], viewer):
        # 31.02.2001 has digits enough for a telephone number, and is none.
        path, score = (path, score) if _takes_days(known[path]) else ("", 0)
    unread = _unread(known[path], samples[:200], viewer) if path else 0
    if path and unread * 2 > len(samples[:200]) and known[path].field is not None and not is_link_like(known[path]):
        # The name fits and the values do not: more likely another thing of the same name.
        path, score = ("", 0) if score < 90 else (path, 50)
    confidence = next(word for least, word in _SCORES if score >= least) if path else ""
    return Guess(column, samples[:3], path, confidence, len(values[index]), unread if path else 0)


_DAY = re.compile(
    r"(?:1[34]|19|20)\d\d(?P<a>[./-])\d{1,2}(?P=a)\d{1,2}(?:[ T].*)?|\d{1,2}(?P<b>[./-])\d{1,2}(?P=b)(?:1[34]|19|20)\d\d(?: .*)?"
)


def looks_like_days(values: Sequence[str]) -> bool:
    """Whether most of `values` are written as days are, of the Gregorian or the Jalali calendar, even such as never were."""
    return 2 * sum(bool(_DAY.fullmatch(ascii_digits(value).strip())) for value in values) > len(values)


def _takes_days(target: Target) -> bool:
    """Whether `target` has an earliest and a latest value: among what is told by its look, that is days and moments."""
    return target.field is not None and "min" in target.field.kind.aggregates


def is_link_like(target: Target) -> bool:
    """Whether values of `target` are looked up and not read."""
    return target.field is not None and target.field.target is not None


def _unread(target: Target, values: Iterable[str], viewer: Viewer) -> int:
    """How many of `values` the target's kind refuses."""
    if target.field is None or is_link_like(target):
        return 0
    kind = target.field.kind.parts[target.part] if target.part else target.field.kind
    return sum(not _reads(kind, value, viewer) for value in list(values)[:200])


def _reads(kind: Any, value: str, viewer: Viewer) -> bool:
    try:
        kind.parse(value, viewer)
    except KithError:
        return False
    return True


def selective(target: Target, viewer: Viewer) -> bool:
    """Whether the look of a value tells that it belongs here: the kind takes neither any word nor any number."""
    if target.field is None or is_link_like(target) or target.field.kind.choices(viewer) is not None:
        return False
    kind = target.field.kind.parts[target.part] if target.part else target.field.kind
    return not _reads(kind, "zxqv blorp", viewer) and not _reads(kind, "7", viewer)


def checked(
    actor: Actor, o: ObjectType, columns: Sequence[str], mapping: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """`mapping` ({column: target or {"to", "blanks"}}) as it is kept; Invalid names the columns that cannot go where they are sent."""
    known = targets(actor, o)
    errors: dict[str, list[str]] = {}
    kept: dict[str, dict[str, str]] = {}
    used: dict[str, str] = {}
    for column in columns:
        said = mapping.get(column) or {}
        to, blanks = (said, "keep") if isinstance(said, str) else (said.get("to", ""), said.get("blanks", "keep"))
        if not to:
            continue
        target = known.get(to)
        if target is None:
            errors[column] = [_("“%(field)s” is not a field that you can fill.") % {"field": to}]
        elif to in used and not target.many:
            errors[column] = [
                _("%(field)s is already filled by the column “%(column)s”.")
                % {"field": target.label, "column": used[to]}
            ]
        else:
            used[to] = column
            kept[column] = {"to": to, "blanks": "clear" if blanks == "clear" else "keep"}
    for column in mapping:
        if column not in columns:
            errors[str(column)] = [_("The file has no column “%(column)s”.") % {"column": column}]
    if errors:
        raise Invalid(errors)
    if not kept:
        raise Refused(_("No column goes into a field yet. Choose at least one."))
    return kept


def default_match(o: ObjectType, mapping: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """What finds a row's record when nobody chose: our number, the other program's key, then what is looked up by."""
    filled = {said["to"] for said in mapping.values()}
    found = [mark for mark in (ID, KEY) if mark in filled]
    if found:
        return tuple(found)
    found = [name for name, field in o.fields.items() if field.lookup and name in filled]
    if found:
        return tuple(found)
    names = [name for name in o.duplicates if name in filled or any(path.startswith(f"{name}.") for path in filled)]
    return ("+".join(names),) if names and len(names) == len(o.duplicates) else ()
