"""What the ledger says of rights: who shared what with whom, what became private, how a role or a territory changed, who looked as whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact

from .models import CHANGE


@dataclass(frozen=True)
class Thing:
    """Something that is no record and yet has a place in the ledger."""

    key: str
    pk: int

    def object_key(self) -> str:
        """Under what the ledger keeps it."""
        return self.key


@dataclass(frozen=True)
class Shared(Fact):
    """A record was shared with a person or a team."""

    name = "record.shared"
    icon = "user-plus"
    label = lazy("Shared")
    record: Any
    who: str
    level: str
    #: Whose ids they are: those of the person or of the team.
    user: int | str | None = None
    team: int | str | None = None

    def sentence(self) -> str:
        if self.level == CHANGE:
            return _("Shared with %(name)s, to see and change it") % {"name": self.who}
        return _("Shared with %(name)s, to see it") % {"name": self.who}


@dataclass(frozen=True)
class Unshared(Fact):
    """A record is no longer shared with somebody."""

    name = "record.unshared"
    icon = "user-minus"
    label = lazy("Share taken back")
    record: Any
    who: str
    #: Whose ids they are: those of the person or of the team; "" where it was not kept yet.
    user: int | str | None = None
    team: int | str | None = None

    def sentence(self) -> str:
        return _("No longer shared with %(name)s") % {"name": self.who}


@dataclass(frozen=True)
class MadePrivate(Fact):
    """A record became private."""

    name = "record.made_private"
    icon = "lock"
    label = lazy("Made private")
    record: Any

    def sentence(self) -> str:
        return _("Made private")


@dataclass(frozen=True)
class MadeOpen(Fact):
    """A private record follows the roles again."""

    name = "record.made_open"
    icon = "lock-open"
    label = lazy("No longer private")
    record: Any

    def sentence(self) -> str:
        return _("No longer private")


@dataclass(frozen=True)
class PrivateOpened(Fact):
    """An administrator took a look at a private record, and said why."""

    name = "record.private_opened"
    icon = "key-round"
    label = lazy("Private record opened")
    record: Any
    why: str

    def sentence(self) -> str:
        return _("Private record opened for an administrator")

    def body(self) -> str:
        return self.why


@dataclass(frozen=True)
class RoleChanged(Fact):
    """A role as it was and as it is: {"name", "grants", "rules"}; nothing for one that was not there or is no more."""

    name = "access.role_changed"
    icon = "shield"
    label = lazy("Role changed")
    record: Any
    called: str
    before: Any
    after: Any

    def sentence(self) -> str:
        if not self.before:
            return _("Role “%(role)s” made") % {"role": self.called}
        if not self.after:
            return _("Role “%(role)s” removed") % {"role": self.called}
        return _("Role “%(role)s” changed") % {"role": self.called}


@dataclass(frozen=True)
class MembersChanged(Fact):
    """Who has a role, or works in a team or territory: names of those added and taken out."""

    name = "access.members_changed"
    icon = "users"
    label = lazy("Members changed")
    record: Any
    called: str
    added: Any
    taken: Any

    def sentence(self) -> str:
        return _("Members of “%(name)s” changed") % {"name": self.called}


@dataclass(frozen=True)
class PlaceChanged(Fact):
    """A team or a territory as it was and as it is."""

    name = "access.place_changed"
    icon = "map"
    label = lazy("Team or territory changed")
    record: Any
    called: str
    before: Any
    after: Any

    def sentence(self) -> str:
        return _("“%(name)s” changed") % {"name": self.called}


@dataclass(frozen=True)
class LookBegun(Fact):
    """An administrator began to look through a user's eyes."""

    name = "access.look_begun"
    icon = "eye"
    label = lazy("Look through somebody’s eyes begun")
    record: Any
    who: str

    def sentence(self) -> str:
        return _("Began to look through the eyes of %(name)s") % {"name": self.who}


@dataclass(frozen=True)
class LookEnded(Fact):
    """The look through a user's eyes ended."""

    name = "access.look_ended"
    icon = "eye-off"
    label = lazy("Look through somebody’s eyes ended")
    record: Any
    who: str

    def sentence(self) -> str:
        return _("Looked through the eyes of %(name)s no longer") % {"name": self.who}


@dataclass(frozen=True)
class DeputyChanged(Fact):
    """Somebody stands in for a colleague, or does so no longer ("" for since)."""

    name = "access.deputy_changed"
    icon = "user-check"
    label = lazy("Deputy changed")
    record: Any
    who: str
    deputy: str
    since: str
    until: str

    def sentence(self) -> str:
        if not self.since:
            return _("%(deputy)s no longer stands in for %(name)s") % {"deputy": self.deputy, "name": self.who}
        return _("%(deputy)s stands in for %(name)s from %(since)s to %(until)s") % {
            "deputy": self.deputy,
            "name": self.who,
            "since": self.since,
            "until": self.until,
        }


ALL_FACTS = [
    Shared,
    Unshared,
    MadePrivate,
    MadeOpen,
    PrivateOpened,
    RoleChanged,
    MembersChanged,
    PlaceChanged,
    LookBegun,
    LookEnded,
    DeputyChanged,
]
