"""What opens doors in the world of the matrix: webhooks of Olga's and an app that she let in; and words that nobody else writes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kith.hooks.models import Arrival, Attempt, Inlet, Sending, Webhook
from kith.identity import permits, tokens
from kith.identity.models import Renewal, Token
from kith.identity.names import actor_of
from kith.kernel import clock

if TYPE_CHECKING:
    from .world import World

#: What the app that Olga let in proves its code with.
VERIFIER = "v" * 50
TOKEN = re.compile(r"zq[a-w]{8}xq")
_LETTERS = "abcdefghijklmnopqrstuvw"


def token(number: int) -> str:
    """A word that nobody else writes."""
    letters = ""
    for _place in range(8):
        number, left = divmod(number * 7 + 3, len(_LETTERS)) if not letters else divmod(number, len(_LETTERS))
        letters += _LETTERS[left]
    return f"zq{letters}xq"


@dataclass
class Secret:
    """One planted word: where it stands."""

    object: str
    sort: str
    record: int
    field: str


def webhooks(world: World) -> None:
    """A webhook of Olga's in each direction, and what went through it; to others they are not there. And Dee's, which are empty."""
    for whose in ("olga", "dee"):
        word = token(len(world.secrets) + 1)
        given: dict[str, Any] = {
            "owner": world.users[whose],
            "name": f"Hook {word}",
            "secret": "whsec_" + "A" * 44,
            "object": world.objects[0].key,
        }
        hook = Webhook.objects.create(**given, url=f"https://hooks.invalid/{word}", kinds=["created"])
        inlet = Inlet.objects.create(**given, key=f"{word}0123456789"[:32], mapping=[{"to": "name", "from": word}])
        if whose == "olga":
            world.secrets[word] = Secret("run", "webhook", 0, "")
            sent = Sending.objects.create(
                webhook=hook, message=f"msg_{word}", type="toy", event=1, body={"name": word}, state=Sending.FAILED
            )
            Attempt.objects.create(sending=sent, webhook=hook, url=hook.url, status=500, answer=word)
            came = Arrival.objects.create(
                inlet=inlet, key="id:1", body=f'{{"said": "{word}"}}', state=Arrival.FAILED, error=word
            )
        world.webhooks[whose], world.inlets[whose] = (hook.pk, sent.pk), (inlet.pk, came.pk)
        world.letterboxes.append(inlet.key)


def apps(world: World) -> None:
    """An app that Olga let in, with all that opens anything; and two that anybody may speak for."""
    olga, admin = world.users["olga"], actor_of(world.users["admin"])
    for name in ("hers", "public", "confidential"):
        wanted = permits.Wanted(name, name != "public", [f"https://{name}.example/back"], tokens.EVERYTHING)
        world.apps[name], secret = permits.register(admin, wanted)
        world.app_secret = secret or world.app_secret
    world.let_in = {name: tokens.new()[1] for name in ("code", "access", "renewal")}
    digest = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    address, minute, app = world.apps["hers"].addresses[0], timedelta(minutes=1), world.apps["hers"]
    permit = permits.give(olga, app, tokens.EVERYTHING, address, digest, world.let_in["code"], minute)
    access = world.let_in["access"]
    kept = {"prefix": tokens.prefix_of(access), "digest": tokens.digest(access), "owner": olga, "permit": permit}
    until = clock.now() + minute
    row = Token.objects.create(**kept, name=app.name, scopes=tokens.EVERYTHING, made_by="Olga", expires_at=until)
    Renewal.objects.create(digest=tokens.digest(world.let_in["renewal"]), permit=permit, expires_at=until)
    by_hand = Token.objects.get(owner=olga, permit=None)
    assert row.permit == permit
    world.things = {"permit-end": permit.pk, "token-revoke": by_hand.pk, "app-end": app.pk}
