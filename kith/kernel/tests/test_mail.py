"""Mails leave through the checked door: verified, encrypted where that was asked for, within their time, outside of transactions."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError
from django.db import transaction

from kith.config import environ
from kith.kernel import http
from kith.kernel.http import InTransaction, Unreachable

from .test_http import certificate, trusting  # noqa: F401 - a fixture

PATIENCE = 10


class Postman(socketserver.ThreadingTCPServer):
    """A mail server on this machine that takes what it is given, and does what a test tells it."""

    daemon_threads, block_on_close = True, False

    def __init__(self, context: ssl.SSLContext | None = None):
        super().__init__(("127.0.0.1", 0), Talk)
        self.port = self.server_address[1]
        self.context, self.offers, self.replies = context, [b"AUTH PLAIN"], dict[bytes, bytes]()
        self.heard: list[tuple[bool, bytes]] = []
        self.mails: list[bytes] = []
        self.silent = threading.Event()  # set to answer again
        self.hangs = False


class Talk(socketserver.StreamRequestHandler):
    server: Postman

    def handle(self) -> None:
        encrypted = False
        self.say(b"220 ready")
        while line := self.rfile.readline():
            line = line.rstrip()
            word = line.upper().split(b":")[0].split(b" ")[0]
            self.server.heard.append((encrypted, line))
            if self.server.hangs:
                self.server.silent.wait(PATIENCE)
                return
            if word in self.server.replies:
                self.say(self.server.replies[word])
            elif word == b"EHLO":
                self.wfile.write(b"250-mail.example\r\n")
                offers = [*self.server.offers, *([b"STARTTLS"] if self.server.context and not encrypted else [])]
                for offer in offers:
                    self.wfile.write(b"250-" + offer + b"\r\n")
                self.say(b"250 SIZE")
            elif word == b"STARTTLS" and self.server.context:
                # What comes in the same breath, in the open, must not be believed.
                self.wfile.write(b"220 go on\r\n250 injected\r\n")
                try:
                    self.request = self.server.context.wrap_socket(self.request, server_side=True)
                except ssl.SSLError:
                    return  # it did not believe us
                self.setup()
                encrypted = True
            elif word == b"DATA":
                self.say(b"354 go on")
                mail = b""
                while (piece := self.rfile.readline()) != b".\r\n":
                    mail += piece
                self.server.mails.append(mail)
                self.say(b"250 taken")
            elif word == b"AUTH":
                self.say(b"235 welcome")
            else:
                self.say(b"221 bye" if word == b"QUIT" else b"250 fine")

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@pytest.fixture
def postman(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Postman]]:
    """Start a mail server that the settings name, as mail.example at an allowed address."""
    running = []

    def start(context: ssl.SSLContext | None = None, **more: Any) -> Postman:
        server = Postman(context)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        running.append(server)
        settings.KITH_OUTBOUND_ALLOW = {f"127.0.0.1:{server.port}"}
        settings.KITH_URL = "https://crm.example"
        told = {
            "HOST": "crm.example",
            "PORT": server.port,
            "HOST_USER": "",
            "HOST_PASSWORD": "",
            "USE_TLS": False,
            "USE_SSL": False,
        }
        for name, value in {**told, "TIMEOUT": 5, **more}.items():
            setattr(settings, f"EMAIL_{name}", value)
        return server

    monkeypatch.setattr(http, "system_resolver", lambda _host, _port: ["127.0.0.1"])
    yield start
    for server in running:
        server.silent.set()
        server.shutdown()
        server.server_close()


def letter(**more: Any) -> EmailMessage:
    told = {
        "subject": "Grüße",
        "body": "Ein Link\n.\nzum Schluss",
        "from_email": "crm@example.com",
        "to": ["ada@example.com"],
    }
    return EmailMessage(**{**told, **more}, connection=get_connection("kith.kernel.mail.Mail"))


def context_of(certificate: Any) -> ssl.SSLContext:  # noqa: F811
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_mail_arrives_whole(postman: Any) -> None:
    server = postman()
    assert letter(cc=["bo@example.com"]).send() == 1
    lines = [line for _encrypted, line in server.heard]
    assert lines[0] == b"ehlo crm.example"
    assert [line for line in lines if line.startswith(b"rcpt")] == [
        b"rcpt TO:<ada@example.com>",
        b"rcpt TO:<bo@example.com>",
    ]
    assert b"..\r\n" in server.mails[0], "a line with a single dot does not end it"
    assert b"\r\nSubject: =?utf-8?" in server.mails[0]


def test_several_mails_take_one_connection(postman: Any) -> None:
    server = postman()
    assert get_connection("kith.kernel.mail.Mail").send_messages([letter(), letter(), letter(to=[])]) == 2
    assert len(server.mails) == 2
    assert sum(line.startswith(b"ehlo") for _encrypted, line in server.heard) == 1


def test_nobody_within_the_own_network_is_asked_unless_the_operator_says_so(postman: Any, settings: Any) -> None:
    server = postman()
    settings.KITH_OUTBOUND_ALLOW = frozenset()
    with pytest.raises(Unreachable, match="not a place on the public internet"):
        letter().send()
    assert server.heard == []


def test_starttls_is_verified_and_everything_after_it_is_encrypted(
    postman: Any,
    certificate: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = postman(context_of(certificate), USE_TLS=True, HOST_USER="kith", HOST_PASSWORD="secret")
    with pytest.raises(Unreachable, match="certificate is wrong"):
        letter().send()
    monkeypatch.setattr(http, "_trust", trusting(certificate))
    server.heard.clear()
    assert letter().send() == 1
    assert [line for encrypted, line in server.heard if not encrypted] == [b"ehlo crm.example", b"STARTTLS"]
    assert any(line.startswith(b"AUTH") for encrypted, line in server.heard if encrypted)


def test_where_no_encryption_is_offered_nothing_is_sent(postman: Any) -> None:
    server = postman(USE_TLS=True, HOST_USER="kith", HOST_PASSWORD="secret")
    with pytest.raises(Unreachable, match="offers no encryption"):
        letter().send()
    assert [line for _encrypted, line in server.heard] == [b"ehlo crm.example"]


def test_tls_from_the_first_byte_is_verified(postman: Any, certificate: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    server = postman(USE_SSL=True)
    server.socket = context_of(certificate).wrap_socket(server.socket, server_side=True)
    with pytest.raises(Unreachable, match="certificate is wrong"):
        letter().send()
    monkeypatch.setattr(http, "_trust", trusting(certificate))
    assert letter().send() == 1


@pytest.mark.parametrize(
    ("word", "reply", "sentence"),
    [
        (b"AUTH", b"535 no", "did not accept our name and password"),
        (b"RCPT", b"550 <secret> no such user", "did not accept the address"),
        (b"MAIL", b"451 later", "does not answer as it should"),
        (b"EHLO", b"", "does not answer as it should"),
    ],
)
def test_what_the_server_refuses_is_said_in_our_words(postman: Any, word: bytes, reply: bytes, sentence: str) -> None:
    server = postman(HOST_USER="kith", HOST_PASSWORD="secret")
    server.replies = {word: reply, b"HELO": reply} if word == b"EHLO" else {word: reply}
    with pytest.raises(Unreachable, match=sentence) as refused:
        letter().send()
    assert "secret" not in str(refused.value)
    assert server.mails == []


def test_a_server_that_says_nothing_is_not_waited_for(postman: Any) -> None:
    server = postman(TIMEOUT=0.3)
    server.hangs = True
    with pytest.raises(Unreachable):
        letter().send()


def test_a_line_end_in_an_address_or_a_subject_sends_nothing(postman: Any) -> None:
    server = postman()
    for wrong in ({"subject": "a\r\nBcc: x@example.com"}, {"to": ["a@example.com\r\nRCPT TO:<x@example.com>"]}):
        with pytest.raises((BadHeaderError, ValueError, Unreachable)):
            letter(**wrong).send()
    assert server.mails == []
    assert not any(b"x@example.com" in line for _encrypted, line in server.heard)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_a_mail_server(postman: Any) -> None:
    server = postman()
    with transaction.atomic(), pytest.raises(InTransaction):
        letter().send()
    assert server.heard == []


def test_a_password_is_not_sent_in_the_open() -> None:
    told = {"KITH_MAIL_FROM": "crm@example.com", "KITH_MAIL_URL": "smtp://kith:secret@mail.example.com"}
    with pytest.raises(environ.ImproperlyConfigured, match="in the open") as refused:
        environ._mail(told)
    assert "secret" not in str(refused.value)
    assert environ._mail({**told, "KITH_MAIL_URL": "smtp://kith:secret@localhost"})["EMAIL_PORT"] == 25
    assert environ._mail({**told, "KITH_MAIL_URL": "smtp+starttls://kith:secret@mail.example.com"})["EMAIL_USE_TLS"]
