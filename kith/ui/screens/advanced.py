"""The whole filter as one form: conditions, and groups of them one level deep, of which all or any must hold.

Every answer draws the form anew from what was sent, so that it works without a script; with one it stands in a popover, and each change
brings the list, the chips and the address along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.declare import ObjectType
from kith.objects.filters import All, Any_, Condition, Tree, parse, sentence, text
from kith.objects.query import reader

from ..conditions import Row, askable, draw_row, row_of
from ..render import answer, draw, page, wants_part
from ..view import View
from .listing import pieces_of

ALL, ANY = "all", "any"
#: So many rows and groups a form may have.
MOST = 60


def editor(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The form for what the address filters by; `edit` says that it was sent, `do` with which of its buttons."""
    view, data = View.of(request, actor, o), request.GET
    try:
        join, nodes = _nodes(actor, o, view.tree())
        sentence(o, view.tree(), request.viewer, reader(actor))
    except Refused as refusal:
        # What cannot be read cannot be edited by rows: the form says why, and is empty for another one.
        view, join, nodes, unread = view.changed(filter=""), ALL, [], str(refusal)
    else:
        unread = ""
    if "edit" not in data:
        made = _drawn(request, actor, view, join, nodes, {"problem": unread})
        made.status_code = 400 if unread and not wants_part(request) else 200
        return made
    join, nodes = _sent(actor, o, data)
    _done(actor, o, nodes, data.get("do", ""))
    problem, changed = "", view
    try:
        changed = view.changed(filter=text(_tree(join, nodes, request.viewer)))
        pieces = pieces_of(request, actor, changed) if wants_part(request) else []
    except Refused as refusal:
        problem, pieces = str(refusal), []
    refused = problem or any(row.error for row in _rows(nodes))
    if not wants_part(request) and data.get("do") in (None, "apply") and not refused:
        return HttpResponseRedirect(changed.url())
    if refused:
        changed, pieces = view, []
    made = _drawn(request, actor, changed, join, nodes, {"problem": problem}, pieces)
    made.status_code = 422 if refused else 200
    if not refused and wants_part(request):
        made.headers["HX-Replace-Url"] = changed.url()
    return made


# ── from a filter and from a form to rows ────────────────────────────────────────────────────────────────────────────────


class Group:
    """Conditions that stand together; `raw` is the text of what is nested deeper than the form goes, and is kept as it is."""

    def __init__(self, join: str, rows: list[Row], raw: str = ""):
        self.group, self.join, self.rows, self.raw = not raw, join, rows, raw
        self.path, self.sentence, self.number = "", "", 0


Node = Row | Group


def _nodes(actor: Actor, o: ObjectType, tree: Tree) -> tuple[str, list[Node]]:
    """What the form shows of a filter."""
    if isinstance(tree, All) and len(tree.parts) == 1 and not isinstance(tree.parts[0], Condition):
        tree = tree.parts[0]
    if isinstance(tree, Condition):
        tree = All((tree,))
    return (ANY if isinstance(tree, Any_) else ALL), [_node(actor, o, part) for part in tree.parts]


def _node(actor: Actor, o: ObjectType, part: Tree) -> Node:
    if isinstance(part, Condition):
        return row_of(actor, o, part.field, part.operator, part.values)
    if all(isinstance(one, Condition) for one in part.parts):
        rows = [row_of(actor, o, c.field, c.operator, c.values) for c in part.parts if isinstance(c, Condition)]
        return Group(ANY if isinstance(part, Any_) else ALL, rows)
    return Group("", [], raw=text(All((part,))))


def _sent(actor: Actor, o: ObjectType, data: Any) -> tuple[str, list[Node]]:
    """What was sent, row by row."""
    if len(data) > 8 * MOST:
        raise Refused(_("This filter has too many conditions."))

    def numbers(prefix: str) -> list[str]:
        tails = {key.removeprefix(prefix).partition(".")[0] for key in data if key.startswith(prefix)}
        return sorted((t for t in tails if t.isascii() and t.isdecimal() and len(t) < 4), key=int)

    nodes: list[Node] = []
    tops = sorted({*numbers("f."), *numbers("join."), *numbers("raw.")}, key=int)
    for top in tops:
        if f"raw.{top}" in data:
            nodes.append(Group("", [], raw=data[f"raw.{top}"]))
        elif f"join.{top}" in data:
            rows = [_row(actor, o, data, f"{top}.{number}") for number in numbers(f"f.{top}.")]
            nodes.append(Group(ANY if data[f"join.{top}"] == ANY else ALL, rows))
        elif f"f.{top}" in data:
            nodes.append(_row(actor, o, data, top))
    return (ANY if data.get("join") == ANY else ALL), nodes


def _row(actor: Actor, o: ObjectType, data: Any, path: str) -> Row:
    name = data[f"f.{path}"]
    # Another field takes other values.
    same = data.get(f"was.{path}", name) == name
    return row_of(actor, o, name, data.get(f"op.{path}", ""), tuple(data.getlist(f"v.{path}")) if same else ())


def _done(actor: Actor, o: ObjectType, nodes: list[Node], do: str) -> None:
    """Do what a button says: `add`, `add.2`, `group`, `drop.2`, `drop.2.0`."""
    verb, _dot, path = do.partition(".")
    place = [int(n) for n in path.split(".") if n.isascii() and n.isdecimal() and len(n) < 4]
    blank: Callable[[], Row] = lambda: row_of(actor, o, askable(actor, o)[0].fields[0][0].name, "", ())  # noqa: E731
    group = nodes[place[0]] if place and place[0] < len(nodes) else None
    if verb == "add" and not place:
        nodes.append(blank())
    elif verb == "add" and isinstance(group, Group) and group.group:
        group.rows.append(blank())
    elif verb == "group":
        nodes.append(Group(ANY, [blank(), blank()]))
    elif verb == "drop" and len(place) == 1 and group is not None:
        nodes.remove(group)
    elif verb == "drop" and len(place) == 2 and isinstance(group, Group) and place[1] < len(group.rows):
        del group.rows[place[1]]
        if not group.rows:
            nodes.remove(group)


def _rows(nodes: list[Node]) -> list[Row]:
    return [row for node in nodes for row in (node.rows if isinstance(node, Group) else [node])]


# ── and back to a filter ─────────────────────────────────────────────────────────────────────────────────────────────────


def _tree(join: str, nodes: list[Node], viewer: Any) -> Tree:
    """What the rows that are complete ask; what is wrong with one is said beside it."""
    parts: list[Tree] = []
    for node in nodes:
        if isinstance(node, Row):
            parts += _asked(node, viewer)
        elif node.raw:
            parts += list(parse(node.raw).parts)  # type: ignore[union-attr]
        elif inside := tuple(one for row in node.rows for one in _asked(row, viewer)):
            parts.append(inside[0] if len(inside) == 1 else Any_(inside) if node.join == ANY else All(inside))
    return parse(All((Any_(tuple(parts)),)) if join == ANY and len(parts) > 1 else All(tuple(parts)))


def _asked(row: Row, viewer: Any) -> list[Tree]:
    if not row.complete:
        return []
    try:
        return [row.condition(viewer)]
    except Refused as refusal:
        row.error = str(refusal)
        return []


def _drawn(
    request: Any, actor: Actor, view: View, join: str, nodes: list[Node], more: dict[str, Any], pieces: Any = ()
) -> HttpResponse:
    o, viewer, read = view.object, request.viewer, reader(actor)
    number = 0
    for i, node in enumerate(nodes):
        node.path = str(i)
        inside = node.rows if isinstance(node, Group) else [node]
        if isinstance(node, Group):
            node.number = i + 1
            node.sentence = sentence(o, parse(node.raw), viewer, read) if node.raw else ""
        for j, row in enumerate(inside):
            number += 1
            row.path = f"{i}.{j}" if isinstance(node, Group) else str(i)
            draw_row(actor, row, viewer)
            row.shown["number"] = number
    context = {
        "object": o,
        "view": view,
        "join": join,
        "groups": askable(actor, o),
        "rows": [node if isinstance(node, Group) else node.shown for node in nodes],
        "said": sentence(o, view.tree(), viewer, read),
        **more,
    }
    for node in nodes:
        if isinstance(node, Group):
            node.rows = [row.shown for row in node.rows]  # type: ignore[misc]
    if wants_part(request):
        return answer(request, draw(request, "ui/parts/filter_all.html", context), *pieces)
    return page(request, "ui/pages/filter.html", context)
