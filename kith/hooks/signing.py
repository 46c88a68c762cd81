"""How messages are signed and how signatures are checked: Standard Webhooks 1.0 (standardwebhooks.com), symmetric signatures.

What is signed is `id.timestamp.body`, with HMAC-SHA256 under the bytes of the secret, which is written as `whsec_` and base64. A header may
carry several signatures, parted by blanks: while a secret is changed, both count.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from kith.kernel import clock
from kith.kernel.errors import KithError

PREFIX = "whsec_"
#: Bytes of a secret (the scheme asks for 24 to 64); seconds by which the clocks of two machines may differ.
BYTES, LEEWAY = 32, 300
LONGEST_ID, MOST_SIGNATURES = 120, 20


class Unsigned(KithError):
    """What came is not signed as it should be; the sentence says in what way, and nothing of the secret."""


def new_secret() -> str:
    """A new secret, as people copy it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def new_message() -> str:
    """A new webhook-id. Nothing can be counted or guessed by it, and none comes twice, not after a restore either."""
    return f"msg_{secrets.token_hex(16)}"


def signature(secret: str, message: str, at: int, body: bytes) -> str:
    """The signature of one message at one moment, such as “v1,K5oZ…”."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{message}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()


def headers(message: str, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """The headers that a message goes out with now, signed with each of `keys`."""
    at = int(clock.now().timestamp())
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(key, message, at, body) for key in keys),
    }


def verified(given: Mapping[str, str], body: bytes, keys: Iterable[str]) -> str:
    """The webhook-id of what came with these headers (their names in any case); Unsigned when it is not what the sender signed."""
    told = {name.lower(): value for name, value in given.items()}
    message, said, signed = (told.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message and said and signed):
        raise Unsigned(_("The headers webhook-id, webhook-timestamp and webhook-signature are needed."))
    if len(message) > LONGEST_ID or not message.isascii() or not message.isprintable() or "." in message:
        raise Unsigned(_("The header webhook-id cannot be read."))
    if not (said.isascii() and said.isdecimal() and len(said) < 12):
        raise Unsigned(_("The header webhook-timestamp is not a number of seconds."))
    if abs(clock.now().timestamp() - int(said)) > LEEWAY:
        raise Unsigned(_("This was signed too long ago, or the clock of one of the two machines is wrong."))
    offered = [one.encode() for one in signed.split(" ")[:MOST_SIGNATURES] if one.startswith("v1,")]
    right = False
    for key in keys:
        try:
            made = signature(key, message, int(said), body).encode()
        except binascii.Error:
            continue
        # Each is compared, whatever came before: how long it takes tells nothing.
        for one in offered:
            right |= hmac.compare_digest(made, one)
    if not right:
        raise Unsigned(_("The signature does not fit this message and the secret."))
    return message
