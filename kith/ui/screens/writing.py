"""What is written in a record's composer beside notes: a call, a task, whatever rooms bring."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.events.models import About, Event
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects.actions import act
from kith.objects.declare import ObjectType
from kith.objects.kinds.kind import new_key
from kith.objects.query import find
from kith.objects.write import first_time

from ..render import answer, draw, onward, partial, toast, wants_part
from ..writing import TEXT, Form, fresh, refused, writings
from .talk import story


def write(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """Write one of them. The same form sent twice writes one; 422 keeps what was typed."""
    record = find(actor, o, pk)
    one = next((w for w in writings(actor, o, record) if w.name == name), None)
    if one is None:
        raise Missing(_("There is no such action here."))
    given, viewer = request.POST, request.viewer
    said = {k: v for k, v in given.dict().items() if k not in ("csrfmiddlewaretoken", "once")}
    try:
        text = one.action.form[TEXT][1].parse(given.get(TEXT, "").replace("\r\n", "\n"), viewer)
        values = {key.removeprefix(f"{name}."): value for key, value in one.inputs.read(given, viewer).items()}
        with transaction.atomic():
            new = first_time(actor, given.get("once", "") or new_key(), o.key, pk, name, said)
            if new:
                act(actor, name, record, **values, text=text)
    except Refused as refusal:
        if not wants_part(request):
            raise
        return answer(request, _form(request, o, record, refused(one, given, viewer, refusal)), status=422)
    sentence = _("%(action)s: done.") % {"action": one.send} if new else _("Already done.")
    if not wants_part(request):
        return onward(request, o.url(pk), sentence, undo=request.cause if new else "")
    made = one.makes if new else ""
    return answer(
        request,
        _form(request, o, record, fresh(one, actor, record, viewer, open=True)),
        story(request, actor, o, find(actor, o, pk), fresh=_told(request, o, pk) if new else None),
        toast(request, sentence, undo=request.cause if new else ""),
        changed={"object": made, "ids": [], "by": "writing"} if made else None,
    )


def _form(request: Any, o: ObjectType, record: Any, form: Form) -> Any:
    context = {"object": o, "record": record, "url": o.url(record.pk), "w": form}
    return partial(f"#cmp-{form.writing.name}", "outerHTML", draw(request, "ui/parts/write.html", context))


def _told(request: Any, o: ObjectType, pk: int) -> int | None:
    """The event of this request that stands in the record's timeline."""
    about = About.objects.filter(
        object=o.key, record=pk, event__in=Event.objects.filter(cause=request.cause).values("pk")
    )
    here = Event.objects.filter(Q(object=o.key, record=pk) | Q(pk__in=about.values("event")), cause=request.cause)
    return here.order_by("-pk").values_list("pk", flat=True).first()
