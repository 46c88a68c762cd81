"""Backup and restore: one archive with the database, the files and the keys, and a manifest of checksums.

SQLite is copied with its own backup interface, PostgreSQL read with COPY inside one repeatable-read transaction: both
while Kith serves, both consistent. PostgreSQL is read by us and not by pg_dump, so that a backup works where no
PostgreSQL programs are installed, and can be restored into any later version of the server.
"""

import hashlib
import hmac
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from kith import __version__
from kith.config.deploy import LAST_BACKUP
from kith.config.environ import ENCRYPTION_KEYS
from kith.kernel.errors import KithError

FORMAT = 2
BLOCK = 1024 * 1024
SEAL = 64  # bytes at the end of an archive: the SHA-256 of everything before them, in hexadecimal
DATABASE, MANIFEST = "database/kith.sqlite3", "manifest.json"
KEYS = ("secret.key", ENCRYPTION_KEYS)
"""What signs sessions, and what stored secrets are encrypted with."""
LARGEST_MANIFEST = 256 * BLOCK
FOLDERS = ("files", "imports")
"""What rows of the database point to, under KITH_HOME: records' files, and the files of imports that may go on."""


class BackupFault(KithError):
    """Why a backup could not be made or restored, as a sentence."""


# Making one


def backup(target: Path) -> dict[str, int]:
    """Write a backup to `target`, which must not exist; return its bytes, files and tables or pages by name."""
    if target.exists():
        raise BackupFault(f"{target} exists already; a backup never overwrites another.")
    # Beside the target, so that the last step is a rename: a backup that was broken off never looks like one.
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    sums: dict[str, str] = {}
    try:
        with _private(draft) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            manifest: dict[str, Any] = {
                "format": FORMAT,
                "kith": __version__,
                "engine": connection.vendor,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            # The rows before the files: a file that a row names was stored before that row.
            if connection.vendor == "sqlite":
                manifest["migrations"] = _add_sqlite(archive, sums)
            else:
                manifest["migrations"], manifest["tables"] = _add_postgresql(archive, sums)
            files = _add_files(archive, sums)
            manifest["sha256"] = sums
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            archive.comment = b"0" * SEAL
        _seal(draft)
        with draft.open("rb") as done:
            os.fsync(done.fileno())
        os.link(draft, target)  # fails, where a rename would overwrite
    except FileExistsError as error:
        raise BackupFault(f"{target} exists already; a backup never overwrites another.") from error
    except OSError as error:
        raise BackupFault(f"The backup cannot be written to {target}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()
    (settings.KITH_HOME / LAST_BACKUP).touch(mode=0o600)
    return {"bytes": target.stat().st_size, "files": files}


def _seal(draft: Path) -> None:
    """Write the digest of the whole archive into its last bytes, so that a change is noticed wherever it is made."""
    digest = _digest_before_seal(draft)
    with draft.open("r+b") as out:
        out.seek(-SEAL, os.SEEK_END)
        out.write(digest)


def _digest_before_seal(file: Path) -> bytes:
    digest, left = hashlib.sha256(), file.stat().st_size - SEAL
    with file.open("rb") as source:
        while left > 0 and (block := source.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest().encode("ascii")


def _sealed(source: Path) -> None:
    """Raise BackupFault unless the file is as it was written, to the byte."""
    with source.open("rb") as file:
        if source.stat().st_size < SEAL:
            raise BackupFault(f"{source} is not a backup of Kith, or only its beginning.")
        file.seek(-SEAL, os.SEEK_END)
        seal = file.read()
    if not hmac.compare_digest(seal, _digest_before_seal(source)):
        raise BackupFault(f"{source} is damaged, or is not a backup of this version of Kith: its checksum is wrong.")


def _add_sqlite(archive: zipfile.ZipFile, sums: dict[str, str]) -> list[list[str]]:
    # Next to the database and not in the temporary folder, which is often memory and too small.
    with tempfile.TemporaryDirectory(dir=settings.KITH_HOME, prefix=".backup-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        with (
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # One file without a log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            fault = target.execute("PRAGMA quick_check(1)").fetchone()[0]
            if fault != "ok":
                raise BackupFault(f"The database is damaged, so no backup was made: {fault}.")
            try:
                migrations = target.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            except sqlite3.OperationalError as error:
                raise BackupFault("The database has no tables yet, so there is nothing to back up.") from error
        with copy.open("rb") as source_file:
            _add(archive, DATABASE, source_file, sums)
    return [list(row) for row in migrations]


def _add_postgresql(archive: zipfile.ZipFile, sums: dict[str, str]) -> tuple[list[list[str]], dict[str, list[str]]]:
    tables: dict[str, list[str]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table, columns in stored_columns(cursor).items():
            tables[table] = columns
            with tempfile.TemporaryFile(dir=settings.KITH_HOME) as rows:
                with cursor.copy(f"COPY {_named(table, columns)} TO STDOUT") as copy:
                    for block in copy:
                        rows.write(block)
                rows.seek(0)
                _add(archive, f"database/{table}.copy", rows, sums)
        migrations = MigrationRecorder(connection).migration_qs.order_by("id").values_list("app", "name")
        return [list(row) for row in migrations], tables


def _add_files(archive: zipfile.ZipFile, sums: dict[str, str]) -> int:
    for name in KEYS:
        if (settings.KITH_HOME / name).exists():
            with (settings.KITH_HOME / name).open("rb") as file:
                _add(archive, name, file, sums)
    number = 0
    for path in sorted(path for folder in FOLDERS for path in (settings.KITH_HOME / folder).rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                _add(archive, path.relative_to(settings.KITH_HOME).as_posix(), file, sums)
        except FileNotFoundError:
            continue  # removed since the folder was read, so no row of the copy needs it or the row is going too
        number += 1
    return number


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes], sums: dict[str, str]) -> None:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        while block := source.read(BLOCK):
            digest.update(block)
            out.write(block)
    sums[name] = digest.hexdigest()


# Bringing one back


def restore(source: Path, *, replace: bool) -> dict[str, Any]:
    """Put the data of a backup in the place of this installation's; return its manifest.

    Every checksum is verified before anything is touched. Data that is there already is refused without `replace`;
    with it, the old data is put aside in KITH_HOME, never deleted: a SQLite database and the files as they are, a
    PostgreSQL database as a backup. The caller holds the data folder alone.
    """
    try:
        _sealed(source)
        archive = zipfile.ZipFile(source)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        raise BackupFault(f"{source} is not a backup of Kith: {error}.") from error
    with archive:
        manifest = verified(archive)
        if manifest["engine"] != connection.vendor:
            raise BackupFault(
                f"This is a backup of {manifest['engine']}, and this installation uses {connection.vendor}. "
                "Set or unset DATABASE_URL so that they agree."
            )
        _refuse_newer(manifest)
        if not replace and (there := data_present()):
            raise BackupFault(f"{there} A restore would put it aside; say --replace if that is meant.")
        aside = settings.KITH_HOME / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        aside.mkdir(mode=0o700)
        if connection.vendor == "sqlite":
            _restore_sqlite(archive, aside)
        else:
            if data_present():
                backup(aside / "database-and-files.kith")
            _restore_postgresql(archive, manifest)
        _restore_files(archive, aside)
        with suppress(OSError):
            aside.rmdir()  # when nothing was there
    return manifest


def verified(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest of a backup after comparing every member; raise BackupFault when anything differs."""
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise BackupFault("The backup's manifest is too large to be one.")
        manifest = json.loads(archive.read(MANIFEST))
        sums: dict[str, str] = manifest["sha256"]
        if manifest["format"] != FORMAT:
            raise BackupFault(f"This backup has format {manifest['format']}; this Kith reads format {FORMAT}.")
        names = [name for name in archive.namelist() if name != MANIFEST]
        if sorted(names) != sorted(sums):
            raise BackupFault("The backup is not whole: its manifest and its contents name different files.")
        for name in names:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
                raise BackupFault(f"The backup names a file outside itself: {name}.")
            digest = hashlib.sha256()
            with archive.open(name) as member:
                while block := member.read(BLOCK):
                    digest.update(block)
            if digest.hexdigest() != sums[name]:
                raise BackupFault(f"The backup is damaged: {name} is not what was saved.")
    except (KeyError, TypeError, ValueError, OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise BackupFault(f"The backup is damaged or not one of Kith: {error}.") from error
    return manifest


def data_present() -> str | None:
    """Return a sentence about the data that is there already, or None for a new installation."""
    for folder in (settings.KITH_HOME / name for name in FOLDERS):
        if folder.is_dir() and any(folder.iterdir()):
            return f"{folder} holds files."
    if connection.vendor == "sqlite":
        file = Path(settings.DATABASES["default"]["NAME"])
        # A connection that was only opened leaves an empty file, or one page without tables.
        if not file.exists() or file.stat().st_size == 0:
            return None
    if tables := connection.introspection.table_names():
        return f"The database holds {len(tables)} tables."
    return None


def _refuse_newer(manifest: dict[str, Any]) -> None:
    known = MigrationExecutor(connection).loader
    rooms = {app for app, _name in known.disk_migrations}
    for app, name in manifest["migrations"]:
        if app in rooms and (app, name) not in known.disk_migrations:
            raise BackupFault(
                f"The backup was made by Kith {manifest['kith']}, which is newer than this {__version__} "
                f"({app}.{name} is unknown here). Install that version first."
            )


def _restore_sqlite(archive: zipfile.ZipFile, aside: Path) -> None:
    connection.close()
    database = Path(settings.DATABASES["default"]["NAME"])
    draft = database.with_name(f".{database.name}.restored")
    with _private(draft) as out, archive.open(DATABASE) as member:
        shutil.copyfileobj(member, out, BLOCK)
        out.flush()
        os.fsync(out.fileno())
    for suffix in ("-wal", "-shm", ""):
        old = database.with_name(database.name + suffix)
        if old.exists():
            old.rename(aside / old.name)
    draft.rename(database)


def _restore_postgresql(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in manifest["migrations"]}
    graph = executor.loader.graph
    # The tables as they were when the backup was made; `kith migrate` brings them up to date afterwards.
    _drop_tables()
    leaves = [node for node in graph.nodes if node in wanted and not _children(graph, node) & wanted]
    executor = MigrationExecutor(connection)
    executor.migrate(sorted(leaves))
    with transaction.atomic(), connection.cursor() as cursor:
        here = stored_columns(cursor)
        tables: dict[str, list[str]] = manifest["tables"]
        for table, columns in tables.items():
            if set(columns) - set(here.get(table, [])):
                raise BackupFault(f"The table {table} of the backup does not fit this version of Kith.")
        # Foreign keys made by Django are checked at commit, so that the order of the tables does not matter.
        quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
        for table, columns in tables.items():
            with (
                archive.open(f"database/{table}.copy") as member,
                cursor.copy(f"COPY {_named(table, columns)} FROM STDIN") as copy,
            ):
                while block := member.read(BLOCK):
                    copy.write(block)
        _set_sequences(cursor)


def _children(graph: Any, node: tuple[str, str]) -> set[tuple[str, str]]:
    return {child.key for child in graph.node_map[node].children if child.key[0] == node[0]}


def _drop_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = ", ".join(connection.ops.quote_name(row[0]) for row in cursor.fetchall())
        if names:
            cursor.execute(f"DROP TABLE {names} CASCADE")


def _set_sequences(cursor: Any) -> None:
    cursor.execute(
        "SELECT c.table_name, c.column_name, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) "
        "FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name "
        "WHERE c.table_schema = current_schema() AND t.schemaname = current_schema()"
    )
    # Not asked in WHERE: there it may be asked of tables in other schemas first, and fails.
    for table, column, sequence in [row for row in cursor.fetchall() if row[2] is not None]:
        named = f"SELECT max({connection.ops.quote_name(column)}) FROM {connection.ops.quote_name(table)}"  # noqa: S608
        cursor.execute(f"SELECT setval(%s, coalesce(({named}), 1), ({named}) IS NOT NULL)", [sequence])


def stored_columns(cursor: Any) -> dict[str, list[str]]:
    """Return each table of the PostgreSQL schema with the columns that hold data, generated ones left out."""
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN pg_tables t ON t.schemaname = c.table_schema AND t.tablename = c.table_name "
        "WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER' ORDER BY c.table_name, c.ordinal_position"
    )
    tables: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        tables.setdefault(table, []).append(column)
    return tables


def _named(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(column) for column in columns)})"


def _restore_files(archive: zipfile.ZipFile, aside: Path) -> None:
    home, draft = settings.KITH_HOME, settings.KITH_HOME / ".restored"
    shutil.rmtree(draft, ignore_errors=True)
    for folder in FOLDERS:
        (draft / folder).mkdir(mode=0o700, parents=True)
    for name in archive.namelist():
        if name in KEYS or name.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            (draft / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _private(draft / name) as out, archive.open(name) as member:
                shutil.copyfileobj(member, out, BLOCK)
    for folder in FOLDERS:
        if (home / folder).exists():
            (home / folder).rename(aside / folder)
        (draft / folder).rename(home / folder)
    for name in KEYS:
        if (draft / name).exists():
            if (home / name).exists():
                # What is put aside was encrypted with the key that was here.
                shutil.copy2(home / name, aside / name)
            (draft / name).replace(home / name)
    draft.rmdir()


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that only this user can read."""
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out


def migrate_after_restore() -> None:
    """Bring the restored tables up to date with this version, end every token, session and link that came back with them, and every
    position in the ledger: what happened since the backup is gone, and its numbers are given again."""
    from kith.events.horizon import begin_age
    from kith.identity import tokens

    call_command("migrate", interactive=False, verbosity=0)
    tokens.end_all()
    begin_age()
