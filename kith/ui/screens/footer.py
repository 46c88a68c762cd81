"""The footer of a list: what each column comes to, one answer per column, loaded after the page."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.guarded import stopped
from kith.objects.aggregates import AGGREGATES, aggregate, offered
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds.numerals import show_number
from kith.objects.query import Count, count

from ..render import answer, draw, page, partial, wants_part
from ..view import View

#: So many columns are added up at once.
MOST = 12


def show(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The footer of the view that the address says."""
    view = View.of(request, actor, o)
    fields = [o.title_field, *view.fields(actor)]
    feet = [foot(field, view["aggregates"].get(field.name, "")) for field in fields]
    for one in [one for one in feet if one["how"]][:MOST]:
        _asked(one, request, actor, view)
    number = show_count(count(actor, o, filter=view.filter, search=view.q, viewer=request.viewer), request.viewer)
    context = {"object": o, "view": view, "feet": feet, "back": view.url(), "count": number}
    if wants_part(request):
        return answer(request, draw(request, "ui/parts/footer.html", context), partial("#cnt", "innerHTML", number))
    return page(request, "ui/pages/footer.html", context)


def show_count(found: Count, viewer: Any) -> str:
    """The number of records as it is shown: "1,284", or "10,000+" when nobody counted further."""
    number = show_number(found.value, viewer)
    return number if found.exact else _("%(number)s+") % {"number": number}


def foot(field: Field, how: str) -> dict[str, Any]:
    """One column of the footer before anything is asked."""
    can = offered(field)
    how = how if how in can else ""
    return {
        "field": field,
        "can": can,
        "how": how,
        "label": AGGREGATES[how] if how else "",
        "value": "",
        "why": "",
    }


def _asked(one: dict[str, Any], request: Any, actor: Actor, view: View) -> None:
    try:
        one["value"] = aggregate(
            actor,
            view.object,
            one["field"].name,
            one["how"],
            filter=view.filter,
            search=view.q,
            viewer=request.viewer,
        )
    except Refused as refusal:
        one["why"] = str(refusal)
    except DatabaseError as error:
        slow = stopped(error)
        if slow is None:
            raise
        one["why"] = str(slow)
