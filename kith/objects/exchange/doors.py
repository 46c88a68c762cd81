"""What screens, the API and the command line ask of an import, in the order of its five steps: file, map, check, run, report."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.events.models import Run
from kith.events.runs import perform, start, stop
from kith.kernel import clock
from kith.kernel.actor import Actor, cause
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.sentences import counted
from kith.kernel.viewer import Viewer, current_viewer

from ..access import may
from ..access.rights import rights
from ..declare import ObjectType, object_type
from . import mapping as maps
from .choices import Choices, conventions
from .files import KEPT, keep, path_of
from .finding import can_match, check_match
from .guard import guarded
from .mapping import Guess, Target
from .models import Import, Problem
from .reading import Options, Row, column_label, read
from .running import STATES, Importer, count_rows, dry_run, forecast, import_rows, undo_rows

#: So many rows are looked at to guess what columns mean.
LOOKED_AT = 200
#: Files of so many rows are counted at once; longer ones by a run in the background.
COUNTED_AT_ONCE = 2_000


# ── 1 · the file ─────────────────────────────────────────────────────────────────────────────────────────────────────


def accept(actor: Actor, what: Any, file: Any, name: str, **options: Any) -> Import:
    """Take in `file` (a path, an open file, or an upload) for the object `what`, and guess everything else.

    `options` are those of `reading.Options`. Raises Refused with a sentence for what is no table, Forbidden without the right.
    """
    o = object_type(what)
    if not (may(actor, "create", o) or may(actor, "change", o)):
        raise Forbidden(_("You may not import records of “%(objects)s”.") % {"objects": o.plural})
    digest, size = keep(file)
    import_ = Import(
        object=o.key,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        name=str(name).replace("\x00", "")[:300],
        digest=digest,
        size=size,
        options={key: value for key, value in options.items() if value not in ("", None)},
    )
    _look(actor, import_)
    import_.save()
    return import_


def set_options(actor: Actor, import_: Import, **options: Any) -> Import:
    """Read the file another way (encoding, delimiter, sheet, header); columns that stay keep their mapping."""
    _still_open(import_)
    import_.options = {key: value for key, value in {**import_.options, **options}.items() if value not in ("", None)}
    before = dict(import_.mapping)
    _look(actor, import_)
    import_.mapping = {**import_.mapping, **{c: said for c, said in before.items() if c in import_.columns}}
    import_.save()
    return import_


def _look(actor: Actor, import_: Import) -> None:
    """Read the head of the file: its columns, and a first mapping."""
    o = object_type(import_.object)
    with read(path_of(import_), Options.of(import_.options), count=True) as table:
        rows = _first(table.chunks(), LOOKED_AT)
        import_.format = {
            "format": table.format,
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "sheets": table.sheets,
            "header": table.header,
        }
        import_.columns, import_.notes, import_.rows = table.columns, table.notes, table.count
    told = conventions(cell for row in rows for cell in row.cells)
    # A file of columns that somebody mapped before is mapped as it was; a command says what it means each time.
    earlier = (
        None
        if actor.is_system
        else (
            Import.objects.filter(object=o.key, actor_kind=actor.kind, actor_id=actor.id, columns=import_.columns)
            .exclude(run=None)
            .order_by("-pk")
            .first()
        )
    )
    known = maps.targets(actor, o)
    if earlier is not None and all(said["to"] in known for said in earlier.mapping.values()):
        import_.mapping = earlier.mapping
        import_.choices = {**earlier.choices, **told}
        return
    viewer = Choices.of(told).viewer(current_viewer())
    guesses = maps.guess(actor, o, import_.columns, [row.cells for row in rows], viewer)
    import_.mapping = {g.column: {"to": g.to, "blanks": "keep"} for g in guesses if g.to}
    match = maps.default_match(o, import_.mapping)
    import_.choices = Choices.of({"match": match, "source": _source(import_.columns), **told}).data()


def _source(columns: Sequence[str]) -> str:
    """A name for wherever files with these columns come from: their keys are from one program."""
    digest = hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()
    return f"columns {digest[:10]}"


def _first(chunks: Iterator[list[Row]], most: int) -> list[Row]:
    rows: list[Row] = []
    for chunk in chunks:
        rows += chunk
        if len(rows) >= most:
            break
    return rows[:most]


def imports_of(actor: Actor, what: Any = None) -> QuerySet[Import]:
    """The actor's imports, newest first; administrators see everybody's."""
    found = Import.objects.select_related("run", "undo_run").order_by("-pk")
    if not rights(actor).everything:
        found = found.filter(actor_kind=actor.kind, actor_id=actor.id)
    return found.filter(object=object_type(what).key) if what is not None else found


def find_import(actor: Actor, number: Any) -> Import:
    """One import; Missing when there is none or it is not the actor's."""
    try:
        found = imports_of(actor).filter(pk=int(number)).first()
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise Missing(_("There is no such import, or it is not yours."))
    return found


# ── 2 · the mapping ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Description:
    """What the mapping screen shows: columns with samples and guesses, everything they may go into, how the file was read."""

    object: ObjectType
    columns: list[Guess]
    targets: list[Target]
    #: Ways in which records may be found, as (path, label).
    matches: list[tuple[str, str]]
    choices: Choices
    notes: list[str]


def describe(actor: Actor, import_: Import) -> Description:
    """Columns with three sample values, and where each goes now."""
    o = object_type(import_.object)
    with read(path_of(import_), Options.of(import_.options)) as table:
        rows = _first(table.chunks(), LOOKED_AT)
    choices = Choices.of(import_.choices)
    viewer = choices.viewer(current_viewer())
    guesses = []
    for guess in maps.guess(actor, o, import_.columns, [row.cells for row in rows], viewer):
        to = import_.mapping.get(guess.column, {}).get("to", "")
        guesses.append(
            Guess(
                guess.column,
                guess.samples,
                to,
                guess.confidence if to == guess.to else maps.SURE if to else "",
                guess.filled,
                guess.unread,
            )
        )
    known = maps.targets(actor, o)
    return Description(o, guesses, list(known.values()), matches(actor, o, known), choices, list(import_.notes))


def matches(actor: Actor, o: ObjectType, known: Mapping[str, Target]) -> list[tuple[str, str]]:
    """What may find a row's record, as (path, label)."""
    found = [(mark, known[mark].label) for mark in (maps.ID, maps.KEY)]
    found += [(t.path, t.label) for t in known.values() if t.field and t.path == t.field.name and can_match(t.field)]
    return found


def save_mapping(
    actor: Actor,
    import_: Import,
    mapping: Mapping[str, Any],
    choices: Mapping[str, Any] | None = None,
) -> Import:
    """Keep what people decided. Invalid names the columns that cannot go where they are sent."""
    _still_open(import_)
    o = object_type(import_.object)
    kept = maps.checked(actor, o, import_.columns, mapping)
    filled = {said["to"] for said in kept.values()}
    chosen = Choices.of({**import_.choices, **(choices or {})})
    if choices is None or "match" not in choices:
        # What nothing fills any more finds nothing.
        still = tuple(way for way in chosen.match if set(_paths(way)) <= {_whole(p) for p in filled} | filled)
        chosen = Choices.of({**chosen.data(), "match": still or maps.default_match(o, kept)})
    readable = {name: t.field for name, t in maps.targets(actor, o).items() if t.field is not None}
    for way in chosen.match:
        check_match(o, readable, way)
        for path in _paths(way):
            if path not in filled and path not in {_whole(p) for p in filled}:
                raise Refused(_("No column fills “%(field)s”, so nothing can be found by it.") % {"field": path})
    import_.mapping, import_.choices = kept, chosen.data()
    import_.save()
    return import_


def _paths(way: str) -> list[str]:
    return [way] if way.startswith("@") else way.split("+")


def _whole(path: str) -> str:
    return path if path.startswith("@") else path.partition(".")[0].partition("@")[0]


# ── 3 · the check ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CheckedRow:
    """One row as it would be written: `values` by field name, `problems` and `remarks` as (column, sentence)."""

    number: int
    state: str
    cells: list[str]
    values: dict[str, str]
    problems: list[tuple[str, str]]
    remarks: list[tuple[str, str]]


@dataclass(frozen=True)
class Check:
    """The first rows, and what would become of all of them where the file is short: new, update, skip, fix."""

    rows: list[CheckedRow]
    counts: dict[str, int] | None = None
    #: The run that counts a long file; its `result` has the counts so far.
    counting: Run | None = None


def check(actor: Actor, import_: Import, limit: int = 20, viewer: Viewer | None = None) -> Check:
    """The first rows exactly as they would be written, by writing them and taking it back; and counts for the whole file."""
    with read(path_of(import_), Options.of(import_.options)) as table:
        rows = _first(table.chunks(), limit)
    viewer = viewer or current_viewer()
    with cause(f"check:{import_.pk}"):
        told = dry_run(import_, actor, viewer, rows)
    shown = [CheckedRow(r.row.number, r.state, r.row.cells, values, r.problems, r.remarks) for r, values in told]
    if import_.rows is None or import_.rows > COUNTED_AT_ONCE:
        return Check(shown)
    work = Importer(import_, actor, viewer)
    counts: dict[str, int] = {}
    planned: set[Any] = set()
    with read(path_of(import_), Options.of(import_.options)) as table:
        for chunk in table.chunks():
            for word, n in forecast(work, chunk, planned).items():
                counts[word] = counts.get(word, 0) + n
    return Check(shown, counts)


def count_all(actor: Actor, import_: Import) -> Run:
    """Count in the background what an import would do with all its rows; see the run's `result`."""
    return start(count_rows, actor, title=import_.name, total=import_.rows, import_id=import_.pk)


# ── 4 · the run ──────────────────────────────────────────────────────────────────────────────────────────────────────


def begin(actor: Actor, import_: Import) -> Run:
    """Start the import in the background. Asked twice, it starts once and gives the same run."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=import_.pk)
        if locked.run is None:
            if not locked.mapping:
                raise Refused(_("No column goes into a field yet. Choose at least one."))
            title = _("Import %(name)s") % {"name": locked.name}
            locked.run = start(import_rows, actor, title=title, total=locked.rows, import_id=locked.pk)
            locked.save(update_fields=["run"])
    import_.run = locked.run
    return locked.run


def stop_import(import_: Import) -> None:
    """Stop after the rows being written; what is in stays and can be undone, the rest can go on later."""
    if import_.run is not None:
        stop(import_.run)


def go_on(import_: Import) -> Run:
    """Let a stopped or failed import go on where it stands."""
    run = import_.run
    if run is None:
        raise Refused(_("This import has not been started."))
    won = Run.objects.filter(pk=run.pk, state__in=[Run.FAILED, Run.STOPPED]).update(
        state=Run.WAITING, stop_asked=False, error="", ended_at=None
    )
    if won:
        perform.enqueue(run.pk)
    run.refresh_from_db()
    return run


def seconds_left(run: Run) -> int | None:
    """How long a run will take at its pace so far; None when nothing is known yet."""
    if run.started_at is None or not run.total or not run.done or run.is_over:
        return None
    spent = (clock.now() - run.started_at).total_seconds()
    return max(0, round(spent / run.done * (run.total - run.done)))


# ── 5 · the report, and back ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Report:
    """What became of a file's rows. `counts` has created, updated, unchanged, skipped, refused, which add up to `rows` at the end."""

    import_: Import
    counts: dict[str, int]
    rows: int | None
    problems: list[Problem]
    #: How many lines of each sort there are in all.
    lines: dict[str, int]
    linked: int
    kept: list[list[Any]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Rows accounted for."""
        return sum(self.counts.values())


def report(import_: Import, *, sort: str = "", limit: int = 200, offset: int = 0) -> Report:
    """The account of an import, with the first lines of what was wrong (`sort`: refused, skipped or remark)."""
    import_ = Import.objects.select_related("run", "undo_run").get(pk=import_.pk)
    problems = Problem.objects.filter(brought=import_).order_by("row", "pk")
    lines = {s: problems.filter(sort=s).count() for s in (Problem.REFUSED, Problem.SKIPPED, Problem.REMARK)}
    if sort:
        problems = problems.filter(sort=sort)
    counts = {state: import_.counts.get(state, 0) for state in STATES}
    shown = list(problems[offset : offset + limit])
    return Report(import_, counts, import_.rows, shown, lines, import_.counts.get("linked", 0), import_.kept)


def error_file(import_: Import) -> Iterator[bytes]:
    """The refused rows as CSV: the file's own columns and one more with the reasons. It can be mended and imported again."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    reasons = _reasons(import_)
    with read(path_of(import_), Options.of(import_.options)) as table:
        yield b"\xef\xbb\xbf"
        writer.writerow([*map(column_label, table.columns), _("Row"), _("Reason")])
        waiting = next(reasons, None)
        for chunk in table.chunks():
            for row in chunk:
                if waiting is None:
                    break
                if row.number == waiting[0]:
                    # Whoever wrote the file, our copy of it runs nothing; the guard comes off when it is imported again.
                    writer.writerow([*map(guarded, row.cells), row.number, guarded(" ".join(waiting[1]))])
                    waiting = next(reasons, None)
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
            if waiting is None:
                break
    if buffer.tell():
        yield buffer.getvalue().encode()


def _reasons(import_: Import) -> Iterator[tuple[int, list[str]]]:
    """Refused rows in order, with everything that was said about them."""
    found = Problem.objects.filter(brought=import_, sort=Problem.REFUSED).order_by("row", "pk")
    number, said = None, []
    for row, column, reason in found.values_list("row", "column", "reason").iterator(chunk_size=2000):
        if number is not None and row != number:
            yield number, said
            said = []
        number = row
        said.append(
            _("%(field)s: %(sentence)s") % {"field": column_label(column), "sentence": reason} if column else reason
        )
    if number is not None:
        yield number, said


def undo_import(actor: Actor, import_: Import) -> Run:
    """Take the whole import back, in the background: created records go, changed values return unless changed again since."""
    if import_.run is None:
        raise Refused(_("This import has not been started, so there is nothing to undo."))
    if clock.now() - import_.created_at > KEPT:
        days = KEPT // timedelta(days=1)
        raise Refused(
            ngettext("An import can be undone for %(n)s day.", "An import can be undone for %(n)s days.", days)
            % {"n": counted(days)}
        )
    with transaction.atomic():
        locked = Import.objects.select_for_update(of=("self",)).select_related("run", "undo_run").get(pk=import_.pk)
        if locked.run is not None and not locked.run.is_over:
            raise Refused(_("This import is still running. Stop it first."))
        if locked.undo_run is None or locked.undo_run.state in (Run.FAILED, Run.STOPPED):
            title = _("Undo the import of %(name)s") % {"name": locked.name}
            locked.undo_run = start(undo_rows, actor, title=title, import_id=locked.pk)
            locked.save(update_fields=["undo_run"])
    import_.undo_run = locked.undo_run
    return locked.undo_run


def _still_open(import_: Import) -> None:
    if import_.run is not None:
        raise Refused(_("This import has been started; its choices stand. Upload the file again to choose anew."))
