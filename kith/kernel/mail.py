"""Django's mail back end: SMTP through the one door to the outside (`kith.kernel.http.dial`), to the server that the operator named.

The name is resolved and checked as any other; a mail server inside of the own network is allowed by its exact address in
`KITH_OUTBOUND_ALLOW`. Encryption that was asked for is had or nothing is sent, and certificates are verified (RFC 3207, RFC 8314).
The whole conversation ends within `EMAIL_TIMEOUT` seconds, and never begins inside of a database transaction.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

from . import http
from .http import Unreachable

log = logging.getLogger("kith.kernel.mail")


class Mail(BaseEmailBackend):
    """Sends mails, all of one call over one connection."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Send them and return how many were taken; raise Unreachable when one was not."""
        messages = [message for message in email_messages if message.recipients()]
        if not messages:
            return 0
        sent = 0
        try:
            with _conversation() as server:
                for message in messages:
                    _send(server, message)
                    sent += 1
        except Unreachable:
            if not self.fail_silently:
                raise
        return sent


@contextmanager
def _conversation() -> Iterator[_Client]:
    """Be connected, encrypted and signed in as the settings say."""
    deadline = http.Deadline(settings.EMAIL_TIMEOUT)
    host, port = http.named(settings.EMAIL_HOST), settings.EMAIL_PORT
    with http.failures(), http.dial(host, port, deadline=deadline, ports={port}) as plain:
        client = _Client(host, deadline, urlsplit(settings.KITH_URL).hostname or "localhost")
        try:
            client.begin(plain, encrypted=settings.EMAIL_USE_SSL)
            if settings.EMAIL_USE_TLS:
                client.encrypt()
            if settings.EMAIL_HOST_USER:
                _sign_in(client)
            yield client
            client.quit()
        finally:
            client.end()


def _sign_in(client: _Client) -> None:
    try:
        client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable(_("The mail server did not accept our name and password.")) from error


def _send(client: _Client, message: Any) -> None:
    encoding = message.encoding or settings.DEFAULT_CHARSET
    sender = sanitize_address(message.from_email, encoding)
    recipients = [sanitize_address(address, encoding) for address in message.recipients()]
    try:
        refused = client.sendmail(sender, recipients, message.message().as_bytes(linesep="\r\n"))
    except smtplib.SMTPRecipientsRefused as error:
        raise Unreachable(_("The mail server did not accept the address that the mail is for.")) from error
    if refused:
        log.warning("The mail server did not accept some addresses", extra={"count": len(refused)})


class _Client(smtplib.SMTP):
    """smtplib over a connection that was opened elsewhere, each read and write of which ends by the deadline."""

    sock: Any

    def __init__(self, host: str, deadline: http.Deadline, name: str):
        super().__init__(local_hostname=name)  # without a host nothing is connected
        self._named, self._deadline = host, deadline
        self._raw: Any = None

    def begin(self, plain: Any, *, encrypted: bool) -> None:
        """Hear the server's greeting, over TLS if it is `encrypted` from the first byte."""
        self._over(http.secured(plain, self._named, self._deadline) if encrypted else plain)
        code, said = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)

    def encrypt(self) -> None:
        """Go on over TLS; raise Unreachable where the server does not offer it, so that nothing is ever sent in the open instead."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
            raise Unreachable(_("The mail server offers no encryption, so nothing was sent."))
        # What stood in the buffer, and what was offered, was said by nobody who proved who she is.
        self._over(http.secured(self._raw, self._named, self._deadline))
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def end(self) -> None:
        """Close the connection."""
        self.close()
        if self._raw is not None:
            self._raw.close()

    def _over(self, raw: Any) -> None:
        self._raw, self.file = raw, None
        self.sock = http.Wire(raw, self._deadline, http.HEAD)
