"""One addition to a record's page, read again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.declare import ObjectType

from .. import panels
from ..additions import additions, drawn
from ..render import page


def show(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """The addition alone for a script, a page of its own where there is none; Missing where it has nothing to say."""
    record = panels.loaded(actor, o, pk, request.viewer)
    one = next((a for a in additions(o) if a.name == name), None)
    made = drawn(one, actor, record, request.viewer) if one is not None else None
    if made is None:
        raise Missing
    context = {
        "object": o,
        "record": record,
        "url": o.url(pk),
        "a": made,
        "title": panels.title(actor, o, record, request.viewer),
    }
    return page(request, "ui/pages/addition.html", context, part="ui/parts/addition.html")
