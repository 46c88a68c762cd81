"""One e-mail address."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.text import bare
from kith.kernel.viewer import Viewer

from .copied import with_copy
from .kind import Kind

#: Octets (RFC 5321, 4.5.3.1).
LONGEST, LONGEST_LOCAL, LONGEST_DOMAIN = 254, 64, 253
#: The signs of an unquoted local part (RFC 5322, atext) beside letters and digits.
_SIGNS = set("!#$%&'*+-/=?^_`{|}~.")
_EXAMPLES = (
    "ada@example.com", "yuki.tanaka+crm@例え.jp", "o'neill@example.ie", "δοκιμή@παράδειγμα.gr", "reza@مثال.ایران", "a@b.co",
    "Ada.Lovelace@example.org", "müller@bücher.example", "x_1@sub.domain.example", "用户@例子.中国",
)  # fmt: skip


class Email(Kind):
    """An address as RFC 5321 and RFC 6531 have it: the local part as typed, the domain in lower case, no quoting, no comments."""

    key, label, icon, widget = "email", lazy("E-mail"), "mail", "email"
    empty = ""
    ltr = textual = True
    operators = ("is", "is_not", "contains", "starts", "empty", "filled")

    def clean(self, value: Any) -> str:
        text = bare(self.checked_text("" if value is None else value))
        if len(text) > LONGEST * 2:
            raise Refused(_("This e-mail address is too long."))
        text = re.sub(r"\Amailto:", "", unicodedata.normalize("NFC", text), flags=re.IGNORECASE)
        if text[:1] == "<" and text[-1:] == ">":
            text = text[1:-1]
        return _checked(text.strip()) if text.strip() else ""

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        return with_copy(el("a", el("bdi", value, dir="ltr"), href=f"mailto:{_quoted(value)}", class_="tx"), value)

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def keys(self, value: Any) -> list[str]:
        """Lower case with the domain in ASCII. Marks stay: josé@ and jose@ are two mailboxes."""
        if not value:
            return []
        local, _at, domain = value.rpartition("@")
        return [f"{local.lower()}@{ascii_domain(domain) or domain}"[:LONGEST]]

    def domains(self, value: Any) -> list[str]:
        """What stands behind the @."""
        domain = (value or "").rpartition("@")[2].lower()
        return [ascii_domain(domain) or domain] if domain else []

    def words(self, value: Any) -> str:
        return f"{value} {value.replace('@', ' ')}" if value else ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "idn-email", "maxLength": LONGEST}

    def wire_schema(self) -> dict[str, Any]:
        # Nothing is "" here, and that has no form.
        return {"type": "string", "anyOf": [{"const": ""}, self.json_schema()]}

    def example(self, n: int) -> str:
        return _EXAMPLES[n % len(_EXAMPLES)]


@lru_cache(maxsize=4096)  # Few domains stand behind many addresses, and Punycode is slow.
def ascii_domain(domain: str) -> str:
    """`domain` in the ASCII form of internationalised names, or "" when it has none."""
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def is_domain(domain: str) -> bool:
    """Whether `domain` is a host name of at least two labels."""
    name = ascii_domain(domain)
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or len(name) > LONGEST_DOMAIN:
        return False
    return all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?", label) for label in labels)


def _checked(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or "@" in local:
        raise Refused(_("An e-mail address looks like name@example.com."))
    # Invisible signs and blanks would make two addresses that look the same.
    if any(unicodedata.category(c)[0] in "CZ" for c in text):
        raise Refused(_("An e-mail address holds no spaces and no invisible signs."))
    if (
        not all(c in _SIGNS or c.isalnum() or ord(c) > 127 for c in local)
        or local[0] == "."
        or local[-1] == "."
        or ".." in local
    ):
        raise Refused(_("The part before the @ holds a sign that e-mail addresses do not have, or a dot out of place."))
    domain = domain.lower()
    if not is_domain(domain):
        raise Refused(_("The part after the @ needs to be a domain, such as example.com."))
    if len(local.encode()) > LONGEST_LOCAL or len(local.encode()) + 1 + len(domain.encode()) > LONGEST:
        raise Refused(_("This e-mail address is too long."))
    return f"{local}@{unicodedata.normalize('NFC', domain)}"


def _quoted(address: str) -> str:
    # A `?` in a local part would begin the headers of the new message.
    return address.replace("%", "%25").replace("?", "%3F").replace("&", "%26").replace("#", "%23")
