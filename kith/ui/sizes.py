"""How large a file is, in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from kith.kernel.viewer import Viewer
from kith.objects.kinds.numerals import show_number


def size_said(size: int, viewer: Viewer) -> str:
    """Bytes as people read them: 900 bytes, 12 kB, 3.4 MB (powers of ten, as the SI has them)."""
    if size < 1000:
        return _("%(n)s bytes") % {"n": show_number(size, viewer)}
    if size < 1_000_000:
        return _("%(n)s kB") % {"n": show_number(round(size / 1000), viewer)}
    return _("%(n)s MB") % {"n": show_number(Decimal(size // 100_000) / 10, viewer)}
