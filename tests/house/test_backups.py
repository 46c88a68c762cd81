"""A backup of the demo brings everything back, and one changed byte is noticed before anything is touched."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from .test_cli import Elsewhere

CORRUPTIONS = 100
#: Tables that a start writes by itself.
OWN = {"events_scheduled", "django_session"}
#: The table that a restore adds to.
AGES = "events_age"


@pytest.fixture
def elsewhere(settings: Any, tmp_path: Path) -> Any:
    made = Elsewhere(settings.DATABASES["default"], tmp_path)
    yield made
    for name in made.databases.values():
        made.on_server(f"DROP DATABASE {name}")


def contents(elsewhere: Elsewhere, home: str) -> dict[str, str]:
    """Each table with a digest of its rows."""
    listing = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%fts%'"
        if elsewhere.sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    found = {}
    for (table,) in elsewhere.rows(home, listing):
        rows = sorted(map(repr, elsewhere.rows(home, f'SELECT * FROM "{table}"')))
        found[table] = f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()}"
    return {table: rows for table, rows in found.items() if table not in OWN}


@pytest.mark.every_engine
def test_a_backup_of_the_demo_brings_every_row_and_file_back(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.migrated("first")
    made = elsewhere.kith("first", "django", "demo", "--scale", "0.1")
    assert made.returncode == 0, made.stderr
    (tmp_path / "first/files/ab").mkdir(parents=True)
    (tmp_path / "first/files/ab/letter").write_bytes(bytes(range(256)) * 50)
    archive = tmp_path / "demo.kith"
    assert elsewhere.kith("first", "backup", str(archive)).returncode == 0
    restored = elsewhere.kith("second", "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    before, after = contents(elsewhere, "first"), contents(elsewhere, "second")
    assert len(before) > 20
    assert {table for table in before if before[table] != after.get(table)} == {AGES}
    # Positions in the ledger that were given since the backup will be given again: a restore begins another age, after those it brings.
    *known, _begun = elsewhere.rows("second", f"SELECT id, key FROM {AGES} ORDER BY id")
    assert known == elsewhere.rows("first", f"SELECT id, key FROM {AGES} ORDER BY id")
    assert len(known) == 1
    assert (tmp_path / "second/files/ab/letter").read_bytes() == bytes(range(256)) * 50
    for key in ("secret.key", "encryption.keys"):
        assert (tmp_path / "second" / key).read_bytes() == (tmp_path / "first" / key).read_bytes()
    assert elsewhere.kith("second", "check").returncode == 0


def test_each_of_a_hundred_changed_bytes_is_noticed_before_anything_is_touched(
    elsewhere: Elsewhere, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte at a random place, seeded, is made another: in the rows, the files, the keys, the manifest or the archive itself."""
    from kith.config import backup

    elsewhere.migrated("first")
    (tmp_path / "first/files").mkdir(exist_ok=True)
    (tmp_path / "first/files/noise").write_bytes(random.Random(0).randbytes(200_000))
    archive = tmp_path / "all.kith"
    assert elsewhere.kith("first", "backup", str(archive)).returncode == 0
    whole = archive.read_bytes()

    home = tmp_path / "third"
    home.mkdir()
    settings.KITH_HOME = home
    for step in ("_restore_sqlite", "_restore_postgresql", "_restore_files", "backup"):
        monkeypatch.setattr(backup, step, lambda *_a, **_k: pytest.fail("something was touched"))
    monkeypatch.setattr(backup, "data_present", lambda: None)

    chance = random.Random(20_260_101)
    unnoticed = []
    # Half of them anywhere; half in the last kilobytes, where the directory of the archive and its manifest are.
    places = [chance.randrange(len(whole)) for _ in range(CORRUPTIONS // 2)]
    places += [len(whole) - 1 - chance.randrange(6_000) for _ in range(CORRUPTIONS - len(places))]
    changes = [(f"byte {place}", place, chance.randrange(1, 256)) for place in places]
    # And broken off: empty, in the middle, and one byte short.
    changes += [(f"cut at {end}", end, 0) for end in (0, 40, len(whole) // 3, len(whole) - 65, len(whole) - 1)]
    for what, place, other in changes:
        damaged = bytearray(whole)
        if other:
            damaged[place] ^= other
        archive.write_bytes(damaged if other else whole[:place])
        try:
            backup.restore(archive, replace=False)
        except backup.BackupFault:
            pass
        except BaseException as error:  # what is not a sentence is no refusal
            unnoticed.append(f"{what}: {error!r}")
        else:
            unnoticed.append(what)
    assert unnoticed == []
    assert not any(home.iterdir())
