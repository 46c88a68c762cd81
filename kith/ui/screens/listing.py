"""The list of an object's records: find, filter, sort, edit in place."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.access.models import MASS
from kith.objects.aggregates import AGGREGATES
from kith.objects.declare import Field, ObjectType
from kith.objects.filters import conditions, sentence
from kith.objects.query import PAGE, count, listing, reader
from kith.objects.samples import in_list
from kith.objects.views import first_view
from kith.objects.way import sort_names

from ..grid import Grid
from ..parameters import TABLE, Layout, Parameter, layout_of, layouts
from ..preferences import DENSITIES
from ..render import answer, draw, page, partial, wants_part
from ..view import View, parts_of
from . import bulk, grouping, views
from .footer import foot
from .footer import show_count as counted

#: The files that a list can leave as: format → what it is called.
FORMATS = (("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("json", "JSON"))
#: The parts of a chip, by the hole of its sentence that they stand in: what each edits, and its class.
PARTS = {"field": ("field", "k"), "value": ("value", "v"), "": ("op", "op")}
#: So many rows stand on a page at most; the next ones are a page of their own.
MOST_ROWS = 300
#: Rows of a page where bytes are dear.
SAVING = 20


def show(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """The list; for a script its rows only, or the rows that follow, or the rows asked for by number."""
    if not request.GET and not wants_part(request) and (chosen := first_view(actor, o)):
        return HttpResponseRedirect(f"{o.url()}?view={chosen}")
    view = View.of(request, actor, o)
    if "f" in request.GET:
        return _refiltered(request, actor, view)
    if "rows" in request.GET and wants_part(request):
        return _rows_again(request, actor, view)
    if "in_group" in request.GET:
        return grouping.rest(request, actor, view, request.GET["in_group"])
    status, problem, context, layout = 200, "", {}, TABLE_LAYOUT
    try:
        layout = layout_of(view)
        context = layout.build(request, actor, view)
    except Refused as refusal:
        # Nothing is left out silently: a view that cannot be shown as asked is not shown at all, and says why.
        status, problem, layout = 400, str(refusal), TABLE_LAYOUT
        context = empty(request, actor, view)
    if wants_part(request) and view.after and layout.more and not problem:
        return answer(request, draw(request, layout.more, context))
    context |= frame(request, actor, view, problem, layout)
    if wants_part(request):
        return _results(request, view, context, status)
    return page(request, "ui/pages/list.html", context, status=status)


def table(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """What the table shows; Refused when the address asks for something that is not there."""
    o, viewer = view.object, request.viewer
    if view.group and not view.after:
        return grouping.table(request, actor, view)
    fields = view.fields(actor)
    grid = Grid(actor, o, fields, viewer, widths=view.widths)
    asked = {"filter": view.filter, "search": view.q, "viewer": viewer}
    size = SAVING if request.preferences.saves else PAGE
    columns, after = [o.title, *(f.name for f in fields)], view.after or None
    found = listing(actor, o, sort=view.sort, columns=columns, after=after, limit=size, **asked)
    shown = view.shown + len(found.records)
    more = view.url(after=found.next, shown=shown if shown < MOST_ROWS else 0) if found.next else ""
    context = {
        "object": o,
        "view": view,
        "grid": grid,
        "rows": grid.rows(found.records, focus=not view.after),
        "some": bool(found.records),
        "more": more,
        "more_here": shown < MOST_ROWS,
        "page_size": size,
    }
    if not (wants_part(request) and view.after):
        context |= headed(request, actor, view, grid, bool(found.records))
    return context


def headed(request: Any, actor: Actor, view: View, grid: Grid, some: bool) -> dict[str, Any]:
    """What stands above and below the rows of a table: how many, the header cells, the totals."""
    o, viewer = view.object, request.viewer
    number = count(actor, o, filter=view.filter, search=view.q, viewer=viewer)
    summed = some and any(c.field.kind.kept for c in grid.columns)
    return {
        "count": counted(number, viewer),
        "found": number.value,
        # Adding up reads every record of the list: it comes after the page, and for long lists when somebody wants it.
        "totals": f"{o.url()}totals/{'?' + view.query if view.query else ''}" if summed else "",
        "totals_now": number.exact,
        "heads": heads(view, grid),
        # What the columns come to reads every record of the list: it comes after the page.
        "feet": [
            foot(f, view["aggregates"].get(f.name, "")) for f in [o.title_field, *(c.field for c in grid.columns)]
        ],
        "waiting": True,
        "sums": f"{o.url()}sums/?{view.query}" if view["aggregates"] else "",
        "filtered": bool(view.filter or view.q),
    }


def empty(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """A table without rows, for a view that cannot be shown."""
    grid = Grid(actor, view.object, [], request.viewer)
    return {
        "object": view.object,
        "view": view,
        "grid": grid,
        "rows": "",
        "some": False,
        "more": "",
        "count": "",
        "found": 0,
        "heads": [],
        "filtered": True,
    }


def heads(view: View, grid: Grid) -> list[dict[str, Any]]:
    """The header cells: label, how it is sorted, where a click leads."""
    o = view.object
    keys = sort_names(view.sort or o.sort)
    found = []
    for field, width, classes in [
        (o.title_field, grid.title_width, ""),
        *((c.field, c.width, c.classes) for c in grid.columns),
    ]:
        order = "ascending" if field.name in keys else "descending" if f"-{field.name}" in keys else ""
        place = keys.index(field.name if order == "ascending" else f"-{field.name}") + 1 if order else 0
        sortable = field.sortable and field.kind.sortable
        found.append(
            {
                "field": field,
                "width": width,
                "numeric": "n" in classes.split(),
                "order": order,
                #: Which of several keys this is; 0 where there is only one.
                "place": place if len(keys) > 1 else 0,
                "url": view.url(sort=view.sorted_by(field.name)) if sortable else "",
                "add": view.url(sort=view.sorted_too(field.name)) if sortable else "",
            }
        )
    return found


def frame(request: Any, actor: Actor, view: View, problem: str, layout: Layout) -> dict[str, Any]:
    """What stands around the table or another layout: chips, columns to choose from, what may be done."""
    o, viewer = view.object, request.viewer
    chips: list[dict[str, Any]] = []
    if view.filter and not problem:
        tree, read = view.tree(), reader(actor)
        known = {chip.index: chip for chip in conditions(o, tree, viewer, read)}
        for index, part in enumerate(parts_of(tree)):
            chip, remove = known.get(index), view.url(filter=view.without(index))
            pressed = [(*PARTS[hole], words.strip()) for hole, words in chip.pieces if words.strip()] if chip else []
            said = sentence(o, part, viewer, read)
            chips.append({"index": index, "chip": chip, "parts": pressed, "sentence": said, "remove": remove})
    shown = {f.name for f in view.fields(actor)} if not problem else set()
    mine = fields_of(actor, o)
    return {
        **views.bar(request, actor, view),
        "layout": layout,
        "heights": [(key, label, view.url(density=key)) for key, label in DENSITIES.items()],
        "layouts": [(one, view.url(layout="" if one.key == TABLE else one.key)) for one in layouts(o)],
        "chips": chips,
        "problem": problem,
        "columns": [(f, f.name in shown) for f in choosable(o, mine, shown)],
        "grouping": grouping.choices(actor, view) if not problem else [],
        "clear": view.url(filter="", q=""),
        "create": may(actor, "create", o),
        "sampled": in_list(actor, o),
        "exports": FORMATS if may(actor, "export", o) else (),
        "bulk_change": may(actor, "change", o) and any(f.inline for f in fields_of(actor, o, "change").values()),
        "bulk_quick": bulk.quick(actor, o) if may(actor, "change", o) else [],
        "bulk_actions": [(a.name, a.label, a.icon) for a in bulk.actions(actor, o)],
        "bulk_remove": may(actor, "remove", o),
        "aggregates": AGGREGATES.items(),
        "mass": may(actor, MASS, o),
    }


def choosable(o: ObjectType, mine: dict[str, Field], shown: set[str]) -> list[Field]:
    """The fields that may be columns, those of the object's own list first."""
    first = [o.field(n) for n in o.list if n != o.title and n.partition(".")[0] in mine]
    known = {f.name for f in first}
    rest = [f for f in mine.values() if f.name not in known and f.name != o.title]
    added = [o.field(n) for n in shown if n not in known and n not in mine]
    return [*first, *rest, *added]


def _results(request: Any, view: View, context: dict[str, Any], status: int, *more: Any) -> HttpResponse:
    """The table anew, and around it what depends on the view."""
    return answer(
        request,
        draw(request, context["layout"].template, context),
        *_around(request, context),
        *more,
        status=status,
        HX_Replace_Url=view.url(**{p.name: view[p.name] for p in Parameter.registry if p.stands}),
    )


def _around(request: Any, context: dict[str, Any]) -> list[Any]:
    """What depends on the view and stands beside what shows it."""
    told = ngettext("%(n)s result", "%(n)s results", context["found"]) % {"n": context["count"]}
    return [
        partial("#chips", "innerHTML", draw(request, "ui/parts/chips.html", context)),
        partial("#views", "innerMorph", draw(request, "ui/parts/views.html", context)),
        partial("#state", "innerHTML", draw(request, "ui/parts/state.html", context)),
        partial("#cnt", "innerHTML", context["count"]),
        partial("#say", "innerHTML", context["problem"] or told),
        *_bulk_all(context),
    ]


def pieces_of(request: Any, actor: Actor, view: View) -> list[Any]:
    """A view as pieces for the page that shows it, for whoever changes it from beside the list; Refused where it cannot be shown."""
    layout = layout_of(view)
    context = layout.build(request, actor, view)
    context |= frame(request, actor, view, "", layout)
    return [
        partial("#results", "outerHTML", draw(request, layout.template, context)),
        *_around(request, context),
    ]


def _bulk_all(context: dict[str, Any]) -> list[Any]:
    """The words on the button that selects the whole view, where that button stands."""
    if not (context["mass"] and (context["bulk_change"] or context["bulk_remove"] or context["bulk_actions"])):
        return []
    said = _("Select all %(count)s in this view") % {"count": context["count"]}
    return [partial("#bulk-all", "innerHTML", said)]


def _refiltered(request: Any, actor: Actor, view: View) -> HttpResponse:
    """The filter form was sent: go on to the view that it describes; its faults are said inside the form."""
    try:
        changed = view.changed(filter=view.edited(actor, request.GET, request.viewer))
        layout = layout_of(changed)
        context = layout.build(request, actor, changed)
    except Refused as refusal:
        if not wants_part(request):
            raise
        return answer(request, partial("#filter-error", "innerHTML", str(refusal)), status=422)
    if not wants_part(request):
        return HttpResponseRedirect(changed.url())
    context |= frame(request, actor, changed, "", layout)
    at = request.GET.get("at", "")
    # From now on the form edits the condition that it made.
    context["at"] = at if at.isdecimal() else str(len(parts_of(changed.tree())) - 1)
    state = partial("#filter-state", "innerHTML", draw(request, "ui/parts/filter_state.html", context))
    return _results(request, changed, context, 200, state, partial("#filter-error", "innerHTML"))


def _rows_again(request: Any, actor: Actor, view: View) -> HttpResponse:
    """The rows named by `rows`, each as a part for its place; rows that are gone are taken away."""
    ids = [int(i) for i in request.GET["rows"].split(",")[:PAGE] if i.isdecimal() and len(i) < 19]
    return answer(request, *again(request, actor, view, ids))


def again(request: Any, actor: Actor, view: View, ids: list[int]) -> list[Any]:
    """Parts that bring the rows of `ids` up to date."""
    o = view.object
    grid = Grid(actor, o, view.fields(actor), request.viewer)
    found = listing(
        actor,
        o,
        columns=[o.title, *(c.field.name for c in grid.columns)],
        where=Q(pk__in=ids),
        limit=max(1, len(ids)),
        viewer=request.viewer,
    )
    there = {r.pk for r in found.records}
    drawn = {r.pk: grid.rows([r]) for r in found.records}
    pieces = [partial(f"#r{pk}", "outerHTML", row) for pk, row in drawn.items()]
    return pieces + [partial(f"#r{pk}", "delete") for pk in ids if pk not in there]


#: The first layout, which every object has.
TABLE_LAYOUT = Layout(
    TABLE, lazy("Table"), "table-2", lambda o: True, table, "ui/parts/results.html", "ui/parts/more_rows.html"
)
