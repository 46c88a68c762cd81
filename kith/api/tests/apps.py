"""Somebody else's app, and the browser of whoever lets it in, for the tests of OAuth."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client

from kith.identity import permits
from tests.cast import Cast

BACK = "https://app.example/back?from=kith"
VERIFIER = "a" * 50


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class Their:
    """Somebody else's program, and the browser of a person who is asked to let it in."""

    def __init__(self, cast: Cast, *scopes: tuple[str, str], confidential: bool = True, who: str = "eve"):
        wanted = permits.Wanted("Mail merge", confidential, [BACK, "http://127.0.0.1/back"], scopes or (("*", "*"),))
        self.app, self.secret = permits.register(cast.actor("admin"), wanted)
        self.browser, self.program = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        self.browser.force_login(getattr(cast, who))
        self.cast, self.who = cast, who

    def asks(self, **given: str | None) -> str:
        told = {
            "response_type": "code", "client_id": self.app.client_id, "redirect_uri": BACK, "state": "s t&ä",
            "scope": "toybox.toy:view", "code_challenge": challenge(), "code_challenge_method": "S256",
        } | given  # fmt: skip
        return f"/oauth/authorize/?{urlencode({name: value for name, value in told.items() if value is not None})}"

    def answers(self, url: str, said: str = "let_in") -> Any:
        page = self.browser.get(url)
        key = self.browser.cookies["csrftoken"].value if "csrftoken" in self.browser.cookies else ""
        assert page.status_code == 200, page.content.decode()
        return self.browser.post(url, {"answer_to_app": said, "csrfmiddlewaretoken": key})

    def code(self, **given: str | None) -> str:
        return sent_back(self.answers(self.asks(**given)))["code"]

    def posts(self, path: str, **given: str | None) -> Any:
        told: dict[str, str | None] = {"client_id": self.app.client_id, "client_secret": self.secret or None} | given
        data = urlencode({name: value for name, value in told.items() if value is not None})
        answer: Any = self.program.generic("POST", path, data, "application/x-www-form-urlencoded")
        answer.said = json.loads(answer.content) if answer.content else {}
        return answer

    def exchanges(self, code: str, **given: str | None) -> Any:
        told: dict[str, str | None] = {"redirect_uri": BACK, "code_verifier": VERIFIER} | given
        return self.posts("/oauth/token", grant_type="authorization_code", code=code, **told)

    def renews(self, text: str, **given: str | None) -> Any:
        return self.posts("/oauth/token", grant_type="refresh_token", refresh_token=text, **given)

    def tokens(self, **given: str | None) -> dict[str, Any]:
        answer = self.exchanges(self.code(**given))
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.said)

    def reads(self, text: str, path: str = "/toys", method: str = "GET", body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {text}"}
        data = "" if body is None else json.dumps(body)
        return self.program.generic(method, f"/api/v1{path}", data, "application/json", headers=headers)


def sent_back(page: Any) -> dict[str, str]:
    """Where a page leads the browser, without any script: what stands in that address."""
    text = page.content.decode()
    assert page.status_code == 200, text
    address = text.split('http-equiv="refresh" content="0;url=')[1].split('"')[0].replace("&amp;", "&")
    assert f'href="{text.split("0;url=")[1].split(chr(34))[0]}"' in text, "and by a link"
    parts = urlsplit(address)
    found = dict(parse_qsl(parts.query, strict_parsing=True))
    return {**found, "to": f"{parts.scheme}://{parts.netloc}{parts.path}"}
