"""Which roles somebody has."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kith.identity.models import User
from kith.identity.people import administers, rights_changed
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused

from .models import Role


def set_roles(actor: Actor, user: User, keys: Iterable[str]) -> bool:
    """Give `user` exactly the roles with these keys; whether that changed anything. What she may do changes with her next request."""
    administers(actor)
    wanted = set(keys)
    with transaction.atomic():
        found = dict(Role.objects.filter(key__in=wanted).values_list("key", "pk"))
        if missing := wanted - set(found):
            raise Refused(_("There is no role “%(key)s”.") % {"key": min(missing)}, "roles")
        if set(found.values()) == set(user.roles.values_list("pk", flat=True)):  # type: ignore[attr-defined]
            return False
        user.roles.set(found.values())  # type: ignore[attr-defined]
        rights_changed(actor, user)
    return True
