"""What the ledger says of accounts: who came in, from where and how, and what changed about who may.

Every row is about one user (object "identity.user"; no record where the address was nobody's). Payloads hold names, addresses of
machines and kinds of browser, never a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.events.facts import Fact, make_event, record_events
from kith.events.models import Event
from kith.kernel.actor import Actor, current_actor

from .models import User
from .names import actor_of

OBJECT = "identity.user"


@dataclass(frozen=True)
class AccountFact(Fact):
    """Something about an account. `told` is the payload; `words` the sentence, with holes named by the payload's keys."""

    icon = "user"
    words: ClassVar[Any] = ""
    record: Any
    told: dict[str, Any] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        return dict(self.told)

    @classmethod
    def load(cls, event: Event) -> Any:
        return cls(None, event.data)

    def sentence(self) -> str:
        return str(self.words) % _Told(self.told)

    def body(self) -> str:
        return origin(self.told)


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


#: The ways in, as a whole sentence each; keys are what sessions keep as `how`.
WAYS: dict[str, Any] = {
    "password": lazy("Signed in with a password"),
    "password+code": lazy("Signed in with a password and a code from an app"),
    "password+recovery": lazy("Signed in with a password and a recovery code"),
    "password+passkey": lazy("Signed in with a password and a passkey"),
    "passkey": lazy("Signed in with a passkey"),
    "link": lazy("Signed in through a one-time link"),
    "link+code": lazy("Signed in through a one-time link and a code from an app"),
    "link+recovery": lazy("Signed in through a one-time link and a recovery code"),
    "link+passkey": lazy("Signed in through a one-time link and a passkey"),
    "provider": lazy("Signed in through another account"),
    "provider+code": lazy("Signed in through another account and a code from an app"),
    "provider+recovery": lazy("Signed in through another account and a recovery code"),
    "provider+passkey": lazy("Signed in through another account and a passkey"),
}


def way(how: str) -> str:
    """How somebody came in, as a sentence."""
    return str(WAYS.get(how, lazy("Signed in")))


def origin(told: dict[str, Any]) -> str:
    """From where and with what, such as “From 192.0.2.7 with Firefox on Linux”; "" when nothing is known."""
    address, browser, system = (str(told.get(key) or "") for key in ("address", "browser", "system"))
    if address and browser and system:
        return _("From %(address)s with %(browser)s on %(system)s") % {
            "address": address, "browser": browser, "system": system,
        }  # fmt: skip
    if address:
        return _("From %(address)s") % {"address": address}
    return ""


class SignedIn(AccountFact):
    """Somebody came in."""

    name, icon = "account.signed_in", "log-in"

    def sentence(self) -> str:
        return way(self.told.get("how", ""))


#: name → (icon, sentence). A row of the ledger each; the holes are filled from the payload.
SENTENCES: dict[str, tuple[str, Any]] = {
    "account.signed_out": ("log-out", lazy("Signed out")),
    "account.sign_in_failed": ("shield-alert", lazy("Wrong passwords or codes were tried for this account")),
    "account.created": ("user-plus", lazy("Added %(who)s (%(email)s)")),
    "account.invited": ("mail", lazy("Invited %(who)s (%(email)s)")),
    "account.link_made": ("link", lazy("Made a one-time link for %(who)s")),
    "account.reset_asked": ("key-round", lazy("Asked for a new password")),
    "account.password_changed": ("key-round", lazy("The password was changed")),
    "account.email_changed": ("at-sign", lazy("The e-mail address was changed from %(old)s to %(new)s")),
    "account.deactivated": ("user-x", lazy("%(who)s can no longer sign in")),
    "account.reactivated": ("user-check", lazy("%(who)s may sign in again")),
    "account.made_admin": ("shield-check", lazy("%(who)s became an administrator")),
    "account.no_longer_admin": ("shield", lazy("%(who)s is no longer an administrator")),
    "account.roles_changed": ("users", lazy("The roles and teams of %(who)s were changed")),
    "account.code_app_added": ("smartphone", lazy("An app for one-time codes was added")),
    "account.code_app_removed": ("smartphone", lazy("The app for one-time codes was removed")),
    "account.passkey_added": ("fingerprint-pattern", lazy("The passkey “%(name)s” was added")),
    "account.passkey_removed": ("fingerprint-pattern", lazy("The passkey “%(name)s” was removed")),
    "account.recovery_codes_made": ("life-buoy", lazy("New recovery codes were made")),
    "account.recovery_code_used": ("life-buoy", lazy("A recovery code was used")),
    "account.factors_removed": ("shield-off", lazy("All second factors of %(who)s were removed")),
    "account.session_ended": ("monitor-x", lazy("A session was ended from another one")),
    "account.sessions_ended": ("monitor-x", lazy("All other sessions were ended")),
    "account.linked": ("link", lazy("The account at %(provider)s was linked")),
    "account.unlinked": ("unlink", lazy("The account at %(provider)s was unlinked")),
    "account.provider_saved": ("log-in", lazy("The sign-in with %(provider)s was set up")),
    "account.provider_removed": ("log-in", lazy("The sign-in with %(provider)s was removed")),
}
FACTS: list[type[AccountFact]] = [
    SignedIn,
    *(type(name, (AccountFact,), {"name": name, "icon": icon, "words": words}) for name, (icon, words) in SENTENCES.items()),
]  # fmt: skip


def tell(name: str, user: User | None, actor: Actor | None = None, /, **told: Any) -> Event:
    """Write a row about `user` (None where the address was nobody's). Without `actor` it is whoever acts here, else the user."""
    who = actor or current_actor() or (actor_of(user) if user is not None else None)
    if who is None:
        raise RuntimeError(f"Nobody is acting: {name} needs an actor.")
    with transaction.atomic():
        event = make_event(who, name, OBJECT, user.pk if user else None, told)
        record_events([event])
    return event
