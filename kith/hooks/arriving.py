"""What comes in is taken once, and becomes records one after the other.

Taking is a row; it is written when the sender is told "202". Making something of it is another transaction, in which the row says that it
is done: what the database shows happens once, whenever a worker dies. Of one webhook the arrivals are worked off in their order.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from kith.events.errands import errand
from kith.identity.names import viewer_of
from kith.kernel import clock
from kith.kernel.actor import Actor, acting, cause
from kith.kernel.errors import KithError, Missing, Refused
from kith.kernel.viewer import viewing

from . import facts, mapping, owning, signing, trouble
from .models import Arrival, Inlet

log = logging.getLogger("kith.webhooks")

#: Bytes of one delivery; webhooks that one turn looks at, and arrivals of each.
SIZE, INLETS, TURN = 256 * 1024, 20, 50
#: So often it is tried again when the database is at fault, and after how long.
TRIES, AGAIN = 10, timedelta(seconds=30)
#: Headers by which senders say which delivery it is; the first that is there counts.
KEYS = ("webhook-id", "idempotency-key")


def known(key: str) -> Inlet:
    """The webhook at this address, if it works; Missing for every reason alike."""
    row = Inlet.objects.filter(key=key[:40], paused_at=None).select_related("owner").first()
    if row is None or not row.owner.is_active:
        raise Missing(_("There is nothing at this address."))
    return row


def admitted(row: Inlet, headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """The key of a delivery that may come in. Raises Missing (a wrong secret in the path) or signing.Unsigned."""
    if row.secured == Inlet.PATH:
        right = [hmac.compare_digest(one.encode(), secret.encode()) for one in row.secrets()]
        if not any(right):
            raise Missing(_("There is nothing at this address."))
        told = {name.lower(): value for name, value in headers.items()}
        said = next((told[name] for name in KEYS if told.get(name)), "")
        if said and len(said) <= signing.LONGEST_ID and said.isascii() and said.isprintable():
            return f"id:{said}"
        return f"sha256:{hashlib.sha256(body).hexdigest()}"
    if secret:
        raise Missing(_("There is nothing at this address."))
    return f"id:{signing.verified(headers, body, row.secrets())}"


def take(row: Inlet, key: str, body: bytes) -> tuple[Arrival, bool]:
    """Keep a delivery; whether it was there before. Raises mapping.Unreadable for what is no JSON."""
    mapping.read(body)
    text = body.decode("utf-8")
    if "\\u0000" in text or "\0" in text:
        raise mapping.Unreadable(_("This text holds control characters, such as NUL. Remove them and try again."))
    earlier = Arrival.objects.filter(inlet=row, key=key).first()
    if earlier is None:
        try:
            with transaction.atomic():
                made = Arrival.objects.create(inlet=row, key=key, body=text)
                Inlet.objects.filter(pk=row.pk).update(used_at=clock.now())
                return made, False
        except IntegrityError:
            earlier = Arrival.objects.get(inlet=row, key=key)
    return earlier, True


@errand
def work_off() -> bool:
    """Make records of what came in; whether there was anything to do."""
    due = Arrival.objects.filter(state=Arrival.WAITING, due__lte=clock.now(), inlet__paused_at=None)
    some = list(due.order_by().values_list("inlet", flat=True).distinct()[:INLETS])
    busy = False
    for inlet in some:
        for _turn in range(TURN):
            if not _next(inlet):
                break
            busy = True
    return busy


def _next(inlet: int) -> bool:
    """The next arrival of one webhook; whether there was one."""
    at: Arrival | None = None
    try:
        with transaction.atomic():
            # One worker at a time for one webhook, so that what came first is done first.
            row = (
                Inlet.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("owner")
                .filter(pk=inlet, paused_at=None)
                .first()
            )
            if row is None:
                return False
            at = Arrival.objects.filter(inlet=row, state=Arrival.WAITING).order_by("id").first()
            if at is None or at.due > clock.now():
                return False
            actor = owning.actor_for(row)
            if actor is None:
                trouble.stop(row, Inlet.TOKEN)
                return False
            _done(row, actor, at)
    except (OperationalError, InterfaceError):
        # The database is busy, or away: not the sender's fault, and not for ever.
        log.exception("arrival waits", extra={"record": at.pk if at else None})
        if at is not None:
            again = Arrival.objects.filter(pk=at.pk, state=Arrival.WAITING)
            again.update(due=clock.now() + AGAIN, tries=F("tries") + 1)
            again.filter(tries__gt=TRIES).update(state=Arrival.FAILED, ended_at=clock.now())
        return False
    return True


def _done(row: Inlet, actor: Actor, at: Arrival) -> None:
    language = row.owner.language or "en"
    viewer = viewer_of(row.owner, language)
    told: dict[str, Any] = {"tries": at.tries + 1, "ended_at": clock.now()}
    with translation.override(language), viewing(viewer), acting(actor), cause(f"arrival:{at.pk}"):
        try:
            with transaction.atomic():
                outcome, record = mapping.carry_out(row, actor, viewer, at)
            told |= {"state": Arrival.DONE, "outcome": outcome, "object": row.object, "record": record.pk, "error": ""}
        except KithError as refusal:
            told |= {"state": Arrival.FAILED, "error": str(refusal)[:2000]}
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("arrival failed", extra={"record": at.pk})
            told |= {"state": Arrival.FAILED, "error": _("This is our fault, and it has been recorded.")}
    Arrival.objects.filter(pk=at.pk).update(**told)


def repeat(actor: Actor, row: Inlet, *, only: int | None = None) -> int:
    """Work off again what failed: one arrival, or all. What was done is done. Gives how many."""
    owning.may_change(actor, row)
    if not Inlet.objects.filter(pk=row.pk, paused_at=None).exists():
        raise Refused(_("It is paused. Turn it on first."))
    rows = Arrival.objects.filter(inlet=row, state=Arrival.FAILED)
    if only is not None:
        rows = rows.filter(pk=only)
    n = rows.update(state=Arrival.WAITING, due=clock.now(), error="", ended_at=None)
    if n:
        facts.tell("webhook.replayed", row, actor, n=n)
    return n
