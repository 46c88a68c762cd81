"""The change feed: what happened after a position, in order, each change once; at one asking, or as server-sent events.

A position is durable: whoever keeps the last one that she worked off goes on from it, after a minute or a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kith.events.horizon import Lost, age, horizon, place, written
from kith.events.models import Age
from kith.kernel.actor import Actor, acting
from kith.kernel.errors import Refused
from kith.kernel.open_answers import DOOR, FOLLOWER
from kith.kernel.sentences import listed
from kith.kernel.viewer import Viewer, viewing
from kith.objects import reads
from kith.objects.changes import GONE, Told, changes_after, kinds_of_change, rights_mark
from kith.objects.declare import object_type, object_types
from kith.objects.query import MAX_PAGE, listing

from .asking import Asked
from .records import address
from .shapes import Shape
from .wire import Unfit, answer

PARAMETERS = ("after", "object", "what", "limit", "expand")
USUAL, MOST = 100, 1_000
#: Changes that a stream reads at once.
OF_STREAM = 100
NOW, RECORD, STREAM = "now", "record", "text/event-stream"
PATH = "/api/v1/changes"


@dataclass(frozen=True)
class Wanted:
    """Which changes somebody asks for, and whether each brings the record as it is now."""

    objects: frozenset[str] | None = None
    what: frozenset[str] | None = None
    expand: bool = False


@dataclass
class Follower:
    """Somebody who is told of changes as they happen: with which token, what she asked for, where she is."""

    prefix: str
    actor: Actor
    viewer: Viewer
    language: str
    wanted: Wanted
    position: int
    #: A mark of her rights as she was told it; "" before anything was told.
    mark: str = ""
    #: The place that she was last told of.
    told: int = 0

    @property
    def user_id(self) -> str:
        """Whose streams are counted together: those of one token."""
        return self.prefix

    def news(self, of: Age, upto: int) -> tuple[list[tuple[str, Any, str]], bool]:
        """What there is to tell her now, as (event, data, position), and whether there may be more at once. Her rights are read anew."""
        self.actor.forget()
        said: list[tuple[str, Any, str]] = []
        with translation.override(self.language), viewing(self.viewer), acting(self.actor), reads.noting() as noted:
            if (mark := rights_mark(self.actor)) != self.mark:
                self.mark, self.told = mark, self.position
                said.append(("rights", {"rights": mark}, written(self.position, of)))
            stretch = changes_after(
                self.actor, self.position, upto, objects=self.wanted.objects, what=self.wanted.what, limit=OF_STREAM
            )
            said += [
                ("change", one, one["position"]) for one in _told(self.actor, stretch.changes, of, self.wanted.expand)
            ]
            noted.write_down(self.actor)
        self.position = stretch.upto
        if stretch.changes:
            self.told = stretch.changes[-1].number
        if self.position >= self.told + MOST:
            # Others were busy: whoever comes back need not go over all of that again.
            said.append(("position", {}, written(self.position, of)))
            self.told = self.position
        return said, stretch.more


def show(asked: Asked) -> HttpResponse:
    """What happened after a position; a stream of it where the caller takes one."""
    given = asked.only(*PARAMETERS)
    wanted = _wanted(asked)
    limit = asked.number("limit", USUAL, MOST)
    of = age()
    streamed = _takes_a_stream(asked.request.headers.get("Accept", ""))
    after = given.get("after", "")
    if streamed and (last := asked.request.headers.get("Last-Event-ID", "")):
        after = last
    upto = horizon()
    position = _position(after, of, upto)
    if streamed:
        return _stream(asked, wanted, position)
    stretch = changes_after(asked.actor, position, upto, objects=wanted.objects, what=wanted.what, limit=limit)
    following = written(stretch.upto, of)
    made = {
        "data": list(_told(asked.actor, stretch.changes, of, wanted.expand)),
        "next": following,
        "more": stretch.more,
        "rights": rights_mark(asked.actor),
    }
    link = f'<{PATH}?{urlencode({**given, "after": following})}>; rel="next"'
    return answer(made, headers={"Link": link, "Vary": "Accept"})


def _takes_a_stream(accept: str) -> bool:
    return any(part.partition(";")[0].strip().lower() == STREAM for part in accept.split(","))


def _stream(asked: Asked, wanted: Wanted, position: int) -> HttpResponse:
    if not asked.request.META.get(DOOR):
        raise Unfit(406, _("This server keeps no answer open. Ask for JSON, again and again."), "no-stream")
    if asked.request.method == "GET":
        language = translation.get_language() or "en"
        asked.request.META[FOLLOWER] = Follower(
            asked.token.prefix, asked.actor, asked.viewer, language, wanted, position, told=position
        )
    # nginx would hold small pieces back.
    return HttpResponse(
        content_type=STREAM, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store", "Vary": "Accept"}
    )


def _position(text: str, of: Age, upto: int) -> int:
    if not text:
        return of.kept_from
    if text == NOW:
        return max(upto, of.kept_from)
    try:
        return place(text, of)
    except ValueError:
        sentence = _("“after” is a position that this address gave, or “now”.")
        raise Unfit(422, sentence, "parameter", errors=[{"parameter": "after", "detail": sentence}]) from None
    except Lost:
        sentence = _(
            "What happened after this position is not kept any more. Take a new position with “after=now”, and read your records anew."
        )
        raise Unfit(410, sentence, "position-lost") from None


def _wanted(asked: Asked) -> Wanted:
    objects, what, expand = (asked.names(name, 100) for name in ("object", "what", "expand"))
    with asked.about("object"):
        keys = None if objects is None else frozenset(_key(name) for name in objects)
    with asked.about("what"):
        known = kinds_of_change()
        for name in what or ():
            if name not in known:
                raise Refused(
                    _("“%(name)s” is no kind of change. These are: %(names)s.")
                    % {"name": name[:60], "names": listed(known)}
                )
    with asked.about("expand"):
        if expand is not None and expand != [RECORD]:
            raise Refused(_("Along with a change comes the record: “expand=record”."))
    return Wanted(keys, None if what is None else frozenset(what), expand is not None)


def _key(name: str) -> str:
    found = next((o.key for o in object_types() if name in (o.slug, o.key)), None)
    if found is None:
        raise Refused(_("There is no object “%(name)s”.") % {"name": name[:60]})
    return found


def _told(actor: Actor, changes: list[Told], of: Age, expand: bool) -> Iterator[dict[str, Any]]:
    """Changes as programs get them; one by which a record left her sight says that, and nothing more."""
    records = _records(actor, changes) if expand else {}
    for one in changes:
        made: dict[str, Any] = {
            "position": written(one.number, of),
            "at": one.at.isoformat().replace("+00:00", "Z"),
            "object": one.object,
            "id": one.record,
            "what": one.what,
        }
        if one.what != GONE and one.by is not None:
            kind, pk, name = one.by
            made |= {"version": one.version, "by": {"kind": kind, "id": pk, "name": name}, "fields": list(one.fields)}
            made["url"] = address(object_type(one.object), one.record)
            if expand:
                made["record"] = records.get((one.object, one.record))
        yield made


def _records(actor: Actor, changes: list[Told]) -> dict[tuple[str, int], dict[str, Any]]:
    """The records as they are now, those in the trash left out."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    wanted: dict[str, list[int]] = {}
    for one in changes:
        if one.what != GONE:
            wanted.setdefault(one.object, []).append(one.record)
    for key, every in wanted.items():
        shape, ids = Shape(actor, object_type(key)), list(dict.fromkeys(every))
        for start in range(0, len(ids), MAX_PAGE):
            some = Q(pk__in=ids[start : start + MAX_PAGE])
            page = listing(actor, key, where=some, columns=shape.loaded, sort="", limit=MAX_PAGE)
            found |= {(key, sent["id"]): sent for sent in shape.records(page.records)}
    return found
