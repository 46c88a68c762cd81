"""Everything that holds some words: by object, what is named so first, and why each was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.highlights import marked
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds.numerals import show_number
from kith.objects.query import Count, Page, count, listing
from kith.objects.search import matching

from ..panels import portrait, title
from ..render import announce, answer, draw, navigable, page, wants_part

#: Of each object while all are shown, on a page of one, and how far somebody counts.
EACH, PAGE, COUNTED = 5, 25, 1000
LONGEST = 200
#: What is named so, and what holds the words elsewhere.
NAMED, HELD = "n", "h"


@dataclass(frozen=True)
class Hit:
    """A record that was found: `name` and `why` (label of a field, text) with the words marked."""

    url: str
    object: ObjectType
    portrait: SafeString
    name: SafeString
    why: tuple[tuple[Any, SafeString], ...]


def search(request: Any, actor: Actor) -> HttpResponse:
    """The page; for a script the results alone, or with `after` the lines that follow."""
    q, viewer = request.GET.get("q", "").strip()[:LONGEST], request.viewer
    objects = navigable(actor)
    chosen = next((o for o in objects if o.slug == request.GET.get("in", "")), None)
    problem, groups, tabs, more = "", [], [], ""
    if q:
        try:
            numbers = {o.key: count(actor, o, search=q, cap=COUNTED, viewer=viewer) for o in objects}
            tabs = _tabs(q, objects, chosen, numbers, viewer)
            some = [chosen] if chosen else [o for o in objects if numbers[o.key].value]
            for o in some:
                hits, following = hits_of(
                    actor,
                    o,
                    q,
                    viewer,
                    after=request.GET.get("after", "") if chosen else "",
                    limit=PAGE if chosen else EACH,
                )
                more = (
                    f"/search/?{urlencode({'q': q, 'in': o.slug, 'after': following})}" if chosen and following else ""
                )
                groups.append(
                    {"object": o, "hits": hits, "url": _address(q, o), "number": _said(numbers[o.key], viewer)}
                )
        except Refused as refusal:
            problem, groups = str(refusal), []
    context = {"q": q, "tabs": tabs, "groups": groups, "chosen": chosen, "more": more, "problem": problem}
    if wants_part(request) and request.GET.get("after") and chosen:
        return answer(
            request, draw(request, "ui/parts/search_hits.html", context | {"hits": groups[0]["hits"] if groups else []})
        )
    if wants_part(request):
        total = sum(numbers[o.key].value for o in objects) if q and not problem else 0
        told = ngettext("%(n)s result", "%(n)s results", total) % {"n": show_number(total, viewer)}
        return answer(request, draw(request, "ui/parts/search_results.html", context), announce(told))
    return page(request, "ui/pages/search.html", context, status=400 if problem else 200)


def hits_of(
    actor: Actor, o: ObjectType, q: str, viewer: Viewer, *, after: str = "", limit: int = EACH
) -> tuple[list[Hit], str]:
    """Records of one object that hold the words of `q`, those that are named so first; and the place where to go on, "" at the end.

    Each is read through the gate, and only by the fields that the actor may read.
    """
    mine = fields_of(actor, o)
    fields = [f for f in mine.values() if f.search]
    tier, _colon, cursor = after.partition(":") if after else (NAMED, "", "")
    named = matching(o, q, [mine[o.title]]) if o.title in mine and mine[o.title].search else None
    if named is None:
        tier = HELD
    found: list[Any] = []
    following = ""
    columns = list(dict.fromkeys([o.title, *(f.name for f in fields)]))
    for one, where in ((NAMED, named), (HELD, ~named if named is not None else None)):
        if (one == NAMED and (named is None or tier == HELD)) or len(found) >= limit:
            continue
        some = _some(actor, o, q, viewer, columns, where, cursor if one == tier else "", limit - len(found))
        found += some.records
        if some.next:
            following = f"{one}:{some.next}"
            break
        if one == NAMED and len(found) >= limit:
            following = f"{HELD}:"
    return [_hit(actor, o, r, q, fields, viewer) for r in found], following


def _some(
    actor: Actor, o: ObjectType, q: str, viewer: Viewer, columns: list[str], where: Q | None, cursor: str, limit: int
) -> Page:
    return listing(actor, o, search=q, columns=columns, where=where, after=cursor or None, limit=limit, viewer=viewer)


def _hit(actor: Actor, o: ObjectType, record: Any, q: str, fields: list[Field], viewer: Viewer) -> Hit:
    name, _told = marked(title(actor, o, record, viewer), q)
    why = []
    for field in fields:
        if field.name == o.title and _told:
            continue
        shown, hit = marked(field.kind.format(field.get(record), viewer), q)
        if hit:
            why.append((field.label, shown))
    return Hit(o.url(record.pk), o, portrait(actor, o, record, viewer), name, tuple(why[:2]))


def _tabs(
    q: str, objects: list[ObjectType], chosen: ObjectType | None, numbers: dict[str, Count], viewer: Viewer
) -> list[dict[str, Any]]:
    tabs = [{"label": _("Everything found"), "url": _address(q), "here": chosen is None, "number": ""}]
    return tabs + [
        {
            "label": o.plural,
            "icon": o.icon,
            "url": _address(q, o),
            "here": o is chosen,
            "number": _said(numbers[o.key], viewer),
        }
        for o in objects
        if numbers[o.key].value or o is chosen
    ]


def _address(q: str, o: ObjectType | None = None) -> str:
    return f"/search/?{urlencode({'q': q, **({'in': o.slug} if o else {})})}"


def _said(number: Count, viewer: Viewer) -> str:
    text = show_number(number.value, viewer)
    return text if number.exact else _("%(number)s+") % {"number": text}
