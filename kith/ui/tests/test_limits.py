"""How large a request may be, in each of its parts; what is too large is refused in a sentence."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.http import UnreadablePostError
from django.test import Client

from kith.kernel.errors import Refused
from kith.objects.exchange.files import MAX_BYTES
from kith.objects.filters import parse
from kith.objects.filters.tree import MAX_DEPTH, MAX_NODES
from kith.ui.limits import ADDRESS

FORM = "application/x-www-form-urlencoded"


def said(answer: Any, status: int, words: str) -> None:
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


def test_a_body_that_is_too_large_is_refused_before_it_is_read(sign_in: Any) -> None:
    client = sign_in("ada")

    def unread(*_args: Any) -> bytes:
        raise AssertionError("the body was read")

    body = io.BytesIO(b"")
    body.read = unread  # type: ignore[method-assign,assignment]
    for kind in (FORM, "multipart/form-data; boundary=x", "application/json", "text/plain"):
        answer = client.generic(
            "POST", "/boxes/new/", b"", CONTENT_TYPE=kind, CONTENT_LENGTH="6000000", **{"wsgi.input": body}
        )
        said(answer, 413, "at most 5 MB")


@pytest.mark.parametrize("length", ["-1", "x", "٣", "1e9", "9" * 30])
def test_a_length_that_is_none_is_refused(sign_in: Any, length: str) -> None:
    assert sign_in("ada").generic("POST", "/boxes/new/", b"a", CONTENT_LENGTH=length).status_code in (400, 413)


def test_a_file_may_be_large_where_files_are_taken_and_only_for_those_who_may_come(sign_in: Any, cast: Any) -> None:
    asked = {"CONTENT_TYPE": "multipart/form-data; boundary=x"}
    large, too_large = str(MAX_BYTES // 2), str(MAX_BYTES + 2_000_000)
    said(
        sign_in("ada").generic("POST", "/boxes/import/", b"", CONTENT_LENGTH=too_large, **asked), 413, "at most 101 MB"
    )
    said(Client().generic("POST", "/boxes/import/", b"", CONTENT_LENGTH=large, **asked), 413, "at most 5 MB")
    said(sign_in("ada").generic("POST", "/boxes/trash/", b"", CONTENT_LENGTH=large, **asked), 413, "at most 5 MB")
    with pytest.raises(AssertionError, match="more than the available bytes"):
        # It goes on to read the file, which this test never sends.
        sign_in("ada").generic("POST", "/boxes/import/", b"", CONTENT_LENGTH=large, **asked)


def test_fields_and_files_are_counted(sign_in: Any) -> None:
    client = sign_in("ada")
    many = "&".join(f"a{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    said(client.post("/boxes/new/", many, content_type=FORM), 400, "at most 1,000")
    files = {f"f{n}": io.BytesIO(b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    said(client.post("/boxes/import/", files), 400, "fewer files")
    said(client.get("/boxes/?" + many[: ADDRESS - 100]), 400, "at most 1,000")


def test_a_large_text_is_refused_beside_its_field(sign_in: Any) -> None:
    answer = sign_in("ada").post("/boxes/new/", {"fields": "name", "name": "x" * 1_000_000})
    assert answer.status_code == 422
    assert "Use at most" in answer.content.decode()


def test_a_form_that_breaks_off_is_refused_in_words(sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said(
        sign_in("ada").post("/boxes/new/", b"--x", content_type="multipart/form-data; boundary=\xff"),
        400,
        "did not arrive whole",
    )

    def slow(_request: Any, _actor: Any, **_rest: Any) -> Any:
        raise UnreadablePostError("timed out")

    monkeypatch.setattr("kith.ui.screens.listing.listing", slow)
    said(sign_in("ada").get("/boxes/"), 408, "did not arrive in time")


def test_an_address_that_is_too_long_is_refused(sign_in: Any) -> None:
    said(sign_in("ada").get("/boxes/?q=" + "a" * ADDRESS), 414, "address is too long")
    said(Client().get("/" + "a" * (ADDRESS + 1)), 414, "address is too long")


def test_headers_are_measured_and_counted(sign_in: Any) -> None:
    said(sign_in("ada").get("/boxes/", HTTP_X_LARGE="a" * 40_000), 431, "cookies of this site")
    said(sign_in("ada").get("/boxes/", **{f"HTTP_X_{n}": "a" for n in range(120)}), 431, "cookies of this site")


def test_a_body_without_a_length_is_refused(sign_in: Any) -> None:
    for coding in ("chunked", "gzip, chunked", "identity", "\x0bchunked"):
        said(sign_in("ada").post("/boxes/new/", HTTP_TRANSFER_ENCODING=coding), 411, "Content-Length")


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 50, 900])
def test_filters_are_measured_in_depth_number_and_length(sign_in: Any, depth: int) -> None:
    client = sign_in("ada")
    nested = "any(" * depth + "name:is:a" + ")" * depth
    for filter_ in (
        nested,
        ";".join(["name:is:a"] * (MAX_NODES + 1)),
        "name:in:" + ",".join("a" * 500),
        "name:is:" + "a" * 21_000,
    ):
        answer = client.get("/boxes/", {"filter": filter_})
        assert answer.status_code in (400, 414, 422), answer.status_code
        with pytest.raises(Refused, match=r"cannot be read|conditions|values|too long"):
            parse(filter_)


# Whose request it is

ELSEWHERE = [
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://testserver.evil.example"},
    {"HTTP_ORIGIN": "http://testserver:81"},
    {"HTTP_ORIGIN": "https://testserver"},
]


@pytest.fixture
def strict(cast: Any) -> tuple[Client, dict[str, str]]:
    """A browser whose token is looked at, and the token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ada)
    client.get("/boxes/new/")
    return client, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "theme": "dark"}


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda h: " ".join(h.values()))
def test_a_form_that_another_site_sent_is_refused_even_with_a_token(strict: Any, headers: dict[str, str]) -> None:
    client, form = strict
    answer = client.post("/preferences/", form, **headers)
    assert answer.status_code == 403
    assert "theme" not in client.cookies


@pytest.mark.parametrize(
    "headers",
    [{}, {"HTTP_SEC_FETCH_SITE": "same-origin"}, {"HTTP_ORIGIN": "http://testserver"}, {"HTTP_SEC_FETCH_SITE": "none"}],
    ids=lambda h: " ".join(h.values()) or "neither is said: the token decides",
)
def test_a_form_of_ours_is_taken_with_its_token_and_refused_without(strict: Any, headers: dict[str, str]) -> None:
    client, form = strict
    assert client.post("/preferences/", {"theme": "dark"}, **headers).status_code == 403
    assert client.post("/preferences/", {**form, "csrfmiddlewaretoken": "a" * 64}, **headers).status_code == 403
    assert client.post("/preferences/", form, **headers).status_code == 302


def test_over_https_a_form_says_where_it_comes_from(strict: Any) -> None:
    client, form = strict
    assert client.post("/preferences/", form, secure=True).status_code == 403
    assert client.post("/preferences/", form, secure=True, HTTP_REFERER="https://testserver/").status_code == 302
    assert client.post("/preferences/", form, secure=True, HTTP_REFERER="https://evil.example/").status_code == 403


@pytest.mark.parametrize(
    ("mode", "dest", "status"),
    [("navigate", "document", 200), ("no-cors", "image", 403), ("cors", "empty", 403), ("navigate", "iframe", 403)]
)  # fmt: skip
def test_another_site_may_link_here_but_not_look_through_a_visitors_eyes(
    sign_in: Any, mode: str, dest: str, status: int
) -> None:
    given = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": mode, "HTTP_SEC_FETCH_DEST": dest}
    assert sign_in("ada").get("/boxes/", **given).status_code == status


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "testserver:80:80",
        "",
        "test server",
        "[::1",
        "testserver\\",
    ],
)
def test_a_wrong_host_is_told_what_to_do(sign_in: Any, host: str) -> None:
    answer = sign_in("ada").get("/boxes/", HTTP_HOST=host)
    said(answer, 400, "KITH_HOSTS")
    for name in ("Location", "HX-Redirect"):
        assert name not in answer.headers


@pytest.mark.parametrize(
    "forged",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
def test_forwarded_names_are_believed_by_nobody(db: None, forged: dict[str, str]) -> None:
    answer = Client().get("/boxes/", **forged)
    assert answer.headers["Location"] == "/sign-in/?next=%2Fboxes%2F"
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.every_engine
@pytest.mark.parametrize("once", ["a\0b", "\x1b", "x" * 121, "\ud7ff\n"])
def test_a_key_of_a_form_that_no_form_of_ours_has_is_refused(sign_in: Any, once: str) -> None:
    answer = sign_in("ada").post("/boxes/new/", {"fields": "name", "name": "Attic", "once": once})
    assert answer.status_code == 422
    assert "cannot be read" in answer.content.decode()
