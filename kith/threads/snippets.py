"""Texts that people write again and again: their own, and those of everybody."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Missing
from kith.kernel.text import fold
from kith.objects.access import rights

from .models import Snippet
from .notes import LONGEST

NAME = 80
MOST = 200


def snippets(actor: Actor, words: str = "") -> list[Snippet]:
    """The actor's own and everybody's, by name; those whose name or text holds each of the words."""
    if actor.user_id is None:
        return []
    rows = Snippet.objects.filter(Q(owner=actor.user_id) | Q(owner=None)).order_by("name", "pk")[:MOST]
    wanted = fold(words).split()
    return [row for row in rows if all(word in fold(f"{row.name} {row.text}") for word in wanted)]


def keep(actor: Actor, name: str, text: str, *, shared: bool, pk: int | None = None) -> Snippet:
    """Make a snippet, or change one. Those of everybody are the administrators' to write. Invalid with a sentence for each field."""
    if actor.user_id is None or actor.observer is not None or actor.is_narrowed:
        raise Forbidden
    if shared and not rights(actor).everything:
        raise Forbidden(_("Only administrators write snippets for everybody."))
    name, text = " ".join(name.split()), text.replace("\r\n", "\n").strip()
    errors = {}
    if not name or len(name) > NAME:
        errors["name"] = [_("Write a short name.")]
    if not text or len(text) > LONGEST:
        errors["text"] = [_("Write the text that it stands for.")]
    if errors:
        raise Invalid(errors)
    owner = None if shared else actor.user_id
    if pk is not None:
        _own(actor, pk)
        Snippet.objects.filter(pk=pk).update(name=name, text=text, owner=owner)
        return Snippet.objects.get(pk=pk)
    return Snippet.objects.create(owner_id=owner, name=name, text=text)


def drop(actor: Actor, pk: int) -> None:
    """Delete a snippet that is hers to write."""
    _own(actor, pk)
    Snippet.objects.filter(pk=pk).delete()


def writes(actor: Actor, row: Snippet) -> bool:
    """Whether the actor may change a snippet."""
    return row.owner_id == actor.user_id or (row.owner_id is None and rights(actor).everything)


def _own(actor: Actor, pk: int) -> None:
    row = Snippet.objects.filter(pk=pk).first()
    if row is None or actor.observer is not None or actor.is_narrowed or actor.user_id is None:
        raise Missing
    if not writes(actor, row):
        raise Missing if row.owner_id is not None else Forbidden
