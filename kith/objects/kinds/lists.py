"""Several values in one line of text: where one ends and the next begins, in any script."""

from __future__ import annotations

import re

#: Comma and semicolon: Latin, full width, ideographic, Arabic; and line breaks.
SEPARATORS = ",;，；、،؛\n"
_SEPARATOR = re.compile(rf"[{SEPARATORS}]")


def split_list(text: str) -> list[str]:
    """The items of `text`, without blanks around them."""
    return [item.strip() for item in _SEPARATOR.split(text.replace("\r", "\n")) if item.strip()]


def split_entries(text: str) -> list[str]:
    """As `split_list`, but separators inside parentheses do not count: `a@b.example (home, invalid); …`."""
    items, item, depth = [], [], 0
    # `;ext=` belongs to a phone number (RFC 3966), it does not start a new one.
    text = re.sub(r";\s*ext=", "\x00", text.replace("\r", "\n"), flags=re.IGNORECASE)
    for sign in text:
        depth += {"(": 1, "（": 1, ")": -1, "）": -1}.get(sign, 0)
        if _SEPARATOR.match(sign) and depth <= 0:
            items.append("".join(item))
            item, depth = [], 0
        else:
            item.append(sign)
    items.append("".join(item))
    return [i.replace("\x00", ";ext=").strip() for i in items if i.strip()]
