"""Before a record goes for good: links to it are taken off the others through the write path, so that their history says so."""

from __future__ import annotations

from typing import Any

from django.db import models

from kith.kernel.actor import Actor, System

from ..access.models import Private, Share
from ..columns import PROTECT, LinkColumn, ManyLinksColumn
from ..declare import ObjectType
from ..favourites import forget as forget_favourites
from ..recents import forget as forget_recents
from .drafts import Draft


def let_go(actor: Actor, o: ObjectType, ids: list[int]) -> None:
    """Empty the links that point at these records, and purge what has no sense without them (what follows them)."""
    from .verbs import write

    system = System(f"purge of {o.key}")
    for related in o.related:
        other = related.field
        if isinstance(other, LinkColumn):
            rows = models.QuerySet(related.object.model).filter(**{f"{other.attname}__in": ids})
            if related.object.follows == other.name:
                _purge_all(system, related.object, list(rows))
            elif other.column.remote_field.on_delete is not PROTECT:
                write(
                    system, related.object, [Draft({other.name: None}, record=r) for r in rows.filter(removed_at=None)]
                )
                rows.filter(removed_at__isnull=False).update(**{other.attname: None})
        elif isinstance(other, ManyLinksColumn):
            model, _ours, theirs = other.through
            if not hasattr(model, "removed_at"):
                models.QuerySet(model).filter(**{f"{theirs}__in": ids}).delete()
    Share.objects.filter(object=o.key, record__in=ids).delete()
    Private.objects.filter(object=o.key, record__in=ids).delete()
    forget_favourites(o.key, ids)
    forget_recents(o.key, ids)


def _purge_all(system: Actor, o: ObjectType, records: list[Any]) -> None:
    from .verbs import write

    write(system, o, [Draft(record=r, verb="remove") for r in records if r.removed_at is None])
    write(system, o, [Draft(record=r, verb="purge") for r in records])
