"""Links that let somebody in once: for the first administrator, for the invited, and for those who forgot their password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.errors import Refused

from .models import OneTimeLink, User

FIRST, INVITE, RESET = OneTimeLink.FIRST, OneTimeLink.INVITE, OneTimeLink.RESET
LASTS = {FIRST: timedelta(hours=24), INVITE: timedelta(days=7), RESET: timedelta(hours=1)}


class Over(Refused):
    """The link was used, is too old, or never was one; the three are not told apart."""

    def __init__(self) -> None:
        super().__init__(_("This link is used up or too old. Ask for a new one."))


def make(purpose: str, user: User | None) -> str:
    """The secret of a new link; earlier ones for the same purpose are over."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction.atomic():
        OneTimeLink.objects.filter(purpose=purpose, user=user, used_at=None).update(used_at=now)
        OneTimeLink.objects.create(purpose=purpose, user=user, digest=_digest(secret), expires_at=now + LASTS[purpose])
    return secret


def address(secret: str, base: str = "") -> str:
    """Where the link leads; without `base`, where this installation says that people find it."""
    return f"{base or settings.KITH_URL}/sign-in/link/{secret}/"


def look(secret: str) -> OneTimeLink:
    """The link, unused; raises Over."""
    link = _usable(secret).select_related("user").first()
    if link is None:
        raise Over
    return link


def use(secret: str) -> OneTimeLink:
    """Use the link up, inside the transaction of what it is used for; raises Over when somebody was faster."""
    link = look(secret)
    if not _usable(secret).update(used_at=clock.now()):
        raise Over
    return link


def _usable(secret: str):  # type: ignore[no-untyped-def]
    usable = OneTimeLink.objects.filter(digest=_digest(secret), used_at=None, expires_at__gt=clock.now())
    # A link of somebody who may no longer sign in leads nowhere; the first administrator's ends with the first user.
    usable = usable.exclude(user__is_active=False)
    return usable.exclude(purpose=FIRST) if User.objects.exists() else usable


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
