"""One fact of a record, edited where it stands on the record's page: the whole value, not only what a list cell shows of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused, Stale
from kith.kernel.sentences import isolated
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.query import find
from kith.objects.write import change

from .. import panels, widgets
from ..render import answer, draw, page, toast, wants_part
from ..templatetags.ui import since


def edit(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """GET gives the editor, or with `shown` the value; POST saves. 422 keeps what was typed, 409 says who changed the field meanwhile."""
    if request.method == "GET" and "shown" in request.GET:
        return _shown(request, actor, o, pk, name)
    find(actor, o, pk, "change")
    field = fields_of(actor, o, "change").get(name)
    if field is None:
        # A field that she may not see and one that does not exist get the same answer.
        raise Forbidden(_("You may not change this field.")) if name in fields_of(actor, o) else Missing()
    record = panels.loaded(actor, o, pk, request.viewer)
    if request.method == "POST":
        return _save(request, actor, o, record, field)
    return _answer(request, o, record, field, _editor(request, o, record, field))


def _shown(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    field = fields_of(actor, o).get(name)
    if field is None:
        raise Missing
    record = panels.loaded(actor, o, pk, request.viewer)
    return _answer(request, o, record, field, _value(request, actor, o, record, field))


def _answer(
    request: Any, o: ObjectType, record: Any, field: Field, piece: Any, *more: Any, status: int = 200, **rest: Any
) -> HttpResponse:
    """The piece alone for a script, a page of its own where there is none."""
    if wants_part(request):
        return answer(request, piece, *more, status=status, **rest)
    context = {
        "object": o,
        "record": record,
        "field": field,
        "piece": piece,
        "title": panels.title(request.actor, o, record, request.viewer),
        "url": o.url(record.pk),
    }
    return page(request, "ui/pages/fact.html", context, status=status)


def _value(request: Any, actor: Actor, o: ObjectType, record: Any, field: Field) -> Any:
    editable = field.name in fields_of(actor, o, "change")
    told = panels.fact(actor, record, field, request.viewer, editable=editable)
    return draw(request, "ui/parts/fact.html", {"object": o, "record": record, "f": told, "url": o.url(record.pk)})


def _save(request: Any, actor: Actor, o: ObjectType, record: Any, field: Field) -> HttpResponse:
    given, viewer = request.POST, request.viewer
    version = int(given["version"]) if given.get("version", "").isdecimal() and len(given["version"]) < 10 else None
    before = field.kind.pack(field.get(record))
    try:
        value = widgets.read(field, given, viewer)
        changed = change(actor, record, {field.name: value}, version=version)
    except Stale as stale:
        return _conflict(request, actor, o, stale, field, record.pk)
    except Refused as refusal:
        sentences = refusal.errors.get(field.name) or [str(refusal)]
        editor = _editor(request, o, record, field, data=given, error=" ".join(sentences))
        return _answer(request, o, record, field, editor, status=422)
    fresh = panels.loaded(actor, o, changed.pk, viewer)
    pieces = [_value(request, actor, o, fresh, field)]
    if before != field.kind.pack(field.get(fresh)):
        pieces.append(toast(request, _("Saved"), undo=request.cause))
    if not wants_part(request):
        return HttpResponse(status=302, headers={"Location": o.url(record.pk)})
    return answer(request, *pieces, changed={"object": o.key, "ids": [changed.pk], "by": "fact", "field": field.name})


def _editor(
    request: Any,
    o: ObjectType,
    record: Any,
    field: Field,
    *,
    data: Any = None,
    error: str = "",
    conflict: dict[str, Any] | None = None,
) -> Any:
    value, viewer = field.get(record), request.viewer
    options = widgets.options(field, value, viewer)
    # A closed list opens over the value, as in a list cell; everything else is typed where the value stood.
    # Without scripts nothing opens, so there it is a list of the browser's own.
    listed = options is not None and not field.kind.multiple and wants_part(request)
    text = data.get(field.name) if data is not None else None
    return draw(
        request,
        "ui/parts/fact_edit.html",
        {
            "object": o,
            "record": record,
            "field": field,
            "url": o.url(record.pk),
            "error": error,
            "conflict": conflict,
            "listed": listed,
            "shown": field.kind.detail(value, viewer),
            "assumed": panels.guess(request.actor, record, field, viewer),
            "widget": widgets.widget(field, value, viewer, text=text, error=error, inline=listed, data=data),
        },
    )


def _conflict(request: Any, actor: Actor, o: ObjectType, stale: Stale, field: Field, pk: int) -> HttpResponse:
    """Somebody changed this very field since it was shown: say who, when and to what, and let the person choose."""
    viewer = request.viewer
    record = panels.loaded(actor, o, pk, viewer)
    posted = [(k, v) for k, vs in request.POST.lists() if k not in ("version", "csrfmiddlewaretoken") for v in vs]
    conflict = {"sentence": said(stale, record, field, viewer), "posted": posted}
    return _answer(request, o, record, field, _editor(request, o, record, field, conflict=conflict), status=409)


def said(stale: Stale, record: Any, field: Field, viewer: Any) -> str:
    """Who changed the field meanwhile, to what and when; "" when nobody did."""
    told = next((d for d in stale.differences if d.field.name == field.name), None)
    if told is None:
        return ""
    theirs = field.kind.format(field.get(record), viewer) or _("nothing")
    return _("%(name)s changed this to “%(value)s” %(when)s.") % {
        "name": isolated(told.by, viewer),
        "value": isolated(theirs, viewer),
        "when": since(told.at, viewer),
    }
