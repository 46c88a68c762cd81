"""New keys for old: what `kith secrets rotate` does."""

from __future__ import annotations

from django.conf import settings

from kith.config.environ import new_encryption_key, write_private
from kith.kernel import secrets
from kith.kernel.errors import KithError


class KeyFault(KithError):
    """Why keys could not be rotated, as a sentence."""


def rotate(*, drop_old: bool) -> int:
    """Encrypt every stored secret with a new key; return how many there are.

    The new key comes first into the file, and processes that run see the change at their next use; then everything is encrypted
    anew in one transaction. Keys that come from the environment are the operator's: there the newest listed one is used.
    """
    file = settings.KITH_ENCRYPTION_KEYS_FILE
    told = bool(settings.KITH_ENCRYPTION_KEYS)
    if told and drop_old:
        raise KeyFault("The keys stand in KITH_ENCRYPTION_KEYS; after this, take the old ones out of it yourself.")
    if not told:
        keys = [new_encryption_key(), *secrets.keys_in(file)]
        write_private(file, "\n".join(keys) + "\n")
    number = secrets.renew_all()
    if drop_old:
        write_private(file, keys[0] + "\n")
        # A secret stored between the two steps by a process that had just read the old keys would be lost: look again.
        try:
            secrets.renew_all()
        except secrets.Unreadable:
            write_private(file, "\n".join(keys) + "\n")
            raise KeyFault("A secret was stored in the meantime with an old key. Try again.") from None
    return number
