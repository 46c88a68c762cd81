"""What is asked at the doors beside REST: those of apps (OAuth), of directories (SCIM) and of deliveries; and the stream of the feed.

Nobody of the matrix holds what these doors ask for. Whoever comes with a session, with a token of her own, or with something of Olga's in
the hands of another app is answered as one who made it up, and changes nothing. Letting an app in is each one's own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from kith.events.horizon import age, horizon
from kith.kernel.open_answers import DOOR, FOLLOWER

from .cases import Case, Route
from .doors import VERIFIER
from .world import World

LETTING_IN = "authorize"
FORM = "application/x-www-form-urlencoded"
#: What of Olga's is shown at which address of OAuth.
SHOWN = {
    "oauth-token": ("code", "renewal"),
    "oauth-revoke": ("access", "renewal"),
    "oauth-introspect": ("access", "renewal"),
}
_DIRECTORY = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "matrix@example.com"}


def asks(route: str) -> bool:
    """Whether the cases of a route are made and sent here."""
    return route.startswith(("oauth-", "webhook-in", "scim")) or route == LETTING_IN


def cases(world: World, route: Route, people: tuple[str, ...]) -> Iterator[Case]:
    """Every case of one route."""
    at = f"/{route.pattern}"
    for who in people:
        if route.name == "oauth-description":
            yield Case(who, route.name, at)
        elif route.name in SHOWN:
            for what in SHOWN[route.name]:
                for app in ("public", "confidential"):
                    yield Case(who, route.name, at, "POST", body=(what, "hers", app))
        elif route.name == LETTING_IN:
            for wanted in ("*:*", "*:view"):
                url = f"{at}?{urlencode(_asked(world, wanted))}"
                yield Case(who, route.name, url)
                for answer in ("let_in", "refuse"):
                    yield Case(who, route.name, url, "POST", body=(answer,))
        elif route.name.startswith("webhook-in"):
            for key in (*world.letterboxes, "0" * 32):
                url = at.replace("<slug:key>", key).replace("<slug:secret>", "made-up")
                for how in ("bare", "forged"):
                    yield Case(who, route.name, url, "POST", body=(how,))
        else:
            yield from _of_directories(world, route, who)


def _asked(world: World, wanted: str) -> dict[str, str]:
    app = world.apps["public"]
    return {
        "response_type": "code", "client_id": app.client_id, "redirect_uri": app.addresses[0], "scope": wanted,
        "code_challenge": "A" * 43, "code_challenge_method": "S256",
    }  # fmt: skip


def _of_directories(world: World, route: Route, who: str) -> Iterator[Case]:
    at, dee = f"/{route.pattern}".removesuffix("<anything:where>"), f"Users/{world.users['dee'].pk}"
    for where in ("Users", dee, "Groups", "Schemas") if route.takes else ("",):
        yield Case(who, route.name, at + where)
    for method, where in (("POST", "Users"), ("PUT", dee), ("PATCH", dee), ("DELETE", dee)) if route.takes else ():
        yield Case(who, route.name, at + where, method, body=(method,))


def may_write(case: Case) -> bool:
    """Whether this somebody, who is signed in, may change anything by this: what she lets in herself."""
    return case.route == LETTING_IN


def send(world: World, case: Case, client: Client) -> Any:
    """The answer to a case; `client` is this person's browser, with her session."""
    if case.route == LETTING_IN:
        return client.get(case.url) if case.method == "GET" else client.post(case.url, {"answer_to_app": case.body[0]})
    headers = {"authorization": f"Bearer {world.tokens.get(case.who, '')}"}
    if case.method == "GET":
        return client.get(case.url, headers=headers)
    if case.route in SHOWN:
        given = _form(world, case, headers)
        return client.generic("POST", case.url, urlencode(given), FORM, headers=headers)
    if case.body == ("forged",):
        headers |= {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    sort = "application/scim+json" if case.route == "scim" else "application/json"
    return client.generic(case.method, case.url, json.dumps(_DIRECTORY), sort, headers=headers)


def _form(world: World, case: Case, headers: dict[str, str]) -> dict[str, str]:
    what, whose, name = case.body
    app, text = world.apps[name], world.let_in[what] if whose == "hers" else "kith_made_up"
    if name == "confidential":
        pair = f"{app.client_id}:{world.app_secret}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    who = {} if name == "confidential" else {"client_id": app.client_id}
    if case.route != "oauth-token":
        return {**who, "token": text}
    if what == "renewal":
        return {**who, "grant_type": "refresh_token", "refresh_token": text}
    return {**who, "grant_type": "authorization_code", "code": text, "code_verifier": VERIFIER}


def made_up(case: Case) -> Case | None:
    """The same about something that nobody was ever given: it must be answered alike. None where there is no such question."""
    return replace(case, body=(case.body[0], "nobody's", case.body[2])) if case.route in SHOWN else None


def stream(world: World, case: Case) -> tuple[int, str]:
    """What the stream of the feed tells somebody, from the beginning to now."""
    headers = {"authorization": f"Bearer {world.tokens.get(case.who, '')}", "accept": "text/event-stream"}
    given: dict[str, Any] = {DOOR: True}
    response: Any = Client(raise_request_exception=False).get(case.url, headers=headers, **given)
    told, follower = [response.content.decode()], response.wsgi_request.META.get(FOLLOWER)
    more = follower is not None
    while more:
        said, more = follower.news(age(), horizon())
        told += [json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in said]
    return response.status_code, "\n".join(told)
