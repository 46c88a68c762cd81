"""The editor of one filter condition, and looking up records to link to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.declare import ObjectType
from kith.objects.filters import Condition
from kith.objects.query import listing

from ..conditions import askable, draw_row, row_of
from ..panels import portrait, title
from ..render import page
from ..view import View, parts_of

#: So many records are offered when one is looked up.
OFFERED = 12


def editor(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The form for one condition, its operator and its values as the field's kind takes them; before it, the choice of a field."""
    view, viewer = View.of(request, actor, o), request.viewer
    name, op, at = request.GET.get("field", ""), request.GET.get("op", ""), request.GET.get("at", "")
    values = tuple(v for v in request.GET.getlist("v") if v)
    if at.isdecimal():
        parts = parts_of(view.tree())
        part = parts[int(at)] if int(at) < len(parts) else None
        if isinstance(part, Condition) and name in ("", part.field):
            name, values = part.field, values or part.values
            op = op or part.operator
    groups = askable(actor, o)
    context: dict[str, Any] = {"object": o, "view": view, "groups": groups, "at": at}
    if not name:
        return page(request, "ui/pages/filter.html", context, part="ui/parts/filter_menu.html")
    row = row_of(actor, o, name, op, values)
    draw_row(actor, row, viewer)
    return page(request, "ui/pages/filter.html", context | {"row": row}, part="ui/parts/filter_form.html")


def lookup(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """Records of this object whose words begin as typed, to choose from. `name` is what the inputs are called, `many` makes boxes."""
    q, name = (request.GET.get("q") or request.GET.get("find") or "").strip(), request.GET.get("name", "v")
    if not name.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise Refused(_("This request cannot be read."))
    found = listing(actor, o, search=q, columns=[o.title], limit=OFFERED, viewer=request.viewer)
    rows = [(r.pk, title(actor, o, r, request.viewer), portrait(actor, o, r, request.viewer)) for r in found.records]
    context = {
        "object": o,
        "rows": rows,
        "name": name,
        "many": "many" in request.GET,
        "press": "press" in request.GET,
        "q": q,
    }
    return page(request, "ui/pages/lookup.html", context, part="ui/parts/lookup.html")
