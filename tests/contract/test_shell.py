"""Per address: every answer carries the headers, whatever was asked, and nothing that comes from outside breaks a page."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from kith.events.models import Event
from kith.objects.declare import ObjectType, object_type
from kith.objects.write import create
from kith.threads.download import SANDBOX
from kith.ui.checks import _walk
from kith.ui.middleware import HEADERS, Shell

from .conftest import SYSTEM, example, make_by_users

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
#: What an address is filled with, by the name of its hole.
FILLING = {"name": "name", "field": "name", "key": "name", "action": "remove", "page": "me"}
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
#: Values that some program between here and the disk reads in a way of its own.
ODD = [
    "\0", "a\0b", "'", '"', "';--", "' OR '1'='1", "1;SELECT 1", "%", "_", "\\", "%s", "%(a)s", "{0}", "{{7*7}}", "${7*7}",
    "../../etc/passwd", "<script>alert(1)</script>", "\u202e", "\ud7ff\ufffd", "٣", "𝟙", "-1", "0", "99999999999999999999", "1e999", "NaN",
    "null", "[]", "{}", "[[[[", "(" * 200, "any(" * 60, "name:is:" * 20, "name:contains:%00", "name:regex:(a+)+$",
    "password:is:x",
    "owner.password:is:x", "name__startswith:is:a", "custom->>x:is:1", "-name", "--name", "name,name", "name)", "changed_at); DROP TABLE",
    "id", "pk", "__class__", "a" * 5000, "ş" * 3000, "\r\nX: y", "//evil.example", "javascript:alert(1)", "\x1b[31m", "💥" * 500, " ",
]  # fmt: skip
BODIES = [(b"{" * 5000, "application/json"), (b"\xff\xfe\0", "text/plain"), (b"--x", "multipart/form-data; boundary=x")]
PARAMETERS = (
    "filter", "sort", "q", "columns", "after", "shown", "f", "op", "v", "at", "format", "field", "name", "next", "ids", "id", "all", "page",
    "version", "show", "counting", "once", "more", "for", "to", "draft", "code", "value", "kind", "language",
)  # fmt: skip


def addresses(o: ObjectType, pk: int) -> Iterator[str]:
    """Every address of the house, filled with an object and a record that are there."""
    filled = {"slug": o.slug, "pk": str(pk)}
    for address, _pattern in _walk(get_resolver()):
        yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda hole: filled.get(hole[1]) or FILLING.get(hole[1], "1"), address)


@pytest.fixture
def user_made(db: None) -> ObjectType:
    """Made for each test anew: some of them have transactions of their own."""
    return make_by_users()


@pytest.fixture
def everything(user_made: ObjectType, cast: Any) -> list[str]:
    toy = object_type("toybox.toy")
    found = [*addresses(toy, create(SYSTEM, toy, example(toy)).pk)]
    assert len(found) > 40
    assert not [address for address in found if "<" in address]
    return [
        *found,
        "/nothing/at/all/",
        "/boxes",
        "/static/nothing.css",
        "/favicon.ico",
        "/.git/config",
        "/%00/",
        "/%ff/",
        "//boxes/",
    ]


def check(answer: Any, what: str) -> None:
    for name, value in HEADERS.items():
        if name == "Cache-Control":
            assert "no-store" in answer.headers[name], what
        elif name == "Content-Security-Policy" and answer.headers.get("Content-Disposition", "").startswith(
            "attachment"
        ):
            assert answer.headers[name] == SANDBOX, what
        else:
            assert answer.headers.get(name) == value, f"{what}: {name}"
    for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert name not in answer.headers, f"{what}: {name}"
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    if answer.streaming:
        b"".join(answer.streaming_content)


@pytest.mark.one_engine("headers and methods are a matter of the shell; what is odd is asked of both engines below")
@pytest.mark.parametrize("who", ["admin", "dee", None])
def test_every_address_answers_every_method_with_the_headers(everything: list[str], cast: Any, who: str | None) -> None:
    client = Client()
    for address in everything:
        if who:
            client.force_login(getattr(cast, who))
        for method in METHODS if who == "admin" else ("get", "post"):
            check(getattr(client, method)(address), f"{method} {address}")
        if who == "admin":
            check(client.get(address, headers=PART), f"part {address}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.every_engine
@pytest.mark.parametrize("round_", range(2))
def test_nothing_from_outside_breaks_a_page(everything: list[str], cast: Any, round_: int) -> None:
    """Each address with odd values in each parameter, in the address and in a form; seeded, so that a failure comes again."""
    chance = random.Random(round_)
    client = Client()
    client.raise_request_exception = False
    client.force_login(cast.admin)
    for address in everything:
        if "sign-out" in address:
            continue
        for name in chance.sample(PARAMETERS, 3):
            odd = {name: chance.choice(ODD)}
            check(client.get(address, odd, headers=chance.choice([PART, {}])), f"GET {address} {odd!r:.200}")
        sent = {name: chance.choice(ODD) for name in chance.sample(PARAMETERS, 5)}
        check(client.post(address, sent, headers=chance.choice([PART, {}])), f"POST {address} {sent!r:.500}")
        for body, kind in (
            (b"{" * 5000, "application/json"),
            (b"\xff\xfe\0", "text/plain"),
            (b"--x", "multipart/form-data; boundary=x"),
        ):
            check(client.post(address, body, content_type=kind), f"POST {address} {kind}")


@pytest.mark.one_engine("which way a request takes is a matter of the shell")
def test_a_head_is_a_get_and_never_takes_the_way_of_a_form(
    everything: list[str], cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A HEAD carries no token, so that a screen which took it for a form would write for whoever links to it."""
    client = Client()
    client.force_login(cast.admin)
    seen: list[str | None] = []
    inner = Shell.process_view

    def spy(self: Any, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        inner(self, request, view, args, kwargs)
        if method := getattr(view, "policy", None):
            seen.append(",".join(method.methods))

    monkeypatch.setattr(Shell, "process_view", spy)
    # That something was exported is written down, whoever asks how.
    written = Event.objects.exclude(name__in=("list.exported", "audit.exported"))
    before = written.count()
    for address in everything:
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code, address
    assert len(seen) > 80
    assert written.count() == before


def test_odd_cookies_and_headers_break_nothing(everything: list[str], cast: Any) -> None:
    chance = random.Random(1)
    for address in everything[:30]:
        client = Client()
        client.force_login(cast.admin)
        for name in ("list", "theme", "density", "language", "messages", settings.CSRF_COOKIE_NAME):
            client.cookies[name] = (
                chance.choice(ODD).encode("ascii", "ignore").decode().replace("\0", "").replace("\r\n", "")
            )
        given = {
            "HTTP_HX_CURRENT_URL": chance.choice(ODD), "HTTP_HX_TARGET": chance.choice(ODD), "HTTP_ACCEPT_LANGUAGE": chance.choice(ODD),
            "HTTP_USER_AGENT": chance.choice(ODD), "HTTP_X_FORWARDED_FOR": chance.choice(ODD), "HTTP_IF_MODIFIED_SINCE": chance.choice(ODD),
            "HTTP_RANGE": chance.choice(ODD), "HTTP_ORIGIN": chance.choice(ODD),
        }  # fmt: skip
        check(client.get(address, **given), f"{address} {given!r:.600}")
