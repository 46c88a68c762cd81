"""The one way out for files: as an attachment under a clean name, in a sandbox, kept by nobody.

Whether somebody may have the file is the business of whoever calls: the gate on the record that owns it comes first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

LONGEST = 120
#: Even a file that a browser opens against our word runs no script and loads nothing.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: Names that Windows gives to devices, whatever comes after the first dot.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)")
_UNSAFE = re.compile(r'[/\\:*?"<>|]')


def attachment(chunks: Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """An answer that a browser saves as `name`. `content_type` comes from our own table, never from whoever sent the file."""
    response = StreamingHttpResponse(chunks, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def clean_name(name: str) -> str:
    """`name` without folders, signs that nobody sees (line ends, NUL, changes of direction), and names of devices; never empty."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"))
    text = _DEVICES.sub(r"\1_", _UNSAFE.sub("_", text).strip(" ."))
    stem, dot, ending = text.rpartition(".")
    if dot and len(ending) <= 10:
        # What it is stands at the end, and must still stand there when the name is cut.
        text = f"{_cut(stem, LONGEST - len(ending) - 1)}.{ending}"
    return _cut(text, LONGEST) or "file"


def _cut(text: str, most: int) -> str:
    return text[:most].rstrip(" .")


def picture(content: bytes) -> HttpResponse:
    """An answer that stands in a page: a picture that we drew ourselves, in a format that only holds colours. Never bytes from outside."""
    response = HttpResponse(content, content_type="image/webp")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
