"""Who it is that a provider vouches for. The key is issuer and subject; an e-mail address alone opens no account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import KithError, Refused

from . import people
from .facts import tell
from .models import LinkedAccount, Provider, Team, User
from .names import actor_of
from .providers import Arrival


@dataclass(frozen=True)
class Granted:
    """What a provider's groups mean here. None of it is taken where the provider tells no groups."""

    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    admin: bool = False


class Unknown(Refused):
    """Nobody here. Whether the address belongs to somebody is not said."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This account is not known here. Sign in as you did before and link it under “Sign-in and security”, or ask an "
                "administrator to add you."
            )
        )


def whose(arrival: Arrival, here: User | None) -> User:
    """The user who arrived; `here` is who is signed in in this browser.

    A known pair of issuer and subject is its user. Otherwise it is linked: to whoever asked for that while signed in; to the user
    with this address where the provider is marked as the authority for its domain; to a new user where it may add some.
    """
    provider = arrival.provider
    known = LinkedAccount.objects.filter(issuer=provider.issuer, subject=arrival.subject).select_related("user").first()
    if arrival.process != "login" and (here is None or here.pk != arrival.begun_by):
        raise Refused(_("You signed out in the meantime. Sign in, then try again."))
    if arrival.process == "prove":
        if known is None or here is None or known.user.pk != here.pk:
            raise Refused(_("This account is not linked with yours."))
        return here
    if arrival.process == "connect" and here is not None:
        if known is not None and known.user.pk != here.pk:
            raise Refused(_("This account is linked to somebody else here."))
        return here if known else _link(arrival, here)
    if known is not None:
        if not known.user.is_active:
            raise Unknown
        LinkedAccount.objects.filter(pk=known.pk).update(used_at=clock.now(), email=arrival.email)
        return known.user
    if not (arrival.email and arrival.email_verified):
        raise Unknown
    same = User.objects.filter(email=arrival.email).first()
    domain = arrival.email.rpartition("@")[2]
    if same is not None:
        if domain not in provider.domains or not same.is_active:
            raise Unknown
        return _link(arrival, same)
    if not provider.makes_users or (provider.domains and domain not in provider.domains):
        raise Unknown
    return _newcomer(arrival)


def _link(arrival: Arrival, user: User) -> User:
    try:
        with transaction.atomic():
            LinkedAccount.objects.create(
                user=user,
                provider=arrival.provider,
                issuer=arrival.provider.issuer,
                subject=arrival.subject,
                email=arrival.email,
            )
            tell("account.linked", user, actor_of(user), provider=arrival.provider.name)
    except IntegrityError as error:
        raise Unknown from error
    return user


def _newcomer(arrival: Arrival) -> User:
    with transaction.atomic():
        name = arrival.name or arrival.email.partition("@")[0]
        try:
            user = people.add(System(f"sign-in with {arrival.provider.name}"), arrival.email, name)
        except KithError as error:
            raise Unknown from error
        return _link(arrival, user)


def granted(arrival: Arrival) -> Granted | None:
    """What the groups of this person mean; None where the provider's groups are not asked for."""
    provider = arrival.provider
    if not provider.groups_claim:
        return None
    rows = [provider.groups[group] for group in arrival.groups if group in provider.groups]
    return Granted(
        frozenset(key for row in rows for key in row.get("roles", ()))
        or frozenset(filter(None, [provider.default_role])),
        frozenset(name for row in rows for name in row.get("teams", ())),
        any(row.get("admin") for row in rows),
    )


def apply(arrival: Arrival, user: User) -> None:
    """Put `user` into the teams of her groups, and make her an administrator or not; roles are the next floor's."""
    wanted = granted(arrival)
    if wanted is None:
        return
    actor = System(f"groups of {arrival.provider.name}")
    mapped = {name for row in arrival.provider.groups.values() for name in row.get("teams", ())}
    # Teams that no group stands for are left alone: somebody put her there by hand.
    kept = [team for team in Team.objects.filter(members=user) if team.name not in mapped]
    people.set_teams(actor, user, [*kept, *Team.objects.filter(name__in=wanted.teams)])
    if any("admin" in row for row in arrival.provider.groups.values()) and wanted.admin != user.is_admin:
        try:
            people.set_admin(actor, user, wanted.admin)
        except Refused:
            return  # the last administrator stays one
        user.refresh_from_db()


def unlink(user: User, number: int) -> None:
    """Unlink an account. Refused when nothing else would be left to sign in with."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        row = LinkedAccount.objects.filter(user=user, pk=number).select_related("provider").first()
        if row is None:
            return
        from .factors import passkeys

        others = LinkedAccount.objects.filter(user=user).exclude(pk=row.pk).exists()
        if not (others or user.has_usable_password() or passkeys(user)):
            raise Refused(_("This is your only way in. Set a password or add a passkey first."))
        row.delete()
        tell("account.unlinked", user, provider=row.provider.name)


def shown() -> list[Provider]:
    """The providers whose buttons stand on the sign-in page."""
    return list(Provider.objects.filter(is_active=True).order_by("name"))


def linked(user: Any) -> list[LinkedAccount]:
    """The accounts elsewhere that `user` may sign in with."""
    return list(LinkedAccount.objects.filter(user=user).select_related("provider").order_by("made_at"))
