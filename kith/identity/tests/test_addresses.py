"""Whose address it is, and what a visitor cannot make of it."""

from __future__ import annotations

import pytest
from django.test import override_settings

from kith.identity.addresses import browser, client, network

SAID = "6.6.6.6, 203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "meta", "address"),
    [
        (0, {"REMOTE_ADDR": "198.51.100.7"}, "198.51.100.7"),
        (0, {"REMOTE_ADDR": "198.51.100.7", "HTTP_X_FORWARDED_FOR": SAID}, "198.51.100.7"),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": SAID}, "203.0.113.9"),
        (1, {"REMOTE_ADDR": "127.0.0.1"}, "127.0.0.1"),
        (2, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": SAID}, "6.6.6.6"),
        (3, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": SAID}, "127.0.0.1"),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, [2001:db8::7]:443"}, "2001:db8::7"),
        (1, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, <script>"}, ""),
        (0, {"REMOTE_ADDR": "::ffff:198.51.100.7"}, "198.51.100.7"),
        (0, {}, ""),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(proxies: int, meta: dict[str, str], address: str) -> None:
    with override_settings(KITH_PROXIES=proxies):
        assert client(meta) == address


def test_a_network_is_a_neighbourhood() -> None:
    assert network("198.51.100.7") == "198.51.100.0/24"
    assert network("2001:db8:1:2:3::9") == "2001:db8:1:2::/64"
    assert network("nonsense") == ""


def test_a_browser_is_called_by_its_name() -> None:
    assert browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") == ("Firefox", "Linux")
    assert browser("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0") == (
        "Edge",
        "Windows",
    )
    assert browser("curl/8.0") == ("", "")
