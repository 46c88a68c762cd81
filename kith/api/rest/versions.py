"""Which version of a record somebody means: ETag, If-Match, If-None-Match (RFC 9110)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.utils.translation import gettext as _

from .shapes import Shape
from .wire import Unfit

#: Compression makes a strong mark a weak one on its way; what is meant is the version all the same.
_MARK = re.compile(r'(?:W/)?"(\d{1,18})(?:-[0-9a-f]{8})?"', re.ASCII)


def mark(version: int, shape: Shape | None = None) -> str:
    """The ETag of a record: its version, and which fields of it are shown, so that no field is taken for unchanged that was not seen."""
    if shape is None:
        return f'"{version}"'
    names = hashlib.sha256("\n".join(f.name for f in shape.fields).encode()).hexdigest()[:8]
    return f'"{version}-{names}"'


def unchanged(request: Any, shape: Shape, sent: dict[str, Any]) -> bool:
    """Whether the caller has just this already. What comes from other records may have changed without this one."""
    if shape.expand or any(field.apart for field in shape.fields):
        return False
    own = mark(sent["version"], shape)
    known = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    return own in known or "*" in known


def wanted(request: Any) -> int | None:
    """The version that a change was made of; None for “whatever is there” (`*`). Unfit where nothing is said, or nothing that is one."""
    said = request.headers.get("If-Match", "").strip()
    if not said:
        sentence = _("Say in the header “If-Match” which version you read: it is the ETag of the record.")
        raise Unfit(428, sentence, "no-version")
    if said == "*":
        return None
    found = _MARK.fullmatch(said)
    if found is None:
        raise Unfit(400, _('The header “If-Match” holds one ETag of this record, such as "7".'), "no-version")
    return int(found[1])


def unknown() -> Unfit:
    """A version that the record has not reached."""
    return Unfit(412, _("This version of the record is not known. Read it again."), "stale")
