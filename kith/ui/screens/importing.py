"""Bringing a file in, in five steps: file, columns, check, run, report. Each has an address, and everything chosen is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.events.models import Run
from kith.events.runs import stop
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing, Refused
from kith.kernel.sentences import strung
from kith.objects import exchange
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.exchange.choices import BAD_CELLS, CALENDARS, DATES, DECIMALS, MODES, TWICE
from kith.objects.exchange.files import path_of
from kith.objects.exchange.mapping import targets
from kith.objects.exchange.models import Import, Problem
from kith.objects.exchange.running import count_rows
from kith.objects.kinds.numerals import show_number
from kith.threads.download import attachment

from ..render import onward, page, wants_part
from . import runs

STEPS = {
    "file": pgettext_lazy("a step of an import", "File"),
    "map": pgettext_lazy("a step of an import", "Columns"),
    "check": pgettext_lazy("a step of an import", "Check"),
    "run": pgettext_lazy("a step of an import", "Run"),
    "report": pgettext_lazy("a step of an import", "Report"),
}
#: How sure a guess is: words, and the name of an icon.
CONFIDENCE: dict[str, dict[str, Any]] = {
    "sure": {"label": lazy("Sure"), "icon": "circle-check"},
    "likely": {"label": lazy("Likely"), "icon": "circle-dot"},
    "guess": {"label": lazy("A guess: please look"), "icon": "circle-question-mark"},
    "": {"label": "", "icon": ""},
}
#: The short form of what empty cells mean, for a narrow column.
EMPTY_CELLS = {"keep": lazy("Leave the value"), "clear": lazy("Empty the value")}
ENCODINGS = (
    "utf-8",
    "cp1252",
    "iso8859_15",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1256",
    "cp932",
    "euc_jp",
    "euc_kr",
    "gb18030",
    "big5",
    "utf-16",
)
DELIMITERS = {
    ",": lazy("Comma"),
    ";": lazy("Semicolon"),
    "\t": pgettext_lazy("a sign between values", "Tab"),
    "|": lazy("Vertical bar"),
}
FIRST_ROWS, LINES, EARLIER = 20, 200, 20
STATES = {
    "created": pgettext_lazy("what became of rows", "Created"),
    "updated": pgettext_lazy("what became of rows", "Updated"),
    "unchanged": pgettext_lazy("what became of rows", "Unchanged"),
    "skipped": pgettext_lazy("what became of rows", "Skipped"),
    "refused": pgettext_lazy("what became of rows", "Refused"),
}
FORECAST = {
    "new": pgettext_lazy("rows", "new"),
    "update": lazy("to update"),
    "skip": lazy("to skip"),
    "fix": lazy("to mend"),
}
SORTS = {
    Problem.REFUSED: pgettext_lazy("what became of rows", "Refused"),
    Problem.SKIPPED: pgettext_lazy("what became of rows", "Skipped"),
    Problem.REMARK: lazy("Remarks"),
}


def _own(actor: Actor, o: ObjectType, pk: int) -> Import:
    found = exchange.find_import(actor, pk)
    if found.object != o.key:
        raise Missing(_("There is no such import, or it is not yours."))
    return found


def _address(o: ObjectType, import_: Import, step: str) -> str:
    return f"{o.url()}import/{import_.pk}/{step}/"


def _where(import_: Import) -> str:
    """The step at which an import stands."""
    if import_.run is None:
        return "map"
    return "report" if import_.run.is_over else "run"


def _frame(o: ObjectType, step: str, import_: Import | None = None) -> dict[str, Any]:
    """The head of every step: the five of them, those that can be gone to as links."""
    steps = list(STEPS)
    here = steps.index(step)
    reached = 0 if import_ is None else steps.index(_where(import_))
    going = import_ is not None and import_.run is not None
    shown = []
    for i, (key, label) in enumerate(STEPS.items()):
        # Choices can be gone back to until the import is started; afterwards only its run and its report are there.
        open_ = import_ is not None and (i >= 3 and i <= reached if going else i <= max(reached, here, 2))
        url = _address(o, import_, key) if import_ is not None and open_ and i != here else ""
        shown.append({"key": key, "label": label, "number": i + 1, "here": i == here, "past": i < here, "url": url})
    return {
        "object": o,
        "import": import_,
        "steps": shown,
        "title": _("Import: %(objects)s") % {"objects": o.plural},
    }


# ── 1 · file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def start(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: choose a file, or go on with an earlier import. POST: take the file in."""
    if not (may(actor, "create", o) or may(actor, "change", o)):
        raise Forbidden(_("You may not import records of “%(objects)s”.") % {"objects": o.plural})
    error, name = "", ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Refused(_("Choose a file first."))
            name = upload.name
            import_ = exchange.accept(actor, o, upload, upload.name)
            return onward(request, _address(o, import_, "file"))
        except Refused as refusal:
            error = str(refusal)
    earlier = [_listed(o, one, request.viewer) for one in exchange.imports_of(actor, o)[:EARLIER]]
    context = _frame(o, "file") | {"error": error, "name": name, "earlier": earlier}
    return page(request, "ui/pages/import_start.html", context, status=422 if error else 200)


def _listed(o: ObjectType, import_: Import, viewer: Any) -> dict[str, Any]:
    counts = import_.counts
    told = [(STATES[k], show_number(counts[k], viewer)) for k in STATES if counts.get(k)]
    return {
        "import": import_,
        "url": f"{o.url()}import/{import_.pk}/",
        "counts": told,
        "rows": "" if import_.rows is None else show_number(import_.rows, viewer),
    }


def resume(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Where an import stands."""
    import_ = _own(actor, o, pk)
    return HttpResponseRedirect(_address(o, import_, _where(import_)))


def file(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """How the file was read; POST reads it another way."""
    import_ = _own(actor, o, pk)
    if import_.run is not None:
        return HttpResponseRedirect(_address(o, import_, _where(import_)))
    error = ""
    if request.method == "POST":
        given = request.POST
        header = {"yes": True, "no": False}.get(given.get("header", ""))
        try:
            exchange.set_options(
                actor,
                import_,
                encoding=given.get("encoding", "")[:30],
                delimiter=given.get("delimiter", "")[:1],
                sheet=given.get("sheet", "")[:200],
                header=header,
            )
            return HttpResponseRedirect(_address(o, import_, "file" if "again" in given else "map"))
        except Refused as refusal:
            error = str(refusal)
            import_.refresh_from_db()
    return page(
        request,
        "ui/pages/import_file.html",
        _frame(o, "file", import_) | _read_as(actor, import_, request.viewer) | {"error": error},
        status=422 if error else 200,
    )


def _read_as(actor: Actor, import_: Import, viewer: Any) -> dict[str, Any]:
    known, options = import_.format, import_.options
    encoding = known.get("encoding", "")
    encodings = [encoding, *(e for e in ENCODINGS if e != encoding)] if encoding else list(ENCODINGS)
    try:
        columns = [(g.column, g.samples) for g in exchange.describe(actor, import_).columns]
        problem = ""
    except Refused as refusal:
        columns, problem = [(c, []) for c in import_.columns], str(refusal)
    return {
        "columns": columns,
        "problem": problem,
        "text": known.get("format") == "csv",
        "format": known,
        "encodings": encodings,
        "delimiters": DELIMITERS.items(),
        "header": {True: "yes", False: "no"}.get(options.get("header"), ""),
        "kilobytes": max(1, import_.size // 1024),
    }


# ── 2 · columns ──────────────────────────────────────────────────────────────────────────────────────────────────────


def map_columns(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Where each column goes; POST keeps it."""
    import_ = _own(actor, o, pk)
    if import_.run is not None:
        return HttpResponseRedirect(_address(o, import_, _where(import_)))
    errors: Mapping[str, list[str]] = {}
    asked: dict[str, Any] = {}
    if request.method == "POST":
        asked = _asked(request.POST, import_.columns)
        try:
            exchange.save_mapping(actor, import_, asked["mapping"], asked["choices"])
            return HttpResponseRedirect(_address(o, import_, "check"))
        except Invalid as invalid:
            errors = invalid.errors
        except Refused as refusal:
            errors = {"": [str(refusal)]}
    context = _frame(o, "map", import_) | _mapping(actor, import_, asked, errors, request.viewer)
    return page(request, "ui/pages/import_map.html", context, status=422 if errors else 200)


def _asked(given: Any, columns: list[str]) -> dict[str, Any]:
    mapping = {}
    for i, column in enumerate(columns):
        to = given.get(f"to-{i}", "")
        if to:
            mapping[column] = {"to": to[:200], "blanks": given.get(f"blanks-{i}", "keep")}
    choices: dict[str, Any] = {
        key: given.get(key, "")[:80]
        for key in ("mode", "bad_cells", "twice", "dates", "calendar", "decimals", "source")
    }
    choices["create_links"] = "create_links" in given
    match = given.get("match", "auto")
    if match != "auto":
        choices["match"] = [match] if match else []
    return {"mapping": mapping, "choices": choices, "match": match}


def _mapping(
    actor: Actor, import_: Import, asked: dict[str, Any], errors: Mapping[str, list[str]], viewer: Any
) -> dict[str, Any]:
    told = exchange.describe(actor, import_)
    chosen = asked.get("mapping", import_.mapping)
    choices: Any = told.choices
    if asked:
        choices = {**told.choices.data(), **asked["choices"]}
    rows = []
    for i, guess in enumerate(told.columns):
        said = chosen.get(guess.column, {})
        same = said.get("to", "") == guess.to
        sure = CONFIDENCE[guess.confidence if same else "sure" if said else ""]
        rows.append(
            {
                "number": i,
                "guess": guess,
                "to": said.get("to", ""),
                "blanks": said.get("blanks", "keep"),
                "confidence": sure["label"],
                "icon": sure["icon"],
                "unread": guess.unread if same else 0,
                "errors": errors.get(guess.column, []),
            }
        )
    labels = dict(told.matches)
    found_by = [" + ".join(str(labels.get(part, part)) for part in way.split("+")) for way in told.choices.match]
    return {
        "columns": rows,
        "targets": told.targets,
        "matches": told.matches,
        "match": asked.get("match", "auto"),
        "found_by": found_by,
        "choices": choices,
        "modes": MODES.items(),
        "blanks": EMPTY_CELLS.items(),
        "bad_cells": BAD_CELLS.items(),
        "twice": TWICE.items(),
        "dates": DATES.items(),
        "calendars": CALENDARS.items(),
        "decimals": DECIMALS.items(),
        "whole": errors.get("", []) if errors else [],
        "unmapped": sum(not row["to"] for row in rows),
        "faults": sum(bool(row["errors"]) for row in rows),
    }


# ── 3 · check ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Cell:
    """One value of a checked row, and what is wrong with it."""

    text: str
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def check_rows(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """The first rows as they will be written. POST starts the import, or counts all rows of a long file."""
    import_ = _own(actor, o, pk)
    if import_.run is not None:
        return HttpResponseRedirect(_address(o, import_, _where(import_)))
    if request.method == "POST":
        if "count" in request.POST:
            run = exchange.count_all(actor, import_)
            return _counting(request, o, import_, run)
        exchange.begin(actor, import_)
        _stop_counting(import_)
        return onward(request, _address(o, import_, "run"))
    counting = request.GET.get("counting", "")
    if counting.isdecimal() and len(counting) < 19 and wants_part(request):
        return _counting(request, o, import_, runs.find_run(actor, int(counting)))
    context = _frame(o, "check", import_)
    try:
        context |= _checked(actor, o, import_, request.viewer)
        status = 200
    except Refused as refusal:
        context |= {"problem": str(refusal)}
        status = 422
    return page(request, "ui/pages/import_check.html", context, status=status)


def _stop_counting(import_: Import) -> None:
    """Nobody waits for a forecast of what has begun; the worker is free for it."""
    counting = Run.objects.filter(job=count_rows.key, arguments__import_id=import_.pk)
    for run in counting.filter(state__in=[Run.WAITING, Run.RUNNING]):
        stop(run)


def _counting(request: Any, o: ObjectType, import_: Import, run: Run) -> HttpResponse:
    viewer = request.viewer
    result = run.result if isinstance(run.result, dict) else {}
    context = {
        "object": o,
        "import": import_,
        "run": run,
        "progress": runs.progress(run, viewer),
        "counts": _counts(result, viewer) if run.state == Run.DONE else [],
    }
    return page(request, "ui/pages/import_counting.html", context, part="ui/parts/import_count.html")


def _counts(counts: Mapping[str, int], viewer: Any, labels: Mapping[str, Any] = FORECAST) -> list[dict[str, Any]]:
    """Numbers of rows as they are shown: key, label, number, and whether there are any."""
    return [
        {"key": key, "label": label, "number": show_number(counts.get(key, 0), viewer), "some": bool(counts.get(key))}
        for key, label in labels.items()
    ]


def _checked(actor: Actor, o: ObjectType, import_: Import, viewer: Any) -> dict[str, Any]:
    told = exchange.check(actor, import_, limit=FIRST_ROWS, viewer=viewer)
    # One column for each field that is filled; several columns of the file may fill one.
    filled: dict[str, list[str]] = {}
    for column, said in import_.mapping.items():
        filled.setdefault(said["to"].partition(".")[0].partition("@")[0] or said["to"], []).append(column)
    place = {column: i for i, column in enumerate(import_.columns)}
    marks = targets(actor, o)
    heads = []
    for name, columns in filled.items():
        label = o.fields[name].label if name in o.fields else marks[name].label
        heads.append({"label": label, "from": strung(columns, viewer)})
    rows = []
    for row in told.rows:
        cells = []
        for name, columns in filled.items():
            raw = " · ".join(
                row.cells[place[c]] for c in columns if place[c] < len(row.cells) and row.cells[place[c]].strip()
            )
            cells.append(
                Cell(
                    row.values.get(name, raw),
                    [sentence for c, sentence in row.problems if c in columns],
                    [sentence for c, sentence in row.remarks if c in columns],
                )
            )
        known = {c for columns in filled.values() for c in columns}
        rows.append(
            {
                "number": show_number(row.number, viewer),
                "state": row.state,
                "label": STATES.get(row.state, row.state),
                "cells": cells,
                "problems": [sentence for c, sentence in (*row.problems, *row.remarks) if c not in known],
            }
        )
    return {
        "heads": heads,
        "rows": rows,
        "counts": _counts(told.counts, viewer) if told.counts is not None else [],
        "long": told.counts is None,
        "problem": "",
        "bad": sum(row["state"] == "refused" for row in rows),
    }


# ── 4 · run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """How far it is. POST stops it, or lets a stopped one go on."""
    import_ = _own(actor, o, pk)
    if import_.run is None:
        return HttpResponseRedirect(_address(o, import_, "check"))
    if request.method == "POST":
        if "stop" in request.POST:
            exchange.stop_import(import_)
        else:
            exchange.go_on(import_)
        return onward(request, _address(o, import_, "run"))
    if import_.run.is_over and import_.run.state == Run.DONE:
        if wants_part(request):
            return HttpResponse(status=204, headers={"HX-Redirect": _address(o, import_, "report")})
        return HttpResponseRedirect(_address(o, import_, "report"))
    if import_.run.is_over and wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": _address(o, import_, "run")})
    viewer = request.viewer
    counts = _counts(import_.counts, viewer, STATES)
    context = _frame(o, "run", import_) | {
        "run": import_.run,
        "progress": runs.progress(import_.run, viewer),
        "counts": counts,
        "url": _address(o, import_, "run"),
    }
    return page(request, "ui/pages/import_run.html", context, part="ui/parts/import_run.html")


# ── 5 · report, and back ─────────────────────────────────────────────────────────────────────────────────────────────


def report_of(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """What became of every row."""
    import_ = _own(actor, o, pk)
    if import_.run is None:
        return HttpResponseRedirect(_address(o, import_, "check"))
    viewer = request.viewer
    sort = request.GET.get("show", "")
    sort = sort if sort in SORTS else ""
    offset = request.GET.get("from", "")
    at = min(int(offset), 10**9) if offset.isdecimal() and len(offset) < 10 else 0
    told = exchange.report(import_, sort=sort, limit=LINES, offset=at)
    lines = [
        {
            "row": show_number(p.row, viewer),
            "column": p.column,
            "reason": p.reason,
            "sort": SORTS[p.sort],
            "key": p.sort,
        }
        for p in told.problems
    ]
    of_sort = told.lines[sort] if sort else sum(told.lines.values())
    undoing = told.import_.undo_run
    context = _frame(o, "report", told.import_) | {
        "counts": _counts(told.counts, viewer, STATES),
        "rows": "" if told.rows is None else show_number(told.rows, viewer),
        "lines": lines,
        "sorts": [(key, label, key == sort) for key, label in SORTS.items() if told.lines[key]],
        "sort": sort,
        "more": f"?show={sort}&from={at + LINES}" if at + LINES < of_sort else "",
        "refused": told.lines[Problem.REFUSED],
        "linked": show_number(told.linked, viewer) if told.linked else "",
        "run": told.import_.run,
        "progress": runs.progress(told.import_.run, viewer) if told.import_.run else None,
        "undoing": undoing,
        "undo_progress": runs.progress(undoing, viewer) if undoing is not None else None,
        "undoable": told.import_.undone_at is None
        and (undoing is None or undoing.state in (Run.FAILED, Run.STOPPED))
        and told.import_.run is not None
        and told.import_.run.is_over,
        "kept": _kept(told.kept),
        "url": _address(o, import_, "report"),
        "list_url": o.url(),
    }
    return page(
        request,
        "ui/pages/import_report.html",
        context,
        part="ui/parts/import_undo.html" if "undo" in request.GET else "",
    )


def _kept(kept: list[list[Any]]) -> list[tuple[int, str]]:
    return [(entry[1], entry[2]) for entry in kept[:LINES]]


def errors(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponseBase:
    """The refused rows as a file that can be mended and brought in again."""
    import_ = _own(actor, o, pk)
    # A file that is no longer kept is said in words, before the answer has begun.
    path_of(import_)
    stem = import_.name.rpartition(".")[0] or import_.name
    return attachment(exchange.error_file(import_), f"{stem}-refused.csv", "text/csv; charset=utf-8")


def undo(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET asks once more, because this takes back much; POST does it in the background."""
    import_ = _own(actor, o, pk)
    if request.method == "POST":
        exchange.undo_import(actor, import_)
        return onward(request, _address(o, import_, "report"))
    if import_.run is None or not import_.run.is_over:
        raise Refused(_("There is nothing to undo."))
    counts = {key: import_.counts.get(key, 0) for key in ("created", "updated")}
    context = _frame(o, "report", import_) | {
        "counts": counts,
        "url": _address(o, import_, "undo"),
        "back": _address(o, import_, "report"),
    }
    return page(request, "ui/pages/import_undo.html", context, part="ui/parts/import_undo_form.html")
