"""What an installation may be told, and what is refused in words."""

import json
import logging
import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from kith.config import environ, logs, soundness
from kith.kernel import sql


def read(tmp_path, **told):
    return environ.read({"KITH_HOME": str(tmp_path / "home"), **told})


def test_one_folder_holds_everything_and_the_key_is_private(tmp_path):
    told = read(tmp_path)
    assert told.database["NAME"] == str(tmp_path / "home" / "kith.sqlite3")
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert read(tmp_path).secret_key == told.secret_key
    assert len(told.secret_key) >= 50


def test_sqlite_is_opened_so_that_writers_wait_and_nothing_acknowledged_is_lost(tmp_path):
    options = read(tmp_path).database["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout="):
        assert pragma in options["init_command"]


def test_a_key_that_others_can_read_is_refused(tmp_path):
    read(tmp_path)
    (tmp_path / "home" / "secret.key").chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        read(tmp_path)


def test_a_short_key_is_refused(tmp_path):
    read(tmp_path)
    (tmp_path / "home" / "secret.key").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="too short"):
        read(tmp_path)


def test_encryption_keys_are_made_once_and_are_private(tmp_path):
    told = read(tmp_path)
    assert told.encryption_keys == ()
    assert told.encryption_keys_file == tmp_path / "home" / "encryption.keys"
    assert told.encryption_keys_file.stat().st_mode & 0o777 == 0o600
    made = told.encryption_keys_file.read_text()
    read(tmp_path)
    assert told.encryption_keys_file.read_text() == made
    told.encryption_keys_file.chmod(0o640)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        read(tmp_path)


def test_encryption_keys_may_come_from_the_environment(tmp_path):
    new, old = environ.new_encryption_key(), environ.new_encryption_key()
    assert read(tmp_path, KITH_ENCRYPTION_KEYS=f"{new} {old}").encryption_keys == (new, old)
    assert not (tmp_path / "home" / "encryption.keys").exists()


@pytest.mark.parametrize("wrong", ["hunter2-is-no-key", "A" * 43, "é" * 44, "!" * 44])
def test_a_wrong_encryption_key_is_refused_and_not_shown(tmp_path, wrong):
    with pytest.raises(ImproperlyConfigured, match="is no encryption key") as refused:
        read(tmp_path, KITH_ENCRYPTION_KEYS=f"{environ.new_encryption_key()} {wrong}")
    assert wrong not in str(refused.value)
    read(tmp_path)
    (tmp_path / "home" / "encryption.keys").write_text("")
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        read(tmp_path)


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"KITH_HOME is .* cannot be made"):
        read(tmp_path)


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write everywhere, so a folder without write permission says nothing"
)
def test_a_home_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "home").mkdir(mode=0o500)
    with pytest.raises(ImproperlyConfigured, match="may not write"):
        read(tmp_path)


def test_debug_for_strangers_is_refused(tmp_path):
    assert read(tmp_path, KITH_DEBUG="1").debug
    with pytest.raises(ImproperlyConfigured, match=r"visitors of crm\.example"):
        read(tmp_path, KITH_DEBUG="1", KITH_HOSTS="localhost, crm.example")


@pytest.mark.parametrize("said", ["maybe", "2", "-"])
def test_a_switch_is_on_or_off(tmp_path, said):
    with pytest.raises(ImproperlyConfigured, match="can be 1 or 0"):
        read(tmp_path, KITH_HTTPS=said)


def test_postgresql_by_address(tmp_path):
    database = read(tmp_path, DATABASE_URL="postgresql://ann:p%40ss@db.example:5433/kith?sslmode=require").database
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("kith", "ann", "p@ss")
    assert (database["HOST"], database["PORT"]) == ("db.example", 5433)
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_by_socket(tmp_path):
    database = read(tmp_path, DATABASE_URL="postgresql://kith@/kith?host=/run/postgresql").database
    assert database["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://a@b/c", "begins with 'mysql'"),
        ("kith.db", "begins with 'no scheme'"),
        ("postgresql://a@b/", "names no database"),
        ("postgresql://a@b:port/c", "not a number"),
    ],
)
def test_an_address_that_means_nothing_is_refused_without_showing_the_password(tmp_path, url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read(tmp_path, DATABASE_URL=url)


def test_sqlite_cannot_be_told_to_lose_changes(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="lose acknowledged changes"):
        read(tmp_path, KITH_SQLITE_SYNC="OFF")


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("[::1]", True),
        ("::1", True),
        ("demo.localhost", True),
        ("10.0.0.1", False),
        ("crm.example", False),
        ("localhost.example", False),
        ("*", False),
    ],
)
def test_loopback_is_told_from_the_world(host, only_here):
    assert environ.is_loopback(host) is only_here


def test_the_sqlite_library_in_use_is_sound():
    assert sql.sqlite_fault() is None


def test_a_faulty_sqlite_library_is_refused(monkeypatch):
    import sqlite3

    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.40.1")
    assert "can lose committed rows" in str(sql.sqlite_fault())


def test_hosts_of_the_world_need_a_word_on_https(settings):
    settings.ALLOWED_HOSTS = ["crm.example"]
    for https, faults in ((None, 1), (True, 0), (False, 0)):
        settings.KITH_HTTPS = https
        assert len(soundness.door_faults()) == faults


def test_a_database_on_a_network_file_system_is_refused(monkeypatch, settings):
    monkeypatch.setattr(soundness, "file_system_of", lambda _folder: "nfs4")
    assert "network file system" in soundness.library_faults()[0]


@pytest.mark.django_db
def test_the_tables_of_the_tests_are_those_that_the_program_expects():
    assert soundness.database_faults() == []
    assert soundness.schema_faults() == []


@pytest.mark.django_db
def test_tables_of_a_newer_kith_are_refused():
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_applied("contenttypes", "9999_of_the_future")
    assert "newer Kith" in soundness.schema_faults()[0]


@pytest.mark.django_db
def test_tables_behind_the_program_are_refused():
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert "Run: kith migrate" in soundness.schema_faults()[0]


def test_a_log_line_is_one_json_object_of_declared_keys():
    record = logging.LogRecord("kith", logging.WARNING, __file__, 1, "two\nlines %s", ("\x1b[31m",), None)
    record.status, record.password = 500, "secret"
    line = logs.Line().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    said = json.loads(line)
    assert said["status"] == 500
    assert "password" not in said
