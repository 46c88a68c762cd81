"""Limits on guessing: shared by every process, and never a way to keep the owner out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from kith.identity import limits
from kith.identity.limits import Gate, TooMany, Visitor, gates, give_back, take
from kith.identity.models import Bucket, Device, User
from kith.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.every_engine]

ADA = "ada@example.com"
HOME, MARK = "198.51.100.0/24", "m" * 64


@pytest.fixture
def ada() -> User:
    user = User.objects.make(ADA, "Ada", "correct horse battery")
    Device.objects.create(user=user, mark=MARK, network=HOME)
    return user


def test_a_bucket_refuses_when_it_is_full_and_says_how_long() -> None:
    with clock.frozen(clock.now()):
        gate = [Gate("test", 3, 10)]
        for _try in range(3):
            take(gate)
        with pytest.raises(TooMany) as full:
            take(gate)
        assert full.value.wait == 10
        with clock.frozen(clock.now() + timedelta(seconds=10)):
            take(gate)
            with pytest.raises(TooMany):
                take(gate)


def test_what_was_right_gives_its_place_back() -> None:
    with clock.frozen(clock.now()):
        gate = [Gate("test", 1, 10)]
        for _try in range(5):
            take(gate)
            give_back(gate)


def test_a_refusal_of_one_takes_no_place_in_the_others() -> None:
    with clock.frozen(clock.now()):
        wide, narrow = Gate("wide", 5, 10), Gate("narrow", 1, 10)
        take([narrow])
        for _try in range(20):
            with pytest.raises(TooMany):
                take([wide, narrow])
        for _try in range(5):
            take([wide])


def test_ten_thousand_wrong_passwords_never_lock_the_owner_out(ada: User) -> None:
    with clock.frozen(clock.now()):
        passed = 0
        for n in range(10_000):
            # From five hundred networks, as a rented crowd does it.
            try:
                take(gates(ADA, Visitor(f"203.0.{n % 250}.0/24" if n % 2 else f"192.0.{n % 250}.0/24")))
                passed += 1
            except TooMany:
                continue
        assert passed <= 100
        # A stranger's network waits, hers does not, and her own browser is let in anywhere, even there.
        with pytest.raises(TooMany):
            take(gates(ADA, Visitor("203.0.250.0/24")))
        take(gates(ADA, Visitor(HOME)))
        take(gates(ADA, Visitor("203.0.1.0/24", MARK)))


def test_whoever_guesses_beside_her_does_not_stop_her_own_browser(ada: User) -> None:
    with clock.frozen(clock.now()):
        for _try in range(20):
            take(gates(ADA, Visitor(HOME)))
        with pytest.raises(TooMany):
            take(gates(ADA, Visitor(HOME)))
        take(gates(ADA, Visitor(HOME, MARK)))


def test_a_mark_of_somebody_else_is_worth_nothing(ada: User) -> None:
    assert gates(ADA, Visitor("203.0.1.0/24", "x" * 64)) == gates(ADA, Visitor("203.0.1.0/24"))
    assert gates("ben@example.com", Visitor("203.0.1.0/24", MARK)) == gates("ben@example.com", Visitor("203.0.1.0/24"))


def test_known_and_unknown_accounts_pass_the_same_gates_with_the_same_queries(
    ada: User, django_assert_num_queries
) -> None:
    for account in (ADA, "nobody@example.com"):
        with django_assert_num_queries(6):
            asked = gates(account, Visitor("203.0.1.0/24", "x" * 64))
            take(asked)
        assert [(gate.burst, gate.seconds) for gate in asked] == [(20, 45), (200, 4.5), (100, 36), (1000, 0.06)]


def test_empty_buckets_are_swept() -> None:
    now = clock.now()
    with clock.frozen(now):
        take([Gate("test", 3, 10)])
    with clock.frozen(now + timedelta(minutes=1)):
        limits.forget_old_limits()
    assert not Bucket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted() -> None:
    now = clock.now()
    passed: list[int] = []

    def tries() -> None:
        with clock.frozen(now):
            for _try in range(10):
                try:
                    take([Gate("race", 7, 60)])
                    passed.append(1)
                except TooMany:
                    continue
        connection.close()

    threads = [threading.Thread(target=tries) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 7
