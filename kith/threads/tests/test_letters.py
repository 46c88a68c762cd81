"""E-mails about notices: in the reader's language, of what she may see, and each once, whenever a worker dies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from kith.events.models import Delivery
from kith.kernel import clock
from kith.kernel.http import Unreachable
from kith.objects.write import remove
from kith.threads import inbox, letters, notes
from kith.threads.models import Letter, Notice, Wish
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Delivered = Callable[[], None]


@pytest.fixture(autouse=True)
def mails(settings: Any) -> None:
    settings.KITH_MAIL, settings.KITH_URL = True, "https://crm.example"


def write(cast: Cast, box: Any, delivered: Delivered) -> None:
    notes.add_note(cast.actor("ada"), box, text=f"@{{{cast.ben.pk}}} hello")
    delivered()


def later(delivered: Delivered) -> None:
    with clock.frozen(clock.now() + timedelta(hours=1)):
        letters.write_letters()
        delivered()


def test_a_mention_is_mailed_once_in_the_readers_words_with_the_way_to_the_switch(
    cast: Cast, box: Any, delivered: Delivered
) -> None:
    write(cast, box, delivered)
    for _time in range(3):
        later(delivered)
    (sent,) = mail.outbox
    assert sent.to == [cast.ben.email]
    assert sent.subject == f"Attic: {cast.ada.name} · mentioned you"
    assert f"https://crm.example/boxes/{box.pk}/?event=" in sent.body
    assert "https://crm.example/settings/notifications/" in sent.body
    assert f"> @{cast.ben.name} hello" in sent.body


def test_what_was_read_in_the_house_is_not_mailed(cast: Cast, box: Any, delivered: Delivered) -> None:
    write(cast, box, delivered)
    inbox.mark(cast.actor("ben"), "toybox.box", box.pk, 0, read=True)
    later(delivered)
    assert mail.outbox == []


def test_who_switched_it_off_gets_none_and_who_chose_mail_alone_has_no_row_in_the_inbox(
    cast: Cast, box: Any, delivered: Delivered
) -> None:
    row = Wish.objects.create(user=cast.ben, kind="mention", app=True, mail=False)
    write(cast, box, delivered)
    later(delivered)
    assert mail.outbox == []
    row.app, row.mail = False, True
    row.save()
    Notice.objects.all().delete()
    write(cast, box, delivered)
    assert inbox.unread(cast.actor("ben")) == 0
    later(delivered)
    assert len(mail.outbox) == 1


def test_a_record_that_she_may_not_see_any_more_is_in_no_mail(cast: Cast, box: Any, delivered: Delivered) -> None:
    write(cast, box, delivered)
    remove(cast.actor("ada"), box)
    later(delivered)
    assert mail.outbox == []
    assert Letter.objects.get().state == Letter.IDLE


def test_a_worker_that_dies_before_it_began_leaves_the_letter_to_the_next(
    cast: Cast, box: Any, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, box, delivered)

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with clock.frozen(clock.now() + timedelta(hours=1)):
        letters.write_letters()
        monkeypatch.setattr("kith.threads.letters.possible", killed)
        with pytest.raises(KeyboardInterrupt):
            delivered()
        monkeypatch.undo()
    with clock.frozen(clock.now() + timedelta(hours=2)):
        delivered()
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_while_it_sends_sends_no_second_mail(
    cast: Cast, box: Any, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, box, delivered)
    real = EmailBackend.send_messages

    def sent_and_killed(backend: Any, messages: Any) -> int:
        real(backend, messages)
        raise KeyboardInterrupt

    with clock.frozen(clock.now() + timedelta(hours=1)):
        letters.write_letters()
        with monkeypatch.context() as patched:
            patched.setattr(EmailBackend, "send_messages", sent_and_killed)
            with pytest.raises(KeyboardInterrupt):
                delivered()
    with clock.frozen(clock.now() + timedelta(hours=2)):
        delivered()
    assert len(mail.outbox) == 1
    assert Letter.objects.get().state == Letter.UNKNOWN


def test_a_server_that_cannot_be_reached_is_asked_again(
    cast: Cast, box: Any, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, box, delivered)

    def unreachable(backend: Any, messages: Any) -> int:
        raise Unreachable("No answer.")

    with clock.frozen(clock.now() + timedelta(hours=1)):
        letters.write_letters()
        with monkeypatch.context() as patched:
            patched.setattr(EmailBackend, "send_messages", unreachable)
            delivered()
        assert Delivery.objects.get(consumer__endswith="send_letter").tries == 1
    with clock.frozen(clock.now() + timedelta(hours=3)):
        delivered()
    assert len(mail.outbox) == 1
    assert Letter.objects.get().state == Letter.SENT


def test_no_line_of_a_mails_head_comes_from_what_people_wrote(cast: Cast, box: Any, delivered: Delivered) -> None:
    from kith.objects.write import change

    box = change(cast.actor("ada"), box, name="Attic")
    write(cast, box, delivered)
    letter = Letter.objects.create(user=cast.ben)
    Notice.objects.update(letter=letter)
    made = letters.message(letter)
    assert made is not None
    assert "\n" not in made.subject
    assert made.extra_headers["Message-ID"].startswith(f"<letter-{letter.pk}-")
