"""Work in the background: how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kith.events.models import Run
from kith.identity import tokens
from kith.kernel.errors import Missing

from .asking import Asked
from .shapes import number
from .wire import answer


def show(asked: Asked, pk: int) -> HttpResponse:
    """A run that the caller asked for. A narrowed token sees those that were asked for by it, and no others."""
    asked.only()
    run = Run.objects.filter(pk=number(pk), actor_kind=asked.actor.kind, actor_id=asked.actor.id).first()
    if run is None or (asked.actor.is_narrowed and not tokens.are_one(run.token, asked.token)):
        raise Missing
    return answer(described(run), headers={} if run.is_over else {"Retry-After": "1"})


def described(run: Run) -> dict[str, Any]:
    """A run as programs get it."""
    made: dict[str, Any] = {
        "id": run.pk,
        "title": run.title,
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "error": run.error,
        "url": f"/api/v1/runs/{run.pk}",
    }
    if "data" in run.result:
        made["data"] = run.result["data"]
    return made
