"""The inputs of one field, drawn again for what stands in them: a form of an address follows its country."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.access import fields as fields_of
from kith.objects.declare import ObjectType

from .. import widgets
from ..render import answer


def again(request: Any, actor: Actor, o: ObjectType, name: str) -> HttpResponse:
    """The inputs of the field `name` with what was posted, faults and all. Nothing is read from the record and nothing is saved.

    Posted, not asked for by address: what people type into forms does not belong into the logs of servers on the way. `as` is the
    name that the inputs go by.
    """
    field = fields_of(actor, o, "change").get(name) or fields_of(actor, o, "create").get(name)
    called = request.GET.get("as", "") or name
    if field is None or not re.fullmatch(r"[\w.-]{1,100}", called):
        raise Missing
    return answer(request, widgets.widget(field, field.kind.empty, request.viewer, name=called, data=request.POST))
