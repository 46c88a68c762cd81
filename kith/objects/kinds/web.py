"""Addresses of the web."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.errors import Refused
from kith.kernel.html import EMPTY, el
from kith.kernel.sentences import counted
from kith.kernel.text import bare
from kith.kernel.viewer import Viewer

from .copied import with_copy
from .email import ascii_domain, is_domain
from .kind import Kind, nullable

LONGEST = 500
_EXAMPLES = (
    "https://example.com", "https://例え.jp/会社", "http://example.org/a?b=c&d=e#f", "https://xn--bcher-kva.example/", "https://example.fi/työ",
    "https://مثال.ایران", "https://sub.example.co.uk:8443/path/", "https://example.si/š", "https://www.example.net", "https://example.com/%20x",
)  # fmt: skip


class WebAddress(Kind):
    """An http or https address; without a scheme https is meant. The host is in lower case, the rest as typed."""

    key, label, icon, widget = "web", lazy("Web address"), "globe", "web"
    empty = ""
    ltr = textual = True
    operators = ("is", "is_not", "contains", "starts", "empty", "filled")

    def clean(self, value: Any) -> str:
        text = bare(self.checked_text("" if value is None else value))
        if not text:
            return ""
        if len(text) > LONGEST:
            raise Refused(_("This web address is too long: use at most %(n)s characters.") % {"n": counted(LONGEST)})
        if any(unicodedata.category(c)[0] in "CZ" for c in text) or "\\" in text:
            raise Refused(_("A web address holds no spaces, no backslashes and no invisible signs."))
        scheme = re.match(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|\Z))", text, re.IGNORECASE)
        if scheme and scheme[1].lower() not in ("http", "https"):
            # javascript: and data: would run with the rights of whoever clicks.
            raise Refused(_("A web address begins with https:// or http://."))
        return _checked(text if scheme else f"https://{text.lstrip('/')}")

    def format(self, value: Any, viewer: Viewer) -> str:
        """Without https:// and a last slash; http:// stays, because it warns."""
        return (value or "").removeprefix("https://").removesuffix("/")

    def detail(self, value: Any, viewer: Viewer) -> SafeString:
        if not value:
            return EMPTY
        text = el("bdi", self.format(value, viewer), dir="ltr")
        link = el("a", text, href=value, class_="tx", rel="noopener noreferrer nofollow", target="_blank")
        return with_copy(link, value)

    def unpack(self, raw: Any) -> str:
        return raw or ""

    def export(self, value: Any) -> str:
        return value or ""

    def keys(self, value: Any) -> list[str]:
        """Host and path without scheme, "www." and last slash: two spellings of one site are one."""
        if not value:
            return []
        found = urlsplit(value)
        host = ascii_domain(found.hostname or "") or (found.hostname or "")
        port = f":{found.port}" if found.port else ""
        rest = f"?{found.query}" if found.query else ""
        return [f"{host.removeprefix('www.')}{port}{found.path.rstrip('/')}{rest}"[:200]]

    def domains(self, value: Any) -> list[str]:
        """The host."""
        host = urlsplit(value).hostname or "" if value else ""
        return [(ascii_domain(host) or host).removeprefix("www.")] if host else []

    def words(self, value: Any) -> str:
        return (
            re.sub(r"[/.?&=#:%_-]+", " ", self.format(value, Viewer())) + f" {self.format(value, Viewer())}"
            if value
            else ""
        )

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "iri", "maxLength": LONGEST}

    def wire_schema(self) -> dict[str, Any]:
        # Nothing is "" here, and that is no address.
        return {"type": "string", "anyOf": [{"const": ""}, self.json_schema()]}

    def taken_schema(self) -> dict[str, Any]:
        """An address as people write it: https:// may be left out."""
        return nullable({"type": "string", "maxLength": LONGEST})

    def example(self, n: int) -> str:
        return _EXAMPLES[n % len(_EXAMPLES)]


def _checked(text: str) -> str:
    try:
        found = urlsplit(text)
        host, _port = found.hostname or "", found.port
    except ValueError:
        raise Refused(_("A web address looks like https://example.com.")) from None
    if "@" in found.netloc:
        raise Refused(_("A web address holds no name and no password before the host."))
    if not is_domain(host):
        raise Refused(_("A web address looks like https://example.com."))
    address = f"{found.scheme.lower()}://{found.netloc.lower()}{text[text.index(found.netloc) + len(found.netloc) :]}"
    if len(address) > LONGEST:
        raise Refused(_("This web address is too long: use at most %(n)s characters.") % {"n": counted(LONGEST)})
    return address
