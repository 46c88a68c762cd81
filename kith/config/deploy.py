"""`kith check --deploy`: what an operator must mend before strangers can reach Kith. Each finding is a sentence that says what to do.

These are things that keep nothing from working today, so that `kith serve` starts without them; what could lose or leak data at once
is in `soundness`, and is refused there.
"""

from __future__ import annotations

import re
import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from kith.config.environ import ENCRYPTION_KEYS
from kith.kernel import clock

LEAST_FREE, LEAST_SHARE = 1_000_000_000, 0.05
BACKUP_AGE = timedelta(days=2)
SKEW = timedelta(seconds=5)
#: Governments change their clocks with a few months' notice; data older than this is wrong somewhere.
ZONES_AGE = timedelta(days=550)
#: When a backup was last made; `kith backup` touches it.
LAST_BACKUP = "last-backup"


def findings() -> list[str]:
    """Return a sentence for everything that is to be mended, the gravest first; an empty list when there is nothing."""
    return [sentence for look in LOOKS for sentence in look()]


def debug() -> Iterator[str]:
    """Error pages that show the source."""
    if settings.DEBUG:
        yield "KITH_DEBUG is on, so that every fault shows source code and settings. Unset it."


def keys() -> Iterator[str]:
    """The keys, and who may read them."""
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10:
        yield "KITH_SECRET_KEY is short enough to be guessed. Unset it, so that Kith makes one, or set 50 random characters."
    if settings.SECRET_KEY in settings.KITH_ENCRYPTION_KEYS:
        yield "KITH_SECRET_KEY and KITH_ENCRYPTION_KEYS are the same. Make one of them anew: kith secrets rotate"


def doors() -> Iterator[str]:
    """How people come in."""
    if "*" in settings.ALLOWED_HOSTS:
        yield "KITH_HOSTS lets in every name, and so forged ones in letters to people. List the names that are really used."
    if not settings.KITH_HTTPS:
        yield "Nothing protects passwords on their way: put a proxy with HTTPS in front, and set KITH_HTTPS=1."
    elif not getattr(settings, "KITH_PROXIES", 1):
        yield "KITH_HTTPS says that a proxy is in front, but KITH_PROXIES is 0, so that all visitors have its address. Set it to 1."


def administrators() -> Iterator[str]:
    """People who may do everything."""
    from allauth.mfa.models import Authenticator

    from kith.identity.models import User

    admins = User.objects.filter(is_active=True, is_admin=True)
    if not admins.exists():
        yield "Nobody is an administrator. Make one: kith user create --admin"
    second = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    bare = sorted(admins.exclude(pk__in=second.values("user")).values_list("email", flat=True))
    if bare:
        names = " ".join(bare[:5]) + (f" (and {len(bare) - 5} more)" if len(bare) > 5 else "")
        yield f"Administrators without a second factor: {names}. Each adds a passkey or an app under Settings, Security."


def files() -> Iterator[str]:
    """Who may read what lies in KITH_HOME."""
    home = Path(settings.KITH_HOME)
    private = [home, home / "secret.key", home / ENCRYPTION_KEYS, *(home / name for name in ("files", "imports"))]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        # A database that only the folder protects is copied by the first who opens the folder.
        private += [database] if not database.is_relative_to(home) else []
    for path in private:
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"{path} can be read by other users of this machine. Run: chmod {'700' if path.is_dir() else '600'} {path}"


def disk() -> Iterator[str]:
    """Room for what is to come."""
    usage = shutil.disk_usage(settings.KITH_HOME)
    if usage.free < LEAST_FREE or usage.free < usage.total * LEAST_SHARE:
        yield f"The disk of {settings.KITH_HOME} has {usage.free / 1e9:.1f} GB left. A full disk stops every change: make room."


def backups() -> Iterator[str]:
    """Whether there is something to go back to."""
    mark = Path(settings.KITH_HOME) / LAST_BACKUP
    if not mark.exists():
        yield "No backup was ever made here. Run kith backup FILE every day, and keep the file on another machine."
        return
    age = clock.now() - datetime.fromtimestamp(mark.stat().st_mtime, UTC)
    if age > BACKUP_AGE:
        yield f"The last backup is {age.days} days old. Run kith backup FILE every day, and keep the file on another machine."


def clocks() -> Iterator[str]:
    """Whether this machine knows the time."""
    now = clock.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            skew = abs(cursor.fetchone()[0] - now)
        if skew > SKEW:
            yield (
                f"The clocks of this machine and of the database server differ by {skew.total_seconds():.0f} seconds. "
                "Let both follow a time server (timedatectl set-ntp true)."
            )
    from kith.events.models import Event

    last = Event.objects.order_by("-pk").values_list("at", flat=True).first()
    if last is not None and last - now > SKEW:
        yield "The clock of this machine runs behind: the ledger holds events of the future. Let it follow a time server."


def zones() -> Iterator[str]:
    """Whether the world's time zones are known, and still right."""
    try:
        made = version("tzdata")
    except PackageNotFoundError:
        made = ""
    if "Europe/Helsinki" not in zoneinfo.available_timezones():
        yield "There is no time zone data. Install the tzdata package of requirements.lock."
    elif (year := re.match(r"(\d{4})", made)) and clock.now() - datetime(
        int(year[1]), 1, 1, tzinfo=UTC
    ) > ZONES_AGE + timedelta(days=365):
        yield f"The time zone data is of {year[1]}, and clocks have been changed since. Update the tzdata package."


def engine() -> Iterator[str]:
    """The database under it."""
    from kith.config import soundness

    yield from soundness.library_faults()
    if connection.vendor == "postgresql" and settings.DATABASES["default"].get("HOST", "") not in (
        "",
        "localhost",
        "127.0.0.1",
    ):
        host = str(settings.DATABASES["default"]["HOST"])
        said = settings.DATABASES["default"].get("OPTIONS", {}).get("sslmode", "")
        if not host.startswith("/") and said not in ("require", "verify-ca", "verify-full"):
            yield f"What goes to the database on {host} crosses the network unprotected. Add ?sslmode=verify-full to DATABASE_URL."


def _when_there(look: Callable[[], Iterator[str]]) -> Callable[[], list[str]]:
    """`look`, which says nothing where there are no tables yet: `soundness` says that already."""

    def looked() -> list[str]:
        try:
            return list(look())
        except DatabaseError:
            return []

    return looked


LOOKS: list[Callable[[], list[str]]] = [
    _when_there(look) for look in (debug, keys, doors, engine, administrators, files, backups, disk, clocks, zones)
]  # fmt: skip
