"""A browser in miniature that talks to a provider on this machine: cookies, redirects, forms."""

from __future__ import annotations

import html
import http.cookiejar
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@dataclass
class Page:
    """What was answered: status, address and text."""

    status: int
    url: str
    text: str
    location: str = ""

    @property
    def action(self) -> str:
        """Where the first form goes."""
        found = re.search(r'<form[^>]*action="([^"]*)"', self.text)
        return urljoin(self.url, html.unescape(found[1])) if found and found[1] else self.url

    @property
    def inputs(self) -> dict[str, str]:
        """The inputs of the page with their values."""
        found = {}
        for tag in re.findall(r"<input[^>]*>", self.text):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
        return found


@dataclass
class Browser:
    """`home` is where it stops: the address that belongs to us."""

    home: str
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, _Stay())

    def go(self, url: str, posted: dict[str, str] | None = None) -> Page:
        """Follow redirects until a page is there, or until one leads home (then `location` says where)."""
        for _step in range(15):
            data = urlencode(posted).encode() if posted is not None else None
            try:
                answer = self.opener.open(urllib.request.Request(url, data=data), timeout=20)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                status, to, text = (
                    answer.status,
                    answer.headers.get("Location", ""),
                    answer.read().decode("utf-8", "replace"),
                )
            if not 300 <= status < 400:
                return Page(status, url, text)
            to, posted = urljoin(url, to), None
            if to.startswith(self.home):
                return Page(status, url, text, to)
            url = to
        raise AssertionError("It went round in circles.")
