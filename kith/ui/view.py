"""The state of a list as its address says it: filter, sort, search and columns; and addresses made from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import readable
from kith.objects.declare import Field, ObjectType
from kith.objects.filters import All, Condition, Tree, parse, text
from kith.objects.filters.compile import operator_for

#: Signs of filters that stay readable in the address bar.
_READABLE = ":;,."
MIN_WIDTH, MAX_WIDTH, MAX_COLUMNS = 72, 800, 40


@dataclass
class View:
    """What somebody looks at. `columns` is () for the object's own; `widths` are hers, from the cookie of this list."""

    object: ObjectType
    filter: str = ""
    sort: str = ""
    q: str = ""
    columns: tuple[str, ...] = ()
    after: str = ""
    shown: int = 0
    widths: dict[str, int] = field(default_factory=dict)
    #: Columns that the cookie remembers; the address says which only when they were asked for by name.
    remembered: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: Any, actor: Actor, o: ObjectType) -> View:
        """The view that an address asks for, with what the cookie of this list remembers."""
        get = request.GET
        shown = get.get("shown", "")
        columns, widths = _remembered(request, actor, o)
        # The editor of a cell sends the columns along, so that the row that it answers with has the same ones.
        named = get.get("columns") or request.POST.get("columns", "")
        asked = tuple(c for c in named.split(",") if c)[:MAX_COLUMNS]
        return cls(
            o,
            filter=get.get("filter", ""),
            sort=get.get("sort", ""),
            q=get.get("q", "").strip(),
            columns=asked,
            after=get.get("after", ""),
            shown=int(shown) if shown.isdecimal() and len(shown) < 6 else 0,
            widths=widths,
            remembered=columns,
        )

    @property
    def query(self) -> str:
        """The query of this view's address, for other addresses of the same list."""
        return self.url().partition("?")[2]

    def url(self, **changes: Any) -> str:
        """The address of this view with some of it changed; the place in the list is forgotten unless given."""
        changed = replace(self, **{"after": "", "shown": 0, **changes})
        given = {
            "filter": changed.filter,
            "sort": changed.sort,
            "q": changed.q,
            "columns": ",".join(changed.columns),
            "after": changed.after,
            "shown": changed.shown or "",
        }
        query = "&".join(f"{name}={quote(str(value), safe=_READABLE)}" for name, value in given.items() if value)
        return f"{self.object.url()}{'?' + query if query else ''}"

    def fields(self, actor: Actor) -> list[Field]:
        """The columns to show, title first; Refused for a name that is no field or that this person may not read."""
        o = self.object
        names = self.columns or self.remembered
        if not names:
            allowed = fields_of(actor, o)
            names = tuple(n for n in o.list if n.partition(".")[0] in allowed)
        return [readable(actor, o, name) for name in names if name != o.title]

    def tree(self) -> Tree:
        """The filter as a tree; Refused when it cannot be read."""
        return parse(self.filter)

    def without(self, index: int) -> str:
        """The filter without its condition number `index`."""
        parts = parts_of(self.tree())
        return text(All(tuple(p for i, p in enumerate(parts) if i != index)))

    def edited(self, actor: Actor, data: Any, viewer: Viewer) -> str:
        """The filter with one condition added or replaced by what the filter form says (`f`, `op`, `v`…, `at`)."""
        name, op = data.get("f", ""), data.get("op", "")
        found = readable(actor, self.object, name)
        operator = operator_for(found, op)
        values = tuple(v for v in data.getlist("v") if v.strip())
        if operator.takes == "none":
            values = ()
        elif not values:
            raise Refused(_("Choose or type a value for “%(field)s”.") % {"field": found.label}, field=name)
        elif operator.takes in ("one", "two"):
            kind = getattr(found, "inner", found).kind
            values = tuple(kind.asked(value, viewer) for value in values)
        made = Condition(name, op, values)
        parts = list(parts_of(self.tree()))
        at = data.get("at", "")
        if at.isdecimal() and int(at) < len(parts):
            parts[int(at)] = made
        else:
            parts.append(made)
        return text(parse(All(tuple(parts))))

    def sorted_by(self, name: str) -> str:
        """What the sort becomes when the header `name` is chosen: ascending, descending, none."""
        return {name: f"-{name}", f"-{name}": ""}.get(self.sort, name)


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """The conditions of the top level."""
    return tree.parts if isinstance(tree, All) else (tree,)


def _remembered(request: Any, actor: Actor, o: ObjectType) -> tuple[tuple[str, ...], dict[str, int]]:
    """Columns and widths from the cookie "list" (its path is the list's): `title:300,size,state:120`.

    A cookie is a habit, not a question: what it names and is no longer there is left out without a word.
    """
    names, widths = [], {}
    allowed = fields_of(actor, o)
    for item in request.COOKIES.get("list", "").split("|")[:MAX_COLUMNS]:
        name, _colon, width = item.partition(":")
        try:
            if name.partition(".")[0] not in allowed or not readable(actor, o, name):
                continue
        except Refused:
            continue
        if width.isdecimal() and len(width) < 5:
            widths[name] = max(MIN_WIDTH, min(MAX_WIDTH, int(width)))
        if name != o.title:
            names.append(name)
    return tuple(names), widths


__all__ = ["View", "parts_of"]
