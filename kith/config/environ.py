"""Read the settings of one installation from its environment, and refuse what cannot be meant."""

import base64
import binascii
import os
import secrets
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
#: In KITH_HOME; what stored secrets are encrypted with, one key a line, the newest first.
ENCRYPTION_KEYS = "encryption.keys"
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}

SQLITE_INIT = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON;"
# NORMAL, not FULL: every commit is in the WAL file before it is acknowledged, so `kill -9` of Kith loses nothing.
# Only the sudden death of the whole machine can take the last commits (never half of one); KITH_SQLITE_SYNC=FULL
# keeps those too, at one disk flush a commit.


@dataclass(frozen=True)
class Environment:
    """What one installation was told."""

    home: Path
    database: dict[str, Any]
    hosts: list[str]
    debug: bool
    https: bool | None
    secret_key: str
    encryption_keys: tuple[str, ...]
    encryption_keys_file: Path
    log_level: str
    outbound_allow: frozenset[str]
    #: How many proxies of ours stand before the server, each of which adds the address of its visitor to X-Forwarded-For.
    proxies: int
    #: Where people find the house, without a slash at the end; "" where nobody said.
    url: str
    #: Django's settings of the mail server; empty without one.
    mail: dict[str, Any]
    #: The command that looks at files before they are taken in, and its arguments; empty without one.
    scanner: tuple[str, ...]


def read(env: Mapping[str, str]) -> Environment:
    """Return the settings that `env` describes; raise ImproperlyConfigured with a sentence when they are unsafe."""
    home = home_of(env)
    hosts = _words(env.get("KITH_HOSTS", "")) or list(LOOPBACK_HOSTS)
    debug = _flag(env, "KITH_DEBUG") or False
    strangers = [host for host in hosts if not is_loopback(host)]
    if debug and strangers:
        raise ImproperlyConfigured(
            "KITH_DEBUG shows source code and settings to every visitor, and KITH_HOSTS lets in visitors of "
            f"{', '.join(strangers)}. Unset one of the two."
        )
    return Environment(
        home=home,
        database=database_of(env, home),
        hosts=hosts,
        debug=debug,
        https=_flag(env, "KITH_HTTPS"),
        secret_key=env.get("KITH_SECRET_KEY") or secret_key_in(home),
        encryption_keys=encryption_keys_of(env, home),
        encryption_keys_file=home / ENCRYPTION_KEYS,
        log_level=env.get("KITH_LOG_LEVEL", "INFO").upper(),
        outbound_allow=outbound_allow_of(env),
        proxies=_proxies(env),
        url=_url(env, hosts),
        mail=_mail(env),
        scanner=_scanner(env),
    )


def home_of(env: Mapping[str, str]) -> Path:
    """Return the folder of this installation's data, made when it was not there; refuse one that cannot be written."""
    if given := env.get("KITH_HOME"):
        home = Path(given).expanduser().absolute()
    else:
        shared = env.get("XDG_DATA_HOME") or "~/.local/share"
        home = Path(shared).expanduser() / "kith"
    try:
        # 0700 from the start: the folder will hold customers' data and the key.
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"KITH_HOME is {home}, which cannot be made: {error.strerror or error}. "
            "Set KITH_HOME to a folder that you may write to."
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"KITH_HOME is {home}, which this user may not write to. Change its owner, or set KITH_HOME to another."
        )
    return home


def secret_key_in(home: Path) -> str:
    """Return the secret key of the installation in `home`, making one with mode 0600 at the first start."""
    file = home / "secret.key"
    try:
        key = _private_text(file, secrets.token_urlsafe(64))
    except OSError as error:
        raise ImproperlyConfigured(
            f"There is no secret key: {file} cannot be read or made ({error.strerror}). "
            "Set KITH_SECRET_KEY, or make KITH_HOME writable."
        ) from error
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"The secret key in {file} is too short to be safe. Restore it from a backup, or delete the file."
        )
    return key


def encryption_keys_of(env: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Return the keys that KITH_ENCRYPTION_KEYS lists; () says that they stand in the file in `home`, made at the first start.

    They encrypt secrets that are stored (see kith.kernel.secrets): 32 random bytes each, in URL-safe Base64, the newest first.
    """
    if told := tuple(_words(env.get("KITH_ENCRYPTION_KEYS", ""))):
        _refuse_wrong_keys(told, "KITH_ENCRYPTION_KEYS")
        return told
    file = home / ENCRYPTION_KEYS
    try:
        text = _private_text(file, new_encryption_key())
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"There are no encryption keys: {file} cannot be read or made ({error}). "
            "Set KITH_ENCRYPTION_KEYS, or make KITH_HOME writable."
        ) from error
    _refuse_wrong_keys(text.split(), str(file))
    return ()


def new_encryption_key() -> str:
    """Return a new key for stored secrets."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def write_private(file: Path, text: str) -> None:
    """Put `text` in the place of what `file` holds, at once and whole; only this user may read it."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _refuse_wrong_keys(keys: Sequence[str], place: str) -> None:
    for key in keys:
        try:
            length = len(base64.b64decode(key, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            length = 0
        if length != 32:
            # Never the key itself: this sentence is logged.
            raise ImproperlyConfigured(
                f"{place} holds something that is no encryption key (32 bytes in URL-safe Base64). "
                "Restore it from a backup; without the right key, stored secrets cannot be read."
            )
    if not keys:
        raise ImproperlyConfigured(f"{place} is empty. Restore it from a backup, or delete it if nothing was stored.")


def _private_text(file: Path, new: str) -> str:
    """Return what `file` holds, without blanks around it, after putting `new` there if there was no such file."""
    if not file.exists():
        # Written aside and linked into place: two processes starting at once end up with the same, complete key.
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(new)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if file.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{file} can be read by other users of this machine. Run: chmod 600 {file}")
    return file.read_text().strip()


def database_of(env: Mapping[str, str], home: Path) -> dict[str, Any]:
    """Return Django's description of the database: PostgreSQL when DATABASE_URL says so, else SQLite in `home`."""
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return _sqlite(home / "kith.sqlite3", env)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # sqlite:///relative.db and sqlite:////absolute.db, as everywhere else.
        return _sqlite(home / unquote(parts.path[1:]), env)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme or 'no scheme'!r}; "
            "Kith knows postgresql://user:password@host:5432/name and sqlite:///file."
        )
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("The port in DATABASE_URL is not a number from 1 to 65535.") from error
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgresql://user:password@host:5432/NAME.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # A socket folder cannot stand in the host part of an address, so it comes as ?host=/path, as in libpq.
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", None) or port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def outbound_allow_of(env: Mapping[str, str]) -> frozenset[str]:
    """Return the exact places beyond the public internet that Kith may connect to, as "ip:port" or "[ip]:port"."""
    found = set()
    for text in _words(env.get("KITH_OUTBOUND_ALLOW", "")):
        host, _colon, port = text.rpartition(":")
        try:
            address = ip_address(host.removeprefix("[").removesuffix("]") if host.startswith("[") else host)
            if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65535):
                raise ValueError
        except ValueError as error:
            raise ImproperlyConfigured(
                f"KITH_OUTBOUND_ALLOW holds {text!r}; it lists exact places such as 10.0.0.7:443 or [fd00::7]:443. "
                "Names and ranges are not taken: they would open more than is meant."
            ) from error
        found.add(f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}")
    return frozenset(found)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine itself can be meant by `host`."""
    bare = host.strip().lower().removeprefix("[").removesuffix("]")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def _sqlite(file: Path, env: Mapping[str, str]) -> dict[str, Any]:
    sync = env.get("KITH_SQLITE_SYNC", "NORMAL").upper()
    if sync not in {"NORMAL", "FULL", "EXTRA"}:
        raise ImproperlyConfigured(
            f"KITH_SQLITE_SYNC is {sync}; it can be NORMAL, FULL or EXTRA. Less would lose acknowledged changes."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A transaction takes the write lock at its start: two of them wait for each other, neither fails half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": SQLITE_INIT.replace("NORMAL", sync),
        },
    }


def _proxies(env: Mapping[str, str]) -> int:
    said = env.get("KITH_PROXIES", "").strip() or ("1" if _flag(env, "KITH_HTTPS") else "0")
    if not said.isdecimal() or int(said) > 9:
        raise ImproperlyConfigured(f"KITH_PROXIES is {said!r}; it is the number of your proxies before Kith, 0 to 9.")
    return int(said)


def _url(env: Mapping[str, str], hosts: list[str]) -> str:
    """Return the address for links in mails: said, or plain from a single name. Never what a request calls us."""
    if said := env.get("KITH_URL", "").strip().rstrip("/"):
        parts = urlsplit(said)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise ImproperlyConfigured(f"KITH_URL is {said!r}; it looks like https://crm.example.com.")
        return said
    named = [host for host in hosts if not is_loopback(host) and host[:1] not in "*."]
    return f"https://{named[0]}" if len(named) == 1 and _flag(env, "KITH_HTTPS") else ""


def _mail(env: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings for KITH_MAIL_URL: smtp://, smtp+starttls:// or smtps:// with user, password, host and port."""
    url, sender = env.get("KITH_MAIL_URL", "").strip(), env.get("KITH_MAIL_FROM", "").strip()
    if not url:
        return {}
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured(
            "KITH_MAIL_URL looks like smtp+starttls://user:password@mail.example.com:587, and KITH_MAIL_FROM is the "
            "address that mails come from."
        )
    if parts.scheme == "smtp" and parts.password and not is_loopback(parts.hostname):
        raise ImproperlyConfigured(
            "KITH_MAIL_URL would send its password in the open. Use smtp+starttls:// or smtps://, or leave the password out."
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": sender,
    }


def _scanner(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of KITH_SCANNER, the first of which is a program that is there."""
    said = env.get("KITH_SCANNER", "").strip()
    try:
        words = tuple(shlex.split(said))
    except ValueError:
        words = ("",)
    if words and not (words[0].startswith("/") and os.access(words[0], os.X_OK) and not os.path.isdir(words[0])):
        raise ImproperlyConfigured(
            f"KITH_SCANNER is {said!r}; it names a program by its whole path, with arguments if need be, such as "
            "/usr/bin/clamdscan --fdpass --no-summary. The path of the file comes last by itself."
        )
    return words


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _flag(env: Mapping[str, str], name: str) -> bool | None:
    if name not in env:
        return None
    said = env[name].strip().lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {env[name]!r}; it can be 1 or 0.")
