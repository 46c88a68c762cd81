"""What is done on a board: a card moves to another column, cards are drawn anew, and columns get another look."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused, Stale
from kith.kernel.sentences import counted
from kith.objects.access import fields as fields_of
from kith.objects.declare import Field, ObjectType
from kith.objects.kinds import Integer
from kith.objects.looks import askable, look, may_look, stored
from kith.objects.query import find, listing, neighbours
from kith.objects.write import change

from .. import panels
from ..boards.board import KEY, Board
from ..boards.cards import Place
from ..boards.columns import Column, column_named, columns_of, field_for
from ..inputs import Inputs
from ..render import announce, answer, draw, onward, own_url, page, partial, toast, wants_part
from ..view import View
from . import fact

#: So many cards are drawn anew at once; of more than these the whole board is.
AT_ONCE = 50
#: Colours to choose from: hues that are told apart, with their names.
HUES = (
    (20, pgettext_lazy("colour", "Red")),
    (45, pgettext_lazy("colour", "Orange")),
    (75, pgettext_lazy("colour", "Amber")),
    (110, pgettext_lazy("colour", "Olive")),
    (145, pgettext_lazy("colour", "Green")),
    (190, pgettext_lazy("colour", "Teal")),
    (220, pgettext_lazy("colour", "Sky blue")),
    (255, pgettext_lazy("colour", "Blue")),
    (290, pgettext_lazy("colour", "Violet")),
    (320, pgettext_lazy("colour", "Purple")),
    (350, pgettext_lazy("colour", "Pink")),
)


def move(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """GET: the form that asks where to, or for what a move needs. POST: move the record to the column `to` of the view."""
    record = find(actor, o, pk, "change")
    by = field_for(actor, o, request.GET.get("by", ""))
    if by.name not in fields_of(actor, o, "change"):
        raise Forbidden(_("You may not change “%(field)s”.") % {"field": by.label})
    columns = columns_of(actor, by, request.viewer)
    if request.method == "GET":
        to = column_named(columns, request.GET["to"]) if request.GET.get("to") else None
        return _move_form(request, actor, o, record, by, columns, to)
    to = column_named(columns, request.POST.get("to", ""))
    if to.rest:
        raise Refused(_("A card can be moved to a column that stands for a value."))
    given = request.POST
    asked = _asked(actor, o, to, record, given)
    if asked and not given.get("fields"):
        return _ask(request, o, pk, by, to)
    version = int(given["version"]) if given.get("version", "").isdecimal() and len(given["version"]) < 10 else None
    try:
        values = Inputs(asked).read(given, request.viewer)
        missing = {
            f.name: [_("%(field)s is required.") % {"field": f.label}] for f in asked if f.kind.is_empty(values[f.name])
        }
        if missing:
            return _move_form(request, actor, o, record, by, columns, to, errors=missing)
        change(actor, record, {by.name: by.kind.clean(to.key), **values}, version=version)
    except Stale as stale:
        return _overtaken(request, actor, o, stale, by, pk)
    except Refused as refusal:
        if given.get("fields") or not wants_part(request):
            return _move_form(request, actor, o, record, by, columns, to, errors=refusal.errors)
        # A rule that speaks of another field can be satisfied: ask for that field in a small form.
        if any(name in fields_of(actor, o, "change") and name != by.name for name in refusal.errors):
            return _ask(request, o, pk, by, to, tuple(refusal.errors))
        said = " ".join(s for sentences in refusal.errors.values() for s in sentences)
        return answer(request, toast(request, said, bad=True), status=422)
    title = panels.title(actor, o, record, request.viewer)
    sentence = _("“%(title)s” was moved to “%(column)s”.") % {"title": title, "column": to.label}
    if not wants_part(request):
        return onward(request, own_url(request, request.POST.get("next"), o.url(pk)), sentence, undo=request.cause)
    view = View.of(request, actor, o)
    return _drawn(
        request, actor, view, [pk], toast(request, sentence, undo=request.cause), announce(sentence), by="board"
    )


def _asked(actor: Actor, o: ObjectType, to: Column, record: Any, given: QueryDict) -> list[Field]:
    """The fields that a move to a column asks for: those that its option names and that are empty, and those that a form of it held."""
    mine = fields_of(actor, o, "change")
    empty = [name for name in to.asks if name in mine and mine[name].kind.is_empty(mine[name].get(record))]
    held = [name for name in given.get("fields", "").split(",") if name in mine]
    return [mine[name] for name in dict.fromkeys([*empty, *held])]


def _ask(request: Any, o: ObjectType, pk: int, by: Field, to: Column, names: tuple[str, ...] = ()) -> HttpResponse:
    """Tell the script to ask for what the move needs; where there is none, ask right away."""
    query = QueryDict(mutable=True)
    query.update({"by": by.name, "to": to.text, **({"ask": ",".join(names)} if names else {})})
    url = f"{o.url(pk)}move/?{query.urlencode()}"
    if not wants_part(request):
        return HttpResponse(status=302, headers={"Location": url})
    response = answer(request, status=422)
    response.headers["HX-Trigger"] = json.dumps({"kith:ask": {"url": url, "id": pk}})
    return response


def _move_form(
    request: Any,
    actor: Actor,
    o: ObjectType,
    record: Any,
    by: Field,
    columns: list[Column],
    to: Column | None,
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """The small form of a move, with what it needs."""
    viewer = request.viewer
    asked: list[Field] = []
    if to is not None:
        mine = fields_of(actor, o, "change")
        extra = [n for n in request.GET.get("ask", "").split(",") if n in mine and n != by.name]
        asked = _asked(actor, o, to, record, request.POST)
        asked += [mine[n] for n in extra if mine[n] not in asked]
    values = {f.name: f.get(record) for f in asked}
    inputs = Inputs(asked)
    rows = inputs.shown(request.POST if errors else {}, viewer, values=values, errors=errors)
    shown = {f.name for f in asked}
    summary = [s for name, sentences in (errors or {}).items() if name not in shown for s in sentences]
    title = panels.title(actor, o, record, viewer)
    heading = (
        _("Move “%(title)s” to “%(column)s”") % {"title": title, "column": to.label}
        if to
        else _("Move “%(title)s”") % {"title": title}
    )
    here = by.get(record)
    choices = [
        (c.text, c.label, not by.kind.is_empty(here) and c.key == (here.id if by.target else by.comparable(here)))
        for c in columns
        if not c.rest
    ]
    query = QueryDict(mutable=True)
    query.update(request.GET.dict())
    query.pop("to", None)
    context = {
        "object": o,
        "url": f"{o.url(record.pk)}move/?{query.urlencode()}",
        "version": record.version,
        "names": ",".join(f.name for f in asked),
        "heading": heading,
        "summary": summary,
        "rows": rows,
        "to": to.text if to else "",
        "choices": [] if to else choices,
        "cancel": o.url(record.pk),
    }
    return page(request, "ui/board/move.html", context, part="ui/board/move_form.html", status=422 if errors else 200)


def _overtaken(request: Any, actor: Actor, o: ObjectType, stale: Stale, by: Field, pk: int) -> HttpResponse:
    """Somebody else moved it meanwhile: say who and where to, and show it there."""
    fresh = panels.loaded(actor, o, pk, request.viewer)
    said = fact.said(stale, fresh, by, request.viewer) or str(stale)
    if not wants_part(request):
        raise Refused(said)
    return answer(
        request, toast(request, said, bad=True), status=409, changed={"object": o.key, "ids": [pk], "by": "stale"}
    )


def cards(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The cards of `ids` as they are now, and the heads of all columns: what a board asks for when something changed elsewhere."""
    ids = [int(i) for i in request.GET.get("ids", "").split(",")[:AT_ONCE] if i.isdecimal() and len(i) < 19]
    return _drawn(request, actor, View.of(request, actor, o), ids)


def _drawn(request: Any, actor: Actor, view: View, ids: list[int], *pieces: Any, by: str = "") -> HttpResponse:
    """Heads, and the cards of `ids` with the places where they belong; cards without a place are not in this view any more."""
    o, viewer = view.object, request.viewer
    board = Board(request, actor, view)
    asked = {"filter": view.filter, "search": view.q, "viewer": viewer}
    found = listing(
        actor, o, columns=board.cards.fields, where=Q(pk__in=ids), limit=max(1, len(ids)), sort=view.sort, **asked
    )
    board.cards.prepare(found.records)
    drawn = []
    # Of several, one query tells who stands where among the first of each column.
    first = board.first() if len(ids) > 1 else {}
    for record in found.records:
        column = board.column_of(record)
        if column is None:
            continue
        before = None
        if len(ids) == 1:
            # Which card it follows; a screen that does not show that one puts it last of those that it shows.
            around = neighbours(actor, record, sort=view.sort, where=column.where, **asked)
            before = (around.before or 0) if around else 0
        elif record.pk in first.get(column.number, ()):
            shown = first[column.number]
            at = shown.index(record.pk)
            before = shown[at - 1] if at else 0
        drawn.append(board.cards.draw(record, column, Place(column.number, before)))
    heads = []
    for head in board.heads():
        n = head.column.number
        heads.append(partial(f"#ch-{n}", "outerHTML", draw(request, "ui/board/head.html", {"head": head})))
        heads.append(partial(f"#pn-{n}", "innerHTML", head.count))
    total = partial("#btot", "innerHTML", draw(request, "ui/board/whole.html", {"open_sums": board.whole()}))
    # The cards come in the order in which they stand; those of `ids` that do not come are not in this view any more.
    changed = {"object": o.key, "ids": ids, "by": by} if by else None
    return answer(request, partial("#k-in", "innerHTML", *drawn), *heads, total, *pieces, changed=changed)


def looks(request: Any, actor: Actor, o: ObjectType, name: str) -> HttpResponse:
    """How one column looks, for everybody: its place, colour, probability and limit of days. Administrators decide."""
    if not may_look(actor):
        raise Forbidden(_("Only administrators may change how the columns look."))
    by = field_for(actor, o, name)
    options = list(by.kind.choices(request.viewer) or ())
    value = request.GET.get("value", "")
    at = next((n for n, option in enumerate(options) if str(option.value) == value), None)
    if at is None or by.target or isinstance(options[at].value, bool):
        raise Missing
    option, version = options[at], stored(by)[1]
    inputs = _look_inputs(len(options))
    values = {"place": at + 1, "probability": option.probability, "limit": option.limit}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            told = inputs.read(request.POST, request.viewer)
            hue = request.POST.get("hue", "")
            facts = {"probability": told["probability"], "limit": told["limit"]}
            if hue.isdecimal() and len(hue) < 4:
                facts["hue"] = int(hue)
            read = request.POST.get("version", "")
            look(
                actor,
                by,
                value,
                facts=facts,
                place=None if told["place"] is None else told["place"] - 1,
                asks=request.POST.getlist("asks"),
                version=int(read) if read.isdecimal() and len(read) < 9 else None,
            )
            return onward(request, f"{o.url()}?layout={KEY}&by={by.name}", _("Saved"))
        except Refused as refusal:
            errors = refusal.errors
    rows = inputs.shown(request.POST if errors else {}, request.viewer, values=values, errors=errors)
    ticked = request.POST.getlist("asks") if errors else option.asks
    hues = [*HUES] if option.hue is None or option.hue in dict(HUES) else [(option.hue, _("As it is")), *HUES]
    context = {
        "object": o,
        "url": request.get_full_path(),
        "cancel": f"{o.url()}?layout={KEY}&by={by.name}",
        "option": option,
        "heading": _("Column “%(column)s”") % {"column": option.label},
        "version": version,
        "rows": rows,
        "hues": hues,
        "asks": [(f, f.name in ticked) for f in askable(by).values()],
        "asks_open": bool(ticked),
        "summary": [s for name, sentences in errors.items() if name not in values for s in sentences],
    }
    return page(request, "ui/board/look.html", context, part="ui/board/look_form.html", status=422 if errors else 200)


def _look_inputs(most: int) -> Inputs:
    return Inputs(
        [
            Field("place", Integer(), _("Place among the columns"), help=_("From 1 to %(n)s.") % {"n": counted(most)}),
            Field(
                "probability",
                Integer(),
                _("Probability in percent"),
                help=_("How likely what stands here is to end well. The weighted sum counts with it."),
            ),
            Field(
                "limit",
                Integer(),
                _("Days until it stands here too long"),
                help=_("Cards that are older are marked. Left empty, none is."),
            ),
        ]
    )
