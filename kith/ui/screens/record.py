"""The page of one record: what is known, what happened, what belongs to it; and what can be done with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects import samples
from kith.objects.access import fields as fields_of
from kith.objects.access import may
from kith.objects.actions import Action, actions_for
from kith.objects.declare import ObjectType
from kith.objects.history import people_in
from kith.objects.kinds.kind import new_key
from kith.objects.kinds.numerals import show_number
from kith.objects.merged import led_to
from kith.objects.query import Count, find, neighbours, visible_to
from kith.objects.recents import seen
from kith.objects.write import first_time, remove, restore

from .. import belonging, panels
from ..additions import BAR, FACTS, HEAD, additions, drawn
from ..highlights import strip
from ..inputs import Inputs
from ..render import answer, onward, page, toast, wants_part
from ..writing import fresh, writings
from . import starring
from .steps import card

#: How much of a list's address a record's address may carry.
LONGEST_LIST = 2000
#: Parts of the page that an address may name.
TABS = ("activity", "details", "related", "history")


def show(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """The whole page."""
    into = led_to(o.key, pk) if "itself" not in request.GET else None
    if into is not None and visible_to(actor, o).filter(pk=into).exists():
        # It was merged into another: whoever has the old address finds that one.
        return HttpResponseRedirect(o.url(into))
    record = panels.loaded(actor, o, pk, request.viewer)
    context = frame(request, actor, o, record) | place(request, actor, o, record)
    context["alike"] = _alike(request, actor, record)
    context["related"] = belonging.related(actor, record, request.viewer)
    context["highlights"] = strip(actor, o, record, request.viewer, context["related"])
    context["creates"] = may(actor, "create", o)
    context["people"] = [(f"{kind}:{key}", name) for kind, key, name in people_in(record)]
    if record.removed_at is None:
        context["writings"] = [fresh(w, actor, record, request.viewer) for w in writings(actor, o, record)]
    context["tab"] = request.GET.get("tab") if request.GET.get("tab") in TABS else "activity"
    context |= starring.shown(actor, o.key, pk)
    if record.removed_at is None and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        seen(actor, o.key, pk)
    return page(request, "ui/pages/record.html", context)


def peek(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """The same, beside a list."""
    record = panels.loaded(actor, o, pk, request.viewer)
    context = frame(request, actor, o, record) | place(request, actor, o, record) | starring.shown(actor, o.key, pk)
    return page(request, "ui/pages/peek.html", context, part="ui/parts/peek.html")


def facts(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Name and facts anew, after something else changed them."""
    record = panels.loaded(actor, o, pk, request.viewer)
    context = frame(request, actor, o, record, story=False) | {"alike": _alike(request, actor, record)}
    return page(request, "ui/pages/record_facts.html", context, part="ui/parts/facts.html")


def story(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """The timeline, or what comes after a place in it."""
    record = find(actor, o, pk, trash=None)
    after = request.GET.get("after", "")
    told = panels.story(
        actor,
        record,
        request.viewer,
        narrowed=_narrowed(request.GET.get("show", "all")),
        after=int(after) if after.isdecimal() and len(after) < 19 else None,
        under=request.GET.get("under", "")[:60],
        by=request.GET.get("by", "")[:80],
    )
    return page(
        request,
        "ui/pages/timeline.html",
        {"object": o, "record": record, "story": told, "url": o.url(pk)},
        part="ui/parts/timeline.html",
    )


def related(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """The related lists anew."""
    record = find(actor, o, pk, trash=None)
    context = {"object": o, "record": record, "related": belonging.related(actor, record, request.viewer)}
    return page(request, "ui/pages/related.html", context, part="ui/parts/related.html")


def frame(request: Any, actor: Actor, o: ObjectType, record: Any, *, story: bool = True) -> dict[str, Any]:
    """What stands on the page whatever surrounds it."""
    viewer = request.viewer
    gone = record.removed_at is not None
    changeable = not gone and may(actor, "change", record)
    titled = o.title in fields_of(actor, o)
    kind, value = o.title_field.kind, o.title_field.get(record)
    context = {
        "object": o,
        "record": record,
        "url": o.url(record.pk),
        "title": panels.title(actor, o, record, viewer),
        "title_shown": kind.detail(value, viewer) if titled else "",
        "portrait": panels.portrait(actor, o, record, viewer),
        "gone": gone,
        "sampled": bool(samples.among(o, [record.pk])),
        "changeable": changeable,
        "removable": not gone and may(actor, "remove", record),
        "restorable": gone and may(actor, "remove", o),
        "sections": panels.facts(actor, record, viewer, editable=changeable),
        "actions": []
        if gone
        else [_said_of(a) for a in actions_for(actor, o) if a.shown and may(actor, a.right, record)],
        "new_key": new_key(),
    }
    if story:
        context |= card(actor, o, record, viewer, offered="offer" in request.GET)
    for where in (BAR, HEAD, FACTS):
        context[f"additions_{where}"] = [
            made for one in additions(o, where) if (made := drawn(one, actor, record, viewer)) is not None
        ]
    context["empties"] = sum(f.minor for section in context["sections"] for f in section.facts)
    if story:
        asked = request.GET.get("event", "")
        context["story"] = panels.story(
            actor,
            record,
            viewer,
            narrowed=_narrowed(request.GET.get("show", "all")),
            by=request.GET.get("by", "")[:80],
            event=int(asked) if asked.isdecimal() and len(asked) < 19 else None,
        )
    return context


def _alike(request: Any, actor: Actor, record: Any) -> list[panels.Hint]:
    return panels.alike(actor, record, request.viewer) if record.removed_at is None else []


def _said_of(action: Action) -> dict[str, Any]:
    """What a template shows of an action; given the action itself, it would do it."""
    return {"name": action.name, "label": action.label, "icon": action.icon}


def _narrowed(word: str) -> str:
    return word if word in panels.NARROWED else "all"


# ── the list that it was opened from ─────────────────────────────────────────────────────────────────────────────────


def place(request: Any, actor: Actor, o: ObjectType, record: Any) -> dict[str, Any]:
    """The records before and after this one, in the order of the list that it was opened from.

    The list's filter, sort and search travel in the address (`in`); the first page after the list reads them from where it came.
    """
    asked = request.GET.get("in")
    if asked is None:
        came = urlsplit(request.headers.get("Referer", ""))
        asked = came.query if came.netloc == request.get_host() and came.path == o.url() else ""
    view = QueryDict(asked[:LONGEST_LIST])
    given: dict[str, Any] = {
        "filter": view.get("filter", ""),
        "sort": view.get("sort", ""),
        "search": view.get("q", "").strip(),
    }
    try:
        found = neighbours(actor, record, viewer=request.viewer, **given)
    except Refused:
        found, given = None, {}
    kept = {
        k: v
        for k, v in {"filter": given.get("filter"), "sort": given.get("sort"), "q": given.get("search")}.items()
        if v
    }
    query = QueryDict(mutable=True)
    query.update(kept)
    here = query.urlencode()
    back = f"{o.url()}?{here}" if here else o.url()
    if found is None:
        return {"list_url": back, "before": "", "after": "", "position": "", "carried": here, "beside": (None, None)}
    tail = f"?in={quote(here)}" if here else ""
    viewer = request.viewer
    return {
        "list_url": back,
        "carried": here,
        "beside": (found.before, found.after),
        "before": f"{o.url(found.before)}{tail}" if found.before else "",
        "after": f"{o.url(found.after)}{tail}" if found.after else "",
        "position": _("%(place)s of %(total)s")
        % {"place": _counted(found.place, viewer), "total": _counted(found.total, viewer)},
    }


def _counted(count: Count, viewer: Any) -> str:
    number = show_number(count.value, viewer)
    return number if count.exact else _("%(number)s+") % {"number": number}


# ── what can be done with it ─────────────────────────────────────────────────────────────────────────────────────────


def do(request: Any, actor: Actor, o: ObjectType, pk: int, name: str) -> HttpResponse:
    """One action: GET gives its form, POST does it."""
    record = find(actor, o, pk)
    action = next((a for a in actions_for(actor, o) if a.shown and a.name == name), None)
    if action is None:
        raise Missing(_("There is no such action here."))
    viewer = request.viewer
    inputs = Inputs.of_action(action)
    if request.method == "GET":
        return _action_form(request, o, record, action, inputs.shown({}, viewer, empty=True))
    try:
        values = inputs.read(request.POST, viewer)
        with transaction.atomic():
            fresh = first_time(
                actor,
                request.POST.get("once", "") or new_key(),
                o.key,
                pk,
                name,
                request.POST.dict() | {"csrfmiddlewaretoken": ""},
            )
            if fresh:
                action(actor, record, **values)
    except Refused as refusal:
        return _action_form(
            request, o, record, action, inputs.shown(request.POST, viewer, errors=refusal.errors), refusal
        )
    sentence = _("%(action)s: done.") % {"action": action.label} if fresh else _("Already done.")
    if not wants_part(request):
        return onward(request, o.url(pk), sentence)
    return answer(
        request, toast(request, sentence, undo=request.cause), changed={"object": o.key, "ids": [pk], "by": "action"}
    )


def _action_form(
    request: Any, o: ObjectType, record: Any, action: Action, rows: list[Any], refusal: Refused | None = None
) -> HttpResponse:
    context = {
        "object": o,
        "record": record,
        "action": _said_of(action),
        "url": o.url(record.pk),
        "rows": rows,
        "once": request.POST.get("once") or new_key(),
        "summary": refusal.errors.get("", []) if refusal else [],
    }
    return page(
        request, "ui/pages/action.html", context, part="ui/parts/action_form.html", status=422 if refusal else 200
    )


def delete(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Move it to the trash, and go back to the list, where it can be taken back."""
    record = find(actor, o, pk)
    title = panels.title(actor, o, record, request.viewer)
    remove(actor, record)
    sentence = _("“%(title)s” is in the trash.") % {"title": title}
    messages.success(request, sentence, extra_tags=request.cause)
    carried = QueryDict(request.POST.get("in", "")[:LONGEST_LIST]).urlencode()
    url = f"{o.url()}?{carried}" if carried else o.url()
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def back(request: Any, actor: Actor, o: ObjectType, pk: int) -> HttpResponse:
    """Take it back from the trash."""
    record = find(actor, o, pk, trash=None)
    sentence = _("It was restored before.")
    if record.removed_at is not None:
        restore(actor, record)
        sentence = _("Restored.")
    return onward(request, o.url(pk), sentence)


__all__ = ["back", "delete", "do", "facts", "frame", "peek", "place", "related", "show", "story"]
