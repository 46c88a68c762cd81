"""Lists of records, and one record: read, made, changed, moved to the trash and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kith.kernel.errors import Forbidden, Missing, Refused
from kith.objects import write
from kith.objects.access import may
from kith.objects.access.models import CHANGE, CREATE, VIEW
from kith.objects.declare import ObjectType
from kith.objects.query import count, find, listing, selected, visible_to
from kith.objects.way import way_of

from . import once, versions
from .asking import Asked
from .shapes import MOST_EXPANDED, MOST_FIELDS, Shape, number, one
from .taking import hold
from .wire import Unfit, answer, body, values_of

USUAL, MOST = 50, 200
#: The parameters of a list, and of one record.
OF_LISTS = ("filter", "sort", "search", "fields", "expand", "limit", "after", "count", "trash")
OF_RECORDS = ("fields", "expand", "trash")


def address(o: ObjectType, pk: int | None = None) -> str:
    """Where an object's records are, or one of them."""
    return f"/api/v1/{o.slug}" if pk is None else f"/api/v1/{o.slug}/{pk}"


def seen(asked: Asked, o: ObjectType) -> None:
    """Forbidden for whoever may see no record of the object."""
    if not may(asked.actor, VIEW, o):
        raise Forbidden(_("You may not see records of “%(objects)s”.") % {"objects": o.plural})


def shape_of(asked: Asked, o: ObjectType) -> Shape:
    """What the parameters `fields` and `expand` ask for."""
    names, links = asked.names("fields", MOST_FIELDS), asked.names("expand", MOST_EXPANDED) or ()
    with asked.about("fields"):
        shape = Shape(asked.actor, o, names)
    with asked.about("expand"):
        return shape.bringing(links) if links else shape


@contextmanager
def blaming(asked: Asked, o: ObjectType) -> Iterator[None]:
    """What is refused inside is refused because of a parameter that says which records are meant; here it is found out which."""
    try:
        yield
    except Refused as refusal:
        given = asked.given
        with asked.about("filter"):
            selected(asked.actor, o, filter=given.get("filter", ""), viewer=asked.viewer)
        with asked.about("search"):
            selected(asked.actor, o, search=given.get("search", ""), viewer=asked.viewer)
        with asked.about("sort"):
            way_of(asked.actor, o, given.get("sort", ""), asked.viewer)
        if "after" in given:
            refusal.parameter = "after"  # type: ignore[attr-defined]
        raise


def index(asked: Asked, o: ObjectType) -> HttpResponse:
    """A page of records, and the cursor of the next."""
    given = asked.only(*OF_LISTS)
    seen(asked, o)
    shape = shape_of(asked, o)
    limit, counting, trash = asked.number("limit", USUAL, MOST), asked.flag("count"), asked.flag("trash")
    narrowing: dict[str, Any] = {
        "filter": given.get("filter", ""),
        "search": given.get("search", ""),
        "trash": trash,
        "viewer": asked.viewer,
    }
    with blaming(asked, o):
        page = listing(
            asked.actor,
            o,
            **narrowing,
            sort=given.get("sort", ""),
            columns=shape.loaded,
            after=given.get("after") or None,
            limit=limit,
        )
    made: dict[str, Any] = {"data": shape.records(page.records), "next": page.next}
    if counting:
        counted = count(asked.actor, o, **narrowing)
        made["count"] = {"value": counted.value, "exact": counted.exact}
    headers = {}
    if page.next:
        headers["Link"] = f'<{address(o)}?{urlencode({**given, "after": page.next})}>; rel="next"'
    return answer(made, headers=headers)


def show(asked: Asked, o: ObjectType, pk: int) -> HttpResponse:
    """One record."""
    asked.only(*OF_RECORDS)
    shape = shape_of(asked, o)
    sent = one(shape, pk, trash=asked.flag("trash"))
    headers = {"ETag": versions.mark(sent["version"], shape)}
    if versions.unchanged(asked.request, shape, sent):
        return answer(None, 304, headers)
    return answer(sent, headers=headers)


def make(asked: Asked, o: ObjectType) -> HttpResponse:
    """A new record."""
    asked.only()
    values = values_of(body(asked.request, ("values",)))

    def work() -> HttpResponse:
        hold(asked.actor, o, CREATE, values)
        return told(asked, o, write.create(asked.actor, o, values).pk, 201)

    return once.answered(asked, work, lambda kept: again(asked, o, kept))


def told(asked: Asked, o: ObjectType, pk: int, status: int = 200) -> HttpResponse:
    """A record that was written, as the caller may see it; where she may only write, no more than which one it is."""
    shape = Shape(asked.actor, o)
    headers = {"Location": address(o, pk)} if status == 201 else {}
    try:
        sent = one(shape, pk)
    except Missing:
        return answer({"object": o.key, "id": pk}, status, headers)
    return answer(sent, status, {"ETag": versions.mark(sent["version"], shape), **headers})


def again(asked: Asked, o: ObjectType, kept: once.Kept) -> HttpResponse:
    """What was done to a record under a key that comes again. Missing for whoever may neither see it nor make such ones."""
    seen = visible_to(asked.actor, o, trash=None).filter(pk=kept["id"])
    if not (may(asked.actor, CREATE, o) or seen.exists()):
        raise Missing
    return told(asked, o, kept["id"], kept["status"])


def change(asked: Asked, o: ObjectType, pk: int) -> HttpResponse:
    """Some fields of a record changed; what others changed in the meantime stays, unless it is the same fields."""
    asked.only()
    record = find(asked.actor, o, number(pk))
    version = _version(asked, record)
    values = values_of(body(asked.request, ("values",)))
    hold(asked.actor, o, CHANGE, values)
    return told(asked, o, write.change(asked.actor, record, values, version=version).pk)


def remove(asked: Asked, o: ObjectType, pk: int) -> HttpResponse:
    """A record moved to the trash, if nobody changed it since it was read: what was changed may be why it should stay."""
    asked.only()
    record = find(asked.actor, o, number(pk))
    version = _version(asked, record)
    with transaction.atomic():
        removed = write.remove(asked.actor, record, version=version)
        if version is not None and removed.version != version + 1:
            sentence = _("Somebody else changed this record in the meantime. Read it again before you remove it.")
            raise Unfit(412, sentence, "stale", more={"differences": []})
    return answer(None, 204)


def restore(asked: Asked, o: ObjectType, pk: int) -> HttpResponse:
    """A record taken back from the trash. One that was taken back already is told as it is: the first answer may have been lost."""
    asked.only()
    body(asked.request, ())
    record = find(asked.actor, o, number(pk), trash=None)
    if record.removed_at is not None:
        write.restore(asked.actor, record)
    return told(asked, o, record.pk)


def _version(asked: Asked, record: Any) -> int | None:
    version = versions.wanted(asked.request)
    if version is not None and version > record.version:
        raise versions.unknown()
    return version
