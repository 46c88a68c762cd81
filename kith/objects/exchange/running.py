"""The import itself: rows through the write path in bulk, as background work that goes on where it was killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from kith.events.models import Event, Run
from kith.events.runs import Progress, job
from kith.identity.models import User
from kith.identity.names import viewer_of
from kith.kernel import clock
from kith.kernel.actor import Actor, current_actor, current_cause
from kith.kernel.errors import KithError, Refused
from kith.kernel.sentences import counted, ordinary
from kith.kernel.viewer import Viewer, current_viewer

from ..access import fields as fields_of
from ..declare import Field, object_type
from ..kinds import Reference
from ..query import reader, visible_to
from ..write import Draft, undo, write
from . import mapping as maps
from .choices import Choices
from .files import path_of
from .finding import Finder, same
from .linking import Linked, Linker, faults
from .models import Import, LateLink, Problem, SourceKey
from .reading import Options, Row, read
from .rows import Parsed, RowReader, one_reference, values_for

CREATED, UPDATED, UNCHANGED, SKIPPED, REFUSED = "created", "updated", "unchanged", "skipped", "refused"
STATES = (CREATED, UPDATED, UNCHANGED, SKIPPED, REFUSED)
_OF_OUTCOME = {"created": CREATED, "changed": UPDATED, "unchanged": UNCHANGED}
LINKS_AT_ONCE = 500
UNDONE_AT_ONCE = 500

#: Told after every step of an import that runs here: how the command line shows progress.
watching: ContextVar[Callable[[int, int | None], None] | None] = ContextVar("watching", default=None)


@dataclass
class Result:
    """What became of a row: one of STATES, the record, and why."""

    row: Row
    state: str
    record: Any = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


class Importer:
    """Takes rows of one import through the write path. The check before and the run use the same steps."""

    def __init__(self, import_: Import, actor: Actor, viewer: Viewer):
        self.import_, self.actor = import_, actor
        self.o = object_type(import_.object)
        self.choices = Choices.of(import_.choices)
        self.viewer = self.choices.viewer(viewer)
        self.known = maps.targets(actor, self.o)
        self.fields: dict[str, Field] = fields_of(actor, self.o)
        filled = {said["to"] for said in import_.mapping.values()}
        for path in filled:
            if path not in self.known:
                # A right was taken away since: leaving the column out would be no answer.
                raise Refused(_("“%(field)s” is not a field that you can fill.") % {"field": path})
        self.ours = maps.ID in filled
        self.reader = RowReader(
            self.known, import_.columns, import_.mapping, self.choices, viewer, import_.format.get("format", "csv")
        )
        self.finder = Finder(actor, self.o, self.choices.match, self.choices.source)
        self.linker = Linker(
            actor,
            self.viewer,
            create=self.choices.create_links,
            source=self.choices.source,
            ours=self.ours,
            leave=self.choices.bad_cells == "leave",
        )
        cause = current_cause()
        #: Ids of the records that rows of this file stood for; of those before a restart, the ones that they changed.
        self.touched: set[int] = set()
        if cause is not None:
            events = Event.objects.filter(cause=cause.key, object=self.o.key, record__isnull=False)
            self.touched.update(pk for pk in events.values_list("record", flat=True) if pk)

    def take(self, rows: Sequence[Row]) -> list[Result]:
        """Write these rows; one result a row, in their order. The caller holds the transaction."""
        parsed = [self.reader.read(row) for row in rows]
        results: dict[int, Result] = {}
        standing = []
        for one in parsed:
            if one.problems:
                results[one.row.number] = Result(one.row, REFUSED, None, one.problems, one.remarks)
            else:
                standing.append(one)
        for batch in self._independent(standing):
            self._batch(batch, results)
        return [results[row.number] for row in rows]

    def _independent(self, rows: list[Parsed]) -> Iterator[list[Parsed]]:
        """Runs of rows that are not about the same record, as far as the rows themselves tell: each sees what those before it made."""
        batch: list[Parsed] = []
        seen: set[Any] = set()
        for parsed in rows:
            marks = self.finder.marks(parsed)
            if marks & seen:
                yield batch
                batch, seen = [], set()
            batch.append(parsed)
            seen |= marks
        if batch:
            yield batch

    def _batch(self, rows: list[Parsed], results: dict[int, Result]) -> None:
        while rows:
            found = self.finder.find(rows)
            now, later, taken = [], [], set()
            for parsed, ids in zip(rows, found, strict=True):
                # Two rows can mean one record by different marks: the second one waits for the first.
                if len(ids) == 1 and ids[0] in taken:
                    later.append(parsed)
                else:
                    now.append((parsed, ids))
                    taken.update(ids[:1] if len(ids) == 1 else ())
            self._write(now, results)
            rows = later

    def _write(self, rows: list[tuple[Parsed, list[int]]], results: dict[int, Result]) -> None:
        ids = {pk for _parsed, some in rows for pk in some if len(some) == 1}
        records = {r.pk: r for r in visible_to(self.actor, self.o).filter(pk__in=ids)}
        going: list[tuple[Parsed, Any]] = []
        for parsed, some in rows:
            said = self.decide(parsed, some, records.get(some[0]) if len(some) == 1 else None)
            if said is None:
                going.append((parsed, records.get(some[0]) if some else None))
            else:
                results[parsed.row.number] = said
        linked = self.linker.link(going, self.fields)
        drafts = []
        for parsed, record in going:
            if parsed.problems and self.choices.bad_cells == "leave":
                parsed.remarks += parsed.problems
                parsed.problems = []
            if parsed.problems:
                results[parsed.row.number] = Result(parsed.row, REFUSED, None, parsed.problems, parsed.remarks)
            else:
                values = values_for(parsed, self.fields, record, add=not self.ours)
                drafts.append(
                    Draft(values, record=record, version=parsed.version if record is not None else None, place=parsed)
                )
        written: dict[int, int] = {}
        for outcome in write(self.actor, self.o, drafts):
            parsed = outcome.draft.place
            if outcome.error is None:
                written[parsed.row.number] = outcome.record.pk
                self.touched.add(outcome.record.pk)
                results[parsed.row.number] = Result(
                    parsed.row, _OF_OUTCOME[outcome.state], outcome.record, [], parsed.remarks
                )
            else:
                for name, sentence in faults(outcome.error):
                    parsed.refuse(name.partition(".")[0], sentence)
                results[parsed.row.number] = Result(parsed.row, REFUSED, None, parsed.problems, parsed.remarks)
        self.linker.take_back(linked, written)
        self._remember(going, linked, written)

    def decide(self, parsed: Parsed, ids: list[int], record: Any = None) -> Result | None:
        """What becomes of a row before anything is written: None when it is to be written."""
        if len(ids) > 1:
            said = ngettext(
                "This row fits %(n)s record. Choose a match that tells them apart.",
                "This row fits %(n)s records. Choose a match that tells them apart.",
                len(ids),
            )
            parsed.refuse("", said % {"n": counted(len(ids))})
        elif parsed.record_id and not ids:
            parsed.refuse(
                "", _("There is no record number %(n)s, or you may not see it.") % {"n": ordinary(parsed.record_id)}
            )
        elif ids and ids[0] in self.touched:
            self._decide_again(parsed, record)
        if parsed.problems:
            return Result(parsed.row, REFUSED, None, parsed.problems, parsed.remarks)
        if ids and self.choices.mode == "create":
            return Result(parsed.row, SKIPPED, None, [("", _("The record exists already."))], parsed.remarks)
        if not ids and self.choices.mode == "update":
            return Result(parsed.row, SKIPPED, None, [("", _("No record fits this row."))], parsed.remarks)
        return None

    def lacks(self, parsed: Parsed) -> bool:
        """Whether a row that makes a record leaves something empty that every record needs."""
        needed = [f for f in self.fields.values() if f.required and f.writable and f.kind.is_empty(f.default())]
        return any(f.kind.is_empty(parsed.whole(f)) for f in needed if f.name not in {*parsed.wanted, *parsed.keys})

    def _decide_again(self, parsed: Parsed, record: Any) -> None:
        """A row about a record that an earlier row of this file made or changed."""
        if self.choices.twice == "refuse":
            parsed.refuse("", _("An earlier row of this file is about the same record."))
            return
        title = self.o.title_field
        # Nobody is told a name that is hidden from her, and without the name nothing is known to clash.
        seen = title.name in self.fields and title.name in {*parsed.values, *parsed.parts}
        if record is None or parsed.record_id or not seen:
            return
        # One key for two names is a fault of the file: updating would lose the first of them without a word.
        name = title.kind.format(parsed.whole(title), self.viewer)
        before = self.o.title_of(record, self.viewer)
        if same(name) != same(before):
            parsed.refuse(
                "", _("An earlier row of this file has the same key and is called “%(name)s”.") % {"name": before[:80]}
            )

    def _remember(self, rows: list[tuple[Parsed, Any]], linked: Linked, written: dict[int, int]) -> None:
        """Keep the other program's keys, and the links that can only be made when the last row is in."""
        keys = [
            SourceKey(
                source=self.choices.source,
                object=self.o.key,
                key=parsed.source_key,
                record=written[parsed.row.number],
                brought=self.import_,
            )
            for parsed, _record in rows
            if parsed.source_key and parsed.row.number in written
        ]
        SourceKey.objects.bulk_create(
            {key.key: key for key in keys}.values(),
            update_conflicts=True,
            unique_fields=["object", "source", "key"],
            # Whoever brought a key first keeps it: undoing a later import of the same rows must not forget it.
            update_fields=["record"],
            batch_size=500,
        )
        told = {(target, key): pk for parsed, target, key, pk in linked.learned if parsed.row.number in written}
        SourceKey.objects.bulk_create(
            [
                SourceKey(source=self.choices.source, object=target, key=key, record=pk, brought=self.import_)
                for (target, key), pk in told.items()
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
        LateLink.objects.bulk_create(
            [
                LateLink(
                    brought=self.import_,
                    row=parsed.row.number,
                    record=written[parsed.row.number],
                    field=name,
                    column=parsed.column.get(name, ""),
                    key=key,
                )
                for parsed, name, key in linked.late
                if parsed.row.number in written
            ],
            batch_size=500,
        )

    def late_links(self, links: Sequence[LateLink]) -> list[tuple[LateLink, str]]:
        """Make links to records that came further down; gives those that could not be made, with the reason."""
        failed: list[tuple[LateLink, str]] = []
        records = {r.pk: r for r in visible_to(self.actor, self.o).filter(pk__in={link.record for link in links})}
        found: dict[tuple[str, str], Reference] = {}
        for name in {link.field for link in links}:
            target = self.fields[name].target or ""
            keys = [link.key for link in links if link.field == name]
            found.update({(name, key): one for key, one in self.linker.by_key(target, keys).items()})
        drafts = []
        for link in links:
            reference = found.get((link.field, link.key))
            record = records.get(link.record)
            if reference is None or record is None:
                failed.append(
                    (link, _("“%(text)s” was not found, so the link was left empty.") % {"text": link.key[:80]})
                )
            else:
                drafts.append(
                    Draft({link.field: one_reference(self.fields[link.field], [reference])}, record=record, place=link)
                )
        outcomes = write(self.actor, self.o, drafts)
        failed.extend((outcome.draft.place, str(outcome.error)) for outcome in outcomes if outcome.error is not None)
        return failed


@job(label=pgettext_lazy("name of a run", "Import"))
def import_rows(run: Run, *, import_id: int) -> Progress:
    """Bring in the rows of an import, from where the run stands."""
    import_ = Import.objects.get(pk=import_id)
    actor = _acting()
    counts = {**dict.fromkeys(STATES, 0), "linked": 0, **import_.counts}
    # The first step is committed too: a run that was seen waiting is seen running.
    yield run.done, import_.rows
    work = Importer(import_, actor, _viewer(run, actor))
    done = int(run.position.get("done", 0))
    if run.position.get("phase") != "links":
        with read(path_of(import_), Options.of(import_.options), after=int(run.position.get("row", 0))) as table:
            for rows in table.chunks():
                made = work.linker.made
                _keep(import_, work.take(rows), counts)
                done += len(rows)
                counts["linked"] += work.linker.made - made
                Import.objects.filter(pk=import_.pk).update(counts=counts)
                run.position = {"row": rows[-1].number, "done": done}
                run.result = {"counts": counts}
                yield from _told(done, import_.rows)
    run.position = {"phase": "links", "done": done}
    while links := list(LateLink.objects.filter(brought=import_).order_by("pk")[:LINKS_AT_ONCE]):
        Problem.objects.bulk_create(
            [
                Problem(brought=import_, row=link.row, column=link.column, sort=Problem.REMARK, reason=reason)
                for link, reason in work.late_links(links)
            ],
            batch_size=500,
        )
        LateLink.objects.filter(pk__in=[link.pk for link in links]).delete()
        yield from _told(done, import_.rows)


def _told(done: int, total: int | None) -> Progress:
    yield done, total
    # Behind the yield: what is told is committed.
    if told := watching.get():
        told(done, total)


def _keep(import_: Import, results: list[Result], counts: dict[str, int]) -> None:
    """Keep what became of rows: the counts, and a line for everything that somebody should know."""
    problems = []
    for result in results:
        counts[result.state] += 1
        sort = Problem.SKIPPED if result.state == SKIPPED else Problem.REFUSED
        problems += [
            Problem(brought=import_, row=result.row.number, column=column, sort=sort, reason=reason)
            for column, reason in result.problems
        ]
        problems += [
            Problem(brought=import_, row=result.row.number, column=column, sort=Problem.REMARK, reason=reason)
            for column, reason in result.remarks
        ]
    Problem.objects.bulk_create(problems, batch_size=500)


@job(label=lazy("Undo an import"))
def undo_rows(run: Run, *, import_id: int) -> Progress:
    """Take back everything that an import did, newest first, as far as nobody built on it since."""
    import_ = Import.objects.select_related("run").get(pk=import_id)
    if import_.run is None:
        return
    actor = _acting()
    result = run.result or {"undone": 0, "kept": []}
    before = run.position.get("before")
    total = Event.objects.filter(cause=import_.run.cause).exclude(name="undone").count()
    yield run.done, total
    while True:
        report = undo(actor, import_.run.cause, before=before, limit=UNDONE_AT_ONCE)
        result["undone"] += report.undone
        result["kept"] += [list(kept) for kept in report.kept]
        before = report.next
        run.position, run.result = {"before": before}, result
        if before is None:
            # Records that stayed keep their keys: the same file again finds them.
            stayed = [pk for key, pk, _why in result["kept"] if key == import_.object]
            SourceKey.objects.filter(brought=import_).exclude(record__in=stayed).delete()
            LateLink.objects.filter(brought=import_).delete()
            Import.objects.filter(pk=import_.pk).update(undone_at=clock.now(), kept=result["kept"])
        yield from _told(min(result["undone"] + len(result["kept"]), total), total)
        if before is None:
            return


@job(label=lazy("Count an import"))
def count_rows(run: Run, *, import_id: int) -> Progress:
    """What an import would do with all its rows, without doing it: {"new", "update", "skip", "fix"} in the run's result."""
    import_ = Import.objects.get(pk=import_id)
    actor = _acting()
    work = Importer(import_, actor, _viewer(run, actor))
    run.result = {"new": 0, "update": 0, "skip": 0, "fix": 0}
    done = 0
    planned: set[Any] = set()
    with read(path_of(import_), Options.of(import_.options)) as table:
        for rows in table.chunks():
            for word, n in forecast(work, rows, planned).items():
                run.result[word] += n
            done += len(rows)
            # Nothing is kept but the counts: a killed worker starts them again.
            yield done, import_.rows


def forecast(work: Importer, rows: Sequence[Row], planned: set[Any]) -> dict[str, int]:
    """How many of `rows` would make a record, update one, be skipped, or need mending; told without writing anything.

    `planned` remembers by what the rows so far can be found: a later row about the same record updates it.
    """
    counts = {"new": 0, "update": 0, "skip": 0, "fix": 0}
    parsed = [work.reader.read(row) for row in rows]
    for one, ids in zip(parsed, work.finder.find(parsed), strict=True):
        if one.problems or work.decide(one, ids) is not None:
            counts["fix" if one.problems else "skip"] += 1
            continue
        marks = work.finder.marks(one)
        again = not ids and not marks.isdisjoint(planned)
        if not ids and not again and work.lacks(one):
            counts["fix"] += 1
            continue
        planned |= marks
        if again:
            counts[
                "fix" if work.choices.twice == "refuse" else "skip" if work.choices.mode == "create" else "update"
            ] += 1
        else:
            counts["update" if ids else "new"] += 1
    return counts


def dry_run(import_: Import, actor: Actor, viewer: Viewer, rows: Sequence[Row]) -> list[tuple[Result, dict[str, str]]]:
    """What would become of `rows`, by writing them and taking it all back; with the values that the records would show."""
    paths = [said["to"] for said in import_.mapping.values() if not said["to"].startswith("@")]
    shown = [path.partition(".")[0].partition("@")[0] for path in paths]
    told = []
    with transaction.atomic():
        work = Importer(import_, actor, viewer)
        for result in work.take(rows):
            values: dict[str, str] = {}
            if result.record is not None:
                for name in dict.fromkeys(shown):
                    found = work.fields[name]
                    if found.target:
                        found.attach([result.record], reader(actor))
                    values[name] = found.kind.format(found.get(result.record), viewer)
            told.append((result, values))
        transaction.set_rollback(True)
    return told


def _viewer(run: Run, actor: Actor) -> Viewer:
    """Whoever imports, with her own country and currency: what the check read by them, the run reads so too."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return viewer_of(user, run.language) if user else current_viewer()


def _acting() -> Actor:
    actor = current_actor()
    if actor is None:
        raise KithError(_("An import runs for somebody."))
    return actor
