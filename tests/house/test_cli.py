"""The `kith` command, as a person at a terminal meets it."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from kith.config import backup, cli
from tests.journeys.installation import bare

ROOT = Path(__file__).resolve().parents[2]
VERBS = [
    "serve",
    "work",
    "migrate",
    "check",
    "import",
    "export",
    "undo-import",
    "user",
    "secrets",
    "backup",
    "restore",
    "django",
]


def kith(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as another process, on a data folder of its own."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("KITH_", "DJANGO_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "kith", *arguments],
        env={**mine, "KITH_HOME": str(home), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "verb", [*VERBS, "user create", "user list", "user password", "user link", "user deactivate", "secrets rotate"]
)
def test_every_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.parser().parse_args([*verb.split(), "--help"])
    assert stopped.value.code == 0
    assert f"usage: kith {verb}" in capsys.readouterr().out


def test_help_names_every_verb(capsys):
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["--help"])
    said = capsys.readouterr().out
    assert [verb for verb in VERBS if f"    {verb}" not in said] == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["serve", "--port", "0"], ["serve", "--port", "http"], ["backup"], ["serve", "--workers", "0"]],
)
def test_wrong_use_is_told_with_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: kith")


def test_serving_without_tables_is_refused_in_one_sentence(tmp_path):
    done = kith(tmp_path, "serve")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "kith: The database has no tables yet. Run: kith migrate\n"


def test_unsafe_settings_are_refused_without_a_traceback(tmp_path):
    done = kith(tmp_path, "check", KITH_DEBUG="1", KITH_HOSTS="crm.example")
    assert done.returncode == 1
    assert done.stderr.startswith("kith: KITH_DEBUG shows source code")


def test_a_server_that_does_not_answer_is_named(tmp_path):
    done = kith(tmp_path, "migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert done.returncode == 1
    assert done.stderr.startswith("kith: The PostgreSQL server of DATABASE_URL does not answer")
    assert "Traceback" not in done.stderr


class Elsewhere:
    """Installations apart from that of the tests, on the same engine: their commands, and their rows seen from outside."""

    def __init__(self, told: dict, folder: Path) -> None:
        self.told, self.folder = told, folder
        self.sqlite = told["ENGINE"].endswith("sqlite3")
        self.databases: dict[str, str] = {}

    def kith(self, home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        if self.sqlite:
            return kith(self.folder / home, *arguments)
        address = f"postgresql://{self.told['USER']}@/{self.database(home)}?host={self.told['HOST']}"
        return kith(self.folder / home, *arguments, DATABASE_URL=address)

    def migrated(self, home: str) -> None:
        """Make `home` one with tables and nothing in them."""
        first = bare()
        shutil.copytree(first.home, self.folder / home)
        if not self.sqlite:
            self.make_database(home, first.database)

    def rows(self, home: str, statement: str) -> list[tuple]:
        with closing(self.connect(home)) as connection:
            cursor = connection.execute(statement)
            found = cursor.fetchall() if cursor.description else []
            connection.commit()
        return found

    def connect(self, home: str):
        if self.sqlite:
            return sqlite3.connect(self.folder / home / "kith.sqlite3")
        return psycopg.connect(host=self.told["HOST"], user=self.told["USER"], dbname=self.database(home))

    def database(self, home: str) -> str:
        if home not in self.databases:
            self.make_database(home, "template1")
        return self.databases[home]

    def make_database(self, home: str, copied: str) -> None:
        self.databases[home] = f"kith_{secrets.token_hex(6)}"
        self.on_server(f"CREATE DATABASE {self.databases[home]} TEMPLATE {copied}")

    def on_server(self, statement: str) -> None:
        server = psycopg.connect(host=self.told["HOST"], user=self.told["USER"], dbname="postgres", autocommit=True)
        with closing(server):
            server.execute(statement)


@pytest.fixture
def elsewhere(settings, tmp_path):
    made = Elsewhere(settings.DATABASES["default"], tmp_path)
    yield made
    for name in made.databases.values():
        made.on_server(f"DROP DATABASE {name}")


def sessions(elsewhere: Elsewhere, home: str) -> list[str]:
    return [key for (key,) in elsewhere.rows(home, "SELECT session_key FROM django_session ORDER BY 1")]


def add_session(elsewhere: Elsewhere, home: str, key: str) -> None:
    columns = "session_key, session_data, expire_date"
    elsewhere.rows(home, f"INSERT INTO django_session ({columns}) VALUES ('{key}', 'x', '2030-01-01 00:00:00')")


@pytest.mark.every_engine
def test_a_backup_brings_back_rows_and_files_and_never_overwrites_unasked(elsewhere, tmp_path):
    elsewhere.migrated("first")
    add_session(elsewhere, "first", "before")
    (tmp_path / "first/files/ab").mkdir(parents=True)
    (tmp_path / "first/files/ab/letter.txt").write_text("Dear Ada")
    archive = tmp_path / "all.kith"

    made = elsewhere.kith("first", "backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o077 == 0
    assert elsewhere.kith("first", "backup", str(archive)).stderr.endswith("a backup never overwrites another.\n")

    # Into an empty installation.
    restored = elsewhere.kith("second", "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert sessions(elsewhere, "second") == ["before"]
    assert (tmp_path / "second/files/ab/letter.txt").read_text() == "Dear Ada"
    for key in ("secret.key", "encryption.keys"):
        assert (tmp_path / "second" / key).read_text() == (tmp_path / "first" / key).read_text()
    add_session(elsewhere, "second", "later")

    # Into one with data: only when asked, and the data is put aside.
    refused = elsewhere.kith("second", "restore", str(archive))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert sessions(elsewhere, "second") == ["before", "later"]
    replaced = elsewhere.kith("second", "restore", "--replace", str(archive))
    assert replaced.returncode == 0, replaced.stderr
    assert sessions(elsewhere, "second") == ["before"]
    assert any((tmp_path / "second").glob("replaced-*/*"))


@pytest.mark.every_engine
def test_a_damaged_backup_is_refused_before_anything_is_touched(elsewhere, tmp_path):
    elsewhere.migrated("first")
    archive, damaged = tmp_path / "all.kith", tmp_path / "damaged.kith"
    assert elsewhere.kith("first", "backup", str(archive)).returncode == 0
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(damaged, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"something else" if name.startswith("database/") else whole.read(name))
        broken.comment = b"0" * backup.SEAL
    backup._seal(damaged)  # by somebody who knows how
    done = elsewhere.kith("second", "restore", str(damaged))
    assert done.returncode == 1
    assert "is not what was saved" in done.stderr
    assert not (tmp_path / "second/files").exists()


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "x.kith").write_bytes(content)
    done = kith(tmp_path / "home", "restore", str(tmp_path / "x.kith"))
    assert done.returncode == 1
    assert done.stderr.startswith("kith: ")
    assert "Traceback" not in done.stderr
