"""Webhooks of the caller's own, in both directions alike: made, changed, paused, removed, given new secrets.

What is said of one direction alone stands in a `Direction`: of those that send in `hooks_out`, of those that take in in `hooks_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.hooks import owning
from kith.hooks.payload import moment

from . import once, versions
from .asking import Asked
from .shapes import LARGEST, number
from .wire import Unfit, answer, body, pointer

MOST = 200
Json = dict[str, Any]
Members = Mapping[str, Callable[[Any], bool]]


def is_text(value: Any) -> bool:
    """Whether a member is text."""
    return isinstance(value, str)


def is_texts(value: Any) -> bool:
    """Whether a member is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def is_list(value: Any) -> bool:
    """Whether a member is a list; what stands in it is looked at by the rules."""
    return isinstance(value, list)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


@dataclass(frozen=True)
class Direction:
    """One direction. `members` may be changed, `once` is said when it is made, `usual` is meant where nothing is said.

    `made`, `changed` and `renewed` are the rules' own functions; `told` is what stands in an answer beside what both directions have;
    it gets the secret where one is told.
    """

    model: Any
    at: str
    members: Members
    once: Members
    usual: Json
    made: Callable[..., Any]
    changed: Callable[..., Any]
    renewed: Callable[..., str]
    told: Callable[[Asked, Any, str], Json]

    def index(self, asked: Asked) -> HttpResponse:
        """Every one of them."""
        asked.only()
        return answer({"data": [self._described(asked, row) for row in owning.mine(asked.actor, self.model)]})

    def show(self, asked: Asked, pk: int) -> HttpResponse:
        """One of them."""
        asked.only()
        return self._answer(asked, self.find(asked, pk))

    def make(self, asked: Asked) -> HttpResponse:
        """A new one. Its secret stands in this answer and in no other: asked for again under the same key, it comes without."""
        asked.only()
        given = _given(asked, {**self.members, **self.once})

        def work() -> HttpResponse:
            row, secret = self.made(asked.actor, {**self.usual, **given})
            return self._answer(asked, row, 201, secret)

        def again(kept: Json) -> HttpResponse:
            return self._answer(asked, self.find(asked, kept["id"]), 201)

        return once.answered(asked, work, again)

    def change(self, asked: Asked, pk: int) -> HttpResponse:
        """Some of it changed; turned off and on by `paused`."""
        asked.only()
        row = self.find(asked, pk)
        version = versions.wanted(asked.request)
        given = _given(asked, {**self.members, "paused": _is_flag})
        if version is not None and version != row.version:
            raise Unfit(412, _("Somebody else changed this in the meantime. Load the page again."), "stale")
        paused = given.pop("paused", None)
        if given:
            kept = {name: getattr(row, name) for name in self.members}
            self.changed(asked.actor, row, {**kept, **given}, row.version)
        if paused is True:
            owning.pause(asked.actor, row)
        elif paused is False:
            owning.resume(asked.actor, row)
        return self.show(asked, pk)

    def remove(self, asked: Asked, pk: int) -> HttpResponse:
        """It is taken away with its log."""
        asked.only()
        owning.remove(asked.actor, self.find(asked, pk))
        return answer(None, 204)

    def new_secret(self, asked: Asked, pk: int) -> HttpResponse:
        """A new secret; for a day both count."""
        asked.only()
        body(asked.request, ())
        row = self.find(asked, pk)
        return self._answer(asked, row, 200, self.renewed(asked.actor, row))

    def find(self, asked: Asked, pk: int) -> Any:
        """One of the caller's own; Missing for whatever else."""
        return owning.find(asked.actor, self.model, number(pk))

    def _described(self, asked: Asked, row: Any, secret: str = "") -> Json:
        return {
            "id": row.pk,
            "version": row.version,
            **{name: getattr(row, name) for name in (*self.members, *self.once)},
            "paused": row.paused_at is not None,
            "paused_why": row.paused_why,
            "made_at": moment(row.made_at),
            **self.told(asked, row, secret),
            **({"secret": secret} if secret else {}),
        }

    def _answer(self, asked: Asked, row: Any, status: int = 200, secret: str = "") -> HttpResponse:
        headers = {"ETag": versions.mark(row.version)}
        if status == 201:
            headers["Location"] = f"{self.at}/{row.pk}"
        return answer(self._described(asked, row, secret), status, headers)


def page_of(asked: Asked, rows: Any, told: Callable[[Any], Json]) -> HttpResponse:
    """A page of a log, newest first: at most `limit`, after the number `after`."""
    given = asked.only("after", "limit")
    limit = asked.number("limit", 50, MOST)
    after = asked.number("after", 0, 999_999_999) if "after" in given else 0
    found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: limit + 1])
    more = len(found) > limit
    return answer({"data": [told(one) for one in found[:limit]], "next": found[limit - 1].pk if more else None})


def only_one(given: Mapping[str, Any], name: str) -> int | None:
    """The number of one line of a log that a body names; None for all of them."""
    only = given.get(name)
    if only is not None and (type(only) is not int or not 0 < only <= LARGEST):
        raise unfit(_("This needs to be a whole number above zero."), name)
    return only


def _given(asked: Asked, members: Members) -> Json:
    found = body(asked.request, tuple(members))
    for name, value in found.items():
        if not members[name](value):
            raise unfit(_("This cannot be read."), name)
    return found


def unfit(sentence: str, name: str) -> Unfit:
    """A member of a body that cannot be taken."""
    return Unfit(422, sentence, "invalid", errors=[{"pointer": pointer(name), "detail": sentence}])
