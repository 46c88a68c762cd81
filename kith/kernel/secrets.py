"""Secrets of others that we must be able to say again: client secrets, seeds of one-time codes, passwords of mail boxes.

They are kept encrypted, under keys that lie outside the database (`KITH_ENCRYPTION_KEYS`, or a file of mode 0600 in the folder of
the installation), so that a stolen database or a stolen query tells nothing. What is read back is a `Sensitive`: it prints as ***,
goes into no JSON, no pickle and no log line, and says its text only to whoever calls `reveal()`.

Passwords of our own people are hashed and API tokens are digested; neither belongs here.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models, transaction
from django.utils.translation import gettext as _

from .errors import KithError
from .registry import Registry, Room

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField

MASK = "***"
#: Between the purpose and the secret, inside what is encrypted.
_SEPARATOR = "\0"


class Unreadable(KithError):
    """A secret cannot be decrypted: its key is gone, or it was moved from where it was kept, or changed."""


class Sensitive:
    """A text that nothing shows by accident. `bool()` tells whether there is one; `reveal()` says it.

    One that was read from the database is decrypted only when it is revealed, so that a list of a hundred needs no key.
    """

    __slots__ = ("_open", "sealed")

    def __init__(self, text: str = "", *, sealed: str = "", purpose: str = ""):
        self.sealed = sealed
        self._open: Callable[[], str] = (lambda: decrypt(sealed, purpose)) if sealed else (lambda: text)

    def reveal(self) -> str:
        """Return the secret; raise Unreadable when its key is gone."""
        return self._open()

    def __bool__(self) -> bool:
        return bool(self.sealed or self._open())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return MASK

    def __copy__(self) -> Sensitive:
        return self

    def __deepcopy__(self, memo: Any) -> Sensitive:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A secret is not written into pickles, sessions or queues; keep its id there.")


# Encrypting


def encrypt(secret: str | Sensitive, purpose: str) -> str:
    """Return `secret` encrypted, as ASCII text; "" stays "".

    `purpose` names the place where it is kept ("identity.Provider.client_secret") and is needed to decrypt it: a cipher text that
    somebody with access to the database copies into another column opens nowhere.
    """
    text = secret.reveal() if isinstance(secret, Sensitive) else secret
    if not text:
        return ""
    if not purpose or _SEPARATOR in purpose:
        raise ValueError("A secret is encrypted for a named purpose.")
    return _keyring.fernet().encrypt(f"{purpose}{_SEPARATOR}{text}".encode()).decode("ascii")


def decrypt(sealed: str, purpose: str) -> str:
    """Return the secret in `sealed`; raise Unreadable when its key is gone or it was encrypted for another purpose."""
    if not sealed:
        return ""
    said, _separator, text = _opened(sealed).partition(_SEPARATOR)
    if said != purpose:
        raise Unreadable(_("A secret was found where it was not put. Enter it again."))
    return text


def renewed(sealed: str) -> str:
    """Return what is in `sealed` encrypted with the newest key."""
    return _keyring.fernet().encrypt(_opened(sealed).encode()).decode("ascii") if sealed else ""


def _opened(sealed: str) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _keyring.fernet().decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeEncodeError) as error:
        raise Unreadable(
            _("A secret cannot be read, because the key that it was encrypted with is gone. Enter the secret again.")
        ) from error


class Keyring:
    """The keys, newest first. Those in a file are read anew when the file changes, so that a rotation needs no restart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: tuple[Any, MultiFernet] | None = None

    def fernet(self) -> MultiFernet:
        """Return what encrypts with the newest key and decrypts with any."""
        from cryptography.fernet import Fernet, MultiFernet

        told: tuple[str, ...] = tuple(settings.KITH_ENCRYPTION_KEYS)
        mark = told or _mark(settings.KITH_ENCRYPTION_KEYS_FILE)
        with self._lock:
            if self._read is None or self._read[0] != mark:
                keys = told or keys_in(settings.KITH_ENCRYPTION_KEYS_FILE)
                self._read = (mark, MultiFernet([Fernet(key) for key in keys]))
            return self._read[1]


def _mark(file: Path) -> tuple[str, int, int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise Unreadable(_("The file with the encryption keys is gone. Restore it from a backup.")) from error
    return str(file), found.st_ino, found.st_mtime_ns, found.st_size


def keys_in(file: Path) -> tuple[str, ...]:
    """Return the keys in `file`, one a line, newest first."""
    keys = tuple(file.read_text(encoding="ascii").split())
    if not keys:
        raise Unreadable(_("The file with the encryption keys is empty. Restore it from a backup."))
    return keys


_keyring = Keyring()


# Keeping them in tables


class SecretField(_TextField):
    """A column that holds a secret encrypted, and gives it back as a `Sensitive`. In migrations it is a plain TextField.

    It is for tables of the platform and of rooms, not for records. It takes text or a `Sensitive`. It can be asked whether it is
    set (`column=""`) and nothing else: encrypting the same secret twice gives two texts, so that a comparison would be wrong as
    well as unwise.
    """

    def __init__(self, *args: Any, **options: Any):
        options.setdefault("blank", True)
        options.setdefault("default", "")
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options

    @property
    def purpose(self) -> str:
        """What its secrets are encrypted for."""
        return f"{self.model._meta.label}.{self.name}"

    def from_db_value(self, value: str | None, *_rest: Any) -> Sensitive:
        return Sensitive(sealed=value or "", purpose=self.purpose)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Sensitive) else Sensitive(value or "")

    def get_prep_value(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Sensitive) and value.sealed:
            decrypt(value.sealed, self.purpose)  # what was read elsewhere does not open here
            return value.sealed
        return encrypt(value, self.purpose)

    def value_to_string(self, obj: Any) -> str:
        # What `dumpdata` writes: never the secret itself.
        return self.get_prep_value(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> Any:
        return _Unset if lookup_name == "exact" else None

    def get_transform(self, lookup_name: str) -> None:
        raise FieldError("A secret cannot be searched by.")


class _Unset(models.lookups.Exact):
    """Whether there is no secret."""

    def get_prep_lookup(self) -> str:
        if self.rhs != "":
            raise FieldError('A secret can be asked whether it is set (column=""), and nothing else.')
        return ""


# New keys for old


@dataclass(frozen=True)
class Hoard:
    """A place with secrets that is not a `SecretField`: a key inside a JSON column, a table of another package.

    `renew(again)` passes each cipher text there through `again`, stores what it returns, and returns how many there were. It runs
    inside a transaction. Rooms contribute these.
    """

    key: str
    renew: Callable[[Callable[[str], str]], int]

    registry: ClassVar[Registry[Hoard]] = Registry("hoard")

    def contribute(self, room: Room) -> None:
        """Rooms contribute hoards."""
        self.registry.add(self.key, self)


def renew_all() -> int:
    """Encrypt every stored secret with the newest key, all or none; return how many there are. Raises Unreadable."""
    from django.apps import apps

    number = 0
    with transaction.atomic():
        for model in apps.get_models(include_auto_created=True):
            for column in model._meta.concrete_fields:
                if isinstance(column, SecretField):
                    number += _renew_column(model, column)
        for hoard in Hoard.registry:
            number += hoard.renew(renewed)
    return number


def _renew_column(model: Any, column: SecretField) -> int:
    number = 0
    rows = model.objects.exclude(**{column.name: ""})
    for key, value in list(rows.select_for_update().values_list("pk", column.name)):
        again = Sensitive(sealed=renewed(value.sealed), purpose=column.purpose)
        number += rows.filter(pk=key).update(**{column.name: again})
    return number
