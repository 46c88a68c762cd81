"""Who may sign in, as `kith user` changes it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from kith.identity import links, people, sign_in
from kith.identity.facts import tell
from kith.identity.models import User
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.objects.access.models import Role

#: Whoever may run the command, on the machine itself.
SHELL = System("kith user")


def create(email: str, name: str, password: str, *, admin: bool, roles: list[str]) -> User:
    """Add a person with roles; refuse an address that is taken or none, and a role that does not exist."""
    found = {role.key: role for role in Role.objects.filter(key__in=roles)}
    for key in roles:
        if key not in found:
            known = ", ".join(Role.objects.order_by("key").values_list("key", flat=True))
            raise Refused(f"There is no role {key!r}. There are: {known}.")
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise Refused(f"{email} is somebody already; kith user password {email} sets a new password.")
    with transaction.atomic():
        user = User.objects.make(email, name.strip(), password, is_admin=admin)
        try:
            user.full_clean()
        except ValidationError as error:
            raise Refused(
                "\n".join(f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
            ) from error
        for role in found.values():
            role.users.add(user)
        tell("account.created", user, SHELL, who=user.name, email=user.email)
    return user


def everybody() -> list[User]:
    """Return all users, those who may sign in first."""
    return list(User.objects.order_by("-is_active", "email"))


def set_password(email: str, password: str) -> User:
    """Give a person a new password, and end all of that person's sessions."""
    user = called(email)
    with transaction.atomic():
        sign_in.set_password(user, password, SHELL)
    return user


def link(email: str) -> str:
    """Return the secret of a link with which a person chooses a password, once."""
    user = called(email)
    if not user.is_active:
        raise Refused(f"{email} may not sign in; a link would lead nowhere.")
    tell("account.link_made", user, SHELL, who=user.name)
    return links.make(links.RESET if user.has_usable_password() else links.INVITE, user)


def first_link() -> str:
    """Return the secret of a link for the first administrator; "" when somebody is here already."""
    return "" if User.objects.exists() else links.make(links.FIRST, None)


def deactivate(email: str) -> User:
    """Lock a person out, and end all of that person's sessions."""
    user = called(email)
    people.deactivate(SHELL, user)
    return user


def called(email: str) -> User:
    """Return the person with this address; refuse when there is none."""
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise Refused(f"There is nobody with the address {email}; kith user list shows everybody.") from error
