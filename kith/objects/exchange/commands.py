"""Import, export and undo on the command line: in the foreground, with progress, and an account at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.events.models import Run
from kith.events.runs import execute
from kith.identity.models import User
from kith.identity.names import actor_by_id, find_users, viewer_of
from kith.kernel import clock
from kith.kernel.actor import Actor, System
from kith.kernel.errors import KithError, Refused
from kith.kernel.sentences import apart, counted, ordinary, strung
from kith.kernel.viewer import NEUTRAL, viewing

from ..declare import ObjectType, object_type
from . import doors, exporting, headers, running
from .files import REFUSED_ROWS, folder
from .models import Import, Problem
from .reading import column_label

Say = Callable[[str], None]
#: So many refused rows are listed; the rest is in the file of refused rows.
SHOWN = 20
SECONDS_BETWEEN = 1.0
DONE, REFUSED = 0, 1


def command_import(
    object_key: str,
    path: str | Path,
    *,
    user: str | None = None,
    mapping: Mapping[str, str] | None = None,
    match: str | None = None,
    bad_cells: str = "refuse",
    dry_run: bool = False,
    say: Say | None = None,
) -> int:
    """Import the file at `path` here and now, as `user` (an e-mail address) or as the system; 0 when every row is accounted for.

    `bad_cells` is a key of BAD_CELLS: what becomes of the row of a cell that cannot be read.
    """
    say = say or _print
    actor = _actor(user, "kith import")
    o = _object(object_key)
    with viewing(_viewer(actor)):
        import_ = doors.accept(actor, o, path, Path(path).name)
        _choose(actor, import_, mapping, match, bad_cells)
        _tell_mapping(actor, import_, say)
        if dry_run:
            return _dry(actor, import_, say)
        run = doors.begin(actor, import_)
        _carry_out(run, say)
        return _account(import_, run, say)


def command_export(
    object_key: str,
    *,
    format: str = "csv",
    output: Path | None = None,
    user: str | None = None,
    say: Say | None = None,
    **asked: Any,
) -> int:
    """Write every record that `user` (or the system) may export to `output`, or to standard output."""
    actor = _actor(user, "kith export")
    with viewing(_viewer(actor)):
        blocks = exporting.export(actor, _object(object_key), format, **asked)
        if output is None:
            for block in blocks:
                sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
            return DONE
        draft = output.with_name(f"{output.name}.part")
        with draft.open("wb") as file:
            size = sum(file.write(block) for block in blocks)
        draft.replace(output)
        (say or _print)(_("%(file)s: %(size)s bytes.") % {"file": output, "size": counted(size)})
    return DONE


def command_undo(number: int, *, user: str | None = None, say: Say | None = None) -> int:
    """Take an import back; `number` is the one that the import printed."""
    say = say or _print
    actor = _actor(user, "kith import")
    with viewing(_viewer(actor)):
        import_ = doors.find_import(actor, number)
        run = doors.undo_import(actor, import_)
        _carry_out(run, say)
        run.refresh_from_db()
        if run.state != Run.DONE:
            say(run.error or _("The undo has not ended yet. It goes on in the background."))
            return REFUSED
        undone = run.result.get("undone", 0)
        say(ngettext("%(n)s change was taken back.", "%(n)s changes were taken back.", undone) % {"n": counted(undone)})
        for key, record, why in run.result.get("kept", [])[:SHOWN]:
            say(_("Kept: %(object)s #%(record)s. %(why)s") % {"object": key, "record": ordinary(record), "why": why})
    return DONE


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _choose(
    actor: Actor, import_: Import, mapping: Mapping[str, str] | None, match: str | None, bad_cells: str
) -> None:
    chosen: dict[str, Any] = dict(import_.mapping)
    by_plain = {headers.plain(column): column for column in import_.columns}
    for header, path in (mapping or {}).items():
        column = header if header in import_.columns else by_plain.get(headers.plain(header))
        if column is None:
            raise Refused(_("The file has no column “%(column)s”.") % {"column": header})
        for other, said in list(chosen.items()):
            # What is said counts more than what was guessed.
            if said["to"] == path and other not in (mapping or {}):
                del chosen[other]
        chosen[column] = {"to": "" if path in ("-", "none") else path, "blanks": "keep"}
    choices: dict[str, Any] = {"bad_cells": bad_cells}
    if match:
        choices["match"] = [way for way in match.split(",") if way]
    doors.save_mapping(actor, import_, chosen, choices)


def _tell_mapping(actor: Actor, import_: Import, say: Say) -> None:
    for note in import_.notes:
        say(note)
    described = doors.describe(actor, import_)
    labels = {target.path: target.label for target in described.targets}
    for guess in described.columns:
        to = f"{guess.to}  ({labels[guess.to]})" if guess.to else _("left out")
        say(f"  {column_label(guess.column)} → {to}")
    found = strung(described.choices.match) or _("nothing; every row makes a new record")
    say(_("Records are found by: %(match)s") % {"match": found})


def _dry(actor: Actor, import_: Import, say: Say) -> int:
    told = doors.check(actor, import_)
    for row in told.rows:
        values = apart(f"{name}: {text}" for name, text in row.values.items() if text)
        say(_("Row %(n)s: %(state)s. %(values)s") % {"n": ordinary(row.number), "state": row.state, "values": values})
        for column, why in row.problems:
            say(f"    {column}: {why}" if column else f"    {why}")
    if told.counts is not None:
        say(
            _("%(new)s new, %(update)s to update, %(skip)s to skip, %(fix)s to mend. Nothing was written.")
            % {state: counted(n) for state, n in told.counts.items()}
        )
    else:
        say(_("Nothing was written."))
    return DONE


def _carry_out(run: Run, say: Say) -> None:
    """Do the run here, telling how far it is; where a worker was quicker, watch it."""
    last = began = clock.now()
    told_done = -1

    def told(done: int, total: int | None) -> None:
        nonlocal last, told_done
        now = clock.now()
        if done == told_done or ((now - last).total_seconds() < SECONDS_BETWEEN and done != total):
            return
        last, told_done = now, done
        spent = (now - began).total_seconds()
        left = round(spent / done * (total - done)) if total and done else 0
        say(
            _("%(done)s of %(total)s, %(left)s s left")
            % {"done": counted(done), "total": counted(total) if total else "?", "left": counted(left)}
        )

    token = running.watching.set(told)
    try:
        if execute(run.pk) is None:
            _watch(run, told)
    finally:
        running.watching.reset(token)


def _watch(run: Run, told: Callable[[int, int | None], None]) -> None:
    import time

    while not run.is_over:
        time.sleep(0.5)
        run.refresh_from_db()
        told(run.done, run.total)


def _account(import_: Import, run: Run, say: Say) -> int:
    run.refresh_from_db()
    account = doors.report(import_)
    lines = {
        running.CREATED: _("%(n)s created"),
        running.UPDATED: _("%(n)s updated"),
        running.UNCHANGED: _("%(n)s unchanged"),
        running.SKIPPED: _("%(n)s skipped"),
        running.REFUSED: _("%(n)s refused"),
    }
    for problem in Problem.objects.filter(brought=import_, sort=Problem.REFUSED).order_by("row", "pk")[:SHOWN]:
        where = f"{column_label(problem.column)}: " if problem.column else ""
        say(_("Row %(n)s: %(why)s") % {"n": ordinary(problem.row), "why": f"{where}{problem.reason}"})
    more = account.lines[Problem.REFUSED] - SHOWN
    if more > 0:
        say(ngettext("… and %(n)s more reason.", "… and %(n)s more reasons.", more) % {"n": counted(more)})
    if account.counts[running.REFUSED]:
        file = folder() / f"{REFUSED_ROWS}{import_.pk}.csv"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.writelines(doors.error_file(import_))
        say(
            _("The refused rows are in %(file)s, with the reasons. Mend them there and import that file.")
            % {"file": file}
        )
    counts = strung(line % {"n": counted(account.counts[state])} for state, line in lines.items())
    seconds = ((run.ended_at or clock.now()) - (run.started_at or run.created_at)).total_seconds()
    say(
        _("Import %(id)s: %(done)s of %(rows)s rows: %(counts)s. %(seconds)s s.")
        % {
            "id": ordinary(import_.pk),
            "done": counted(account.done),
            "rows": "?" if account.rows is None else counted(account.rows),
            "counts": counts,
            "seconds": counted(Decimal(f"{seconds:.1f}")),
        }
    )
    if account.linked:
        n = account.linked
        say(ngettext("%(n)s linked record was made.", "%(n)s linked records were made.", n) % {"n": counted(n)})
    if remarks := account.lines[Problem.REMARK]:
        say(
            ngettext("%(n)s remark is in the report.", "%(n)s remarks are in the report.", remarks)
            % {"n": counted(remarks)}
        )
    if run.state != Run.DONE:
        say(run.error or _("The import has not ended yet."))
        return REFUSED
    return DONE if account.rows is None or account.done == account.rows else REFUSED


def _actor(user: str | None, reason: str) -> Actor:
    if not user:
        return System(reason)
    found = find_users([user])[user]
    actor = actor_by_id(found[0]) if len(found) == 1 else None
    if actor is None:
        raise Refused(_("Nobody who may sign in has the e-mail address %(email)s.") % {"email": user})
    return actor


def _viewer(actor: Actor) -> Any:
    return viewer_of(User.objects.get(pk=actor.user_id)) if actor.user_id else NEUTRAL


def _object(key: str) -> ObjectType:
    try:
        return object_type(key)
    except KeyError:
        known = strung(o.key for o in ObjectType.registry)
        raise KithError(
            _("There is no object “%(key)s”. There are: %(known)s.") % {"key": key, "known": known}
        ) from None


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
