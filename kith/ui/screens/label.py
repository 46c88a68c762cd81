"""The printed label of an address: for an envelope, as the country that it goes to writes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.access import fields as fields_of
from kith.objects.declare import ObjectType
from kith.objects.kinds import Country

from .. import panels
from ..render import page

LATIN, LOCAL = "latin", "local"


def show(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """A page to print or to copy from. `script` asks for the country's own letters or for Latin ones; sent abroad, it is Latin first."""
    field = fields_of(actor, o).get(name)
    if field is None or not field.kind.posted:
        raise Missing
    viewer = request.viewer
    record = panels.loaded(actor, o, pk, viewer)
    value = field.get(record)
    if field.kind.is_empty(value):
        raise Missing
    home = viewer.country
    abroad = home != value.country
    asked = request.GET.get("script", "")
    # Letters of the country itself arrive, too; half an address in each script does not.
    known = bool(getattr(value, "latin", ""))
    latin = known and (asked == LATIN if asked in (LATIN, LOCAL) else abroad)
    title = o.title_field
    addressee = ""
    if o.title in fields_of(actor, o):
        addressee = title.kind.addressee(title.get(record), latin=latin) or panels.title(actor, o, record, viewer)
    lines = [addressee, *field.kind.envelope(value, viewer, home=home, latin=latin)]
    context = {
        "object": o,
        "record": record,
        "url": o.url(pk),
        "field": field,
        "title": panels.title(actor, o, record, viewer),
        "lines": [line for line in lines if line],
        "latin": latin,
        "both": known,
        "home": Country().name(home, viewer) if home else "",
        "abroad": abroad,
    }
    return page(request, "ui/pages/label.html", context, part="ui/parts/label.html")
