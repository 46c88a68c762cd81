"""A button that copies what stands before it: numbers and addresses, which people carry from one program to another."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.html import el, icon, join


def with_copy(link: SafeString, text: str) -> SafeString:
    """`link`, and beside it a button that puts `text` on the clipboard; styles show it where facts are, while one points at them."""
    button = el(
        "button",
        icon("copy", "s"),
        icon("check", "s"),
        type="button",
        class_="b s ic cp",
        data_copies=text,
        data_done=_("Copied"),
        title=_("Copy"),
        aria_label=_("Copy %(value)s") % {"value": text},
    )
    return join([link, button])


__all__ = ["with_copy"]
