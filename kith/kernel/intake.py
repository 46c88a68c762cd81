"""The one way in for files: size, quarantine, content, scanner, and only then the place where they are kept.

A file lies in the quarantine, which nothing reads from, until every step has let it pass; each step refuses with a sentence, and what is
refused is gone. It is kept under a name made of its content, so that no name from outside ever becomes a path, and mode 0600.

`KITH_SCANNER` names a command that is run with the path as its last argument. Its exit code decides: 0 lets the file pass, 1 says that
something was found, and anything else, a scanner that hangs or one that is not there, refuses it too.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import Refused

#: Seconds that a scanner may take for one file.
SCAN_SECONDS = 60.0
#: Bytes from the beginning by which the type is told.
HEAD = 4096
FOUND = 1


def quarantine() -> Path:
    """Where files lie that nobody has let pass yet."""
    return private_folder(Path(settings.KITH_HOME) / "quarantine")


def private_folder(path: Path) -> Path:
    """`path` as a folder that this user alone may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def take_in(
    blocks: Iterable[bytes], store: Path, *, most: int, too_large: Callable[[], str], look: Callable[[bytes], None]
) -> tuple[str, int]:
    """Bring `blocks` into `store` through every step; returns (SHA-256 as the name, bytes). Raises Refused.

    `most` is in bytes, and `too_large` says the sentence for more. `look` gets the first bytes and raises Refused for what this store
    does not take. What is there already is not written twice.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    handle, draft = tempfile.mkstemp(dir=quarantine(), prefix="incoming-")  # mode 0600
    path = Path(draft)
    try:
        with os.fdopen(handle, "wb") as out:
            for block in blocks:
                size += len(block)
                if size > most:
                    raise Refused(too_large())
                if len(head) < HEAD:
                    head += block[: HEAD - len(head)]
                digest.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        look(head)
        scan(path)
        path.chmod(0o600)  # whatever the scanner did to it
        os.replace(path, private_folder(store) / digest.hexdigest())
    finally:
        path.unlink(missing_ok=True)
    return digest.hexdigest(), size


def scan(path: Path) -> None:
    """Let the operator's scanner look at `path`; raise Refused unless it says that the file is clean. Without one, nothing happens."""
    command: tuple[str, ...] = settings.KITH_SCANNER
    if not command:
        return
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's command, no shell, and a path of our own making
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # none of our secrets
            cwd="/",
            close_fds=True,
            process_group=0,
        )
    except OSError as error:
        _unscanned(error)
    try:
        code = process.wait(SCAN_SECONDS)
    except subprocess.TimeoutExpired as error:
        _unscanned(error)
    finally:
        # Its children too, whoever ended it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code == FOUND:
        raise Refused(_("The virus scanner found something in this file, so it was not taken in."))
    if code != 0:
        _unscanned(None)


def _unscanned(error: BaseException | None) -> NoReturn:
    raise Refused(
        _(
            "The virus scanner could not look at this file, so it was not taken in. Try again later, or tell an operator."
        )
    ) from error
