"""The one way in for files of rows: copied under a name made of their content, where only this program reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.errors import Refused
from kith.kernel.intake import private_folder, quarantine, take_in
from kith.kernel.sentences import counted

from .child import MAGIC, MAX_BYTES, MEGABYTE
from .models import Import
from .reading import no_table

KEPT = timedelta(days=30)
BLOCK = 1 << 20
#: How files of refused rows begin that the command line writes.
REFUSED_ROWS = "refused-"


def folder() -> Path:
    """Where files of imports lie."""
    return private_folder(Path(settings.KITH_HOME) / "imports")


def path_of(import_: Import) -> Path:
    """The import's file; Refused once it has been cleared away."""
    path = folder() / import_.digest
    if not path.exists():
        raise Refused(_("The file of this import is no longer kept. Upload it again."))
    return path


def keep(file: Any) -> tuple[str, int]:
    """Copy `file` (a path, an open file, or an upload with `chunks()`) to its place; returns (hash, size).

    A file that is too large is refused while it comes in, not when it is all here; see kith.kernel.intake for the steps.
    """
    return take_in(_blocks(file), folder(), most=MAX_BYTES, too_large=_too_large, look=_look)


def _too_large() -> str:
    return _("This file is larger than %(megabytes)s MB. Split it and import the parts one after the other.") % {
        "megabytes": counted(MAX_BYTES // MEGABYTE)
    }


def _look(head: bytes) -> None:
    """Refuse what is no table by its first bytes. What looks like one is told by its parser, in a process of its own."""
    if not head:
        raise Refused(_("This file is empty: there is nothing in it to import."))
    for magic, what in MAGIC:
        if head.startswith(magic):
            raise Refused(no_table(what))


def _blocks(file: Any) -> Iterator[bytes]:
    chunks = getattr(file, "chunks", None)
    if callable(chunks):
        yield from _as_blocks(chunks())
    elif hasattr(file, "read"):
        yield from _read(file)
    else:
        try:
            with open(file, "rb") as opened:
                yield from _read(opened)
        except OSError as error:
            raise Refused(
                _("The file %(name)s cannot be read: %(reason)s.") % {"name": file, "reason": error.strerror or error}
            ) from error


def _as_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


@every(days=1)
def clear_old_files() -> None:
    """Files of imports are kept for thirty days, those that nothing knows for one."""
    now = clock.now()
    young = set(Import.objects.filter(created_at__gt=now - KEPT).values_list("digest", flat=True))
    for path in (*folder().iterdir(), *quarantine().iterdir()):
        age = timedelta(seconds=now.timestamp() - path.stat().st_mtime)
        if path.name not in young and age > (KEPT if path.name.startswith(REFUSED_ROWS) else timedelta(days=1)):
            path.unlink(missing_ok=True)
