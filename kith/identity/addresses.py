"""From where somebody comes, as far as it can be believed, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings


def client(meta: Mapping[str, str]) -> str:
    """The visitor's address: the one that our outermost proxy saw.

    `settings.KITH_PROXIES` says how many proxies of ours there are. Each adds whom it saw at the end of X-Forwarded-For; whatever
    stands before that was said by the visitor, and is believed by nobody.
    """
    peer = meta.get("REMOTE_ADDR", "")
    proxies = settings.KITH_PROXIES
    if proxies:
        said = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(said) >= proxies:
            peer = said[-proxies]
    read = _read(peer)
    return str(read) if read else ""


def network(address: str) -> str:
    """The neighbourhood of an address: /24, or /64 of IPv6, which one household has to itself; "" for none."""
    read = _read(address)
    return str(ip_network((read, 24 if read.version == 4 else 64), strict=False)) if read else ""


def _read(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        read = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(read, "ipv4_mapped", None) or read


#: Names of browsers and systems as their makers write them, by what stands in the header; the first that fits.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iOS"), ("iPad", "iPadOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def browser(agent: str) -> tuple[str, str]:
    """Browser and system by a User-Agent header, such as ("Firefox", "Linux"); "" where it cannot be told."""

    def first(known: tuple[tuple[str, str], ...]) -> str:
        return next((name for mark, name in known if mark in agent), "")

    return first(BROWSERS), first(SYSTEMS)


def printable(text: str, length: int) -> str:
    """A header without control characters, cut to `length`."""
    return re.sub(r"[^\x20-\x7e]", "", text)[:length]
