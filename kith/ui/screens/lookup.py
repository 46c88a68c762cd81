"""Records to link to, looked up while somebody types; and a new one made on the way."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.text import fold
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.declare import ObjectType
from kith.objects.likeness import homes_of
from kith.objects.query import listing
from kith.objects.write import create

from .. import panels
from ..render import answer, page, toast

#: So many records are offered, the best of so many.
OFFERED, LOOKED_AT = 8, 40


def choose(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: options whose words begin as typed. POST: a new record of this title, chosen at once."""
    viewer = request.viewer
    if request.method == "POST":
        return _make(request, actor, o)
    q = request.GET.get("q", "").strip()[:200]
    found = listing(actor, o, search=q, columns=[o.title], limit=LOOKED_AT, viewer=viewer)
    rows = [_option(actor, o, r, viewer) for r in found.records]
    # Search finds words anywhere; who types a name means its beginning first.
    rows.sort(key=lambda row: not fold(row["title"]).startswith(fold(q)))
    rows = rows[:OFFERED]
    same = any(row["title"].casefold() == q.casefold() for row in rows)
    return _options(request, o, rows, q, makes=bool(q) and not same and makes(actor, o))


def _make(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    if not makes(actor, o):
        raise Forbidden
    viewer = request.viewer
    try:
        record = create(
            actor,
            o,
            {o.title: o.title_field.kind.parse(request.POST.get("q", ""), viewer), **_home(request, actor, o)},
            once=request.POST.get("once", ""),
        )
    except Refused as refusal:
        said = " ".join(s for sentences in refusal.errors.values() for s in sentences)
        return answer(request, toast(request, said, bad=True), status=422)
    row = _option(actor, o, record, viewer) | {"chosen": True}
    return _options(request, o, [row], "", makes=False, changed={"object": o.key, "ids": [record.pk], "by": "new"})


def _home(request: Any, actor: Actor, o: ObjectType) -> dict[str, Any]:
    """The domain that led here, as the page of the new record."""
    domain, homes = request.POST.get("domain", "")[:200], homes_of(actor, o, "create")
    return {homes[0].name: homes[0].kind.parse(domain, request.viewer)} if domain and homes else {}


def makes(actor: Actor, o: ObjectType) -> bool:
    """Whether a record can be made here: by whoever may, of objects that need no more than a title."""
    mine = fields_of(actor, o, "create")
    return (
        may(actor, "create", o) and o.title in mine and all(name == o.title for name, f in mine.items() if f.required)
    )


def _option(actor: Actor, o: ObjectType, record: Any, viewer: Any) -> dict[str, Any]:
    title, portrait = panels.title(actor, o, record, viewer), panels.portrait(actor, o, record, viewer)
    return {"pk": record.pk, "title": title, "portrait": portrait, "chosen": False}


def _options(request: Any, o: ObjectType, rows: list[Any], q: str, *, makes: bool, changed: Any = None) -> HttpResponse:
    context = {"object": o, "rows": rows, "q": q, "makes": makes}
    response = page(request, "ui/pages/choose.html", context, part="ui/parts/choose.html")
    if changed:
        response.headers["HX-Trigger"] = json.dumps({"kith:changed": changed})
    return response
