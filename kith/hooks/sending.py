"""Messages go out: signed, in order for each record, again and again for three days.

A worker takes some messages for itself (compare and set, with a lease), asks the other servers side by side, outside of any transaction,
and writes down what each answered. Killed in between, it has sent what it does not know of: the message is then sent again under the same
webhook-id, by which the receiver knows it. A message goes only when no earlier one of the same record waits for the same webhook, and
none is still to be made out of the outbox.
"""

from __future__ import annotations

import json
import logging
import random
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from kith.events import runs, worker
from kith.events.errands import errand
from kith.events.models import Delivery
from kith.kernel import clock, http
from kith.kernel.errors import Refused
from kith.kernel.secrets import Unreadable

from . import facts, outgoing, owning, payload, signing, trouble
from .models import Attempt, Sending, Webhook

log = logging.getLogger("kith.webhooks")

#: For so long a message is tried; then it is given up, and can be sent again by hand.
PATIENCE = timedelta(days=3)
#: Waits between tries: the first, by how much each is longer than the one before, the longest; by chance a half shorter or longer.
FIRST, GROWTH, LONGEST = timedelta(seconds=5), 3, timedelta(hours=6)
#: After so many failures in a row nobody asks there at all for a while: a server that hangs must not take everybody's time.
BREAKER = 5
#: Messages that one worker has on their way at once, in all and to one webhook; where the last one failed, one.
TOGETHER, TO_ONE = 32, 8
#: Messages that are looked at to find those, and how often again without those of whoever has enough already.
LOOKED_AT, ROUNDS = 128, 4
SECONDS, LEASE = 10.0, timedelta(seconds=45)
#: Whoever takes longer gets no further messages before it has answered: who is slow must not take all the places.
SLOW = 1.0
#: Between two looks for what is due, while something is on its way; and so long a worker goes on before it looks after itself.
LOOK, TURN = 0.1, 20.0
#: Of an answer so many bytes are kept, and so many are read.
KEPT, READ = 2048, 64 * 1024
USER_AGENT = "Kith-Webhooks"


@errand
def send() -> bool:
    """Send what is due, until nothing is; whether there was anything.

    Nobody waits for anybody: what was answered is written down as it comes in, and its place goes to the next message at once. So a
    server that hangs keeps one place of many, and when this process dies, little is sent twice.
    """
    asked: dict[Future[Said], Letter] = {}
    busy, until, look = False, time.monotonic() + TURN, 0.0
    with ThreadPoolExecutor(max_workers=TOGETHER, thread_name_prefix="webhook") as pool:
        while True:
            now = time.monotonic()
            if look <= now < until and not runs.stopping.is_set():
                for prepare in worker.beforehand:
                    prepare()
                for sending in _claimed(list(asked.values())):
                    busy = True
                    if letter := _ready(sending):
                        asked[pool.submit(_ask, letter)] = letter
                look = time.monotonic() + LOOK
            if not asked:
                return busy
            for done in wait(asked, LOOK, FIRST_COMPLETED).done:
                _note(asked.pop(done), done.result())
            if not asked:
                look = 0.0


# Taking


def _claimed(on_their_way: Collection[Letter] = ()) -> list[Sending]:
    """Messages that are this worker's to send now, beside those that it has on their way: at most one of each record, few to whoever
    fails, none to whoever has not answered for a while.
    """
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Sending.objects.filter(free, state=Sending.WAITING, due__lte=now, webhook__paused_at=None)
    ids = _picked(due.exclude(webhook__rest_until__gt=now), on_their_way)
    if not ids:
        return []
    token = uuid.uuid4().hex
    # Once more with the condition on what comes before: between the two looks another message may have been made.
    won = due.filter(pk__in=ids).filter(~Exists(_earlier()))
    # The row's own conditions stand in the update itself: PostgreSQL asks those again when it had to wait for another worker.
    Sending.objects.filter(free, state=Sending.WAITING, pk__in=won.values("pk")).update(
        claim=token, claimed_until=now + LEASE
    )
    mine = Sending.objects.filter(claim=token, state=Sending.WAITING)
    return list(mine.select_related("webhook", "webhook__owner").order_by("due", "id"))


def _picked(due: Any, on_their_way: Collection[Letter]) -> list[int]:
    """Which of the messages that are due are taken. One webhook for which very much waits does not stand before all others."""
    picked = Counter(letter.sending.webhook.pk for letter in on_their_way)
    full = {letter.sending.webhook.pk for letter in on_their_way if letter.is_slow}
    full |= {webhook for webhook, n in picked.items() if n >= TO_ONE}
    ids: list[int] = []
    passed: list[int] = []
    for _round in range(ROUNDS):
        if (room := TOGETHER - len(on_their_way) - len(ids)) <= 0:
            break
        rows = due.exclude(webhook__in=full).exclude(pk__in=[*ids, *passed]).filter(~Exists(_earlier()))
        found = list(
            rows.order_by("due", "id").values_list("pk", "webhook", "webhook__failures", "object", "record", "event")[
                :LOOKED_AT
            ]
        )
        held = _still_to_come([(row[3], row[4], row[5]) for row in found])
        for pk, webhook, failures, key, record, event in found:
            if (key, record, event) in held:
                passed.append(pk)
            elif picked[webhook] >= (1 if failures else TO_ONE):
                full.add(webhook)
            elif room > 0:
                picked[webhook] += 1
                room -= 1
                ids.append(pk)
        if len(found) < LOOKED_AT:
            break
    return ids


def _earlier() -> Any:
    """Messages about the same record to the same webhook that go before the one asked about."""
    same = Sending.objects.filter(webhook=OuterRef("webhook"), object=OuterRef("object"), record=OuterRef("record"))
    return same.filter(state=Sending.WAITING, event__lt=OuterRef("event"))


def _still_to_come(asked: Iterable[tuple[str, int | None, int | None]]) -> set[tuple[str, int | None, int | None]]:
    """Those of (object, record, event) before which an event of the same record is still in the outbox.

    Asked before the messages that wait are asked about: what was made of an event since then waits among those.
    """
    wanted = [one for one in asked if one[1] is not None and one[2] is not None]
    if not wanted:
        return set()
    waiting = Delivery.objects.filter(consumer=outgoing.fan_out.key, done=None, dead=False)
    rows = waiting.filter(event__record__in={one[1] for one in wanted})
    first: dict[tuple[str, int], int] = {}
    for key, record, event in rows.values_list("event__object", "event__record", "event_id"):
        first[key, record] = min(event, first.get((key, record), event))
    return {one for one in wanted if first.get((one[0], one[1] or 0), one[2] or 0) < (one[2] or 0)}


# Asking


@dataclass(frozen=True)
class Letter:
    """A message as it leaves."""

    sending: Sending
    url: str
    body: bytes
    headers: dict[str, str]
    language: str
    begun: float = field(default_factory=time.monotonic)

    @property
    def is_slow(self) -> bool:
        """Whether an answer to it takes long."""
        return time.monotonic() - self.begun > SLOW


@dataclass(frozen=True)
class Said:
    """What came back; no `status` where nothing did, and then `error` says why."""

    status: int | None
    answer: str = ""
    error: str = ""
    millis: int = 0
    wait: int = 0

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return self.status is not None and 200 <= self.status < 300


def _ready(sending: Sending) -> Letter | None:
    """The message as it leaves now; None when nothing does. One that cannot be made is a failure of its own and stops no other."""
    try:
        return _written(sending)
    except DatabaseError:
        raise
    except Exception:
        log.exception("webhook cannot be written", extra={"record": sending.pk})
        fault = Said(None, error=_("This is our fault, and it has been recorded."))
        _note(Letter(sending, sending.webhook.url, b"", {}, ""), fault)
        return None


def _written(sending: Sending) -> Letter | None:
    """The message with what its owner may see now; None when that is nothing."""
    webhook = sending.webhook
    actor = owning.actor_for(webhook)
    if actor is None:
        trouble.stop(webhook, Webhook.TOKEN)
        return None
    body = payload.still(actor, sending.body)
    if body is None:
        Sending.objects.filter(pk=sending.pk).update(state=Sending.DROPPED, ended_at=clock.now(), body={}, claim="")
        return None
    if body != sending.body:
        Sending.objects.filter(pk=sending.pk).update(body=body)
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    try:
        signed = signing.headers(sending.message, raw, webhook.secrets())
    except Unreadable as error:
        _note(Letter(sending, webhook.url, raw, {}, ""), Said(None, error=str(error)))
        return None
    told = {"content-type": "application/json", "user-agent": USER_AGENT, **signed}
    return Letter(sending, webhook.url, raw, told, webhook.owner.language or "en")


def _ask(letter: Letter) -> Said:
    """Ask the other server. Runs in a thread of its own, and knows no database."""
    begun = time.monotonic()

    def took() -> int:
        return round((time.monotonic() - begun) * 1000)

    with translation.override(letter.language):
        try:
            answer = http.post(letter.url, letter.body, headers=letter.headers, size=READ, seconds=SECONDS)
        except http.Unreachable as error:
            return Said(None, error=str(error), millis=took())
        except Exception as fault:
            log.exception("webhook failed", extra={"record": letter.sending.pk})
            return Said(None, error=type(fault).__name__, millis=took())
    text = answer.body[:KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")
    after = answer.headers.get("retry-after", "")
    wait = int(after) if after.isascii() and after.isdecimal() and len(after) < 8 else 0
    return Said(answer.status, text, millis=took(), wait=wait)


# Writing down


def _note(letter: Letter, said: Said) -> None:
    sending, now = letter.sending, clock.now()
    with transaction.atomic():
        Attempt.objects.create(
            sending=sending,
            webhook=sending.webhook,
            at=now,
            url=letter.url,
            status=said.status,
            ok=said.ok,
            error=said.error[:300],
            answer=said.answer,
            millis=said.millis,
        )
        # Whoever lost its lease meanwhile has sent in vain; the other one decides.
        mine = Sending.objects.filter(pk=sending.pk, claim=sending.claim, state=Sending.WAITING)
        done = {"claim": "", "claimed_until": None, "tried_at": sending.tried_at or now, "tries": F("tries") + 1}
        if said.ok:
            mine.update(**done, state=Sending.DONE, ended_at=now)
            _arrived(sending.webhook)
            return
        trial = sending.event is None
        last = (sending.tried_at or now) + PATIENCE
        due = min(last, now + _wait(sending.tries + 1, said.wait))
        given_up = trial or said.status == 410 or now >= last
        if given_up:
            mine.update(**done, state=Sending.FAILED, ended_at=now)
        else:
            mine.update(**done, due=due)
        if not trial:
            _failed(sending, said, given_up=given_up)


def _wait(tries: int, asked: int = 0) -> timedelta:
    grown = min(LONGEST, FIRST * GROWTH ** min(tries - 1, 20))
    # What failed together is not tried again together.
    wait: timedelta = grown * random.uniform(0.5, 1.5)  # noqa: S311 - nobody gains by guessing it
    return max(wait, min(LONGEST, timedelta(seconds=asked)))


def _arrived(webhook: Webhook) -> None:
    failing = Webhook.objects.filter(pk=webhook.pk).filter(~Q(failures=0) | Q(failing_since__isnull=False))
    failing.update(failures=0, failing_since=None, rest_until=None, told_at=None)


def _failed(sending: Sending, said: Said, *, given_up: bool) -> None:
    webhook, now = sending.webhook, clock.now()
    rows = Webhook.objects.filter(pk=webhook.pk)
    rows.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", now))
    webhook.refresh_from_db(fields=["failures", "failing_since", "told_at", "paused_at"])
    if webhook.failures >= BREAKER:
        rows.update(rest_until=now + _wait(min(webhook.failures - BREAKER + 1, 6)))
    if said.status == 410:
        trouble.stop(webhook, Webhook.GONE)
    else:
        # Given up, and nothing else arrived since it was first tried either.
        since, begun = webhook.failing_since, sending.tried_at or now
        trouble.failed(webhook, given_up=given_up and since is not None and since <= begun + timedelta(minutes=1))


# By hand


def try_out(actor: Any, webhook: Webhook) -> Sending:
    """Send something that is no event, once, to see whether it arrives."""
    _own(actor, webhook)
    return Sending.objects.create(
        webhook=webhook, message=signing.new_message(), type="webhook.test", body=payload.trial(webhook)
    )


def replay(actor: Any, webhook: Webhook, *, only: int | None = None, since: Any = None) -> int:
    """Send again: one message, or all that were given up since an instant, in their order. Each under the webhook-id that it had, so
    that a receiver who got it after all does nothing twice. Gives how many.
    """
    _own(actor, webhook)
    rows = Sending.objects.filter(webhook=webhook, event__isnull=False)
    rows = rows.filter(pk=only, state__in=(Sending.FAILED, Sending.DONE)) if only else rows.filter(state=Sending.FAILED)
    if since is not None:
        rows = rows.filter(at__gte=since)
    now = clock.now()
    fresh = {"claim": "", "claimed_until": None, "tried_at": None, "tries": 0, "ended_at": None}
    with transaction.atomic():
        n = rows.update(**fresh, state=Sending.WAITING, due=now)
        if n:
            facts.tell("webhook.replayed", webhook, actor, n=n)
    return int(n)


def _own(actor: Any, webhook: Webhook) -> None:
    owning.may_change(actor, webhook)
    if not Webhook.objects.filter(pk=webhook.pk, paused_at=None).exists():
        raise Refused(_("It is paused. Turn it on first."))
