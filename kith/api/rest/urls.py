"""The addresses of records, each with its policy. One shape for every object; whatever else stands under /api/ is nothing."""

from __future__ import annotations

from typing import Any

from kith.kernel.policy import TOKEN, Policy

from ..doors import door
from . import bulk, changes, doing, exporting, hooks_in, hooks_out, metadata, openapi, records, runs
from .asking import asking, not_allowed, nowhere
from .hooks import Direction
from .hooks_in import TAKES_IN
from .hooks_out import SENDS

LEDGER = "created, changed, removed, restored"
EVERY = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _rest(pattern: str, name: str, audit: str = "", **by_method: Any) -> Any:
    methods = tuple(by_method)
    policy = Policy(
        TOKEN, methods, writes=set(methods) != {"GET"} and bool(audit), audit=audit, elsewhere=True, tracker="token"
    )
    return door(pattern, asking(**by_method), name, policy, not_allowed=not_allowed)


def _hooks(way: Direction, name: str) -> list[Any]:
    """What webhooks of both directions have alike."""
    at, one = way.at.removeprefix("/"), f"{way.at.removeprefix('/')}/<int:pk>"
    return [
        _rest(at, f"{name}s", "webhook.made", GET=way.index, POST=way.make),
        _rest(one, name, HOOK_FACTS, GET=way.show, PATCH=way.change, DELETE=way.remove),
        _rest(f"{one}/secret", f"{name}-secret", "webhook.secret_changed", POST=way.new_secret),
    ]


NOWHERE: dict[str, Any] = dict.fromkeys(EVERY, nowhere)
AT = "api/v1"
HOOK_FACTS = "webhook.changed, webhook.paused, webhook.resumed, webhook.removed"
OBJECT = f"{AT}/<slug:slug>"
RECORD = f"{OBJECT}/<int:pk>"
HOOK, INLET = (f"{way.at.removeprefix('/')}/<int:pk>" for way in (SENDS, TAKES_IN))

urlpatterns = [
    _rest(f"{AT}/openapi.json", "rest-openapi", GET=openapi.show),
    _rest(f"{AT}/me", "rest-me", GET=metadata.me),
    _rest(f"{AT}/objects", "rest-objects", GET=metadata.index),
    _rest(f"{AT}/objects/<slug:slug>", "rest-object", GET=metadata.show),
    _rest(f"{AT}/changes", "rest-changes", GET=changes.show),
    _rest(f"{AT}/runs/<int:pk>", "rest-run", GET=runs.show),
    *_hooks(SENDS, "rest-hook"),
    _rest(f"{HOOK}/test", "rest-hook-test", "nothing but a line of its log", POST=hooks_out.try_out),
    _rest(f"{HOOK}/messages", "rest-hook-messages", GET=hooks_out.messages),
    _rest(f"{HOOK}/replay", "rest-hook-replay", "webhook.replayed", POST=hooks_out.replay),
    *_hooks(TAKES_IN, "rest-hook-in"),
    _rest(f"{INLET}/arrivals", "rest-hook-in-arrivals", GET=hooks_in.arrivals),
    _rest(f"{INLET}/replay", "rest-hook-in-replay", "webhook.replayed", POST=hooks_in.replay),
    _rest(OBJECT, "rest-list", LEDGER, GET=records.index, POST=records.make),
    _rest(f"{OBJECT}/bulk", "rest-bulk", LEDGER, POST=bulk.many),
    _rest(f"{OBJECT}/export", "rest-export", "list.exported", GET=exporting.export),
    _rest(RECORD, "rest-record", LEDGER, GET=records.show, PATCH=records.change, DELETE=records.remove),
    _rest(f"{RECORD}/restore", "rest-restore", LEDGER, POST=records.restore),
    _rest(f"{RECORD}/history", "rest-history", GET=doing.history),
    _rest(f"{RECORD}/actions/<slug:name>", "rest-action", "what the action says of itself", POST=doing.do),
    _rest("api", "rest-root", **NOWHERE),
    _rest("api/<anything:where>", "rest-nowhere", **NOWHERE),
]
