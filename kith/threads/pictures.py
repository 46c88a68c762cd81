"""Pictures of files: of an image a smaller one, of a PDF its first page. Drawn anew by a confined child, so that not one byte that came
from outside is ever shown inside of a page; kept in a folder that can be thrown away.
"""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from kith.events.schedule import every
from kith.kernel.confined import child
from kith.kernel.errors import Missing
from kith.kernel.intake import private_folder

from .files import TYPES, place
from .models import File

CHILD = Path(__file__).with_name("picture_child.py")
#: The longer side, in pixels.
SMALL, LARGE = 320, 1600
#: Seconds that a child may take in all, and bytes that it may give.
WAIT, MOST = 15.0, 4 * 1024 * 1024
#: How a picture of ours begins; anything else that a child gives is thrown away.
WEBP = (b"RIFF", b"WEBP")


def folder() -> Path:
    """Where drawn pictures lie. No part of backups: they are drawn anew."""
    return private_folder(Path(settings.KITH_HOME) / "pictures")


def picture(row: File, *, large: bool = False) -> bytes:
    """The picture of a file as WebP; Missing where there can be none. Drawn when first asked for, and never twice after a failure."""
    if not TYPES[row.sort].seen:
        raise Missing
    kept = folder() / f"{row.digest}-{'l' if large else 's'}"
    if kept.exists():
        content = kept.read_bytes()
    else:
        content = _drawn(row, LARGE if large else SMALL)
        draft = kept.with_name(f"{kept.name}.{os.getpid()}.{time.monotonic_ns()}")
        draft.write_bytes(content)
        draft.chmod(0o600)
        os.replace(draft, kept)
    if not content:
        raise Missing
    return content


def _drawn(row: File, side: int) -> bytes:
    """What the child draws; b"" when it refuses, dies, takes too long, or gives what is no picture."""
    path = place(row.digest)
    if not path.exists():
        raise Missing
    process = child(CHILD, path, f"{row.sort} {side}")
    told, until = bytearray(), time.monotonic() + WAIT
    try:
        out = process.stdout
        while out is not None and len(told) <= MOST:
            left = until - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                return b""
            block = os.read(out.fileno(), 1 << 18)
            if not block:
                break
            told += block
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
    whole = len(told) <= MOST and told[:4] == WEBP[0] and told[8:12] == WEBP[1]
    return bytes(told) if whole else b""


@every(days=1)
def clear_pictures() -> None:
    """Pictures of files that are gone go, too."""
    for path in folder().iterdir():
        if not File.objects.filter(digest=path.name.partition("-")[0]).exists():
            path.unlink(missing_ok=True)
