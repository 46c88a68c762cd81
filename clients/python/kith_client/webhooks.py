"""Webhooks of one's own, in both directions: made, changed, paused, and what went through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from .asking import Asking
from .described import (
    Incoming,
    IncomingAgain,
    IncomingArrival,
    IncomingChange,
    IncomingCreate,
    Webhook,
    WebhookAgain,
    WebhookChange,
    WebhookCreate,
    WebhookMessage,
)
from .objects import keyed

W = TypeVar("W")  # a webhook as it is read
C = TypeVar("C")  # what a new one takes
U = TypeVar("U")  # what may be changed of it


class _Direction(Generic[W, C, U]):
    """What both directions have alike. `webhook` is one that was read, or its number."""

    at = ""

    def __init__(self, asking: Asking):
        self._asking = asking

    def all(self) -> list[W]:
        """Every one of the owner's."""
        found: list[W] = self._asking.ask("GET", self.at).data["data"]
        return found

    def get(self, webhook: W | int) -> W:
        """One of them."""
        found: W = self._asking.ask("GET", self._one(webhook)).data
        return found

    def create(self, values: C, *, key: str | None = None) -> W:
        """A new one. Its `secret` is told this once."""
        made: W = self._asking.ask("POST", self.at, body=values, headers=keyed(key)).data
        return made

    def change(self, webhook: W | int, values: U) -> W:
        """One with other members; `paused` stops it and lets it go on. Stale if it is not the version that was read."""
        match = "*" if isinstance(webhook, int) else f'"{webhook["version"]}"'  # type: ignore[index]
        changed: W = self._asking.ask("PATCH", self._one(webhook), body=values, headers={"If-Match": match}).data
        return changed

    def remove(self, webhook: W | int) -> None:
        """Take it away, with its log."""
        self._asking.ask("DELETE", self._one(webhook))

    def new_secret(self, webhook: W | int) -> W:
        """A new `secret`; for a day both count."""
        made: W = self._asking.ask("POST", f"{self._one(webhook)}/secret").data
        return made

    def _one(self, webhook: W | int) -> str:
        return f"{self.at}/{webhook if isinstance(webhook, int) else webhook['id']}"  # type: ignore[index]

    def _log(self, webhook: W | int, name: str, page: int) -> Iterator[Any]:
        after: int | None = None
        while True:
            said = self._asking.ask("GET", f"{self._one(webhook)}/{name}", {"limit": page, "after": after}).data
            yield from said["data"]
            after = said["next"]
            if not after:
                return


class Webhooks(_Direction[Webhook, WebhookCreate, WebhookChange]):
    """Those that tell other programs. Their signatures are checked by the library `standardwebhooks`."""

    at = "/api/v1/webhooks"

    def test(self, webhook: Webhook | int) -> WebhookMessage:
        """Send something that is no event, once."""
        sent: WebhookMessage = self._asking.ask("POST", f"{self._one(webhook)}/test").data
        return sent

    def messages(self, webhook: Webhook | int, *, page: int = 200) -> Iterator[WebhookMessage]:
        """What was sent, newest first, with each try."""
        return self._log(webhook, "messages", page)

    def replay(self, webhook: Webhook | int, which: WebhookAgain | None = None) -> int:
        """Send again what was given up: one `message`, those `since` a moment, or all. How many they are."""
        sent: int = self._asking.ask("POST", f"{self._one(webhook)}/replay", body=which or {}).data["sent_again"]
        return sent


class IncomingWebhooks(_Direction[Incoming, IncomingCreate, IncomingChange]):
    """Those that take in what other programs send, at the `address` of each."""

    at = "/api/v1/incoming-webhooks"

    def arrivals(self, webhook: Incoming | int, *, page: int = 200) -> Iterator[IncomingArrival]:
        """What came in, newest first, with what became of it."""
        return self._log(webhook, "arrivals", page)

    def replay(self, webhook: Incoming | int, which: IncomingAgain | None = None) -> int:
        """Work off again what failed: one `arrival`, or all. How many they are."""
        tried: int = self._asking.ask("POST", f"{self._one(webhook)}/replay", body=which or {}).data["tried_again"]
        return tried
