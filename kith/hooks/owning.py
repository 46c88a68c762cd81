"""Whose a webhook is: who may look after it, and as whom it reads and writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing, Refused
from kith.kernel.text import has_controls
from kith.objects.access.models import CHANGE

from . import facts, signing
from .models import Inlet, Webhook

#: Of each sort somebody may have so many; names are so long; an old secret counts so long beside the new one.
MOST, LONGEST_NAME = 50, 80
BOTH_COUNT = timedelta(hours=24)


def actor_for(row: Any) -> Actor | None:
    """As whom a webhook reads and writes: its owner, narrowed as the token was with which it was made. None when she may not sign in,
    or when that token has ended.
    """
    if not row.owner.is_active or (row.token and not tokens.still_opens(row.token)):
        return None
    scopes = None if row.scopes is None else frozenset((str(key), str(verb)) for key, verb in row.scopes)
    return replace(actor_of(row.owner), scopes=scopes, token=row.token)


def is_mine(actor: Actor, row: Any) -> bool:
    """Whether it is the actor's own. A token that was narrowed sees only what was made with it."""
    return row.owner_id == actor.user_id and (not actor.is_narrowed or row.token == actor.token)


def mine(actor: Actor, model: Any) -> list[Any]:
    """The actor's own, by name."""
    rows = model.objects.filter(owner=actor.user_id or 0).select_related("owner").order_by("name", "pk")
    return [row for row in rows if is_mine(actor, row)]


def others(actor: Actor, model: Any) -> list[Any]:
    """Those of everybody else, for administrators, who may pause and remove them."""
    if not administers(actor):
        return []
    return list(
        model.objects.exclude(owner=actor.user_id).select_related("owner").order_by("owner__name", "name")[:500]
    )


def administers(actor: Actor) -> bool:
    """Whether the actor is an administrator, here with all her rights."""
    if actor.scopes is not None or actor.observer is not None or actor.user_id is None:
        return False
    return User.objects.filter(pk=actor.user_id, is_active=True, is_admin=True).exists()


def find(actor: Actor, model: Any, pk: int, *, any_ones: bool = False) -> Any:
    """One of the actor's own; with `any_ones` anybody's for an administrator. Missing for whatever else."""
    row = model.objects.filter(pk=pk).select_related("owner").first() if 0 < pk < 2**63 else None
    if row is None or not (is_mine(actor, row) or (any_ones and administers(actor))):
        raise Missing(_("There is no such webhook."))
    return row


def may_write(actor: Actor) -> None:
    """Forbidden for whoever looks through somebody's eyes, for what is no person, and for a token that was not given everything."""
    if actor.observer is not None or actor.user_id is None or not actor.allows(Webhook.object_key(), CHANGE):
        raise Forbidden


def may_change(actor: Actor, row: Any) -> None:
    """Forbidden as for `may_write`; Missing for whatever is not the actor's own."""
    may_write(actor)
    if not is_mine(actor, row):
        raise Missing(_("There is no such webhook."))


def begun(actor: Actor, model: Any) -> dict[str, Any]:
    """What a new one has of its maker: owner, scopes, token."""
    may_write(actor)
    if model.objects.filter(owner=actor.user_id).count() >= MOST:
        raise Refused(_("You have very many webhooks already. Remove those that nothing uses."))
    narrowed = actor.scopes is not None and actor.is_narrowed
    scopes = sorted([list(pair) for pair in actor.scopes or ()]) if narrowed else None
    return {"owner_id": actor.user_id, "scopes": scopes, "token": actor.token}


def named(text: Any, errors: dict[str, list[str]]) -> str:
    """A name as it is kept."""
    name = " ".join(str(text or "").split())[:LONGEST_NAME]
    if not name:
        errors["name"] = [_("Write what the webhook is for.")]
    try:
        return storable(name)
    except Refused as refusal:
        errors["name"] = [str(refusal)]
    return ""


def storable(text: str, field: str | None = None) -> str:
    """The same text, if every database can hold it; Refused for controls and halves of characters, which JSON may bring."""
    if has_controls(text):
        raise Refused(_("This text holds control characters, such as NUL. Remove them and try again."), field)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused(_("This text holds half a character. Type it again."), field) from error
    return text


def kept(row: Any, version: int | None, **values: Any) -> None:
    """Change a row, if it is still as it was read."""
    rows = type(row).objects.filter(pk=row.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(**values, version=F("version") + 1):
        raise Refused(_("Somebody else changed this in the meantime. Load the page again."))
    row.refresh_from_db()


def pause(actor: Actor, row: Any, why: str = Webhook.BY_HAND) -> bool:
    """Let it rest; whether it did not before. What happens meanwhile is not sent, and not kept for later."""
    if not actor.is_system:
        may_write(actor)
        if not (is_mine(actor, row) or administers(actor)):
            raise Missing
    with transaction.atomic():
        rows = type(row).objects.filter(pk=row.pk, paused_at=None)
        if not rows.update(paused_at=clock.now(), paused_why=why, version=F("version") + 1):
            return False
        row.refresh_from_db()
        facts.tell("webhook.paused", row, actor, why=why)
    return True


def resume(actor: Actor, row: Any) -> None:
    """Turn it on again. Whoever does it herself takes it over from the token that it was made with; it stays as narrow as it was."""
    may_write(actor)
    if not is_mine(actor, row):
        raise Missing
    with transaction.atomic():
        fresh: dict[str, Any] = {"paused_at": None, "paused_why": "", "version": F("version") + 1}
        if not actor.token:
            fresh["token"] = ""
        if isinstance(row, Webhook):
            fresh |= {"failures": 0, "failing_since": None, "rest_until": None, "told_at": None}
        if type(row).objects.filter(pk=row.pk).exclude(paused_at=None).update(**fresh):
            row.refresh_from_db()
            facts.tell("webhook.resumed", row, actor)


def remove(actor: Actor, row: Any) -> None:
    """Take it away, with its log."""
    may_write(actor)
    if not (is_mine(actor, row) or administers(actor)):
        raise Missing
    with transaction.atomic():
        facts.tell("webhook.removed", row, actor)
        row.delete()


def new_secret(actor: Actor, row: Any, *, made: str = "") -> str:
    """A new secret (`made`, or one of the scheme), told this once. The old one counts for a day beside it."""
    may_write(actor)
    if not is_mine(actor, row):
        raise Missing
    secret = made or signing.new_secret()
    with transaction.atomic():
        # Encrypted for its own place: the text of one column opens in no other.
        kept(row, None, secret=secret, old_secret=row.secret.reveal(), old_until=clock.now() + BOTH_COUNT)
        facts.tell("webhook.secret_changed", row, actor)
    return secret


def refuse(errors: dict[str, list[str]]) -> None:
    """Raise Invalid when there is something wrong."""
    if errors:
        raise Invalid(errors)


def seen(model: Any, address: str) -> Any:
    """What the inbox asks about those of one sort: titles and addresses of the actor's own."""

    def look(actor: Actor, ids: Collection[int]) -> dict[int, tuple[str, str]]:
        rows: Iterable[Any] = model.objects.filter(pk__in=ids, owner=actor.user_id or 0)
        return {row.pk: (row.name, f"{address}{row.pk}/") for row in rows}

    return look


__all__ = ["Inlet", "Webhook", "actor_for", "find", "mine", "others", "pause", "remove", "resume"]
