"""A house of Kith, as a program sees it that comes with a token."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from .asking import Asking, Patience
from .changes import Changes
from .described import Me, Object, ObjectsData
from .objects import Objects
from .runs import Runs
from .shelves import Shelves
from .webhooks import IncomingWebhooks, Webhooks


class Kith(Shelves):
    """One house and one token: `Kith("https://crm.example", "kith_…")`. Threads may share it.

    Its objects are attributes, typed by the description that the client was made of: `kith.people.list(…)`. Objects that people made
    in their house are under `kith.of("boats")`; `python -m kith_client.describe` writes types for those.
    `language` is that of the sentences in problems, and `allow_http` takes an address without https elsewhere than on this machine.
    """

    def __init__(
        self, address: str, token: str, *, language: str = "", patience: Patience | None = None,
        tls: ssl.SSLContext | None = None, allow_http: bool = False,
    ):  # fmt: skip
        self._asking = Asking(address, token, language=language, patience=patience, tls=tls, allow_http=allow_http)
        self._put_up(self._asking)
        self.runs = Runs(self._asking)
        self.webhooks = Webhooks(self._asking)
        self.incoming_webhooks = IncomingWebhooks(self._asking)

    def of(self, slug: str) -> Objects[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Records of any object, by what its addresses begin with."""
        return Objects(self._asking, slug)

    def me(self) -> Me:
        """Who the owner of the token is, and what the token covers."""
        found: Me = self._asking.ask("GET", "/api/v1/me").data
        return found

    def objects(self) -> list[ObjectsData]:
        """Every object that the owner has to do with, with her rights."""
        found: list[ObjectsData] = self._asking.ask("GET", "/api/v1/objects").data["data"]
        return found

    def object(self, slug: str) -> Object:
        """One object with its fields, options and actions."""
        found: Object = self._asking.ask("GET", f"/api/v1/objects/{slug}").data
        return found

    def description(self) -> dict[str, Any]:
        """The OpenAPI document of this house, as far as the owner may see it."""
        found: dict[str, Any] = self._asking.ask("GET", "/api/v1/openapi.json").data
        return found

    def changes(
        self, after: str = "", *, objects: Sequence[str] | None = None, what: Sequence[str] | None = None,
        records: bool = False, follow: bool = False, page: int = 1000,
    ) -> Changes:  # fmt: skip
        """What happened after a position (from the beginning without one): to the end of it, or as it happens with `follow`.

        `records` brings each record along as it is now.
        """
        return Changes(self._asking, after, objects=objects, what=what, records=records, follow=follow, page=page)

    def close(self) -> None:
        """Close the connection of this thread."""
        self._asking.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
