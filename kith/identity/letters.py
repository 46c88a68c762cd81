"""Mails about accounts. They leave through Django's mail back end, by deliveries in the background, never inside a request.

This is the one module that sends any; a mail client of the house, when it comes, takes its place.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from kith.events.facts import LATER, on
from kith.events.models import Event

from . import links
from .models import User


def possible() -> bool:
    """Whether mails can be sent: there is a server, and an address for links that no request made up."""
    return bool(settings.KITH_MAIL and settings.KITH_URL)


@on("account.reset_asked", LATER, outside=True)
def send_reset(event: Event) -> None:
    """Send the link that was asked for. Nobody hears anything where the address is nobody's."""
    user = User.objects.filter(pk=event.record, is_active=True).first()
    if user is None or not possible():
        return
    with translation.override(user.language or "en"):
        _send(
            user,
            _("Your new password for Kith"),
            _(
                "Hello %(name)s,\n\nsomebody asked for a new password for your account at %(house)s. With this link, which "
                "works once and for one hour, you choose it:\n\n%(link)s\n\nIf it was not you, do nothing: your password "
                "stays as it is."
            ),
            links.make(links.RESET, user),
        )


@on("account.invited", LATER, outside=True)
def send_invitation(event: Event) -> None:
    """Send the link to somebody who was invited, while she has no password yet."""
    user = User.objects.filter(pk=event.record, is_active=True).first()
    if user is None or not possible() or user.has_usable_password():
        return
    with translation.override(user.language or "en"):
        _send(
            user,
            _("Your account at Kith"),
            _(
                "Hello %(name)s,\n\nyou have an account at %(house)s. With this link, which works once and for seven days, "
                "you choose your password:\n\n%(link)s"
            ),
            links.make(links.INVITE, user),
        )


def _send(user: User, subject: str, text: str, secret: str) -> None:
    told = {"name": user.name, "house": settings.KITH_URL, "link": links.address(secret)}
    EmailMessage(subject, text % told, to=[user.email]).send()
