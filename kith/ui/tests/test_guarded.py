"""What a request may do to the database: a page that is only looked at cannot write, and nothing takes for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import get_resolver

from kith.identity.models import User
from kith.kernel import guarded
from kith.kernel.guarded import TooSlow, release, stopped, streamed, tracking, watch
from kith.ui.checks import _walk
from kith.ui.policy import Policy

HARMLESS = "UPDATE identity_user SET name = name"


@pytest.fixture(autouse=True)
def open_again() -> Iterator[None]:
    yield
    if connection.connection is not None:
        release()


def write() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HARMLESS)


def slow(seconds: float) -> None:
    statement = (
        f"SELECT pg_sleep({seconds})"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000000) SELECT count(*) FROM n"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


# Reading only


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/boxes/", "/", "/command/?q=a", "/boxes/trash/", "/boxes/new/"])
def test_a_page_that_is_looked_at_cannot_write(sign_in: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    client = sign_in("ada")
    client.raise_request_exception = False
    tried, happened = [], []

    def writer(*_args: Any, **_rest: Any) -> Any:
        tried.append(address)
        write()
        happened.append(address)

    for pattern in get_resolver("kith.ui.urls").url_patterns:
        inner = getattr(pattern.callback, "__wrapped__", None)
        if inner is not None and pattern.name in ("home", "list", "command", "trash", "new"):
            cell = next(c for c in pattern.callback.__closure__ if c.cell_contents is inner)
            monkeypatch.setattr(cell, "cell_contents", writer)
    for method in (client.get, client.head):
        assert method(address).status_code == 500
    assert (tried, happened) == ([address] * 2, [])
    write()  # the same thread, afterwards
    assert User.objects.exists()


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_what_is_closed_is_open_again_after_each_request(sign_in: Any, boxes: Any) -> None:
    boxes(1)
    client = sign_in("ada")
    assert client.get("/boxes/").status_code == 200
    assert client.post("/preferences/", {"language": "fi"}).status_code == 302
    assert client.get("/nope/").status_code == 404
    assert b"".join(client.get("/boxes/export/?format=csv").streaming_content)
    write()


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_and_a_named_tracker_is_let_through(cast: Any) -> None:
    watch(3, read_only=True)
    with pytest.raises(DatabaseError, match=r"read.?only"):
        write()
    with tracking("session"):
        write()
    with pytest.raises(DatabaseError, match=r"read.?only"):
        User.objects.create(email="new@example.com", name="New")
    release()
    write()


@pytest.mark.every_engine
@pytest.mark.django_db
def test_inside_of_a_transaction_writing_is_refused_all_the_same(cast: Any) -> None:
    watch(3, read_only=True)
    with pytest.raises(DatabaseError, match=r"read.?only"):
        write()
    assert User.objects.count() > 0
    release()
    write()


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_made_while_it_is_sent_only_reads_and_opens_the_connection_again(cast: Any) -> None:
    def chunks() -> Iterator[bytes]:
        yield str(User.objects.count()).encode()
        with pytest.raises(DatabaseError):
            write()
        yield b"end"

    stream = streamed(chunks())
    assert next(stream).isdigit()
    assert next(stream) == b"end"
    stream.close()  # a visitor who goes away early
    write()


def test_trackers_are_named_in_one_list() -> None:
    with pytest.raises(KeyError), tracking("whatever"):
        pass
    with pytest.raises(ValueError, match="is no tracker"):
        Policy(tracker="whatever")
    used = {p.callback.policy.tracker for _address, p in _walk(get_resolver()) if isinstance(p.callback.policy, Policy)}
    assert used - {""} <= set(guarded.TRACKERS)


# Time


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_stopped_and_the_next_is_not() -> None:
    watch(0.3, read_only=True)
    began = time.monotonic()
    with pytest.raises(DatabaseError) as error:
        slow(5)
    assert time.monotonic() - began < 2
    said = stopped(error.value)
    assert isinstance(said, TooSlow)
    watch(3, read_only=True)
    assert User.objects.count() == 0
    assert stopped(ValueError("interrupted")) is None
    assert stopped(DatabaseError("no such table")) is None


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", [False, True])
def test_a_list_that_cannot_be_found_in_time_says_what_to_narrow(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch, hx: dict[str, str], part: bool
) -> None:
    monkeypatch.setattr(guarded, "LOOKING", 0.3)
    monkeypatch.setattr("kith.ui.screens.listing.listing", lambda *_a, **_k: slow(5))
    answer = sign_in("ada").get("/boxes/?filter=name:contains:a", **(hx if part else {}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "was stopped" in page
    assert "Narrow it down" in page


@pytest.mark.every_engine
@pytest.mark.django_db(transaction=True)
def test_another_thread_is_not_limited_by_this_one() -> None:
    watch(0.2, read_only=True)
    said: list[Any] = []

    def other() -> None:
        try:
            write()
            said.append("written")
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert said == ["written"]


def test_looking_has_three_seconds_and_writing_more() -> None:
    assert guarded.LOOKING <= 3 < guarded.WRITING < guarded.STREAMING


@pytest.mark.django_db(transaction=True)
def test_a_stranger_at_the_door_may_be_given_a_session(cast: Any) -> None:
    client = Client()
    assert client.get("/sign-in/").status_code == 200
    assert (
        client.post("/sign-in/", {"email": "ada@example.com", "password": "correct horse battery"}).status_code == 302
    )
