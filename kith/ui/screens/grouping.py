"""The table of a list whose records stand in groups, and the rest of one group."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.kernel.html import el, icon, join
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.filters import All, parse, text
from kith.objects.grouping import Group, grouped, grouped_by, units_of
from kith.objects.query import PAGE, listing

from ..grid import Grid
from ..render import answer, wants_part
from ..view import View
from . import listing as lists
from .footer import show_count

UNITS = {"day": lazy("By day"), "week": lazy("By week"), "month": lazy("By month"), "year": lazy("By year")}


def choices(actor: Actor, view: View) -> list[tuple[Any, str, str, bool]]:
    """By what the list may be grouped: (icon, label, address, whether it is so now); first by nothing."""
    o = view.object
    now = grouped_by(actor, o, view.group) if view.group else None
    found = [("rows-3", str(_("No groups")), view.url(group=""), now is None)]
    for field in fields_of(actor, o).values():
        if units := units_of(field):
            here = now is not None and now[0].name == field.name
            found.append((field.icon, str(field.label), view.url(group=field.name), here and units == ("",)))
            if here and now and len(units) > 1:
                found += [("calendar", str(UNITS[u]), view.url(group=f"{field.name}:{u}"), u == now[1]) for u in units]
    return found


def table(request: Any, actor: Actor, view: View) -> dict[str, Any]:
    """What the table shows; Refused when the list cannot be grouped so."""
    o, viewer = view.object, request.viewer
    fields = view.fields(actor)
    grid = Grid(actor, o, fields, viewer, widths=view.widths)
    found = grouped(
        actor,
        o,
        view.group,
        filter=view.filter,
        sort=view.sort,
        search=view.q,
        columns=[o.title, *(f.name for f in fields)],
        viewer=viewer,
        folded=folded(request, view.group),
        start=view["from"],
    )
    closed = folded(request, view.group)
    new = f"{o.url()}new/" if may(actor, "create", o) and found.field.name in fields_of(actor, o, "change") else ""
    grid.ready(found.page.records)
    bodies, first = [], True
    for number, group in enumerate(found.groups):
        bodies.append(_body(view, grid, group, number, first, group.key in closed, found.field.name, new))
        first = False
    some = bool(found.groups)
    return {
        "object": o,
        "view": view,
        "grid": grid,
        "bodies": join(bodies),
        "rows": "",
        "some": some,
        "more": view.url(**{"from": found.next}) if found.next else "",
        "more_here": False,
        "page_size": PAGE,
        **lists.headed(request, actor, view, grid, some),
    }


def _body(
    view: View, grid: Grid, group: Group, number: int, focus: bool, closed: bool, name: str, new: str
) -> SafeString:
    number_of = show_count(group.count, grid.viewer)
    alone = view.url(group="", filter=text(All((view.tree(), group.tree)) if view.filter else group.tree))
    tools: list[Any] = [
        el(
            "button",
            icon("chevron-down", "s fold"),
            el("bdi", group.label, class_="tx"),
            el("span", number_of, class_="cnt num"),
            type="button",
            class_="b s",
            tabindex="-1",
            aria_expanded="false" if closed else "true",
            data_fold=group.key,
        ),
        el(
            "a",
            icon("list-filter", "s"),
            href=alone,
            class_="b s ic",
            tabindex="-1",
            data_view="",
            aria_label=_("Only this group: %(group)s") % {"group": group.label},
        ),
    ]
    if new and group.preset:
        tools.append(
            el(
                "a",
                icon("plus", "s"),
                href=f"{new}?{name}={quote(group.preset)}",
                class_="b s ic",
                tabindex="-1",
                data_new="",
                aria_label=_("New in this group: %(group)s") % {"group": group.label},
            )
        )
    head = el(
        "tr",
        el(
            "td",
            el("span", *tools, class_="fx"),
            role="rowheader",
            colspan=grid.span,
            tabindex="0" if focus else "-1",
            class_="gt",
        ),
        role="row",
        class_="gh",
    )
    rest = _more(view, grid, group.key, group.next, closed) if closed or group.next else ""
    return el(
        "tbody",
        head,
        grid.rows(group.records, prepared=True),
        rest,
        id=f"g{number}",
        role="rowgroup",
        data_group=group.key,
        class_="folded" if closed else None,
    )


def _more(view: View, grid: Grid, key: str, after: str, closed: bool = False) -> SafeString:
    """The row that brings what follows in a group; of a closed one, what is in it."""
    query = f"in_group={quote(key)}" + (f"&after={after}" if after else "")
    url = view.url()
    url += ("&" if "?" in url else "?") + query
    link = el(
        "a",
        _("More in this group"),
        href=url,
        class_="b s",
        hx_get=url,
        hx_target="closest tr",
        hx_swap="outerHTML",
        data_in_group="",
    )
    return el("tr", el("td", link, colspan=grid.span), class_="more", hidden="" if closed else None)


def rest(request: Any, actor: Actor, view: View, key: str) -> HttpResponse:
    """What follows in a group. Its key is a condition in the filter language, and is read through the rights of whoever asks."""
    tree = parse(key)
    inside = All((view.tree(), tree)) if view.filter else tree
    if not wants_part(request):
        return HttpResponseRedirect(view.url(group="", filter=text(parse(inside))))
    o, viewer = view.object, request.viewer
    fields = view.fields(actor)
    grid = Grid(actor, o, fields, viewer, widths=view.widths)
    found = listing(
        actor,
        o,
        filter=inside,
        sort=view.sort,
        search=view.q,
        columns=[o.title, *(f.name for f in fields)],
        after=view.after or None,
        viewer=viewer,
    )
    more = _more(view, grid, key, found.next) if found.next else ""
    return answer(request, grid.rows(found.records), more)


def folded(request: Any, group: str) -> set[str]:
    """The keys of the groups that this person folded: from the cookie "fold" of this list, as long as it is grouped the same way."""
    by, *keys = request.COOKIES.get("fold", "").split("|")[:60]
    return {unquote(key) for key in keys} if unquote(by) == group else set()
