"""What can be written about boxes and toys: a call, a letter, a task. Each is a record of its own that is about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.times import WallTime
from kith.kernel.viewer import Viewer
from kith.objects.actions import Action, action
from kith.objects.kinds import DateTime, Email, Integer, LongText, Text
from kith.objects.write import create
from kith.ui.writing import Writing

_SUBJECT = (lazy("Subject"), Text(max_length=200), False)


def _about(actor: Actor, record: Any) -> dict[str, Any]:
    return {record.object_key().rpartition(".")[2]: record.pk, "owner": actor.user_id}


def log_call(actor: Actor, record: Any, *, text: str, subject: str, minutes: int | None) -> Any:
    """Write down a call."""
    said = {"name": subject or _("Call"), "way": "call", "words": text, "minutes": minutes}
    return create(actor, "toybox.talk", said | _about(actor, record))


def write_mail(actor: Actor, record: Any, *, text: str, to: str, subject: str) -> Any:
    """Write down a letter. Nothing is sent."""
    said = {"name": subject or _("E-mail"), "way": "mail", "words": text, "address": to}
    return create(actor, "toybox.talk", said | _about(actor, record))


def add_task(actor: Actor, record: Any, *, text: str, due: datetime | None) -> Any:
    """Plan something to do."""
    return create(actor, "toybox.task", {"name": text, "due_at": due} | _about(actor, record))


def _tomorrow(actor: Actor, record: Any, viewer: Viewer) -> Mapping[str, Any]:
    morning = datetime.combine(clock.today(viewer.zone) + timedelta(days=1), time(9))
    return {"due": WallTime(morning, viewer.zone).instant}


def _verbs(on: str) -> list[Action]:
    said = {"text": (lazy("What was said"), LongText(), True)}
    call = action(
        on=on, label=lazy("Log call"), verb="view", icon="phone", shown=False,
        form={**said, "subject": _SUBJECT, "minutes": (lazy("Minutes"), Integer(), False)},
    )  # fmt: skip
    letter = action(
        on=on, label=lazy("Write e-mail"), verb="view", icon="mail", shown=False,
        form={**said, "to": (lazy("To"), Email(), False), "subject": _SUBJECT},
    )  # fmt: skip
    task = action(
        on=on, label=lazy("Add task"), verb="view", icon="list-checks", shown=False,
        form={
            "text": (lazy("Task"), Text(max_length=200), True),
            "due": (lazy("Due"), DateTime(), False),
        },
    )  # fmt: skip
    return [letter(write_mail), call(log_call), task(add_task)]


def _writings(on: str) -> list[Any]:
    letter, call, task = _verbs(on)
    return [
        letter,
        call,
        task,
        Writing(
            letter, lazy("E-mail"), lazy("Write down"), lazy("What you write to them"), makes="toybox.talk", mail="to"
        ),
        Writing(call, lazy("Call"), lazy("Log call"), lazy("What was said"), makes="toybox.talk"),
        Writing(task, lazy("Task"), lazy("Add task"), lazy("What is to be done"), makes="toybox.task", start=_tomorrow),
    ]


ALL = [*_writings("toybox.box"), *_writings("toybox.toy")]
