"""A list as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.objects.declare import ObjectType
from kith.objects.exchange import export
from kith.objects.exchange.exporting import FORMATS

from ..download import attachment
from ..view import View


def download(request: Any, actor: Actor, o: ObjectType) -> HttpResponseBase:
    """The records of a list, filtered, sorted and searched as it is; `columns` chooses fields, otherwise all that a file can bring back.

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
        columns=view.columns or None,
        viewer=request.viewer,
    )
    name = f"{o.slug}-{clock.today(request.viewer.zone).isoformat()}.{form}"
    return attachment(made, name, FORMATS[form])
