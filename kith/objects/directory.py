"""People and groups as a company's directory keeps them: who is added, changed and locked out, and what groups stand for here.

Whoever speaks for a directory is a named part of the program (`System("SCIM Okta")`); the rules that hold for administrators hold here as
well, and one more: it does not take over an administrator's account unless an administrator decided that it may.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, emit
from kith.identity import people
from kith.identity.facts import AccountFact, tell
from kith.identity.models import DirectoryGroup, DirectoryUser, Team, User
from kith.identity.names import is_locale, is_zone
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Refused
from kith.kernel.text import fold

from .access.facts import Thing
from .access.models import Role
from .access.people import set_roles
from .kinds import Boolean
from .settings import Setting

ADMINISTRATORS = Setting(
    "directory.administrators",
    kind=Boolean(),
    label=lazy("The directory may change administrators"),
    help=lazy(
        "Without this it neither locks out an administrator whom it did not add, nor changes the e-mail address of any."
    ),
    default=False,
    required=False,
)
TEAMS = Setting(
    "directory.teams",
    kind=Boolean(),
    label=lazy("New groups of the directory become teams"),
    help=lazy(
        "A group gets the team of its name, which is made if there is none. Otherwise groups wait until you say what they stand for."
    ),
    default=True,
    required=False,
)


class Taken(Refused):
    """Somebody else has this address, or another group this name."""


@dataclass(frozen=True)
class Told:
    """What a directory says of somebody. What it left open is ""; `said` is all of it, to be read back."""

    email: str
    name: str
    active: bool = True
    language: str = ""
    zone: str = ""
    locale: str = ""
    external_id: str = ""
    said: dict[str, Any] = field(default_factory=dict)


# What the ledger says


class ChangedByDirectory(AccountFact):
    """The directory changed how somebody is called, or in what language she is shown things."""

    name, icon, label = "account.changed_by_directory", "book-user", lazy("Account changed by the directory")
    words = lazy("The directory changed what is known of %(who)s")


@dataclass(frozen=True)
class GroupChanged(Fact):
    """A group of the directory as it was and as it is: {"name", "team", "roles", "members"}; nothing where there was or is none."""

    name, icon = "directory.group_changed", "users"
    label = lazy("Group of the directory changed")
    record: Any
    called: str
    before: Any
    after: Any

    def sentence(self) -> str:
        if not self.before:
            return _("The directory’s group “%(name)s” was added") % {"name": self.called}
        if not self.after:
            return _("The directory’s group “%(name)s” was removed") % {"name": self.called}
        return _("The directory’s group “%(name)s” was changed") % {"name": self.called}


FACTS = [ChangedByDirectory, GroupChanged]


# People


def known() -> Any:
    """Whom a directory sees: everybody but those whom it deleted."""
    return User.objects.exclude(directory__gone_at__isnull=False).select_related("directory")


def take_in(actor: Actor, told: Told) -> User:
    """Add somebody. Taken where the address is somebody's; whom the directory deleted before comes back as she was."""
    with transaction.atomic():
        there = User.objects.filter(email=told.email.strip().lower()).select_related("directory").first()
        if there is not None:
            row = _row(there)
            if row is None or row.gone_at is None:
                raise Taken(_("Somebody else uses this address already."), "email")
            DirectoryUser.objects.filter(pk=row.pk).update(gone_at=None)
            row.gone_at = None
            return update(actor, there, told)
        user = people.add(actor, told.email, told.name)
        DirectoryUser.objects.create(user=user, external_id=told.external_id, said=told.said)
        _details(user, told)
        if not told.active:
            people.deactivate(actor, user)
        return User.objects.select_related("directory").get(pk=user.pk)


def update(actor: Actor, user: User, told: Told) -> User:
    """Make an account what the directory says now. Taken, Refused or Forbidden with nothing changed."""
    with transaction.atomic():
        row = _row(user)
        email = told.email.strip().lower()
        _spare_administrators(user, managed=row is not None, renamed=email != user.email)
        if email != user.email:
            if User.objects.filter(email=email).exclude(pk=user.pk).exists():
                raise Taken(_("Somebody else uses this address already."), "email")
            people.set_email(actor, user, email)
        if _details(user, told):
            tell(ChangedByDirectory.name, user, actor, who=user.name)
        now = clock.now()
        DirectoryUser.objects.update_or_create(
            user=user, defaults={"external_id": told.external_id, "said": told.said, "changed_at": now, "gone_at": None}
        )
        if told.active != user.is_active:
            (people.reactivate if told.active else people.deactivate)(actor, user)
        return User.objects.select_related("directory").get(pk=user.pk)


def let_go(actor: Actor, user: User) -> None:
    """The directory deletes somebody: she is locked out at once, and what she did stays hers."""
    with transaction.atomic():
        _spare_administrators(user, managed=_row(user) is not None, renamed=False)
        people.deactivate(actor, user)
        for group in DirectoryGroup.objects.filter(members=user):
            group.members.remove(user)
        stands_for(actor, user)
        DirectoryUser.objects.update_or_create(user=user, defaults={"gone_at": clock.now(), "changed_at": clock.now()})


def _row(user: User) -> DirectoryUser | None:
    return getattr(user, "directory", None)


def _spare_administrators(user: User, *, managed: bool, renamed: bool) -> None:
    if user.is_admin and (renamed or not managed) and not ADMINISTRATORS.value:
        raise Forbidden(
            _(
                "%(name)s is an administrator here. An administrator decides under “Directory” whether the directory may change those."
            )
            % {"name": user.name}
        )


def _details(user: User, told: Told) -> bool:
    """Name, language, zone and region format; whether anything changed. What nobody here understands is kept, and not used."""
    wanted = {
        "name": " ".join(told.name.split())[:200] or user.name,
        "language": language_of(told.language) or user.language,
        "zone": told.zone if is_zone(told.zone) else user.zone,
        "locale": told.locale.replace("-", "_") if is_locale(told.locale.replace("-", "_")) else user.locale,
    }
    changed = [name for name, value in wanted.items() if value != getattr(user, name)]
    for name in changed:
        setattr(user, name, wanted[name])
    if changed:
        user.save(update_fields=changed)
    return bool(changed)


def language_of(tag: str) -> str:
    """The language of the interface that is nearest to a tag such as "fi-FI" or an Accept-Language header; "" for none."""
    for one in tag.replace("_", "-").split(","):
        asked = one.partition(";")[0].strip().lower()
        for code, _name in settings.LANGUAGES:
            if asked == code or asked.partition("-")[0] == code.partition("-")[0]:
                return str(code)
    return ""


# Groups


def make_group(actor: Actor, name: str, external_id: str, members: Iterable[int]) -> DirectoryGroup:
    """Add a group with its members. Taken where there is one of this name."""
    name = _group_name(name)
    with transaction.atomic():
        try:
            with transaction.atomic():
                group = DirectoryGroup.objects.create(name=name, folded=fold(name)[:500], external_id=external_id)
        except IntegrityError as error:
            raise Taken(_("There is a group of this name already.")) from error
        if TEAMS.value:
            group.team, _made = Team.objects.get_or_create(name=name[:120])
            group.save(update_fields=["team"])
        _set_members(actor, group, members)
        emit(GroupChanged(_thing(group), name, {}, state_of(group)), actor)
    return group


def change_group(actor: Actor, group: DirectoryGroup, name: str, external_id: str, members: Iterable[int]) -> None:
    """Make a group what the directory says now; a team keeps its own name."""
    name = _group_name(name)
    with transaction.atomic():
        before = state_of(group)
        group.name, group.folded, group.external_id, group.changed_at = name, fold(name)[:500], external_id, clock.now()
        try:
            with transaction.atomic():
                group.save(update_fields=["name", "folded", "external_id", "changed_at"])
        except IntegrityError as error:
            raise Taken(_("There is a group of this name already.")) from error
        _set_members(actor, group, members)
        _told(actor, group, before)


def map_group(actor: Actor, group: DirectoryGroup, team: Team | None, roles: Iterable[str]) -> None:
    """Say what a group stands for here. Its members get the new team and roles, and lose those that it stood for before."""
    people.administers(actor)
    wanted = sorted(set(roles))
    if missing := set(wanted) - set(Role.objects.filter(key__in=wanted).values_list("key", flat=True)):
        raise Refused(_("There is no role “%(key)s”.") % {"key": min(missing)}, "roles")
    with transaction.atomic():
        before, old_team, old_roles = state_of(group), group.team, group.roles
        group.team, group.roles, group.changed_at = team, wanted, clock.now()
        group.save(update_fields=["team", "roles", "changed_at"])
        for user in group.members.all():
            stands_for(actor, user, released={old_team.pk} if old_team else (), released_roles=old_roles)
        _told(actor, group, before)


def remove_group(actor: Actor, group: DirectoryGroup) -> None:
    """The directory deletes a group: its members lose what it stood for; the team itself stays, with its history."""
    with transaction.atomic():
        before, thing, members = state_of(group), _thing(group), list(group.members.all())
        team, roles = group.team, group.roles
        group.delete()
        for user in members:
            stands_for(actor, user, released={team.pk} if team else (), released_roles=roles)
        emit(GroupChanged(thing, before["name"], before, {}), actor)


def stands_for(actor: Actor, user: User, released: Iterable[int] = (), released_roles: Iterable[str] = ()) -> None:
    """Put `user` into the teams and give her the roles that her groups stand for.

    Teams and roles that no group stands for were given by hand and are left alone, but for those just released.
    """
    rows = list(DirectoryGroup.objects.values_list("pk", "team", "roles"))
    hers = set(DirectoryGroup.objects.filter(members=user).values_list("pk", flat=True))
    teams = {team for _pk, team, _roles in rows if team} | set(released)
    roles = {key for _pk, _team, keys in rows for key in keys} | set(released_roles)
    her_teams = {team for pk, team, _roles in rows if pk in hers and team}
    her_roles = {key for pk, _team, keys in rows if pk in hers for key in keys}
    kept = Team.objects.filter(members=user).exclude(pk__in=teams)
    people.set_teams(actor, user, [*kept, *Team.objects.filter(pk__in=her_teams)])
    wanted = set(Role.objects.filter(users=user).exclude(key__in=roles).values_list("key", flat=True)) | her_roles
    set_roles(actor, user, Role.objects.filter(key__in=wanted).values_list("key", flat=True))


def state_of(group: DirectoryGroup) -> dict[str, Any]:
    """A group as the ledger keeps it."""
    return {
        "name": group.name,
        "team": group.team.name if group.team else "",
        "roles": list(group.roles),
        "members": sorted(group.members.values_list("pk", flat=True)),
    }


def _thing(group: DirectoryGroup) -> Thing:
    return Thing("identity.directory_group", group.pk)


def _told(actor: Actor, group: DirectoryGroup, before: dict[str, Any]) -> None:
    after = state_of(group)
    if before != after:
        emit(GroupChanged(_thing(group), group.name, before, after), actor)


def _group_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 255:
        raise Refused(_("A group has a name of at most 255 characters."), "name")
    return name


def _set_members(actor: Actor, group: DirectoryGroup, members: Iterable[int]) -> None:
    wanted = set(members)
    found = set(known().filter(pk__in=wanted).values_list("pk", flat=True))
    if missing := wanted - found:
        raise Refused(_("There is no user with the id %(id)s.") % {"id": min(missing)}, "members")
    now = set(group.members.values_list("pk", flat=True))
    if now == wanted:
        return
    group.members.set(wanted)
    for user in User.objects.filter(pk__in=now ^ wanted):
        stands_for(actor, user)
