"""The state of a list as its address says it, by the table of parameters; and addresses made from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.access import readable
from kith.objects.declare import Field, ObjectType
from kith.objects.filters import All, Tree, parse, text
from kith.objects.filters.compile import operator_for
from kith.objects.views import SavedView, find_view
from kith.objects.way import MOST_KEYS, sort_names

from .conditions import row_of
from .parameters import MAX_COLUMNS, MAX_WIDTH, MIN_WIDTH, Parameter

#: Signs of filters that stay readable in the address bar.
_READABLE = ":;,."
#: The name of the first view of every object, all of its records, where an address must say it.
ALL = "all"


@dataclass
class View:
    """What somebody looks at: the object, and what the address says of its list.

    `values` holds what the table of parameters made of the address, only where something was said: `view["group"]`, or `view.group` for
    those that the platform itself brings. `saved` is what holds where the address says nothing, `name` under which name the address
    asks for it ("" where it does not).
    """

    object: ObjectType
    values: dict[str, Any] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    #: The saved view that it starts from; None for all records.
    record: SavedView | None = None
    #: Columns and widths that the cookie remembers for all records; the address says which only when they were asked for by name.
    remembered: tuple[str, ...] = ()
    habits: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Any, actor: Actor, o: ObjectType) -> View:
        """The view that an address asks for, with what the cookie of this list remembers; Missing for a view that is not hers."""
        # The editor of a cell sends the columns along, so that the row that it answers with has the same ones.
        given = {"columns": request.POST["columns"]} if "columns" in request.POST else {}
        return cls._made(request, actor, o, given | request.GET.dict())

    @classmethod
    def posted(cls, request: Any, actor: Actor, o: ObjectType) -> View:
        """The view that a form describes, by hidden inputs of the names of parameters: those of `said`."""
        return cls._made(request, actor, o, request.POST.dict())

    @classmethod
    def _made(cls, request: Any, actor: Actor, o: ObjectType, given: dict[str, str]) -> View:
        name = given.get("view", "")
        columns: tuple[str, ...] = ()
        widths: dict[str, int] = {}
        record, saved = None, {}
        if name in ("", ALL):
            columns, widths = _remembered(request, actor, o)
        else:
            record = find_view(actor, o, int(name) if name.isdecimal() and len(name) < 19 else 0)
            saved = read(record.state)
            # Whoever shared it may read more fields than whoever opens it.
            saved["columns"] = tuple(c for c in saved.get("columns", ()) if _open(actor, o, c))
        return cls(o, read(given), saved, name, record, columns, widths)

    def __getitem__(self, name: str) -> Any:
        """What holds for a parameter; KeyError for a name that is none."""
        return self.values.get(name, self.saved.get(name, _row(name).empty))

    @property
    def layout(self) -> str:
        """The key of the layout, "" for the table."""
        return str(self["layout"])

    @property
    def filter(self) -> str:
        """The filter as text."""
        return str(self["filter"])

    @property
    def sort(self) -> str:
        """The sort as text; "" for the object's own."""
        return str(self["sort"])

    @property
    def group(self) -> str:
        """The field by which rows stand together, "" for none."""
        return str(self["group"])

    @property
    def q(self) -> str:
        """What is searched for."""
        return str(self["q"])

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that were asked for by name; () for those that the cookie or the object's declaration says."""
        return tuple(self["columns"])

    @property
    def widths(self) -> dict[str, int]:
        """Widths of columns in pixels, for those that somebody changed."""
        return {**self.habits, **self["widths"]}

    @property
    def density(self) -> str:
        """How high rows are, "" for what the person prefers."""
        return str(self["density"])

    @property
    def after(self) -> str:
        """The cursor of the place in the list."""
        return str(self["after"])

    @property
    def shown(self) -> int:
        """How many rows stand before that place on the page."""
        return int(self["shown"])

    @property
    def kept(self) -> dict[str, str]:
        """What a saved view keeps of this: parameter → text, as an address has them."""
        values = {p.name: self[p.name] for p in Parameter.registry if p.kept}
        # What the cookie remembers of all records becomes the view's own.
        values |= {"columns": self.columns or self.remembered, "widths": self.widths}
        return {name: _row(name).write(value) for name, value in values.items() if value != _row(name).empty}

    @property
    def differs(self) -> bool:
        """Whether it is another view than the saved one that it starts from, or than all records."""
        return any(name != "view" for name, _text in self._said({}))

    @property
    def start(self) -> str:
        """The address of what it starts from: the saved view, or all records."""
        return f"{self.object.url()}{f'?view={self.name}' if self.name else ''}"

    @property
    def said(self) -> list[tuple[str, str]]:
        """What addresses of this view say, one pair each; also for hidden inputs of forms."""
        return self._said({})

    def _said(self, changes: dict[str, Any]) -> list[tuple[str, str]]:
        pairs = [("view", self.name)] if self.name else []
        for p in Parameter.registry:
            otherwise = self.saved.get(p.name, p.empty)
            value = changes.get(p.name, self[p.name] if p.kept else p.empty)
            # An emptied parameter is said, too, where the saved view has something there.
            if value != otherwise:
                pairs.append((p.name, p.write(value)))
        return pairs

    def changed(self, **changes: Any) -> View:
        """This view with some of it changed; the place in the list is forgotten unless given."""
        lasting = {name: value for name, value in self.values.items() if _row(name).kept}
        return replace(self, values={**lasting, **changes})

    def check(self, actor: Actor, viewer: Viewer) -> None:
        """Raise Refused, in a sentence, where this view cannot be shown to `actor`."""
        for p in Parameter.registry:
            if p.kept:
                p.check(self, actor, viewer)

    @property
    def query(self) -> str:
        """The query of this view's address, for other addresses of the same list."""
        return self.url().partition("?")[2]

    def url(self, **changes: Any) -> str:
        """The address of this view with some of it changed; the place in the list is forgotten unless given."""
        query = "&".join(f"{name}={quote(text, safe=_READABLE)}" for name, text in self._said(changes))
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
        row = row_of(actor, self.object, data.get("f", ""), data.get("op", ""), tuple(data.getlist("v")))
        operator_for(row.field, data.get("op", ""))
        made = row.condition(viewer)
        parts = list(parts_of(self.tree()))
        at = data.get("at", "")
        if at.isdecimal() and int(at) < len(parts):
            parts[int(at)] = made
        else:
            parts.append(made)
        return text(parse(All(tuple(parts))))

    def sorted_by(self, name: str) -> str:
        """What the sort becomes when the header `name` is chosen: ascending, descending, none."""
        now = self.sort or self.object.sort
        then = {name: f"-{name}", f"-{name}": ""}.get(now, name)
        # Where the object's own order is this one, "none" would look as if nothing had happened.
        return name if then == self.sort else then

    def sorted_too(self, name: str) -> str:
        """What the sort becomes when the header `name` is added to it: ascending, descending, out again."""
        keys = sort_names(self.sort)
        if f"-{name}" in keys:
            keys.remove(f"-{name}")
        elif name in keys:
            keys[keys.index(name)] = f"-{name}"
        elif len(keys) < MOST_KEYS:
            keys.append(name)
        return ",".join(keys)


def _row(name: str) -> Parameter:
    return Parameter.registry[name]


def _open(actor: Actor, o: ObjectType, name: str) -> bool:
    """Whether the actor may read the field `name`, which need not be there any more."""
    try:
        return name.partition(".")[0] in fields_of(actor, o) and readable(actor, o, name) is not None
    except Refused:
        return False


def read(texts: Any) -> dict[str, Any]:
    """Texts by parameter, as an address or a saved view has them, as values. Names that are no parameters are left out."""
    return {p.name: p.read(str(texts[p.name])) for p in Parameter.registry if p.name in texts}


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """The conditions of the top level."""
    return tree.parts if isinstance(tree, All) else (tree,)


def _remembered(request: Any, actor: Actor, o: ObjectType) -> tuple[tuple[str, ...], dict[str, int]]:
    """Columns and widths from the cookie "list" (its path is the list's): `title:300,size,state:120`.

    A cookie is a habit, not a question: what it names and is no longer there is left out without a word.
    """
    names, widths = [], {}
    for item in request.COOKIES.get("list", "").split("|")[:MAX_COLUMNS]:
        name, _colon, width = item.partition(":")
        if not _open(actor, o, name):
            continue
        if width.isdecimal() and len(width) < 5:
            widths[name] = max(MIN_WIDTH, min(MAX_WIDTH, int(width)))
        if name != o.title:
            names.append(name)
    return tuple(names), widths


__all__ = ["ALL", "View", "parts_of", "read"]
