"""Notices as e-mails. What is due for one person goes out as one letter, in her language, through the outbox, and never twice.

A letter is a row before it is a mail. `write_letters` makes the row and the event in one transaction; `send_letter` takes the row
(waiting → sending) in a second one, sends outside of any, and writes down that it did. Where a worker dies in between, nobody knows
whether the mail went out: it is "unknown" then and not sent again, since everything that it says stands in the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.events.facts import LATER, Fact, emit, on
from kith.events.models import Event
from kith.events.schedule import every
from kith.identity.letters import possible
from kith.identity.models import User
from kith.identity.names import actor_of, viewer_of
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.http import Unreachable
from kith.kernel.sentences import counted, part_of
from kith.kernel.viewer import viewing

from . import inbox
from .models import Letter, Notice

#: So many people are written to in one turn, so many notices stand in one letter.
PEOPLE, LINES = 200, 50
#: Where the switches are.
SWITCHES = "/settings/notifications/"


@dataclass(frozen=True)
class LetterDue(Fact):
    """An e-mail with notices is to go out."""

    name = "notices.letter"
    label = lazy("An e-mail with notifications was written")
    icon = "mail"
    aside = True
    record: Any

    def sentence(self) -> str:
        return _("E-mail with notifications written")


@every(seconds=20)
def write_letters() -> None:
    """A letter for everybody for whom something is due, with all of it that was not read meanwhile."""
    now = clock.now()
    waiting = Notice.objects.filter(letter=None, mail_at__lte=now)
    for user in list(waiting.order_by().values_list("user_id", flat=True).distinct()[:PEOPLE]):
        hers = Notice.objects.filter(letter=None, user=user, mail_at__lte=now)
        # Whoever read it, or is done with it, needs no mail.
        hers.exclude(read_at=None, done_at=None).update(mail_at=None)
        ids = list(hers.order_by("pk").values_list("pk", flat=True)[:LINES])
        if not ids:
            continue
        letter = Letter.objects.create(user_id=user)
        Notice.objects.filter(pk__in=ids, letter=None).update(letter=letter, mail_at=None)
        emit(LetterDue(letter), System("notices"))


@on(LetterDue, LATER, outside=True)
def send_letter(event: Event) -> None:
    """Send one letter. Run again after a failure it sends what was not begun, and nothing that was."""
    letter = Letter.objects.filter(pk=event.record).select_related("user").first()
    if letter is None or not possible():
        return
    mine = Letter.objects.filter(pk=letter.pk)
    if not mine.filter(state=Letter.WAITING).update(state=Letter.SENDING, begun_at=clock.now()):
        mine.filter(state=Letter.SENDING).update(state=Letter.UNKNOWN, ended_at=clock.now())
        return
    mail = message(letter)
    if mail is None:
        mine.update(state=Letter.IDLE, ended_at=clock.now())
        return
    try:
        mail.send()
    except Unreachable:
        # Nothing was taken: the outbox tries again later.
        mine.update(state=Letter.WAITING)
        raise
    mine.update(state=Letter.SENT, ended_at=clock.now())


def message(letter: Letter) -> EmailMessage | None:
    """The mail, of what its reader may still see; None when nothing is left or she may not sign in any more."""
    user: User = letter.user
    if not user.is_active:
        return None
    language = user.language or "en"
    viewer = viewer_of(user, language)
    with translation.override(language), viewing(viewer), transaction.atomic():
        groups = inbox.of_letter(actor_of(user), letter.pk)
        lines = [line for group in groups for line in group.lines]
        if not lines:
            return None
        subject = _subject(groups, lines)
        parts = [_("Hello %(name)s,") % {"name": user.name}]
        for group in groups:
            said = [line.told for line in group.lines]
            quotes = [f"> {row}" for line in group.lines if line.excerpt for row in line.excerpt.split("\n")]
            address = f"{settings.KITH_URL}{group.url}?event={group.lines[0].event}#e{group.lines[0].event}"
            parts.append("\n".join([group.title, *said, *quotes, address]))
        parts.append(
            _("What you get by e-mail, and when, you choose here:\n%(link)s")
            % {"link": f"{settings.KITH_URL}{SWITCHES}"}
        )
    # The same letter has the same number, so that whoever gets it twice can tell.
    host = settings.KITH_URL.partition("://")[2].partition("/")[0].partition(":")[0] or "kith.invalid"
    headers = {
        "Message-ID": f"<letter-{letter.pk}-{int(letter.at.timestamp())}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject, "\n\n".join(parts), to=[user.email], headers=headers)


def _subject(groups: list[inbox.Group], lines: list[inbox.Line]) -> str:
    if len(groups) == 1:
        said = part_of(groups[0].title, lines[0].told)
    else:
        said = ngettext("%(n)s record has news for you", "%(n)s records have news for you", len(groups)) % {
            "n": counted(len(groups))
        }
    # No line of a head ever comes from what people wrote.
    return " ".join(said.split())[:200]
