"""Passwords: long, whatever their letters, and not what everybody tries first."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from kith.config import settings as house
from kith.identity import passwords
from kith.identity.models import User
from kith.identity.passwords import Argon2, Busy

REAL = override_settings(PASSWORD_HASHERS=house.PASSWORD_HASHERS)


def ada() -> User:
    return User(name="Ada Lindström", email="ada.lindstrom@kultasatama.example")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "              x  y  z w",
        "رمز عبور بسیار طولانی من",
        "密码可以用中文写而且很长很长很长",
        "🙂🙃🐎🔋 staple and more",
        "aaaaaaaaaaaaaaab but then something else",
        "x1" + "yz" * 3 + "q" * 8,
        "o" * 3 + "ne of 256 " + "abcdefgh" * 30,
    ],
)
def test_a_long_password_of_any_letters_is_taken(password: str) -> None:
    validate_password(password, ada())


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("short", "password_too_short"),
        ("e\u0301" * 7 + "long way", None),
        ("e\u0301" * 7 + " short", "password_too_short"),
        ("every word of it " * 16, "password_too_long"),
        ("passwordpassword", "password_blocked"),
        ("PassWordPassWordPassword", "password_blocked"),
        ("123456789012345678", "password_blocked"),
        ("abcdefghijklmnopqrst", "password_blocked"),
        ("zzzzzzzzzzzzzzzzzzzz", "password_blocked"),
        ("qwertyuiopasdfgh", "password_blocked"),
        ("abcabcabcabcabcabc", "password_blocked"),
        ("lindstrom-Ada-2026", "password_blocked"),
        ("Kith Kith CRM 2026!!", "password_blocked"),
        ("Kultasatama-2026-kith", "password_blocked"),
    ],
)
def test_what_is_short_or_known_is_refused_with_a_reason(password: str, code: str | None) -> None:
    if code is None:
        return validate_password(password, ada())
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ada())
    assert code in [error.code for error in refused.value.error_list]
    return None


@pytest.mark.django_db
def test_eight_characters_do_beside_a_second_factor_and_nowhere_else() -> None:
    from kith.identity import factors

    user = User.objects.make("ada@example.com", "Ada", "correct horse battery")
    with pytest.raises(ValidationError):
        validate_password("plum 8 tree", user)
    factors.totp.TOTP.activate(user, factors.new_seed())
    validate_password("plum 8 tree", user)
    with pytest.raises(ValidationError):
        validate_password("plum 8t", user)


@REAL
def test_a_letter_is_the_same_however_the_keyboard_made_it() -> None:
    encoded = make_password("caf\u00e9 au lait in the morning")
    assert encoded.startswith("argon2$argon2id$")
    assert check_password("cafe\u0301 au lait in the morning", encoded)
    assert not check_password("cafe au lait in the morning", encoded)


@REAL
def test_the_work_is_what_was_measured() -> None:
    assert "$m=81920,t=3,p=1$" in make_password("correct horse battery")


def test_two_hash_at_once_and_a_flood_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Semaphore(0), threading.Event()
    at_work: list[int] = []
    most: list[int] = []

    def slow(self: Any, password: str, encoded: str) -> bool:
        at_work.append(1)
        most.append(len(at_work))
        started.release()
        assert go_on.wait(20)
        at_work.pop()
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slow)
    threads = [threading.Thread(target=Argon2().verify, args=("x", "y")) for _n in range(3)]
    for thread in threads:
        thread.start()
    assert started.acquire(timeout=20)
    assert started.acquire(timeout=20)
    while passwords._admission._value:  # the third is admitted and waits
        threading.Event().wait(0.001)
    with pytest.raises(Busy):
        Argon2().verify("x", "y")
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert max(most) == passwords.AT_ONCE
    assert passwords._admission._value == passwords.ADMITTED
