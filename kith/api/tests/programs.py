"""A program that comes with a token, for the tests of REST."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from kith.identity import tokens
from kith.kernel.actor import Actor


class Program:
    """Sends JSON with a token; `said` of an answer is what it holds."""

    def __init__(self, actor: Actor, *scopes: tuple[str, str], name: str = "Program"):
        self.token, self.text = tokens.make(actor, tokens.Wanted(name, scopes or (("*", "*"),)))
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`headers` as If_Match="…"; a body that is text or bytes is sent as it is."""
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        given = {"authorization": f"Bearer {self.text}", **{name.replace("_", "-"): v for name, v in headers.items()}}
        sort = given.pop("Content-Type", "application/json")
        answer: Any = self.client.generic(method, f"/api/v1{path}", data, sort, headers=given)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answer.written = content.decode()
        answer.said = (
            json.loads(content) if "json" in answer.headers.get("Content-Type", "") and not answer.streaming else None
        )
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)

    def patch(self, path: str, values: Any, match: str = "*", **headers: str) -> Any:
        return self("PATCH", path, {"values": values}, If_Match=match, **headers)
