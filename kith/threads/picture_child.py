"""The child process that looks at pictures and PDFs from outside: one file in, one WebP out.

This file is run by its path in a fresh interpreter, with the file as standard input and "sort side" as its argument; it imports nothing
of Kith. It loads its libraries, takes limits upon itself, and only then looks at the first byte.
Where anything is wrong it ends without a word.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import sys
import warnings
from typing import Any

MEGABYTE = 1024 * 1024
#: Pixels of a picture that is opened at all, before it is made smaller.
PIXELS = 60_000_000
FORMATS = {"png": ("PNG",), "jpeg": ("JPEG",), "gif": ("GIF",), "webp": ("WEBP",)}


def limit() -> None:
    """Little memory, little time, nothing to write to, and few open files."""
    for what, most in (
        (resource.RLIMIT_AS, 768 * MEGABYTE),
        (resource.RLIMIT_CPU, 8),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def page_of(data: bytes, side: int) -> Any:
    """The first page of a PDF."""
    import pypdfium2

    limit()
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    wide, high = page.get_size()
    # A page may say that it is a mile wide.
    scale = min(side / max(wide, high, 1.0), 4.0)
    return page.render(scale=max(scale, 0.001), may_draw_forms=False).to_pil().convert("RGB")


def image_of(data: bytes, sort: str, side: int) -> Any:
    """An image, turned as its camera says, and nothing else of what it carries."""
    from PIL import Image, ImageOps

    limit()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error")
    opened = Image.open(io.BytesIO(data), formats=FORMATS[sort])
    if opened.width * opened.height > PIXELS:
        raise ValueError("too many pixels")
    opened.draft("RGB", (side * 2, side * 2))
    opened.thumbnail((side, side))
    image: Image.Image = ImageOps.exif_transpose(opened)
    return image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")


def main() -> None:
    """Read standard input, write the picture."""
    sort, side = sys.argv[1].split()
    from PIL import WebPImagePlugin  # noqa: F401 - loaded before the limits are

    with os.fdopen(0, "rb", closefd=False) as source:
        data = source.read(64 * MEGABYTE)
    image = page_of(data, int(side)) if sort == "pdf" else image_of(data, sort, int(side))
    image.thumbnail((int(side), int(side)))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    with contextlib.suppress(Exception):
        main()
    sys.stdout.flush()
    os._exit(0)
