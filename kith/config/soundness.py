"""Is this installation fit to serve? Each fault is a sentence that says what to do."""

import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from kith.config.environ import is_loopback
from kith.kernel import sql

SHARED_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}


def faults() -> list[str]:
    """Return why Kith refuses to serve, the first reasons first; an empty list when all is sound."""
    found = [*library_faults(), *door_faults()]
    # Without a database that can be trusted, nothing can be said about its schema.
    return found or database_faults() or [*schema_faults(), *static_faults()]


def library_faults() -> list[str]:
    """Return what is wrong with the SQLite library and the place of its file."""
    if connection.vendor != "sqlite":
        return []
    found = [fault] if (fault := sql.sqlite_fault()) else []
    file = Path(settings.DATABASES["default"]["NAME"])
    if (kind := file_system_of(file.parent)) in SHARED_FILE_SYSTEMS:
        found.append(
            f"{file.parent} is on a network file system ({kind}), where SQLite cannot lock reliably. "
            "Put KITH_HOME on a local disk, or set DATABASE_URL to a PostgreSQL database."
        )
    return found


def door_faults() -> list[str]:
    """Return what is wrong with the way in."""
    strangers = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if strangers and settings.KITH_HTTPS is None:
        sentence = (
            f"KITH_HOSTS lets in visitors of {', '.join(strangers)}, but nothing says how they come. Set KITH_HTTPS=1 "
            "when a proxy in front of Kith speaks HTTPS, or KITH_HTTPS=0 to let passwords travel unprotected."
        )
        return [sentence]
    return []


def advice() -> list[str]:
    """Return what works less well than it could, and needs nobody to stop."""
    from kith.objects.search import shortcoming  # models, which are not there yet when this file is read

    return [sentence] if (sentence := shortcoming()) else []


def database_faults() -> list[str]:
    """Return why the database cannot be used at all."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if connection.vendor == "sqlite":
            return [f"The database {settings.DATABASES['default']['NAME']} cannot be opened: {error}."]
        return [f"The PostgreSQL server of DATABASE_URL does not answer: {str(error).strip()}"]
    except DatabaseError as error:
        return [
            f"The file {settings.DATABASES['default']['NAME']} is not a usable database: {error}. Restore a backup."
        ]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    found = []
    if version < sql.SAFE_POSTGRESQL:
        found.append(f"PostgreSQL {version} is too old; Kith needs {sql.SAFE_POSTGRESQL} or later.")
    if encoding != "UTF8":
        found.append(
            f"The PostgreSQL database stores text as {encoding}, which cannot hold everybody's name. "
            "Create it with ENCODING 'UTF8' and LOCALE 'C.UTF-8'."
        )
    return found


def schema_faults() -> list[str]:
    """Return how the tables differ from what this version of Kith expects."""
    loader = MigrationLoader(connection)
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        new = (
            "has no tables yet" if not loader.applied_migrations else f"is {len(waiting)} migrations behind the program"
        )
        return [f"The database {new}. Run: kith migrate"]
    rooms = {app for app, _name in loader.graph.nodes}
    unknown = sorted(key for key in loader.applied_migrations if key[0] in rooms and key not in loader.disk_migrations)
    unknown = [key for key in unknown if key not in loader.replacements]
    if unknown:
        names = ", ".join(".".join(key) for key in unknown[:3])
        sentence = (
            f"The database was written by a newer Kith than this one ({names}). "
            "Install that version again, or restore a backup made before it."
        )
        return [sentence]
    return []


def static_faults() -> list[str]:
    """Return whether the style sheets and scripts have been collected."""
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return []
    return ["The style sheets and scripts have not been built. In a source checkout, bin/demo or bin/test builds them."]


def file_system_of(folder: Path) -> str:
    """Return the type of the file system that holds `folder`, as the kernel names it; empty where it cannot be told."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return ""
    real = os.path.realpath(folder)
    holding = [
        (mount[1], mount[2]) for mount in mounts if real == mount[1] or real.startswith(mount[1].rstrip("/") + "/")
    ]
    return max(holding, key=lambda mount: len(mount[0]))[1] if holding else ""
