"""Passwords as NIST SP 800-63B-4 asks for them: long, not known to everybody, and otherwise as people like them.

Fifteen characters where the password is all that is asked for, eight beside a second factor, 256 at most; any Unicode, compared in
its composed form (NFC); no rules of composition. The block list works offline and looks at the whole password.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.kernel.errors import KithError
from kith.kernel.sentences import counted

ALONE, WITH_FACTOR, LONGEST = 15, 8, 256
PRODUCT = ("kith", "crm", "password", "passwort", "salasana", "geslo")

T = TypeVar("T")


class Busy(KithError):
    """More people sign in at this moment than this process can check; nothing is wrong with what they typed."""

    def __init__(self) -> None:
        super().__init__(_("Many people are signing in at this moment. Wait a few seconds, then try again."))


# Hashing

#: So many at once use two cores and 160 MB; a flood of sign-ins leaves the other threads of the process to everybody else.
AT_ONCE, ADMITTED = 2, 3
_hashing = threading.BoundedSemaphore(AT_ONCE)
_admission = threading.BoundedSemaphore(ADMITTED)


@contextmanager
def _turn() -> Iterator[None]:
    if not _admission.acquire(blocking=False):
        raise Busy
    try:
        with _hashing:
            yield
    finally:
        _admission.release()


class Argon2(Argon2PasswordHasher):
    """Argon2id with 80 MiB and three passes: 150 ms on one core of the machine it was measured on, against 92 ms on eight."""

    time_cost, memory_cost, parallelism = 3, 80 * 1024, 1

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return str(super().encode(composed(password), salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return bool(super().verify(composed(password), encoded))


def composed(password: str) -> str:
    """The password as it is compared: é is one character, however the keyboard made it."""
    return unicodedata.normalize("NFC", password)


# What is refused


def shortest(user: Any) -> int:
    """How many characters `user`'s password needs at least."""
    from .factors import has_factor

    return WITH_FACTOR if user is not None and user.pk and has_factor(user) else ALONE


class Length:
    """Not too short for its part in the proof, and not too long for us."""

    def validate(self, password: str, user: Any = None) -> None:
        n, least = len(composed(password)), shortest(user)
        if n < least:
            raise ValidationError(
                ngettext(
                    "Use at least %(n)s character. Several words in a row are easy to remember.",
                    "Use at least %(n)s characters. Several words in a row are easy to remember.",
                    least,
                )
                % {"n": counted(least)},
                code="password_too_short",
            )
        if n > LONGEST:
            raise ValidationError(
                ngettext("Use at most %(n)s character.", "Use at most %(n)s characters.", LONGEST)
                % {"n": counted(LONGEST)},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return ""


class BlockList:
    """Not what everybody tries first: common passwords, the names of this house and of the person, one thing again and again."""

    def validate(self, password: str, user: Any = None) -> None:
        folded = composed(password).strip().casefold()
        for fits, sentence in REASONS:
            if fits(folded, user):
                raise ValidationError(sentence(), code="password_blocked")

    def get_help_text(self) -> str:
        return ""


def _known(folded: str, user: Any) -> bool:
    return folded in _common() or _unit(folded) in _common()


def _named(folded: str, user: Any) -> bool:
    """Nothing but names of the product, the firm and the person, with digits and signs between them."""
    rest = re.sub(r"[\W\d_]+", "", folded)
    words = sorted(_names(user), key=len, reverse=True)
    for word in words:
        rest = rest.replace(word, "")
    return not rest and not folded.isdigit()


def _same(folded: str, user: Any) -> bool:
    """A short thing again and again, or a row of neighbours (abcdefgh, 87654321)."""
    steps = {ord(b) - ord(a) for a, b in pairwise(folded)}
    return len(_unit(folded)) <= 4 or len(set(folded)) <= 3 or steps in ({1}, {-1}) or folded in _rows()


REASONS: tuple[tuple[Callable[[str, Any], bool], Callable[[], str]], ...] = (
    (_known, lambda: _("Too many people use this password, so it is among the first that are tried. Choose another.")),
    (_same, lambda: _("This password repeats itself or is a row of neighbours. Choose another.")),
    (_named, lambda: _("This password is made of names that others know. Add words that have nothing to do with you.")),
)


def _unit(text: str) -> str:
    """What `text` is a repetition of; `text` itself when it is none."""
    return text[: (text + text).index(text, 1)] if text else ""


def _names(user: Any) -> set[str]:
    said = [*PRODUCT, *settings.ALLOWED_HOSTS, settings.KITH_URL]
    if user is not None:
        said += [user.name, user.email]
    words = {word for text in said for word in re.split(r"[\W\d_]+", composed(text).casefold())}
    return {word for word in words if len(word) >= 3}


_lists: dict[str, frozenset[str]] = {}


def _common() -> frozenset[str]:
    # Django ships twenty thousand, lower-cased, as a file of its own: nobody is asked over the network.
    if not _lists:
        _lists["common"] = frozenset(CommonPasswordValidator().passwords)
    return _lists["common"]


def _rows() -> frozenset[str]:
    keys = ("qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1234567890" * 3)
    return frozenset(row[start:end] for row in keys for start in range(12) for end in range(start + 8, len(row) + 1))
