"""A file is let in step by step, and what one step refuses is gone."""

from __future__ import annotations

import hashlib
import os
import select
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from kith.config import environ
from kith.kernel import intake
from kith.kernel.errors import Refused


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.KITH_HOME = tmp_path
    settings.KITH_SCANNER = ()
    return tmp_path


@pytest.fixture
def scanner(settings: Any, tmp_path: Path) -> Any:
    """A scanner that runs the given lines of Python, with the path of the file as `path`."""

    def made(lines: str) -> None:
        file = tmp_path / "scanner.py"
        file.write_text(f"import os, sys, time\npath = sys.argv[-1]\n{lines}\n")
        settings.KITH_SCANNER = (sys.executable, "-I", str(file), "--quiet")

    return made


def taken(*blocks: bytes, most: int = 1000) -> tuple[str, int]:
    def look(head: bytes) -> None:
        if head.startswith(b"MZ"):
            raise Refused("A program.")

    store = intake.settings.KITH_HOME / "store"
    return intake.take_in(blocks or (b"a,b\n", b"1,2\n"), store, most=most, too_large=lambda: "Too large.", look=look)


def left(home: Path) -> list[str]:
    return [path.name for folder in ("store", "quarantine") for path in sorted((home / folder).glob("*"))]


def test_a_file_is_kept_under_its_content_and_for_this_user_alone(home: Path) -> None:
    digest, size = taken()
    assert (digest, size) == (hashlib.sha256(b"a,b\n1,2\n").hexdigest(), 8)
    assert left(home) == [digest]
    assert stat.S_IMODE((home / "store" / digest).stat().st_mode) == 0o600
    for folder in ("store", "quarantine"):
        assert stat.S_IMODE((home / folder).stat().st_mode) == 0o700
    assert taken() == (digest, size), "the same file again is the same file"
    assert left(home) == [digest]


def test_what_is_too_large_is_refused_while_it_comes_in(home: Path) -> None:
    def endless() -> Any:
        while True:
            yield b"x" * 600

    with pytest.raises(Refused, match="Too large"):
        intake.take_in(endless(), home / "store", most=1000, too_large=lambda: "Too large.", look=lambda _head: None)
    assert left(home) == []


def test_what_the_store_does_not_take_is_refused_by_its_content_before_it_is_scanned(home: Path, scanner: Any) -> None:
    scanner(f"open({str(home / 'asked')!r}, 'w')")
    with pytest.raises(Refused, match="A program"):
        taken(b"M", b"Z rest")
    assert left(home) == []
    assert not (home / "asked").exists()


def test_a_clean_file_passes_the_scanner_which_sees_it_in_quarantine_and_none_of_our_secrets(
    home: Path, scanner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_SECRET_KEY", "secret")
    scanner(
        "ok = os.path.dirname(path).endswith('quarantine') and os.stat(path).st_mode & 0o777 == 0o600\n"
        "ok = ok and open(path).read() == 'a,b\\n1,2\\n' and 'KITH_SECRET_KEY' not in os.environ\n"
        "os.chmod(path, 0o644)\nsys.exit(0 if ok else 7)"
    )
    digest, _size = taken()
    assert stat.S_IMODE((home / "store" / digest).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("sys.exit(1)", "found something"),
        ("sys.exit(2)", "could not look"),
        ("os.kill(os.getpid(), 11)", "could not look"),
        (
            "raise MemoryError",
            "found something",
        ),  # Python's code for an exception is 1, and the safe side is to believe it
        ("os.remove(path); sys.exit(1)", "found something"),
    ],
)
def test_a_scanner_that_finds_fails_or_crashes_keeps_the_file_out(
    home: Path, scanner: Any, lines: str, sentence: str
) -> None:
    scanner(lines)
    with pytest.raises(Refused, match=sentence):
        taken()
    assert left(home) == []


def test_a_scanner_that_hangs_is_ended_with_its_children(
    home: Path, scanner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SCAN_SECONDS", 2.0)
    told = home / "child"
    scanner(f"pid = os.fork()\nif pid: open({str(told)!r}, 'w').write(str(pid))\ntime.sleep(600)")
    with pytest.raises(Refused, match="could not look"):
        taken()
    assert left(home) == []
    # Whoever is killed ends a moment later: the kernel says when.
    try:
        child = os.pidfd_open(int(told.read_text()))
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([child], [], [], 30)
    finally:
        os.close(child)
    assert ended


def test_a_scanner_that_is_not_there_lets_nothing_in(home: Path, settings: Any) -> None:
    settings.KITH_SCANNER = ("/nowhere/scanner",)
    with pytest.raises(Refused, match="could not look"):
        taken()
    assert left(home) == []


def test_what_breaks_off_leaves_nothing_behind(home: Path) -> None:
    def broken() -> Any:
        yield b"a"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        intake.take_in(broken(), home / "store", most=10, too_large=str, look=lambda _head: None)
    assert left(home) == []


def test_a_scanner_is_a_program_by_its_whole_path() -> None:
    assert environ._scanner({}) == ()
    assert environ._scanner({"KITH_SCANNER": f"{sys.executable} -I 'a b'"}) == (sys.executable, "-I", "a b")
    for wrong in ("clamscan", "/nowhere/clamscan", "/tmp", os.__file__, '"'):
        with pytest.raises(ImproperlyConfigured, match="KITH_SCANNER is"):
            environ._scanner({"KITH_SCANNER": wrong})
