"""Saved views: a way to look at an object's list, under a name. Private, a team's, or everybody's; each has an owner.

A view holds how a list is asked for and never what it shows: whoever opens it sees what she may see anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.events.models import Event
from kith.events.schedule import every
from kith.identity.models import Team
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Missing, Refused
from kith.kernel.sentences import counted

from .access import may, rights
from .access.models import VIEW
from .declare import ObjectType, object_type
from .favourites import Favourite, Starrable
from .favourites import forget as forget_favourites
from .write.undo import reverses

KEY = "objects.view"
#: Bounds of one view, and of how many one person may have of one object.
MOST_NAME, MOST_STATE, MOST = 80, 8_000, 100
#: A deleted view can be taken back for so long.
KEEP = timedelta(days=30)

State = dict[str, str]


class SavedView(models.Model):
    """One view. `state` is parameter → text, as an address of the list has them."""

    object = models.CharField(max_length=80)
    name = models.CharField(max_length=MOST_NAME)
    state = models.JSONField(default=dict)
    owner = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    everybody = models.BooleanField(default=False)
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    owner_id: int | None
    team_id: int | None

    class Meta:
        app_label = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "object", "name"], condition=Q(removed_at=None), name="view_name_once"
            )
        ]
        indexes = [models.Index(fields=["object"], name="view_object")]

    def object_key(self) -> str:
        """Where the ledger files it."""
        return KEY

    @property
    def shared(self) -> bool:
        """Whether anybody but its owner may open it."""
        return self.everybody or self.team_id is not None

    @property
    def url(self) -> str:
        """Its address."""
        return f"{object_type(self.object).url()}?view={self.pk}"


class ViewHabit(models.Model):
    """How one person has the views of one object: which opens first, and their order. Nobody else's business."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    first = models.ForeignKey(SavedView, null=True, on_delete=models.SET_NULL, related_name="+")
    order = models.JSONField(default=list)
    first_id: int | None

    class Meta:
        app_label = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "object"], name="view_habit_once")]


@dataclass(frozen=True)
class ViewShared(Fact):
    """A view was shared with a team or everybody, or with nobody any more. `called` is its name, `team` "" for everybody."""

    name = "view.shared"
    icon = "share-2"
    label = lazy("View shared")
    record: Any
    called: str
    team: str
    everybody: bool

    def sentence(self) -> str:
        if self.everybody:
            return _("View “%(view)s” shared with everybody") % {"view": self.called}
        if self.team:
            return _("View “%(view)s” shared with %(team)s") % {"view": self.called, "team": self.team}
        return _("View “%(view)s” is no longer shared") % {"view": self.called}


@dataclass(frozen=True)
class ViewRemoved(Fact):
    """A view was deleted. `called` is its name, "" for one that was private: its name is its owner's."""

    name = "view.removed"
    icon = "trash-2"
    label = lazy("View deleted")
    record: Any
    called: str

    def sentence(self) -> str:
        return _("View “%(view)s” deleted") % {"view": self.called} if self.called else _("A private view was deleted")


@dataclass(frozen=True)
class ViewRestored(Fact):
    """A deleted view came back."""

    name = "view.restored"
    icon = "undo-2"
    label = lazy("View restored")
    record: Any
    called: str

    def sentence(self) -> str:
        return (
            _("View “%(view)s” restored") % {"view": self.called} if self.called else _("A private view was restored")
        )


FACTS = [ViewShared, ViewRemoved, ViewRestored]

# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def views(actor: Actor, what: Any) -> list[SavedView]:
    """The views of an object that stand before the actor: her own and those shared with her, in her order. Two queries."""
    o = object_type(what)
    if actor.user_id is None or not may(actor, VIEW, o):
        return []
    rows = SavedView.objects.filter(_hers(actor), object=o.key, removed_at=None).select_related("owner", "team")
    places = {pk: place for place, pk in enumerate(habit(actor, o).order)}
    return sorted(rows.distinct(), key=lambda view: (places.get(view.pk, len(places)), view.pk))


def find_view(actor: Actor, what: Any, pk: int) -> SavedView:
    """One view of an object; Missing when it is gone, or neither hers nor shared with her."""
    o = object_type(what)
    seen = _hers(actor)
    if rights(actor).everything:
        # Administrators look after whatever is shared, also with teams that they do not belong to; never what is private.
        seen |= Q(everybody=True) | Q(team__isnull=False)
    rows = SavedView.objects.filter(seen, object=o.key, removed_at=None).select_related("owner", "team")
    found = rows.filter(pk=pk).first() if 0 < pk < 2**63 and may(actor, VIEW, o) else None
    if found is None:
        raise Missing(_("This view is gone, or it is not shared with you."))
    return found


def may_change_view(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may save, share and delete it: its owner, and administrators where it is shared."""
    if actor.observer is not None or actor.user_id is None:
        return False
    return view.owner_id == actor.user_id or (view.shared and rights(actor).everything)


def habit(actor: Actor, what: Any) -> ViewHabit:
    """The actor's habit for an object, which need not be stored; nobody's while somebody looks through her eyes."""
    key = object_type(what).key
    if actor.user_id is not None and actor.observer is None:
        found = ViewHabit.objects.filter(user_id=actor.user_id, object=key).first()
        if found is not None:
            return found
    return ViewHabit(user_id=actor.user_id, object=key)


def first_view(actor: Actor, what: Any) -> int | None:
    """The view that opens first for this actor, if she chose one and may still see it."""
    chosen = habit(actor, what).first_id
    if chosen is None or not SavedView.objects.filter(_hers(actor), pk=chosen, removed_at=None).exists():
        return None
    return chosen


def teams_for(actor: Actor) -> list[tuple[int, str]]:
    """The teams with which the actor may share: her own ones, for administrators all; id and name."""
    teams = Team.objects.all() if rights(actor).everything else Team.objects.filter(_in_team(actor))
    return list(teams.distinct().order_by("name").values_list("pk", "name"))


def _in_team(actor: Actor) -> Q:
    return Q(members=actor.user_id) | Q(manager=actor.user_id)


def _hers(actor: Actor) -> Q:
    """Shared with everybody or with a team of hers, or her own, which is private while somebody looks through her eyes."""
    teams = Team.objects.filter(_in_team(actor)).values("pk")
    shared = Q(everybody=True) | Q(team__in=teams)
    return shared if actor.observer is not None else shared | Q(owner=actor.user_id)


# ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep_view(actor: Actor, what: Any, name: str, state: State) -> SavedView:
    """Save a new private view of the actor's. The same name with the same state once more is the same view.

    Refused for a name that is empty, too long or taken, and beyond bounds. What `state` says is checked by who reads it.
    """
    o, user = object_type(what), _whose(actor)
    if not may(actor, VIEW, o):
        raise Forbidden
    name = _named(name)
    mine = SavedView.objects.filter(owner=user, object=o.key, removed_at=None)
    same = mine.filter(name=name).first()
    if same is not None and same.state == state:
        return same
    if mine.count() >= MOST:
        raise Refused(_("You have %(n)s views here already. Delete one first.") % {"n": counted(MOST)})
    try:
        with transaction.atomic():
            return SavedView.objects.create(owner_id=user, object=o.key, name=name, state=_bounded(state))
    except IntegrityError:
        raise _taken(name) from None


def change_view(actor: Actor, view: SavedView, version: int | None = None, **values: Any) -> SavedView:
    """Change `name`, `state`, `everybody` or `team` (its id or None) of a view.

    Forbidden for everybody but its owner and, where it is shared, administrators; Refused when somebody saved it since `version`.
    """
    if not may_change_view(actor, view):
        raise Forbidden(_("This view belongs to somebody else. Save yours as a new one."))
    if unknown := set(values) - {"name", "state", "everybody", "team"}:
        raise TypeError(f"A view has no {unknown}.")
    if "name" in values:
        values["name"] = _named(values["name"])
    if "state" in values:
        values["state"] = _bounded(values["state"])
    if "team" in values:
        team = values.pop("team")
        # A team that it is shared with already may stay, whoever saves.
        if team not in (None, view.team_id) and team not in dict(teams_for(actor)):
            raise Refused(_("Choose a team that you belong to."), field="team")
        values["team_id"] = team
    if all(getattr(view, name) == value for name, value in values.items()):
        return view
    try:
        with transaction.atomic():
            row = SavedView.objects.filter(pk=view.pk, removed_at=None, version=version or view.version)
            if not row.update(**values, version=F("version") + 1, changed_at=clock.now()):
                raise Refused(_("Somebody else saved this view in the meantime. Look at it again before you save."))
            before = (view.everybody, view.team_id)
            changed = SavedView.objects.select_related("owner", "team").get(pk=view.pk)
            if before != (changed.everybody, changed.team_id):
                team_name = changed.team.name if changed.team else ""
                emit(ViewShared(changed, changed.name, team_name, changed.everybody), actor)
    except IntegrityError:
        raise _taken(values["name"]) from None
    return changed


def remove_view(actor: Actor, view: SavedView) -> None:
    """Delete a view; `undo` of the cause brings it back, with its stars and as whose first view it was."""
    if not may_change_view(actor, view):
        raise Forbidden(_("This view belongs to somebody else."))
    with transaction.atomic():
        if SavedView.objects.filter(pk=view.pk, removed_at=None).update(removed_at=clock.now()):
            emit(ViewRemoved(view, view.name if view.shared else ""), actor)


@reverses(ViewRemoved.name)
def _bring_back(actor: Actor, event: Event) -> str:
    view = SavedView.objects.filter(pk=event.record).exclude(removed_at=None).first()
    if view is None:
        return _("It was undone before.")
    if not may_change_view(actor, view):
        return _("This view belongs to somebody else.")
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(removed_at=None)
    except IntegrityError:
        return str(_taken(view.name))
    emit(ViewRestored(view, view.name if view.shared else ""), actor)
    return ""


def put_first(actor: Actor, what: Any, view: SavedView | None) -> None:
    """From now on this view opens when the actor comes to the object's list; None for all records."""
    user, key = _whose(actor), object_type(what).key
    ViewHabit.objects.update_or_create(user_id=user, object=key, defaults={"first": view})


def arrange_views(actor: Actor, what: Any, order: Iterable[int]) -> None:
    """Put the views of an object into this order, for this actor alone; those not named keep theirs behind."""
    user, o = _whose(actor), object_type(what)
    there = [view.pk for view in views(actor, o)]
    given = [pk for pk in dict.fromkeys(order) if pk in there]
    ViewHabit.objects.update_or_create(
        user_id=user, object=o.key, defaults={"order": [*given, *(pk for pk in there if pk not in given)]}
    )


@every(hours=24)
def clear_old_views() -> None:
    """Forget for good what was deleted thirty days ago."""
    old = SavedView.objects.filter(removed_at__lt=clock.now() - KEEP)
    forget_favourites(KEY, old.values_list("pk", flat=True))
    old.delete()


def _whose(actor: Actor) -> int:
    if actor.user_id is None or actor.observer is not None:
        raise Forbidden(_("You are looking through somebody else’s eyes. Nothing can be changed here."))
    return actor.user_id


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the view a name."), field="name")
    if len(name) > MOST_NAME:
        raise Refused(_("The name of a view has at most %(n)s characters.") % {"n": counted(MOST_NAME)}, field="name")
    return name


def _bounded(state: State) -> State:
    if sum(len(name) + len(text) for name, text in state.items()) > MOST_STATE:
        raise Refused(_("This view says more than can be kept. Take some filters or columns away."))
    return state


def _taken(name: str) -> Refused:
    return Refused(_("You have a view called “%(name)s” here already.") % {"name": name}, field="name")


# ── stars ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _found(actor: Actor, ids: set[int]) -> dict[int, tuple[str, str, str]]:
    rows = SavedView.objects.filter(_hers(actor), pk__in=ids, removed_at=None).distinct()
    known = ObjectType.known()
    objects = {row.object: object_type(row.object) for row in rows if row.object in known}
    open_to = {key for key, o in objects.items() if may(actor, VIEW, o)}
    return {row.pk: (row.name, row.url, objects[row.object].icon) for row in rows if row.object in open_to}


STARRABLE = Starrable(KEY, _found)


def starred_views(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Which of these the actor starred."""
    if actor.user_id is None or actor.observer is not None:
        return set()
    rows = Favourite.objects.filter(user_id=actor.user_id, object=KEY, record__in=list(ids))
    return set(rows.values_list("record", flat=True))


__all__ = [
    "FACTS", "KEY", "STARRABLE", "SavedView", "ViewHabit", "arrange_views", "change_view", "clear_old_views", "find_view", "first_view",
    "habit", "keep_view", "may_change_view", "put_first", "remove_view", "starred_views", "teams_for", "views",
]  # fmt: skip
