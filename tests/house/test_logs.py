"""What is logged: declared keys, one line each, and never a secret, wherever it came by."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from kith.config.logs import LONGEST, Line, without_secrets
from kith.kernel.secrets import Sensitive, encrypt

PASSWORD, TOKEN, TYPED, CELL = (
    "Planted-pass-7731",
    "Planted0token0of0thirty0letters00",
    "Planted-typed-4412",
    "Planted-cell-9925",
)
PLANTED = (PASSWORD, TOKEN, TYPED, CELL)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, at every level, as it would be written."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(Line())
    root = logging.getLogger()
    was = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.setLevel(was)
    root.removeHandler(handler)


def clean(said: io.StringIO, *more: str) -> list[dict[str, Any]]:
    text = said.getvalue()
    assert [secret for secret in (*PLANTED, *more) if secret in text] == []
    return [json.loads(line) for line in text.splitlines()]


def test_signing_in_logs_neither_passwords_nor_sessions(cast: Any, lines: io.StringIO) -> None:
    for password in (PASSWORD, "correct horse battery"):
        client = Client()
        client.post("/sign-in/", {"email": "ada@example.com", "login": "ada@example.com", "password": password})
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else TOKEN
    client.get("/boxes/", HTTP_AUTHORIZATION=f"Bearer {TOKEN}", HTTP_COOKIE=f"sessionid={TOKEN}")
    clean(lines, session, "correct horse battery")


def test_faults_refusals_and_forms_log_nothing_that_was_sent(
    cast: Any, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(cast.ada)
    client.raise_request_exception = False
    client.post("/boxes/new/", {"fields": "name", "name": TYPED * 40})
    client.get(f"/boxes/?filter={TYPED}&q={TOKEN}")
    client.get(f"/nothing/{TOKEN}/")
    client.post(
        "/boxes/new/", {"name": TYPED}, HTTP_SEC_FETCH_SITE="cross-site", HTTP_ORIGIN=f"https://{TOKEN}.example"
    )

    def broken(request: Any, *_args: Any, **_rest: Any) -> None:
        password = request.GET["q"]  # a name in the frame, as a fault in sign-in would have one
        raise RuntimeError(f"cannot reach https://kith:{PASSWORD}@db.example/{TOKEN}/ as {Sensitive(password)}")

    monkeypatch.setattr("kith.ui.screens.listing.frame", broken)
    assert client.get(f"/boxes/?q={TYPED}", headers={"Cookie2": TOKEN}).status_code == 500
    said = clean(lines)
    assert any("RuntimeError" in line.get("exception", "") for line in said)


def test_importing_logs_no_cell(cast: Any, lines: io.StringIO) -> None:
    client = Client()
    client.force_login(cast.admin)
    for content in (f"Name,{CELL}\n{CELL},x\n".encode(), b"\x89PNG" + CELL.encode(), f'[{{"a": "{CELL}"'.encode()):
        file = io.BytesIO(content)
        file.name = f"{CELL}.csv"
        client.post("/boxes/import/", {"file": file}, follow=True)
    clean(lines)


@pytest.mark.parametrize(
    "text",
    [
        f"GET /sign-in/reset/{TOKEN}/", f"/calendar/{TOKEN}", f"https://x.example/back?code={TOKEN}&state={TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f"authorization: basic {TOKEN}=", f"postgresql://kith:{PASSWORD}@db/x",
        f"duplicate key\nDETAIL: Key (email)=({TYPED}) already exists.\nnext",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_left_out(text: str) -> None:
    hidden = without_secrets(text)
    assert "***" in hidden
    assert [secret for secret in PLANTED if secret in hidden] == []


def test_a_cipher_text_is_left_out_and_plain_words_stay() -> None:
    assert without_secrets(encrypt("x", "p")) == "***"
    for plain in ("GET /people/12/edit/", "Not Found: /companies/kultasatama-oy/", "/people/?filter=name:contains:a"):
        assert without_secrets(plain) == plain


def test_a_line_is_one_line_and_never_endless() -> None:
    record = logging.LogRecord(
        "kith", logging.ERROR, __file__, 1, "a\nb\r\x1b[2J\u2028\u202e%s", ("x" * 10 * LONGEST,), None
    )
    record.password, record.request = PASSWORD, {"body": PASSWORD}
    line = Line().format(record)
    assert len(line) < 2 * LONGEST
    assert [sign for sign in "\n\r\x1b" if sign in line] == []
    assert PASSWORD not in line
    assert set(json.loads(line)) == {"at", "level", "logger", "message"}
