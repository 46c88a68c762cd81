"""What the address of a list can say: a table, one row per parameter. A view that is saved keeps what its rows say are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer
from kith.objects.declare import ObjectType
from kith.objects.filters import compile as compile_filter
from kith.objects.grouping import grouped_by
from kith.objects.query import asker, listing

from .preferences import DENSITIES

if TYPE_CHECKING:
    from .view import View

MIN_WIDTH, MAX_WIDTH, MAX_COLUMNS = 72, 800, 40

Check = Callable[["View", Actor, Viewer], None]


def _plain(text: str) -> str:
    return text.strip()


def _fine(view: View, actor: Actor, viewer: Viewer) -> None:
    """Whatever it says is harmless."""


@dataclass(frozen=True)
class Parameter:
    """One thing that an address says of a list.

    `read(text)` makes a value of whatever stands in an address and never fails; `write(value)` is its text again; `empty` is what holds
    where nothing is said. `kept`: it is part of a view and saved with it; what is not kept belongs to one look (a place in the list, an
    open preview) and is forgotten by addresses that are made from the view; `stands` says that the address of the page itself has it all
    the same, so that it opens there again. `check(view, actor, viewer)` raises Refused, in a sentence,
    for what cannot be shown or may not be kept.
    """

    registry: ClassVar[Registry[Parameter]] = Registry("parameter of a view")

    name: str
    read: Callable[[str], Any] = _plain
    write: Callable[[Any], str] = str
    empty: Any = ""
    kept: bool = True
    check: Check = _fine
    stands: bool = False

    def contribute(self, room: Room) -> None:
        """Rooms contribute parameters as instances."""
        Parameter.registry.add(self.name, self)


@dataclass(frozen=True)
class Layout:
    """One way to show a list: the table, and what rooms add to it.

    `offered(object)` says whether the object can be shown so. `build(request, actor, view)` gives what `template` is drawn with, and
    raises Refused in a sentence; the template's one element has the id "results" and says in `data-here` the address of its view.
    Among what it gives are `count`, the number of records as it is shown, and `found`, the same as an integer, which chooses the plural.
    `more` is the template of what follows on `?after=`, for layouts that page so.
    """

    registry: ClassVar[Registry[Layout]] = Registry("layout of a list")

    key: str
    label: Any
    icon: str
    offered: Callable[[ObjectType], bool]
    build: Callable[[Any, Actor, View], dict[str, Any]]
    template: str
    more: str = ""

    def contribute(self, room: Room) -> None:
        """Rooms contribute layouts as instances."""
        Layout.registry.add(self.key, self)


def layouts(o: ObjectType) -> list[Layout]:
    """The ways in which the object's records can be shown, the table first."""
    return [one for one in Layout.registry if one.offered(o)]


def layout_of(view: View) -> Layout:
    """How the view is to be shown; Refused for a way that this object does not have."""
    found = Layout.registry.get(view.layout or TABLE)
    if found is None or not found.offered(view.object):
        raise Refused(_("This list cannot be shown that way."))
    return found


#: The layout that holds where nothing is said.
TABLE = "table"

# ── how the parameters are read and written ──────────────────────────────────────────────────────────────────────────────


def names(text: str) -> tuple[str, ...]:
    """`title,size` as names; each once."""
    return tuple(dict.fromkeys(name for name in text.split(",") if name))[:MAX_COLUMNS]


def written_names(value: tuple[str, ...]) -> str:
    """Names as the address has them."""
    return ",".join(value)


def pairs(text: str) -> dict[str, str]:
    """`title:300,size:120` as a dict; what has no colon is left out."""
    found = (item.rpartition(":") for item in text.split(",")[:MAX_COLUMNS])
    return {name: value for name, colon, value in found if name and colon and value}


def written_pairs(value: dict[str, Any]) -> str:
    """A dict as the address has it."""
    return ",".join(f"{name}:{one}" for name, one in value.items())


def widths(text: str) -> dict[str, int]:
    """Widths in pixels, within what a column can be."""
    return {
        name: max(MIN_WIDTH, min(MAX_WIDTH, int(wide)))
        for name, wide in pairs(text).items()
        if wide.isascii() and wide.isdecimal() and len(wide) < 5
    }


def number(text: str) -> int:
    """A small number, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def one_of(known: Any) -> Callable[[str], str]:
    """A word out of a closed list; any other is as if it was not said."""
    return lambda text: text if text in known else ""


# ── what must hold of them ───────────────────────────────────────────────────────────────────────────────────────────────


def _is_list(view: View, actor: Actor, viewer: Viewer) -> None:
    """Filter, sort and search mean something to this person: asked for one record, the list says so."""
    listing(actor, view.object, filter=view.filter, sort=view.sort, search=view.q, columns=(), limit=1, viewer=viewer)


def _is_filter(view: View, actor: Actor, viewer: Viewer) -> None:
    compile_filter(view.object, view.filter, asker(actor, viewer))


def _are_columns(view: View, actor: Actor, viewer: Viewer) -> None:
    view.fields(actor)


def _is_layout(view: View, actor: Actor, viewer: Viewer) -> None:
    layout_of(view)


def _is_group(view: View, actor: Actor, viewer: Viewer) -> None:
    if view.group:
        grouped_by(actor, view.object, view.group)


#: What the platform itself puts into the table.
PARAMETERS = (
    Parameter("layout", check=_is_layout),
    Parameter("filter", check=_is_filter),
    Parameter("sort", check=_is_list),
    Parameter("group", check=_is_group),
    Parameter("q"),
    Parameter("columns", names, written_names, (), check=_are_columns),
    Parameter("widths", widths, written_pairs, {}),
    Parameter("density", one_of(DENSITIES)),
    Parameter("aggregates", pairs, written_pairs, {}),
    Parameter("after", kept=False),
    Parameter("shown", number, empty=0, kept=False),
    Parameter("peek", number, empty=0, kept=False),
    #: Of a grouped list: the number of the first group on the page.
    Parameter("from", number, empty=0, kept=False),
)

__all__ = [
    "MAX_COLUMNS",
    "MAX_WIDTH",
    "MIN_WIDTH",
    "PARAMETERS",
    "TABLE",
    "Layout",
    "Parameter",
    "layout_of",
    "layouts",
]
