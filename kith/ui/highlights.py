"""The strip over a record's timeline: up to four facts at a glance, declared by its object, chosen anew by administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from kith.events.models import CHANGES
from kith.kernel.actor import Actor
from kith.kernel.registry import Registry, Room
from kith.kernel.viewer import Viewer
from kith.objects.access import fields as fields_of
from kith.objects.declare import ObjectType
from kith.objects.history import timeline
from kith.objects.kinds import Text
from kith.objects.settings import Setting
from kith.threads.notes import NoteAdded

from .belonging import List
from .templatetags.ui import ago

#: So many stand side by side.
MOST = 4
#: How keys begin that name a field of the record, or a list of records that link to it.
FIELD, RELATED = "field:", "related:"


@dataclass(frozen=True)
class Highlight:
    """A computed fact of a record's strip, of every object or of one (`object`).

    `build(actor, record, viewer)` gives what is shown, "" for nothing; it reads no more than the actor may, in a query or two. Rooms
    contribute instances.
    """

    registry: ClassVar[Registry[Highlight]] = Registry("highlight of a record")

    key: str
    label: Any
    icon: str
    build: Callable[[Actor, Any, Viewer], Any]
    object: str = "*"

    def contribute(self, room: Room) -> None:
        """Rooms contribute them as instances."""
        Highlight.registry.add(self.key, self)


def _last_done(actor: Actor, record: Any, viewer: Viewer) -> Any:
    """When anybody last did anything with it: the newest line of its timeline."""
    found = timeline(actor, record, limit=1, bare=True).entries
    return ago(found[0].at) if found else ""


def _last_note(actor: Actor, record: Any, viewer: Viewer) -> Any:
    found = timeline(actor, record, limit=1, names=(NoteAdded.name,), bare=True).entries
    return ago(found[0].at) if found else ""


def _known_since(actor: Actor, record: Any, viewer: Viewer) -> Any:
    return ago(record.created_at) if "created_at" in fields_of(actor, record) else ""


def _last_change(actor: Actor, record: Any, viewer: Viewer) -> Any:
    found = timeline(actor, record, limit=1, names=CHANGES, bare=True).entries
    return found[0].actor_name if found else ""


LAST_DONE = Highlight("last_activity", _("Last activity"), "history", _last_done)
LAST_NOTE = Highlight("last_note", _("Last note"), "sticky-note", _last_note)
KNOWN_SINCE = Highlight("known_since", _("Known since"), "calendar-plus", _known_since)
LAST_BY = Highlight("last_by", _("Last changed by"), "user", _last_change)
ALL = (LAST_DONE, LAST_NOTE, KNOWN_SINCE, LAST_BY)


def setting_of(o: ObjectType) -> Setting:
    """Where the choice of administrators for this object is kept: keys, a blank between them."""
    return Setting(f"highlights.{o.key}"[:80], kind=Text(max_length=400), label=o.plural, required=False)


def offered(actor: Actor, o: ObjectType) -> dict[str, tuple[Any, str]]:
    """Everything that may stand in the strip of an object: key → (label, icon)."""
    found: dict[str, tuple[Any, str]] = {
        one.key: (one.label, one.icon) for one in Highlight.registry if one.object in ("*", o.key)
    }
    for related in o.related:
        found[f"{RELATED}{related.key}"] = (related.label, related.object.icon)
    for field in fields_of(actor, o).values():
        if field.name != o.title:
            found[f"{FIELD}{field.name}"] = (field.label, field.icon)
    return found


def chosen(o: ObjectType) -> list[str]:
    """The keys of an object's strip: what an administrator chose, else what it declares, else what suits any object."""
    kept = setting_of(o).value
    if kept:
        return [key for key in kept.split() if key != "-"][:MOST]
    if o.highlights:
        return list(o.highlights)[:MOST]
    return [LAST_DONE.key, *(f"{RELATED}{one.key}" for one in o.related[:2]), KNOWN_SINCE.key][:MOST]


def strip(actor: Actor, o: ObjectType, record: Any, viewer: Viewer, lists: list[List]) -> list[dict[str, Any]]:
    """The strip of one record; what the actor may not see, and what there no longer is, is left out."""
    known = offered(actor, o)
    counts = {f"{RELATED}{one.key}": one for one in lists}
    made = []
    for key in chosen(o):
        if key not in known:
            continue
        label, icon = known[key]
        url = ""
        if key in counts:
            shown, url = counts[key].count, counts[key].all
        elif key.startswith(RELATED):
            continue
        elif key.startswith(FIELD):
            field = fields_of(actor, o)[key.removeprefix(FIELD)]
            shown = field.kind.cell(field.get(record), viewer) if not field.kind.is_empty(field.get(record)) else ""
        else:
            shown = Highlight.registry[key].build(actor, record, viewer)
        made.append({"label": label, "icon": icon, "shown": shown, "url": url})
    return made


__all__ = ["ALL", "MOST", "Highlight", "chosen", "offered", "setting_of", "strip"]
