"""`kith check --deploy` says in sentences what an operator must mend, and nothing when there is nothing."""

from __future__ import annotations

import os
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kith.config import cli, deploy
from kith.events.models import Event
from kith.kernel import clock
from tests.cast import make_cast

Disk = namedtuple("Disk", "total used free")  # noqa: PYI024 - as shutil has it


@pytest.fixture
def sound(db: None, settings: Any, tmp_path: Path) -> Any:
    """An installation with nothing to mend."""
    from allauth.mfa.models import Authenticator

    cast = make_cast()
    Authenticator.objects.create(user=cast.admin, type=Authenticator.Type.TOTP, data={})
    tmp_path.chmod(0o700)
    settings.KITH_HOME, settings.KITH_HTTPS, settings.ALLOWED_HOSTS = tmp_path, True, ["crm.example"]
    settings.KITH_PROXIES = 1
    (tmp_path / deploy.LAST_BACKUP).touch()
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        Path(connection.settings_dict["NAME"]).chmod(0o600)
    return settings


def finding(words: str) -> bool:
    return any(words in sentence for sentence in deploy.findings())


@pytest.mark.every_engine
def test_a_sound_installation_is_left_alone(sound: Any) -> None:
    assert deploy.findings() == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEBUG", True, "KITH_DEBUG is on"),
        ("SECRET_KEY", "short", "short enough to be guessed"),
        ("SECRET_KEY", "a" * 60, "short enough to be guessed"),
        ("ALLOWED_HOSTS", ["*"], "lets in every name"),
        ("KITH_HTTPS", False, "Nothing protects passwords"),
        ("KITH_HTTPS", None, "Nothing protects passwords"),
        ("KITH_PROXIES", 0, "KITH_PROXIES is 0"),
    ],
)
def test_an_unwise_setting_is_named_with_what_to_do(sound: Any, name: str, value: Any, words: str) -> None:
    setattr(sound, name, value)
    assert finding(words)


@pytest.mark.every_engine
def test_an_administrator_needs_a_second_factor_and_codes_alone_are_none(sound: Any) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.update(type=Authenticator.Type.RECOVERY_CODES)
    assert finding("without a second factor: admin@example.com")
    type(make_user := Authenticator.objects.get().user).objects.update(is_admin=False)
    assert make_user
    assert finding("Nobody is an administrator")


@pytest.mark.parametrize("name", ["", "secret.key", "encryption.keys", "files"])
def test_what_others_may_read_is_named(sound: Any, name: str) -> None:
    path = Path(sound.KITH_HOME) / name
    if name == "files":
        path.mkdir()
    elif name:
        path.touch()
    path.chmod(0o755)
    assert finding(f"{path} can be read by other users")


def test_backups_grow_old(sound: Any) -> None:
    mark = Path(sound.KITH_HOME) / deploy.LAST_BACKUP
    old = time.time() - 10 * 86400
    os.utime(mark, (old, old))
    assert finding("The last backup is 10 days old")
    mark.unlink()
    assert finding("No backup was ever made")


def test_a_disk_fills(sound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy.shutil, "disk_usage", lambda _path: Disk(10**12, 0, 5 * 10**8))
    assert finding("has 0.5 GB left")


def test_a_clock_that_runs_behind_is_noticed(sound: Any) -> None:
    from kith.kernel.actor import System
    from kith.objects.declare import object_type
    from kith.objects.write import create

    create(System("test"), object_type("toybox.box"), name="Box")
    assert Event.objects.exists()
    with clock.frozen(clock.now() - timedelta(hours=1)):
        assert finding("runs behind")


def test_zones_grow_old(sound: Any) -> None:
    with clock.frozen(clock.now() + timedelta(days=1500)):
        assert finding("time zone data is of")


def test_the_command_tells_by_its_exit_code(
    sound: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kith.config.soundness.faults", list)
    assert cli.main(["check", "--deploy"]) == 0, capsys.readouterr().err
    sound.DEBUG = True
    assert cli.main(["check", "--deploy"]) == 1
    assert "kith: KITH_DEBUG is on" in capsys.readouterr().err
    assert cli.main(["check"]) == 0
