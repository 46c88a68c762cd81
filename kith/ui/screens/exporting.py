"""A list as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.declare import ObjectType
from kith.objects.exchange import export
from kith.objects.exchange.exporting import FORMATS
from kith.threads.download import attachment

from ..view import View

#: So many records are chosen one by one at most: those of a page.
MOST = 300


def _only(request: Any) -> list[int] | None:
    """The numbers of the records that were chosen, None where the whole list is meant; Refused for what names none."""
    if "only" not in request.GET:
        return None
    found = [int(n) for n in request.GET["only"].split(",")[:MOST] if n.isascii() and n.isdecimal() and len(n) < 19]
    if not found:
        raise Refused(_("Select at least one record."))
    return found


def download(request: Any, actor: Actor, o: ObjectType) -> HttpResponseBase:
    """The records of a list, filtered, sorted and searched as it is, or those of them that `only` names.

    `columns` chooses fields, otherwise all that a file can bring back.

    What is refused is refused before the first byte, as a page in words.
    """
    view = View.of(request, actor, o)
    form = request.GET.get("format", "csv")
    made = export(
        actor,
        o,
        form,
        filter=view.filter or None,
        sort=view.sort,
        search=view.q,
        only=_only(request),
        columns=view.columns or None,
        viewer=request.viewer,
    )
    name = f"{o.slug}-{clock.today(request.viewer.zone).isoformat()}.{form}"
    return attachment(made, name, FORMATS[form])
