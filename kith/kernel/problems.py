"""What is said to programs when something cannot be done: problem details as RFC 9457 has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, sort: str = "", errors: Sequence[Mapping[str, Any]] = (), **more: Any
) -> dict[str, Any]:
    """The members of a problem. `sort` names what programs may tell apart; `errors` are sentences, each with where it belongs.

    The title is that of the status, in English, as the RFC asks of problems without a type of their own; `detail` is a sentence in
    the reader's language.
    """
    made: dict[str, Any] = {
        "type": f"urn:kith:problem:{sort}" if sort else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        made["errors"] = list(errors)
    return {**made, **more}
