"""Records of one object: listed, read, made, changed, taken away and back, many at once, exported. Nothing here names an object."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Generic, TypeVar

from .asking import Asking
from .described import BulkResult, History, HistoryData
from .runs import Runs

R = TypeVar("R")  # a record as it is read
C = TypeVar("C")  # values that a new one takes
U = TypeVar("U")  # values that may be changed

#: Records of a page: what a list may give at most.
PAGE = 200
Results = list[BulkResult]


class Objects(Generic[R, C, U]):
    """Records of one object, under /api/v1/<slug>. `record` is a record that was read, or its number."""

    def __init__(self, asking: Asking, slug: str):
        self._asking, self.slug = asking, slug
        self._at = f"/api/v1/{slug}"

    # Reading

    def list(
        self, *, filter: str = "", sort: str = "", search: str = "", fields: Sequence[str] | None = None,
        expand: Sequence[str] | None = None, trash: bool = False, page: int = PAGE, after: str | None = None,
    ) -> Iterator[R]:  # fmt: skip
        """Every record that the filter leaves, page by page as they are read. `fields` may lead through links: "company.country"."""
        asked = {
            "filter": filter or None, "sort": sort or None, "search": search or None, "fields": fields, "expand": expand,
            "trash": trash or None, "limit": page,
        }  # fmt: skip
        while True:
            said = self._asking.ask("GET", self._at, {**asked, "after": after}).data
            yield from said["data"]
            after = said["next"]
            if not after:
                return

    def count(self, *, filter: str = "", search: str = "", trash: bool = False) -> tuple[int, bool]:
        """How many there are, and whether that is exact: beyond ten thousand it is not counted further."""
        asked = {"filter": filter or None, "search": search or None, "trash": trash or None, "limit": 1, "count": True}
        said = self._asking.ask("GET", self._at, asked).data["count"]
        return said["value"], said["exact"]

    def get(
        self, record: R | int, *, fields: Sequence[str] | None = None, expand: Sequence[str] | None = None, trash: bool = False
    ) -> R:  # fmt: skip
        """One record. Missing where there is none to be seen."""
        asked = {"fields": fields, "expand": expand, "trash": trash or None}
        found: R = self._asking.ask("GET", self._one(record), asked).data
        return found

    def history(self, record: R | int, *, page: int = 100, trash: bool = False) -> Iterator[HistoryData]:
        """What happened to a record, newest first; with `trash` to one that lies there."""
        after: int | None = None
        while True:
            said: History = self._asking.ask(
                "GET", f"{self._one(record)}/history", {"limit": page, "after": after, "trash": trash or None}
            ).data
            yield from said["data"]
            after = said["next"]
            if not after:
                return

    def export(
        self, *, filter: str = "", sort: str = "", search: str = "", fields: Sequence[str] | None = None
    ) -> Iterator[R]:  # fmt: skip
        """Every record by one request, as a stream. Unreachable where it breaks off, which a token that ends does, too."""
        with self._asking.stream(
            f"{self._at}/export", self._narrowed("ndjson", filter, sort, search, fields)
        ) as pieces:
            left = b""
            for piece in pieces:
                *lines, left = (left + piece).split(b"\n")
                for line in lines:
                    yield json.loads(line)

    def export_csv(
        self, to: IO[bytes], *, filter: str = "", sort: str = "", search: str = "", fields: Sequence[str] | None = None
    ) -> None:  # fmt: skip
        """The same as CSV, as people export it, into a file."""
        with self._asking.stream(f"{self._at}/export", self._narrowed("csv", filter, sort, search, fields)) as pieces:
            for piece in pieces:
                to.write(piece)

    # Writing

    def create(self, values: C, *, key: str | None = None) -> R:
        """A new record. It is made once, however often its request is sent under the same `key`; without one, a key is made up.

        Whoever may make records and not see them is told no more than `object` and `id`.
        """
        made: R = self._asking.ask("POST", self._at, body={"values": values}, headers=keyed(key)).data
        return made

    def change(self, record: R | int, values: U, *, version: int | None = None) -> R:
        """A record with other values, as it is then.

        Sent along is the version that `record` was read as. What others changed meanwhile in other fields stays; where it is the same
        fields, Stale is raised. With a mere number and no `version`, whatever is there is changed.
        """
        changed: R = self._asking.ask(
            "PATCH", self._one(record), body={"values": values}, headers=_match(record, version)
        ).data
        return changed

    def remove(self, record: R | int, *, version: int | None = None) -> None:
        """Move a record to the trash. Stale if anything of it was changed since it was read."""
        self._asking.ask("DELETE", self._one(record), headers=_match(record, version))

    def restore(self, record: R | int) -> R:
        """A record taken back from the trash."""
        back: R = self._asking.ask("POST", f"{self._one(record)}/restore").data
        return back

    def do(self, record: R | int, action: str, values: Mapping[str, Any] | None = None, *, key: str | None = None) -> R:
        """Do an action with a record; the record afterwards."""
        path = f"{self._one(record)}/actions/{action}"
        done: R = self._asking.ask("POST", path, body={"values": dict(values or {})}, headers=keyed(key)).data
        return done

    def bulk(
        self, records: Iterable[Mapping[str, Any]], *, key: str | None = None, patience: float | None = None
    ) -> Results:  # fmt: skip
        """Write up to 10,000 records, {"values": …} for new ones and {"id", "version", "verb", "values"} for others; a result for each.

        Each is written or refused by itself, so look at the states. More than 500 are a run, whose end is waited for.
        """
        said = self._asking.ask("POST", f"{self._at}/bulk", body={"records": [*records]}, headers=keyed(key))
        if said.status != 202:
            found: Results = said.data["data"]
            return found
        return Runs(self._asking).wait(said.data["run"], patience=patience)["data"]

    def _one(self, record: R | int) -> str:
        return f"{self._at}/{record if isinstance(record, int) else record['id']}"  # type: ignore[index]

    def _narrowed(
        self, format: str, filter: str, sort: str, search: str, fields: Sequence[str] | None
    ) -> dict[str, Any]:
        return {
            "format": format, "filter": filter or None, "sort": sort or None, "search": search or None, "fields": fields,
        }  # fmt: skip


def keyed(key: str | None) -> dict[str, str]:
    """The header by which a request is done once."""
    return {"Idempotency-Key": key or uuid.uuid4().hex}


def _match(record: Any, version: int | None) -> dict[str, str]:
    if version is None and not isinstance(record, int):
        version = record["version"]
    return {"If-Match": "*" if version is None else f'"{version}"'}


__all__ = ["Objects", "keyed"]
