"""The same for many records: edit one field, delete. Few at once; many in the background, with progress and one undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kith.events.models import Run
from kith.events.runs import start
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, KithError, Refused
from kith.kernel.sentences import counted, together
from kith.objects import bulk as jobs
from kith.objects.access import fields as fields_of
from kith.objects.access import may, visible
from kith.objects.access.models import MASS
from kith.objects.actions import Action, actions_for
from kith.objects.declare import ObjectType
from kith.objects.kinds.numerals import show_number
from kith.objects.query import selected, visible_to
from kith.objects.write import Draft, Outcome, write

from .. import widgets
from ..render import answer, draw, page, partial, toast
from ..view import View

#: More records than this are changed in the background.
AT_ONCE = 100
#: Nobody changes more than this by one click.
MOST = 100_000


def bulk(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """GET: the form for one field. POST: change or delete the records chosen (`ids`, or `all` with the view's filter and search)."""
    if request.method == "GET":
        return _form(request, actor, o)
    ids = _chosen(request, actor, o)
    verb = request.POST.get("verb", "")
    if verb == "remove":
        if not may(actor, "remove", o):
            raise Forbidden
        if len(ids) > AT_ONCE:
            return _run(request, actor, o, jobs.remove_many, ids, _deleting(len(ids)), {})
        records = _reached(request, actor, o, "view", ids)
        return _done(
            request, o, write(actor, o, [Draft(record=r, verb="remove") for r in records]), len(ids), removed=True
        )
    if verb in ("change", "add"):
        return _change(request, actor, o, ids, adds=verb == "add")
    if verb == "do":
        return _act(request, actor, o, ids)
    raise Refused(_("Choose what to do with the records."))


def _chosen(request: Any, actor: Actor, o: ObjectType) -> list[int]:
    if request.POST.get("all"):
        jobs.ask_for_mass(actor, o)
        view = View.posted(request, actor, o)
        rows = selected(actor, o, filter=view.filter, search=view.q, viewer=request.viewer)
        # What she may not change along with others is left out, and counted as left.
        return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    ids = [int(i) for i in request.POST.getlist("ids") if i.isdecimal() and len(i) < 19]
    if not ids:
        raise Refused(_("Select at least one record."))
    if len(set(ids)) > jobs.ONE_BY_ONE:
        jobs.ask_for_mass(actor, o)
    return list(dict.fromkeys(ids))[:MOST]


def _reached(request: Any, actor: Actor, o: ObjectType, verb: str, ids: list[int]) -> list[Any]:
    """The records that may be changed together: more than a page of them, or all that a list shows, only where she may change many."""
    rows = visible_to(actor, o, verb).filter(pk__in=ids)
    if request.POST.get("all") or len(ids) > jobs.ONE_BY_ONE:
        rows = rows.filter(visible(actor, o, MASS))
    return list(rows)


def _editable(actor: Actor, o: ObjectType) -> dict[str, Any]:
    return {name: f for name, f in fields_of(actor, o, "change").items() if f.inline and name != o.title}


def _form(request: Any, actor: Actor, o: ObjectType) -> HttpResponse:
    """Choose a field, then its new value."""
    fields = _editable(actor, o)
    field = fields.get(request.GET.get("field", ""))
    adds = field is not None and "add" in request.GET and bool(field.kind.adding)
    context = {"object": o, "fields": list(fields.values()), "field": field, "adds": adds}
    if field is not None:
        context["widget"] = widgets.widget(field, field.kind.empty, request.viewer, required=False)
    return page(request, "ui/pages/bulk.html", context, part="ui/parts/bulk_form.html")


def quick(actor: Actor, o: ObjectType) -> list[tuple[str, Any, str]]:
    """The fields with a button of their own, as (icon, label, query of their form): to whom records belong, what is added to them."""
    fields = _editable(actor, o).values()
    owner = next((f for f in fields if widgets.links_to_users(f)), None)
    more = next((f for f in fields if f.kind.adding), None)
    found = [("user-plus", pgettext("to a colleague", "Assign"), f"field={owner.name}")] if owner else []
    return found + ([(more.icon, more.kind.adding, f"field={more.name}&add=1")] if more else [])


def _change(request: Any, actor: Actor, o: ObjectType, ids: list[int], *, adds: bool) -> HttpResponse:
    """Give a field of the records one value; with `adds`, add values to what stands in each."""
    field = _editable(actor, o).get(request.POST.get("field", ""))
    if field is None or (adds and not field.kind.adding):
        raise Refused(_("This field cannot be changed for many records at once."))
    try:
        value = widgets.read(field, request.POST, request.viewer)
    except Refused as refusal:
        return answer(
            request,
            partial(
                "#bulk-error", "innerHTML", _("%(field)s: %(sentence)s") % {"field": field.label, "sentence": refusal}
            ),
            status=422,
        )
    if len(ids) > AT_ONCE:
        return _run(
            request,
            actor,
            o,
            jobs.add_many if adds else jobs.edit_many,
            ids,
            _editing(len(ids)),
            {"values": {field.name: field.kind.pack(value)}},
        )
    records = _reached(request, actor, o, "change", ids)
    drafts = [Draft({field.name: [*field.get(r), *value] if adds else value}, record=r) for r in records]
    return _done(request, o, write(actor, o, drafts), len(ids))


def actions(actor: Actor, o: ObjectType) -> list[Action]:
    """The actions that many records can be given to at once, without further questions."""
    return [
        a for a in actions_for(actor, o) if a.bulk and a.shown and not any(needed for *_rest, needed in a.form.values())
    ]


def _act(request: Any, actor: Actor, o: ObjectType, ids: list[int]) -> HttpResponse:
    found = next((a for a in actions(actor, o) if a.name == request.POST.get("action")), None)
    if found is None:
        raise Refused(_("Choose what to do with the records."))
    if len(ids) > AT_ONCE:
        raise Refused(_("Select at most %(n)s records for this.") % {"n": show_number(AT_ONCE, request.viewer)})
    outcomes = []
    for record in _reached(request, actor, o, "view", ids):
        outcome = Outcome(Draft(record=record), "changed", record)
        try:
            found(actor, record)
        except KithError as refusal:
            outcome.error = refusal
        outcomes.append(outcome)
    return _done(request, o, outcomes, len(ids))


def _done(request: Any, o: ObjectType, outcomes: list[Outcome], asked: int, *, removed: bool = False) -> HttpResponse:
    """Say how many were done, how many not and why; the rows refresh themselves."""
    done = [x for x in outcomes if x.ok and x.state != "unchanged"]
    refused = [x for x in outcomes if not x.ok]
    missing = asked - len(outcomes)
    n, shown = len(done), show_number(len(done), request.viewer)
    if removed:
        sentence = ngettext("%(n)s record moved to the trash.", "%(n)s records moved to the trash.", n) % {"n": shown}
    else:
        sentence = ngettext("%(n)s record changed.", "%(n)s records changed.", n) % {"n": shown}
    if refused or missing:
        left = len(refused) + missing
        kept = ngettext("%(n)s record was left as it is.", "%(n)s records were left as they are.", left) % {
            "n": show_number(left, request.viewer)
        }
        why = str(refused[0].error) if refused else _("You may not change all of them, or they are gone.")
        sentence = together(sentence, kept, why)
    ids = [x.draft.record.pk for x in done]
    # A form that was sent twice finds nothing left to do, and then there is nothing to undo either.
    said = toast(request, sentence, undo=request.cause if done else "", bad=bool(not done and (refused or missing)))
    status = 422 if not done and refused else 200
    return answer(request, said, changed={"object": o.key, "ids": ids, "gone": removed, "by": "bulk"}, status=status)


def _deleting(n: int) -> str:
    return ngettext("Delete %(n)s record", "Delete %(n)s records", n) % {"n": counted(n)}


def _editing(n: int) -> str:
    return ngettext("Edit %(n)s record", "Edit %(n)s records", n) % {"n": counted(n)}


def _run(
    request: Any, actor: Actor, o: ObjectType, job: Any, ids: list[int], title: str, more: dict[str, Any]
) -> HttpResponse:
    """Do it in the background; the answer says where to watch."""
    n = len(ids)
    # Sent twice, it is still one piece of work.
    same = Run.objects.filter(job=job.key, actor_id=actor.id, state__in=(Run.WAITING, Run.RUNNING), total=n)
    arguments = {"object": o.key, "ids": ids, **more}
    run = next((r for r in same if r.arguments == arguments), None)
    run = run or start(job, actor, title=title, total=n, **arguments)
    said = draw(request, "ui/parts/run_toast.html", {"run": run, "title": title})
    return answer(request, partial("#toasts", "innerHTML", said), changed={"object": o.key, "ids": [], "by": "run"})
