"""The editor of one filter condition, and looking up records to link to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.access import readable
from kith.objects.declare import ObjectType, object_type
from kith.objects.filters import OPERATORS, Condition
from kith.objects.query import listing

from .. import widgets
from ..panels import portrait, title
from ..render import page
from ..view import View, parts_of

#: So many records are offered when one is looked up.
OFFERED = 12


def editor(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The form for one condition: its operator and its values, as the field's kind takes them."""
    view, viewer = View.of(request, actor, o), request.viewer
    name, op, at = request.GET.get("field", ""), request.GET.get("op", ""), request.GET.get("at", "")
    values: tuple[str, ...] = ()
    if at.isdecimal():
        parts = parts_of(view.tree())
        part = parts[int(at)] if int(at) < len(parts) else None
        if isinstance(part, Condition):
            name, values = part.field, part.values
            op = op or part.operator
    field = readable(actor, o, name)
    operators = [OPERATORS[key] for key in field.kind.operators]
    operator = next((x for x in operators if x.key == op), operators[0])
    target = getattr(field, "inner", field)
    options = widgets.options(target, target.kind.empty, viewer)
    if options is not None:
        for option in options:
            option["chosen"] = option["value"] in values
    lookup = widgets.lookup_url(target)
    chosen = _titles(actor, target, values, viewer) if lookup else []
    context = {
        "object": o,
        "view": view,
        "field": field,
        "at": at,
        "operators": operators,
        "operator": operator,
        "values": values,
        "texts": _texts(_typed(target, operator, values, viewer), operator.takes),
        "options": options if operator.takes in ("many", "one") else None,
        "radio": operator.takes == "one",
        "lookup": lookup,
        "chosen": chosen,
        "kind": target.kind,
    }
    return page(request, "ui/pages/filter.html", context, part="ui/parts/filter_form.html")


def _typed(field: Any, operator: Any, values: tuple[str, ...], viewer: Any) -> tuple[str, ...]:
    """The values as this person would type them; one that cannot be read stays as it is."""
    if operator.takes not in ("one", "two"):
        return values
    texts = []
    for value in values:
        try:
            texts.append(field.kind.edit(field.kind.operand(value, viewer), viewer))
        except Refused:
            texts.append(value)
    return tuple(texts)


def _texts(values: tuple[str, ...], takes: str) -> list[str]:
    """The texts of the inputs that an operator needs."""
    wanted = {"one": 1, "two": 2, "number": 1, "many": max(1, len(values))}.get(takes, 0)
    return [*values, *[""] * wanted][:wanted]


def _titles(actor: Actor, field: Any, values: tuple[str, ...], viewer: Any) -> list[tuple[str, str]]:
    target = object_type(field.target)
    ids = [int(v) for v in values if v.isdecimal() and len(v) < 19]
    found = listing(actor, target, columns=[target.title], where=Q(pk__in=ids), limit=50) if ids else None
    return [(str(r.pk), title(actor, target, r, viewer)) for r in found.records] if found else []


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
