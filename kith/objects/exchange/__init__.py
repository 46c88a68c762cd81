"""Import and export of any object: files of rows in, files of rows out.

An import has five steps, and everything chosen on the way is kept in its `Import` row:

    import_ = accept(actor, "room.object", upload, "file.csv")             # file: read, columns and mapping guessed
    describe(actor, import_)                                                   # map: columns, three samples, guesses, targets
    save_mapping(actor, import_, {"Name": "name", "Zip": "address.postal"}, {"match": ["name"], "mode": "both"})
    check(actor, import_, limit=20)                                            # check: as it will be written, nothing is
    run = begin(actor, import_)                                                # run: in the background, run.done of run.total
    report(import_); error_file(import_); undo_import(actor, import_)          # report, refused rows as a file, the way back

`export(actor, object, "csv", filter=…, columns=…)` gives the bytes of a file that imports back unchanged. `command_import`,
`command_export` and `command_undo` are these for the command line.

How rows find their records: by the matches chosen, in their order, the first that finds anything. Two rows of one file that are
about one record are written one after the other: the later one updates what the earlier one made, unless the import says that
it is refused. A row that fits two records is refused. Rows are counted as created, updated, unchanged, skipped or refused, and
the five add up to the rows of the file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commands import command_export, command_import, command_undo
    from .doors import (
        accept,
        begin,
        check,
        count_all,
        describe,
        error_file,
        find_import,
        go_on,
        imports_of,
        report,
        save_mapping,
        seconds_left,
        set_options,
        stop_import,
        undo_import,
    )
    from .exporting import export

# Looked up when asked for: this package's models are loaded before the rest of the room can be.
_HOMES = {
    "commands": ("command_export", "command_import", "command_undo"),
    "doors": (
        "accept", "begin", "check", "count_all", "describe", "error_file", "find_import", "go_on", "imports_of", "report",
        "save_mapping", "seconds_left", "set_options", "stop_import", "undo_import",
    ),
    "exporting": ("export",),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "accept", "begin", "check", "command_export", "command_import", "command_undo", "count_all", "describe", "error_file", "export",
    "find_import", "go_on", "imports_of", "report", "save_mapping", "seconds_left", "set_options", "stop_import", "undo_import",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
