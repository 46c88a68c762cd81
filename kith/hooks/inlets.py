"""Webhooks that take in: made and changed by the people whose they are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import KithError, Refused
from kith.objects.access import may
from kith.objects.access.models import CHANGE, CREATE, VIEW
from kith.objects.declare import ObjectType, object_type, object_types

from . import facts, mapping, owning, signing
from .models import Inlet

#: Where they are found; nobody guesses 128 random bits.
AT = "/in/"


def objects_of(actor: Actor) -> list[ObjectType]:
    """The objects whose records somebody may see, and make or change."""
    return [o for o in object_types() if may(actor, VIEW, o) and (may(actor, CREATE, o) or may(actor, CHANGE, o))]


def address(row: Inlet, secret: str = "") -> str:
    """The path of its address; with the secret in it, for one that has it there."""
    return f"{AT}{row.key}/{secret}" if row.secured == Inlet.PATH and secret else f"{AT}{row.key}"


def make(actor: Actor, given: Mapping[str, Any]) -> tuple[Inlet, str]:
    """A new one of the actor's own, and its secret, which is told this once. Invalid, by name, for what cannot be."""
    owning.may_write(actor)
    values = _checked(actor, given)
    secured = given.get("secured")
    if secured not in (Inlet.SIGNED, Inlet.PATH):
        raise Refused(_("Choose how it is secured."), "secured")
    secret = _new_secret(secured)
    with transaction.atomic():
        row = Inlet.objects.create(
            **owning.begun(actor, Inlet), **values, secured=secured, key=secrets.token_hex(16), secret=secret
        )
        facts.tell("webhook.made", row, actor, url=address(row))
    row.refresh_from_db()
    return row, secret


def change(actor: Actor, row: Inlet, given: Mapping[str, Any], version: int | None = None) -> Inlet:
    """Change what is made of what comes in; `given` holds all of it. How it is secured stays."""
    owning.may_change(actor, row)
    values = _checked(actor, given)
    with transaction.atomic():
        owning.kept(row, version, **values)
        facts.tell("webhook.changed", row, actor, url=address(row))
    return row


def new_secret(actor: Actor, row: Inlet) -> str:
    """A new secret, told this once; the old one counts for a day beside it."""
    return owning.new_secret(actor, row, made=_new_secret(row.secured))


def _new_secret(secured: str) -> str:
    # In an address stand signs that need no escaping.
    return secrets.token_urlsafe(32) if secured == Inlet.PATH else signing.new_secret()


def _checked(actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    name = owning.named(given.get("name"), errors)
    key = str(given.get("object") or "")
    match = str(given.get("match") or "")
    does = str(given.get("does") or Inlet.BOTH)
    fields: list[dict[str, Any]] = []
    if key not in {o.key for o in objects_of(actor)}:
        errors["object"] = [_("Choose an object whose records you may write.")]
    else:
        try:
            fields = mapping.checked(actor, object_type(key), given.get("mapping"), match)
        except KithError as error:
            errors[getattr(error, "field", None) or "mapping"] = [str(error)]
    if does not in (Inlet.BOTH, Inlet.CREATE, Inlet.CHANGE):
        errors["does"] = [_("Choose what is done.")]
    elif does == Inlet.CHANGE and not match:
        errors["match"] = [_("Choose by which field a record is found that is to be changed.")]
    owning.refuse(errors)
    return {"name": name, "object": key, "mapping": fields, "match": match, "does": does}
