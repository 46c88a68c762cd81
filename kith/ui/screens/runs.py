"""Work in the background, watched by whoever asked for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from babel.dates import format_timedelta
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from kith.events.models import Run
from kith.events.runs import stop
from kith.kernel.actor import Actor
from kith.kernel.digits import local_digits
from kith.kernel.errors import Missing
from kith.objects.access import rights
from kith.objects.exchange import seconds_left
from kith.objects.kinds.numerals import show_number

from ..render import onward, page, wants_part

STATES: dict[str, Any] = {
    Run.WAITING: lazy("Waiting for a worker"),
    Run.RUNNING: lazy("Running"),
    Run.DONE: lazy("Done"),
    Run.FAILED: lazy("Stopped by a fault"),
    Run.STOPPED: lazy("Stopped"),
}

#: Numbers that runs keep in their result: key, style, label.
COUNTED = (
    ("done", "updated", pgettext_lazy("what became of records", "Updated")),
    ("unchanged", "unchanged", pgettext_lazy("what became of records", "Unchanged")),
    ("refused", "refused", pgettext_lazy("what became of records", "Refused")),
)


def find_run(actor: Actor, pk: int) -> Run:
    """The run, if it is the actor's own or she administers the house."""
    run = Run.objects.filter(pk=pk).first()
    if run is None or ((run.actor_kind, run.actor_id) != (actor.kind, actor.id) and not rights(actor).everything):
        raise Missing(_("There is no such run, or it is not yours."))
    return run


def show(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """How far it is; the part asks again every second until it is over."""
    run = find_run(actor, pk)
    if run.is_over and wants_part(request):
        # What can be done now is another thing than while it ran: the whole page says so.
        return HttpResponse(status=204, headers={"HX-Redirect": f"/runs/{run.pk}/"})
    return page(
        request, "ui/pages/run.html", {"run": run, "progress": progress(run, request.viewer)}, part="ui/parts/run.html"
    )


def stop_run(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """Stop after the present step; what is done stays and can be undone."""
    run = find_run(actor, pk)
    stop(run)
    return onward(request, f"/runs/{run.pk}/", _("It stops after the present step."))


def progress(run: Run, viewer: Any) -> dict[str, Any]:
    """What a progress part shows of a run."""
    share = min(100, run.done * 100 // run.total) if run.total else (100 if run.state == Run.DONE else 0)
    left = seconds_left(run)
    result = run.result if isinstance(run.result, dict) else {}
    reasons: dict[str, int] = {}
    for refused in result.get("refused") or ():
        why = (refused[1] if isinstance(refused, list) and len(refused) > 1 else "") or _(
            "It is gone, or you may not change it."
        )
        reasons[why] = reasons.get(why, 0) + 1
    for kept in result.get("kept") or ():
        reasons[kept[-1]] = reasons.get(kept[-1], 0) + 1
    return {
        "run": run,
        "share": share,
        "known": bool(run.total),
        "done": show_number(run.done, viewer),
        "total": show_number(run.total, viewer) if run.total else "",
        "left": _left(left, viewer),
        "over": run.is_over,
        "state": STATES[run.state],
        "counts": _counts(result, viewer),
        "reasons": [(why, show_number(n, viewer)) for why, n in reasons.items()][:20],
        "undoable": run.is_over and run.done > 0 and not run.job.endswith("undo_all"),
    }


def _counts(result: dict[str, Any], viewer: Any) -> list[dict[str, Any]]:
    """What became of the records, where the run says so."""
    made = []
    for key, name, label in COUNTED:
        told = result.get(key)
        n = len(told) if isinstance(told, list) else told
        if isinstance(n, int):
            made.append({"key": name, "label": label, "number": show_number(n, viewer), "some": n > 0})
    return made


def _left(seconds: int | None, viewer: Any) -> str:
    if seconds is None:
        return ""
    told = format_timedelta(timedelta(seconds=max(1, seconds)), locale=viewer.locale, threshold=1.2)
    return _("About %(time)s left") % {"time": local_digits(told, viewer)}
