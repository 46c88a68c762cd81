"""What a record's page shows of one record: facts by section, what looks like it, and the timeline by day.

Each function gives plain data for templates, read with a number of queries that does not depend on how much there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kith.events.models import CHANGES
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.dates import write_day
from kith.kernel.errors import Missing
from kith.kernel.html import join
from kith.kernel.sentences import counted
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import Field, ObjectType
from kith.objects.duplicates import duplicates
from kith.objects.history import Change, Entry, Period, field_history, timeline
from kith.objects.merged import RecordMerged
from kith.objects.query import listing
from kith.objects.write import may_undo
from kith.threads.notes import NoteAdded
from kith.threads.reading import Conversation, Said, conversation

#: So many lines of a timeline are shown at first.
LINES = 25
#: What a timeline can be narrowed to: key → names of events.
NARROWED: dict[str, tuple[str, ...]] = {"all": (), "notes": (NoteAdded.name,), "changes": CHANGES}
#: A change of more fields than this is folded.
UNFOLDED = 3


def loaded(actor: Actor, o: ObjectType, pk: int, viewer: Viewer) -> Any:
    """The record, in the trash or not, with everything that showing all of its fields needs; Missing when it is not hers to see."""
    names = list(fields_of(actor, o))
    for trash in (False, True):
        found = listing(actor, o, columns=names, where=Q(pk=pk), limit=1, trash=trash, viewer=viewer)
        if found.records:
            return found.records[0]
    raise Missing


def title(actor: Actor, o: ObjectType, record: Any, viewer: Viewer) -> str:
    """The record's name for this person: its number where the name is withheld from her."""
    return o.title_of(record, viewer) if o.title in fields_of(actor, o) else f"#{record.pk}"


def portrait(actor: Actor, o: ObjectType, record: Any, viewer: Viewer) -> SafeString:
    """The small picture beside the name; it holds initials, so it is withheld with the name."""
    field = o.title_field
    return field.kind.portrait(field.get(record) if o.title in fields_of(actor, o) else field.kind.empty, viewer)


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Guess:
    """A value that nobody wrote, as it looks and (`text`) as it reads; `reason` is a sentence, `certain` that it is no mere guess."""

    shown: SafeString
    text: str
    reason: str
    certain: bool


def guess(actor: Actor, record: Any, field: Field, viewer: Viewer) -> Guess | None:
    """What is assumed for an empty field of this record."""
    found = field.assumed(record, actor)
    if found is None:
        return None
    kind = field.kind
    return Guess(kind.detail(found.value, viewer), kind.format(found.value, viewer), found.reason, found.certain)


@dataclass(frozen=True)
class Fact:
    """One field of the record: how it looks, whether it is empty, whether this person may edit it here."""

    field: Field
    shown: SafeString
    empty: bool
    editable: bool
    #: An empty fact that only stands there when empty fields are asked for.
    minor: bool
    past: list[Period]
    #: What is taken for the value while there is none, and why.
    assumed: Guess | None = None


@dataclass(frozen=True)
class Facts:
    """A section of the page."""

    label: Any
    facts: list[Fact]


def facts(actor: Actor, record: Any, viewer: Viewer, *, editable: bool = True) -> list[Facts]:
    """The record's fields by the sections of its form; what no section names comes last."""
    o: ObjectType = record_type(record)
    seen = fields_of(actor, o)
    mine = fields_of(actor, o, "change") if editable else {}
    sections = [(section.label, [seen[n] for n in section.names if n in seen]) for section in o.form]
    named = {f.name for _label, some in sections for f in some}
    rest = [f for f in seen.values() if f.fact and f.name not in named and f.name != o.title]
    sections.append((pgettext("heading: who made it and when", "Record"), rest))
    prominent = {*o.list, *o.quick}
    made = []
    for label, some in sections:
        shown = [fact(actor, record, f, viewer, editable=f.name in mine, prominent=f.name in prominent) for f in some]
        shown = [f for f in shown if f.editable or not f.empty or f.assumed]
        if shown:
            made.append(Facts(label, shown))
    return made


def fact(actor: Actor, record: Any, field: Field, viewer: Viewer, *, editable: bool, prominent: bool = True) -> Fact:
    """One fact."""
    value = field.get(record)
    empty = field.kind.is_empty(value)
    past = field_history(actor, record, field.name) if field.track else []
    # One period says no more than the value itself.
    assumed = guess(actor, record, field, viewer) if empty else None
    minor = empty and not prominent and assumed is None
    shown = field.kind.detail(value, viewer)
    if beside := field.kind.beside(value, field.worth(record), viewer):
        shown = join([shown, beside], " ")
    return Fact(field, shown, empty, editable, minor, past if len(past) > 1 else [], assumed)


def record_type(record: Any) -> ObjectType:
    """The object that a record is of."""
    from kith.objects.declare import object_type

    return object_type(record)


# ── what looks like it ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Hint:
    """Another record that may be the same: where it is, and where both stand beside each other."""

    title: str
    url: str
    compare: str
    by: list[Any]


def alike(actor: Actor, record: Any, viewer: Viewer) -> list[Hint]:
    """Records that look like this one, for whoever may do something about it."""
    o = record_type(record)
    if not may(actor, "change", o) or not may(actor, "remove", o):
        return []
    return [
        Hint(
            title(actor, o, one.record, viewer),
            o.url(one.id),
            f"{o.url()}merge/?ids={record.pk}&ids={one.id}",
            [field.label for field in one.by],
        )
        for one in duplicates(actor, record)
    ]


# ── timeline ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """One line of the timeline, ready to be shown; `changes` are (label, old, new)."""

    entry: Entry
    sentence: str
    changes: list[tuple[Any, SafeString, SafeString]]
    folded: bool
    hue: int | None
    new: bool
    #: What undoes it, where it is something to be undone for longer than a moment.
    undo: str = ""
    #: The note, where it is one.
    note: Said | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The body's lines, each of which has a direction of its own."""
        return self.entry.body.split("\n") if self.entry.body else []


@dataclass(frozen=True)
class Days:
    """Lines of one day, week or month; `said` is "" when the page before ended in the same."""

    label: str
    lines: list[Line | Fold]


@dataclass(frozen=True)
class Fold:
    """Changes that one person made one after another: one line that opens; `open` where one of them was asked for."""

    inside: list[Line]
    fields: list[str]
    open: bool

    @property
    def first(self) -> Line:
        """The newest of them, which says who and when."""
        return self.inside[0]


def fold(lines: list[Line], event: int | None) -> list[Line | Fold]:
    """Lines with runs of plain changes by one actor made into one."""
    made: list[Line | Fold] = []
    run: list[Line] = []

    def close() -> None:
        if len(run) < 2:
            made.extend(run)
        else:
            fields = list(dict.fromkeys(str(change[0]) for line in run for change in line.changes))
            made.append(Fold(list(run), fields, any(line.entry.id == event for line in run)))
        run.clear()

    for line in lines:
        entry = line.entry
        plain = entry.name == "changed" and entry.on is None and not line.new
        if run and (
            not plain or (entry.actor_kind, entry.actor_id) != (run[0].entry.actor_kind, run[0].entry.actor_id)
        ):
            close()
        if plain:
            run.append(line)
        else:
            made.append(line)
    close()
    return made


def story(
    actor: Actor,
    record: Any,
    viewer: Viewer,
    *,
    narrowed: str = "all",
    after: int | None = None,
    under: str = "",
    fresh: int | None = None,
    by: str = "",
    event: int | None = None,
) -> dict[str, Any]:
    """A page of the timeline, by day; `under` is the heading that stands above it already, `fresh` the event that just came in.

    `by` narrows to one actor ("user:7"). `event` is one that was asked for by its address: where it is older than the first page, the
    page begins with it.
    """
    names, kind_id = NARROWED.get(narrowed, ()), tuple(by.split(":", 1))
    who = (kind_id[0], kind_id[1]) if len(kind_id) == 2 else None
    told = timeline(actor, record, after=after, limit=LINES, names=names, by=who)
    begun = False
    if event is not None and event < min((e.id for e in told.entries), default=0):
        older = timeline(actor, record, after=event + 1, limit=LINES, names=names, by=who)
        if older.entries and older.entries[0].id == event:
            told, begun = older, True
    said = conversation(actor, told.entries)
    groups: list[Days] = []
    for entry in told.entries:
        if entry.id in said.left_out:
            continue
        label = heading(entry.at, viewer)
        if not groups or groups[-1].label != label:
            groups.append(Days(label, []))
        line = _line(entry, viewer, fresh, said)
        if entry.name == RecordMerged.name and entry.on is not None and may_undo(actor, entry.cause):
            line = replace(line, undo=entry.cause)
        groups[-1].lines.append(line)
    for group in groups:
        group.lines[:] = fold(cast("list[Line]", group.lines), event)
    last = groups[-1].label if groups else under
    return {
        "groups": groups,
        "under": under,
        "next": told.next,
        "last": last,
        "narrowed": narrowed,
        "by": by,
        "event": event,
        "begun": begun,
        "answerable": record.removed_at is None,
    }


def _line(entry: Entry, viewer: Viewer, fresh: int | None, said: Conversation) -> Line:
    changes = [_change(c, viewer) for c in entry.changes]
    hue = 85 if entry.body else None
    return Line(
        entry, _sentence(entry), changes, entry.name == "created" or len(changes) > UNFOLDED, hue, entry.id == fresh,
        note=said.notes.get(entry.id),
    )  # fmt: skip


def _sentence(entry: Entry) -> str:
    """What the line says; a change of this record itself is told by its fields, which says more than the name of the object."""
    if entry.name != "changed" or entry.on is not None:
        return entry.sentence
    n = len(entry.changes)
    if n == 1:
        return _("Changed: %(field)s") % {"field": entry.changes[0].field.label}
    return ngettext("%(n)s field changed", "%(n)s fields changed", n) % {"n": counted(n)}


def _change(change: Change, viewer: Viewer) -> tuple[Any, SafeString, SafeString]:
    kind = change.field.kind
    return change.field.label, kind.cell(change.old, viewer), kind.cell(change.new, viewer)


def heading(at: datetime, viewer: Viewer) -> str:
    """Today, Yesterday, This week, or the month, where the viewer is."""
    day, today = at.astimezone(viewer.tzinfo).date(), clock.today(viewer.zone)
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("This week")
    return month(day, viewer)


def month(day: date, viewer: Viewer) -> str:
    """A month and its year, as the viewer's language and calendar write them."""
    return write_day(day, viewer, "month")
