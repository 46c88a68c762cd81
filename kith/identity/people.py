"""Who may sign in, as administrators change it. Every change ends that person's sessions and stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Forbidden, Invalid, Refused

from . import letters, links
from .facts import tell
from .models import Permit, Session, Team, Token, User
from .sign_in import raise_epoch


def administers(actor: Actor) -> None:
    """Raise Forbidden for whoever is no administrator, as the database knows her now."""
    if actor.is_narrowed:
        raise Forbidden
    if not actor.is_system and not User.objects.filter(pk=actor.user_id, is_active=True, is_admin=True).exists():
        raise Forbidden


def invite(actor: Actor, email: str, name: str, *, admin: bool = False) -> tuple[User, str]:
    """A new user without a password, and the secret of her link; "" when it goes to her by mail."""
    administers(actor)
    user = add(actor, email, name, admin=admin, said="account.invited")
    return user, "" if letters.possible() else links.make(links.INVITE, user)


def add(actor: Actor, email: str, name: str, *, admin: bool = False, said: str = "account.created") -> User:
    """A new user without a password. Invalid, by field, for an address that is taken or none."""
    email, name = email.strip().lower(), " ".join(name.split())[:200]
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = [_("Write the name.")]
    errors |= _email_faults(email)
    if errors:
        raise Invalid(errors)
    try:
        with transaction.atomic():
            user = User.objects.make(email, name, None, is_admin=admin)
            tell(said, user, actor, who=name, email=email)
    except IntegrityError as error:
        raise Refused(_("Somebody else uses this address already."), "email") from error
    return user


def _email_faults(email: str, user: User | None = None) -> dict[str, list[str]]:
    try:
        validate_email(email)
    except ValidationError:
        return {"email": [_("Write an e-mail address, such as name@example.com.")]}
    others = User.objects.exclude(pk=user.pk) if user else User.objects.all()
    return {"email": [_("Somebody else uses this address already.")]} if others.filter(email=email).exists() else {}


def set_email(actor: Actor, user: User, email: str) -> None:
    """Give `user` another address to sign in with."""
    administers(actor)
    email, old = email.strip().lower(), user.email
    if email == old:
        return
    if faults := _email_faults(email, user):
        raise Invalid(faults)
    with transaction.atomic():
        user.email = email
        user.save(update_fields=["email"])
        raise_epoch(user)
        tell("account.email_changed", user, actor, who=user.name, old=old, new=email)


def deactivate(actor: Actor, user: User) -> None:
    """Lock `user` out. Refused for the last administrator."""
    administers(actor)
    with transaction.atomic():
        _keep_one_administrator(user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise_epoch(user)
            Session.objects.filter(user=user).delete()
            # For good: whoever is let in again makes new ones.
            Token.objects.filter(owner=user, revoked_at=None).update(revoked_at=clock.now())
            Permit.objects.filter(owner=user, ended_at=None).update(ended_at=clock.now())
            tell("account.deactivated", user, actor, who=user.name)


def reactivate(actor: Actor, user: User) -> None:
    """Let `user` in again."""
    administers(actor)
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            raise_epoch(user)
            tell("account.reactivated", user, actor, who=user.name)


def set_admin(actor: Actor, user: User, admin: bool) -> None:
    """Make `user` an administrator, or no longer one. Refused for the last one."""
    administers(actor)
    with transaction.atomic():
        if not admin:
            _keep_one_administrator(user)
        if User.objects.filter(pk=user.pk, is_admin=not admin).update(is_admin=admin):
            raise_epoch(user)
            tell("account.made_admin" if admin else "account.no_longer_admin", user, actor, who=user.name)


def _keep_one_administrator(leaving: User) -> None:
    # The rows of all administrators are locked: of two requests that remove one each, the second sees what the first has done.
    # On SQLite the transaction itself is the lock.
    those = User.objects.select_for_update().filter(is_admin=True, is_active=True).order_by("pk")
    left = [user.pk for user in those]
    if left == [leaving.pk]:
        raise Refused(_("%(name)s is the last administrator. Make somebody else one first.") % {"name": leaving.name})


def set_teams(actor: Actor, user: User, teams: Iterable[Team]) -> None:
    """Put `user` into exactly these teams."""
    administers(actor)
    wanted = {team.pk for team in teams}
    with transaction.atomic():
        mine: Any = user
        if wanted != set(mine.teams.values_list("pk", flat=True)):
            mine.teams.set(wanted)
            rights_changed(actor, user)


def rights_changed(actor: Actor | None, user: User) -> None:
    """What `user` may do has changed: say so, and end her sessions."""
    raise_epoch(user)
    tell("account.roles_changed", user, actor, who=user.name)
