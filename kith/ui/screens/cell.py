"""One field of one record, edited where it stands: in a list cell or among the facts of a record."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing, Refused, Stale
from kith.kernel.sentences import isolated
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.query import find, listing
from kith.objects.write import change

from .. import widgets
from ..grid import Grid
from ..render import answer, draw, toast
from ..templatetags.ui import since
from ..view import View


def edit(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """GET gives the editor, POST saves. 422 keeps the editor with what was typed, 409 says who changed the field meanwhile."""
    record = find(actor, o, pk, "change")
    field = fields_of(actor, o, "change").get(name)
    if field is None:
        # A field that she may not see and one that does not exist get the same answer.
        raise Forbidden(_("This field cannot be edited by you.")) if name in fields_of(actor, o) else Missing()
    if not field.inline:
        raise Refused(_("“%(field)s” is edited on the record's own page.") % {"field": field.label})
    record = _loaded(request, actor, o, pk, field)
    if request.method == "POST":
        return _save(request, actor, o, record, field)
    return answer(request, _editor(request, o, record, field))


def _loaded(request: Any, actor: Actor, o: ObjectType, pk: int, field: Field) -> Any:
    """The record with what showing the field needs."""
    found = listing(actor, o, columns=[o.title, field.name], where=Q(pk=pk), limit=1, viewer=request.viewer)
    if not found.records:
        raise Missing
    return found.records[0]


def _save(request: Any, actor: Actor, o: ObjectType, record: Any, field: Field) -> HttpResponse:
    given = request.POST
    version = int(given["version"]) if given.get("version", "").isdecimal() else None
    before = field.kind.pack(field.get(record))
    try:
        value = widgets.read(field, given, request.viewer, old=field.get(record), inline=True)
        changed = change(actor, record, {field.name: value}, version=version)
    except Stale as stale:
        return _conflict(request, o, stale, field)
    except (Refused, Invalid) as refusal:
        sentences = refusal.errors.get(field.name) or [str(refusal)]
        # A refused edit stays in its cell, where the editor was; a saved one replaces the whole row.
        editor = _editor(request, o, record, field, text=given.get(field.name, ""), error=" ".join(sentences))
        return answer(request, editor, status=422, HX_Retarget="td.ed", HX_Reswap="innerHTML")
    view = View.of(request, actor, o)
    try:
        shown = view.fields(actor)
    except Refused:
        shown = []
    columns = [o.title, *(f.name for f in shown)]
    found = listing(actor, o, columns=columns, where=Q(pk=changed.pk), limit=1, viewer=request.viewer)
    pieces: list[Any] = [Grid(actor, o, shown, request.viewer, widths=view.widths).rows(found.records)]
    if not found.records or before != field.kind.pack(field.get(found.records[0])):
        pieces.append(toast(request, _("Saved"), undo=request.cause))
    return answer(request, *pieces, changed={"object": o.key, "ids": [changed.pk], "by": "cell"})


def _editor(
    request: Any,
    o: ObjectType,
    record: Any,
    field: Field,
    *,
    text: str | None = None,
    error: str = "",
    conflict: Any = None,
) -> Any:
    value, viewer = field.get(record), request.viewer
    return draw(
        request,
        "ui/parts/cell_edit.html",
        {
            "object": o,
            "record": record,
            "field": field,
            "error": error,
            "conflict": conflict,
            "text": text,
            "shown": field.kind.cell(value, viewer),
            "options": widgets.options(field, value, viewer),
            "lookup": widgets.lookup_url(field),
            "columns": request.GET.get("columns") or request.POST.get("columns", ""),
            "clearable": not field.required,
            "filled": not field.kind.is_empty(value),
            "widget": widgets.widget(field, value, viewer, text=text, error=error, inline=True),
        },
    )


def _conflict(request: Any, o: ObjectType, stale: Stale, field: Field) -> HttpResponse:
    """Somebody changed this very field since it was shown: say who, when and to what, and let the person choose."""
    viewer = request.viewer
    told = next((d for d in stale.differences if d.field.name == field.name), stale.differences[0])
    theirs = told.field.kind.format(told.theirs, viewer) or _("nothing")
    sentence = _("%(name)s changed this to “%(value)s” %(when)s.") % {
        "name": isolated(told.by, viewer),
        "value": isolated(theirs, viewer),
        "when": since(told.at, viewer),
    }
    record = find(
        request.actor, o, stale.record.pk if stale.record is not None else int(request.resolver_match.kwargs["pk"])
    )
    record = _loaded(request, request.actor, o, record.pk, field)
    posted = [(k, v) for k, vs in request.POST.lists() if k not in ("version", "csrfmiddlewaretoken") for v in vs]
    editor = _editor(
        request,
        o,
        record,
        field,
        text=request.POST.get(field.name, ""),
        conflict={"sentence": sentence, "posted": posted},
    )
    return answer(request, editor, status=409, HX_Retarget="td.ed", HX_Reswap="innerHTML")
