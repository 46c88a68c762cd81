"""A request that is sent twice is done once: the header `Idempotency-Key` (a draft of the IETF, and what Stripe made usual).

Key and work are one transaction: what was refused keeps nothing, and may be sent again under the same key. Kept for thirty days is which
records came of it and not what stands in them: whoever asks again is shown the record as it is then, as far as she may see it then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kith.api.models import Answer
from kith.events.schedule import every
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.sentences import counted

from .asking import Asked
from .wire import Unfit

LONGEST = 120
KEPT = timedelta(days=30)


Kept = dict[str, Any]


def answered(asked: Asked, work: Callable[[], HttpResponse], again: Callable[[Kept], HttpResponse]) -> HttpResponse:
    """The answer that `work` gives; with a key that came before, the one that `again` makes of what was kept of that.

    Two at the same time under one key: the second waits in the database until the first is done, and then is answered as the later one.
    """
    key = _key(asked.request.headers.get("Idempotency-Key"))
    if not key:
        return work()
    with transaction.atomic():
        digest = _digest(asked.request)
        row, earlier = _claim(asked.actor, key, digest)
        if earlier:
            if row.digest != digest:
                sentence = _("This key came before with another request. Use a new key for each request.")
                raise Unfit(422, sentence, "key-used")
            response = again({**row.kept, "status": row.status})
            response.headers["Idempotent-Replayed"] = "true"
            return response
        made = work()
        row.status, row.kept = made.status_code, _kept(json.loads(made.content))
        row.save(update_fields=["status", "kept"])
        return made


#: What of an answer is kept: numbers, and what became of each record. Values are none of it, nor are sentences, which may quote them.
_MEMBERS = ("object", "id", "run")
_RESULT = ("state", "id", "version", "status")


def _kept(said: Kept) -> Kept:
    kept = {name: said[name] for name in _MEMBERS if name in said}
    if "data" in said:
        kept["data"] = [{name: one[name] for name in _RESULT if name in one} for one in said["data"]]
    return kept


def _key(said: str | None) -> str:
    """The key, in quotation marks or without; "" where nothing was said. A header with nothing in it is a fault of who made it."""
    if said is None:
        return ""
    said = said.strip()
    key = said[1:-1] if len(said) > 1 and said[0] == said[-1] == '"' else said
    if not key or len(key) > LONGEST or not key.isprintable() or not key.isascii():
        sentence = _("The header “Idempotency-Key” holds 1 to %(most)s printable characters of ASCII.") % {
            "most": counted(LONGEST)
        }
        raise Unfit(400, sentence, "key")
    return key


def _digest(request: Any) -> str:
    """Whether two requests are one is told by this; under a key of the house, so that nobody finds what was sent by trying."""
    told = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return salted_hmac("kith.api.once", told, algorithm="sha256").hexdigest()


def _claim(actor: Actor, key: str, digest: str) -> tuple[Answer, bool]:
    whose = f"{actor.kind}:{actor.id}"[:100]
    try:
        with transaction.atomic():
            return Answer.objects.create(actor=whose, key=key, digest=digest), False
    except IntegrityError:
        return Answer.objects.get(actor=whose, key=key), True


@every(hours=6)
def forget_old_answers() -> None:
    """Keys go after thirty days, and what was kept under them."""
    Answer.objects.filter(made_at__lt=clock.now() - KEPT).delete()
