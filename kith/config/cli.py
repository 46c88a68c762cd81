"""The `kith` command. Each verb is a function below; `kith --help` and `kith VERB --help` explain themselves.

Exit codes: 0 done, 1 refused or failed (one sentence says why), 2 wrong use.
"""

import argparse
import io
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import CommandError

from kith.config import audit
from kith.kernel.errors import KithError

DONE, REFUSED = 0, 1


class Stop(KithError):
    """Why a command ends without having done its work, as a sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["django"]:  # everything after it is Django's, options too
        return _sentences(lambda: _django(arguments[1:]))
    told = parser().parse_args(arguments)
    return _sentences(lambda: told.run(told))


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="kith",
        description="Kith, a self-hosted CRM.",
        epilog="Data is kept in KITH_HOME; DATABASE_URL=postgresql://… moves the database to PostgreSQL.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    verbs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def verb(name: str, run: Callable[[argparse.Namespace], int], summary: str, more: str = "") -> Any:
        sub = verbs.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}. {more}".strip())
        sub.set_defaults(run=run)
        return sub

    sub = verb("serve", serve, "serve the screens, with one worker", "Stops cleanly on SIGTERM and Ctrl-C.")
    sub.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    sub.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    cores = min(4, os.cpu_count() or 1)
    sub.add_argument("--workers", type=_positive, default=cores, help="web processes (here: %(default)s)")
    sub.add_argument("--migrate", action="store_true", help="bring the database up to date first")

    sub = verb(
        "work", work, "run a worker alone: deliveries, jobs, schedule", "`kith serve` has one; add more on any machine."
    )
    sub.add_argument("--once", action="store_true", help="do what is due now, and end")
    sub.add_argument("--as-child", action="store_true", help=argparse.SUPPRESS)

    verb("migrate", migrate, "bring the database up to date with this version")

    sub = verb("check", check, "look for unsafe settings and faults", "Exit code 1 when there is one.")
    sub.add_argument("--deploy", action="store_true", help="also what matters only when strangers can reach the server")

    _import_verbs(verb)
    _user_verbs(verbs)

    _secret_verbs(verbs)
    audit.add_verbs(verbs)

    sub = verb("backup", backup, "write database, files and keys into one archive", "Works while Kith serves.")
    sub.add_argument(
        "file", type=Path, metavar="FILE", help="the archive to make; it holds everything, so keep it safe"
    )

    sub = verb("restore", restore, "bring back a backup", "Every checksum is verified before anything is touched.")
    sub.add_argument("file", type=Path, metavar="FILE", help="an archive made by `kith backup`")
    sub.add_argument("--replace", action="store_true", help="even when there is data; it is put aside in KITH_HOME")

    verb("django", lambda _told: _django([]), "run a management command of Django", "kith django COMMAND …")
    return top


def _import_verbs(verb: Callable[..., Any]) -> None:
    sub = verb("import", import_, "bring in records from a CSV, XLSX or JSON file", "Rows that are refused are listed.")
    sub.add_argument("object", metavar="OBJECT", help="what the rows are, such as contacts.company")
    sub.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX or JSON; .gz too")
    sub.add_argument(
        "--map", action="append", default=[], metavar="HEADER=FIELD", help="a column and its field; repeatable"
    )
    sub.add_argument(
        "--match", metavar="FIELD", help="update the record that has the same value here, create otherwise"
    )
    sub.add_argument(
        "--bad-cells",
        choices=("refuse", "leave"),
        default="refuse",
        help="what a cell that cannot be read does: refuse its row, or be left out and reported; default: %(default)s",
    )
    sub.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")
    sub.add_argument("--user", metavar="EMAIL", help="import as this person, with that person's rights")

    sub = verb("export", export, "write records to a file that can be imported back")
    sub.add_argument("object", metavar="OBJECT", help="what to write, such as contacts.company")
    sub.add_argument("--format", choices=("csv", "xlsx", "json"), default="csv", help="default: %(default)s")
    sub.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    sub.add_argument("--user", metavar="EMAIL", help="export what this person may see")

    sub = verb("undo-import", undo_import, "take back an import", "What was changed by hand since is kept and listed.")
    sub.add_argument("number", type=_positive, metavar="RUN", help="the number that `kith import` printed")
    sub.add_argument("--user", metavar="EMAIL", help="undo as this person")


def _user_verbs(verbs: Any) -> None:
    users = verbs.add_parser("user", help="people who may sign in", description="People who may sign in.")
    deeds = users.add_subparsers(title="commands", metavar="COMMAND", required=True)

    sub = deeds.add_parser(
        "create",
        help="add a person",
        description="Add a person. Without --password-stdin a password is made up and printed once.",
    )
    sub.set_defaults(run=user_create)
    sub.add_argument("--email", required=True)
    sub.add_argument("--name", required=True, help="the whole name, as it is written")
    sub.add_argument("--admin", action="store_true", help="may change everything, roles and settings too")
    sub.add_argument(
        "--role", action="append", metavar="ROLE", help="what the person may do; repeatable (default: member)"
    )
    sub.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    sub = deeds.add_parser("list", help="show everybody", description="Show everybody who may or might sign in.")
    sub.set_defaults(run=user_list)

    sub = deeds.add_parser(
        "password", help="set a new password", description="Set a new password and end all sessions."
    )
    sub.set_defaults(run=user_password)
    sub.add_argument("email")
    sub.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    sub = deeds.add_parser(
        "link",
        help="make a link that works once",
        description="Print a link with which the person chooses a password. It works once; earlier ones are over.",
    )
    sub.set_defaults(run=user_link)
    sub.add_argument("email")

    sub = deeds.add_parser(
        "deactivate", help="lock a person out", description="Lock a person out and end all sessions."
    )
    sub.set_defaults(run=user_deactivate)
    sub.add_argument("email")


def _secret_verbs(verbs: Any) -> None:
    kept = verbs.add_parser(
        "secrets",
        help="the keys that stored secrets are encrypted with",
        description="The keys that stored secrets are encrypted with.",
    )
    deeds = kept.add_subparsers(title="commands", metavar="COMMAND", required=True)
    sub = deeds.add_parser(
        "rotate",
        help="make a new key and encrypt everything with it",
        description="Make a new key and encrypt every stored secret with it, while Kith serves. Old keys stay, so that "
        "backups made before can be read; --drop-old removes them.",
    )
    sub.set_defaults(run=secrets_rotate)
    sub.add_argument("--drop-old", action="store_true", help="remove the old keys once nothing here needs them")


# Running


def serve(told: argparse.Namespace) -> int:
    """Refuse what is unsafe, then serve until told to stop."""
    _set_up()
    from django.conf import settings

    from kith.config import serve as server
    from kith.config import soundness

    with server.holding(settings.KITH_HOME, alone=False):
        if told.migrate and not [*soundness.library_faults(), *soundness.database_faults()]:
            _migrate()
        _refuse(soundness.faults())
        welcome = _people().first_link()
        _close_connections()
        return server.serve(told.host, told.port, told.workers, _say, welcome)


def work(told: argparse.Namespace) -> int:
    """Run one worker until told to stop."""
    _set_up()
    from django.conf import settings

    from kith.config import serve as server
    from kith.config import soundness

    with server.holding(settings.KITH_HOME, alone=False):
        # A worker under `kith serve` starts again and again, and its parent has looked already.
        if not told.as_child:
            _refuse(soundness.library_faults() or soundness.database_faults() or soundness.schema_faults())
        return server.work(once=told.once)


def migrate(told: argparse.Namespace) -> int:
    """Bring the tables up to date."""
    _set_up()
    from kith.config import soundness

    _refuse([*soundness.library_faults(), *soundness.database_faults()])
    _migrate()
    _say("The database is up to date.")
    return DONE


def check(told: argparse.Namespace) -> int:
    """Print every fault; succeed when there is none."""
    _set_up()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    from kith.config import soundness

    found = soundness.faults()
    if told.deploy:
        from kith.config import deploy

        found += [sentence for sentence in deploy.findings() if sentence not in found]
    try:
        call_command("check", verbosity=0, stdout=io.StringIO())
    except SystemCheckError as error:
        found.append(str(error))
    _say(f"Data: {settings.KITH_HOME}")
    _refuse(found)
    for sentence in soundness.advice():
        _say(sentence)
    _say("All is sound.")
    return DONE


# Data in and out


def import_(told: argparse.Namespace) -> int:
    """Import a file; print what became of every row."""
    exchange = _exchange()
    pairs = [text.rpartition("=") for text in told.map]
    for text, (header, _equals, name) in zip(told.map, pairs, strict=True):
        if not (header and name):
            raise Stop(f"--map {text!r} is not of the form HEADER=FIELD.")
    if not told.file.is_file():
        raise Stop(f"There is no file {told.file}.")
    mapping = {header: name for header, _equals, name in pairs}
    return int(
        exchange.command_import(
            told.object,
            told.file,
            mapping=mapping,
            match=told.match,
            bad_cells=told.bad_cells,
            dry_run=told.dry_run,
            user=told.user,
            say=_say,
        )
        or DONE
    )


def export(told: argparse.Namespace) -> int:
    """Export the records of one object."""
    return int(
        _exchange().command_export(told.object, format=told.format, output=told.output, user=told.user, say=_say)
        or DONE
    )


def undo_import(told: argparse.Namespace) -> int:
    """Take back an import."""
    return int(_exchange().command_undo(told.number, user=told.user, say=_say) or DONE)


def backup(told: argparse.Namespace) -> int:
    """Make a backup."""
    _set_up()
    from kith.config import backup as vault

    made = vault.backup(told.file.absolute())
    _say(
        f"{told.file}: {made['bytes'] / 1e6:.1f} MB with the database, {made['files']} files and the keys. "
        "It is not encrypted; keep it where only you can read it."
    )
    return DONE


def restore(told: argparse.Namespace) -> int:
    """Bring back a backup."""
    _set_up()
    from django.conf import settings

    from kith.config import backup as vault
    from kith.config import serve as server

    with server.holding(settings.KITH_HOME, alone=True):
        manifest = vault.restore(told.file, replace=told.replace)
        vault.migrate_after_restore()
    _say(f"Restored the backup of {manifest['made']}. Start Kith anew.")
    return DONE


def secrets_rotate(told: argparse.Namespace) -> int:
    """Make a new key and encrypt every stored secret with it."""
    _set_up()
    from kith.config import keys

    number = keys.rotate(drop_old=told.drop_old)
    _say(f"Encrypted anew with the newest key: {number} secrets.")
    return DONE


# People


def user_create(told: argparse.Namespace) -> int:
    """Add a person."""
    people = _people()
    password, made_up = _password(told)
    user = people.create(told.email, told.name, password, admin=told.admin, roles=told.role or ["member"])
    _say(f"{user.name} may sign in as {user.email}.")
    if made_up:
        _say(f"Password (shown once): {password}")
    return DONE


def user_list(told: argparse.Namespace) -> int:
    """Show everybody."""
    for user in _people().everybody():
        marks = [*(["admin"] if user.is_admin else []), *([] if user.is_active else ["deactivated"])]
        _say("\t".join([user.email, user.name, ", ".join(marks)]).rstrip())
    return DONE


def user_password(told: argparse.Namespace) -> int:
    """Set a new password."""
    people = _people()
    password, made_up = _password(told)
    people.set_password(told.email, password)
    _say(f"{told.email} has a new password; all sessions are ended.")
    if made_up:
        _say(f"Password (shown once): {password}")
    return DONE


def user_link(told: argparse.Namespace) -> int:
    """Print a link for choosing a password."""
    people = _people()
    from django.conf import settings

    secret = people.link(told.email)
    # Where nobody said how people reach Kith, it is this machine, as `kith serve` serves it.
    _say(f"{settings.KITH_URL or 'http://127.0.0.1:8000'}/sign-in/link/{secret}/")
    return DONE


def user_deactivate(told: argparse.Namespace) -> int:
    """Lock a person out."""
    _people().deactivate(told.email)
    _say(f"{told.email} can no longer sign in; all sessions are ended.")
    return DONE


# Beneath the verbs


def _sentences(run: Callable[[], int]) -> int:
    """Run a verb; turn what a person can cause into one sentence on standard error."""
    try:
        return run()
    except (KithError, ImproperlyConfigured, CommandError) as error:
        _complain(str(error))
    except ValidationError as error:
        _complain(" ".join(error.messages))
    except KeyboardInterrupt:
        _complain("Stopped.")
    except BrokenPipeError:
        # The reader of our output has gone (`kith export | head`): nothing to say, and nobody to say it to.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return REFUSED


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
    import django

    django.setup()


def _django(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kith django", *arguments])
    return DONE


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()  # the children open their own


def _exchange() -> Any:
    _set_up()
    from kith.objects import exchange

    return exchange


def _people() -> Any:
    _set_up()
    from kith.config import people

    return people


def _password(told: argparse.Namespace) -> tuple[str, bool]:
    """Return the password and whether it was made up here."""
    if not told.password_stdin:
        return secrets.token_urlsafe(15), True
    password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise Stop("Standard input held no password.")
    from django.contrib.auth.password_validation import validate_password

    validate_password(password)
    return password, False


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Stop("\n".join(faults))


def _say(text: str) -> None:
    print(text, flush=True)


def _complain(text: str) -> None:
    print("\n".join(f"kith: {line}" for line in text.splitlines()), file=sys.stderr, flush=True)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


class _Version(argparse.Action):
    def __call__(self, top: argparse.ArgumentParser, *_rest: object) -> None:
        from kith import __version__

        _say(f"Kith {__version__}")
        top.exit()


if __name__ == "__main__":
    sys.exit(main())
