"""Second factors, and passkeys that need no first: what is kept of them, and how they are proved.

The mathematics and the tables are allauth's; what is ours: a code counts once (a compare-and-set in the database instead of a
per-process cache), secrets are encrypted, nothing is proved twice, and nobody loses the factor that her short password needs.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kith.kernel import clock, secrets
from kith.kernel.errors import Refused

from .facts import tell
from .models import User
from .names import actor_of

CODE, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


class Adapter(DefaultMFAAdapter):
    """How allauth keeps seeds here, and what it calls people."""

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text, "identity.factor")

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text, "identity.factor")

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Kith"}

    def _get_site_name(self) -> str:
        return "Kith"


# What somebody has


def has_factor(user: Any) -> bool:
    """Whether `user` has a second factor; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=(CODE, PASSKEY)).exists()


def strong(users: Iterable[Any]) -> set[int]:
    """The ids of those who have a second factor."""
    rows = Authenticator.objects.filter(user__in=list(users), type__in=(CODE, PASSKEY))
    return set(rows.values_list("user_id", flat=True))


def kinds(user: Any) -> set[str]:
    """Which of "totp", "webauthn" and "recovery_codes" `user` can be asked for."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def passkeys(user: Any) -> list[Authenticator]:
    """The passkeys of `user`, in the order in which they came."""
    return list(Authenticator.objects.filter(user=user, type=PASSKEY).order_by("pk"))


class Required:
    """From whom this installation asks a second factor: the floor that knows its settings fills `of`."""

    NOBODY, ADMINISTRATORS, EVERYBODY = "nobody", "administrators", "everybody"
    of: Callable[[], str] = staticmethod(lambda: Required.NOBODY)


def needed(user: Any) -> bool:
    """Whether this installation asks `user` for a second factor."""
    asked = Required.of()
    return asked == Required.EVERYBODY or (asked == Required.ADMINISTRATORS and user.is_admin)


# Codes from an app (RFC 6238)


def new_seed() -> str:
    """A seed for an app: 160 random bits as base 32."""
    return str(totp.generate_totp_secret())


def seed_address(user: User, seed: str) -> str:
    """The otpauth: address that apps read."""
    return str(Adapter().build_totp_url(user, seed))


def seed_picture(user: User, seed: str) -> str:
    """The same as a QR code: a data: address of an SVG picture."""
    return (
        "data:image/svg+xml;base64," + b64encode(Adapter().build_totp_svg(seed_address(user, seed)).encode()).decode()
    )


def add_code_app(user: User, seed: str, code: str) -> None:
    """Take an app as second factor, proved by its first code."""
    step = _step_of(seed, code)
    if step is None:
        raise Refused(
            _("This code does not fit. Look whether the clock of your telephone is right, and type the newest code."),
            "code",
        )
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=CODE).delete()
        totp.TOTP.activate(user, seed)
        User.objects.filter(pk=user.pk).update(code_step=step)
        tell("account.code_app_added", user)


def prove_code(user: User, code: str) -> bool:
    """Whether `code` is one of `user`'s app, now, and was not used before; it is used with this."""
    row = Authenticator.objects.filter(user=user, type=CODE).first()
    if row is None:
        return False
    step = _step_of(Adapter().decrypt(row.data["secret"]), code)
    # Compare and set: of two requests with the same code, one wins. Earlier codes are over with a later one.
    if step is None or not User.objects.filter(pk=user.pk, code_step__lt=step).update(code_step=step):
        return False
    row.record_usage()
    return True


def _step_of(seed: str, code: str) -> int | None:
    now = int(clock.now().timestamp()) // app_settings.TOTP_PERIOD
    found = None
    for step in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        # All three are compared, so that the time taken tells nothing.
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(seed, step))):
            found = step
    return found


# Recovery codes


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes, which end the old ones. They are said this once."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=RECOVERY).delete()
        codes = RecoveryCodes.activate(user).generate_codes()
        tell("account.recovery_codes_made", user)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    """How many codes `user` has not used yet."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def prove_recovery(user: User, code: str) -> bool:
    """Whether `code` is an unused recovery code; it is used with this."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    bare = code.strip().replace("-", "").replace(" ", "")
    if row is None or len(bare) != app_settings.RECOVERY_CODE_DIGITS or not row.wrap().validate_code(bare):
        return False
    tell("account.recovery_code_used", user, actor_of(user))
    return True


# Passkeys (WebAuthn)


def passkey_to_make(user: User) -> str:
    """What the browser needs to make a passkey, as JSON; the challenge stays in the session."""
    return json.dumps(webauthn.begin_registration(user, passwordless=True), default=_plain)


def add_passkey(user: User, name: str, answer: str) -> None:
    """Keep the passkey that the browser made."""
    given = _answer(answer)
    try:
        webauthn.parse_registration_response(given)
        webauthn.complete_registration(given)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(_("The browser's answer does not fit. Load the page and try again.")) from error
    name = name.strip()[:80] or _("Passkey")
    with transaction.atomic():
        webauthn.WebAuthn.add(user, name, given)
        tell("account.passkey_added", user, name=name)


def passkey_to_ask(user: User | None) -> str:
    """What the browser needs to prove a passkey, of `user` or (None) of whoever sits there, as JSON."""
    return json.dumps(webauthn.begin_authentication(user), default=_plain)


def prove_passkey(user: User | None, answer: str) -> User | None:
    """Whose passkey signed the challenge of this session; None when it is none, or not `user`'s. A challenge is used with this."""
    given = _answer(answer)
    try:
        whose = user or webauthn.extract_user_from_response(given)
        row = webauthn.complete_authentication(whose, given)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        webauthn.clear_state()
        return None
    row.record_usage()
    return whose


def _answer(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text[:20_000])
    except ValueError:
        given = None
    return given if isinstance(given, dict) else {}


def _plain(value: Any) -> Any:
    return dict(value)


def _renew(again: Callable[[str], str]) -> int:
    """Pass every seed through `again`: the keys of the installation are changed."""
    number = 0
    for row in Authenticator.objects.select_for_update().filter(type__in=(CODE, RECOVERY)):
        for key in ("secret", "seed"):
            if key in row.data:
                row.data[key] = again(row.data[key])
                number += 1
        row.save(update_fields=["data"])
    return number


HOARD = secrets.Hoard("identity.factor", _renew)

# Taking them away


def remove(user: User, kind: str, number: int | None = None) -> None:
    """Take away the app, or the passkey with this number. Refused while it is the last and something stands on it."""
    rows = Authenticator.objects.filter(user=user, type=kind)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        row = rows.filter(pk=number).first() if number is not None else rows.first()
        if row is None:
            return
        last = not Authenticator.objects.filter(user=user, type__in=(CODE, PASSKEY)).exclude(pk=row.pk).exists()
        if last and user.short_password:
            raise Refused(_("Your password is too short to stand alone. Choose a longer one first, then remove this."))
        if last and needed(user):
            raise Refused(_("This installation asks for a second factor. Add another one first, then remove this."))
        if kind == PASSKEY:
            tell("account.passkey_removed", user, name=row.data.get("name", ""))
        else:
            tell("account.code_app_removed", user)
        row.delete()
        if last:
            Authenticator.objects.filter(user=user, type=RECOVERY).delete()


def remove_all(user: User) -> None:
    """Take away everything: an administrator helps somebody who lost her telephone. A short password goes, too."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        if user.short_password:
            user.set_unusable_password()
            user.short_password = False
            user.save(update_fields=["password", "short_password"])
        tell("account.factors_removed", user, who=user.name)
