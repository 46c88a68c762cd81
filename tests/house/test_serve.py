"""`kith serve` as whoever supervises it meets it: starting, ending, and its processes dying."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import bare

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc"),
    pytest.mark.skipif(
        not (ROOT / "kith/config/collected/staticfiles.json").exists(),
        reason="the static files are not built; bin/test builds them",
    ),
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    """An installation with tables and nothing in them, to be copied."""
    return Path(shutil.copytree(bare().home, tmp_path_factory.mktemp("fresh") / "home"))


@pytest.fixture
def server(fresh, tmp_path) -> Iterator[subprocess.Popen[str]]:
    """A server of one test's own, to be killed."""
    yield from serving(Path(shutil.copytree(fresh, tmp_path / "home")))


@pytest.fixture(scope="module")
def steady(fresh) -> Iterator[subprocess.Popen[str]]:
    """A server that several tests look at."""
    yield from serving(fresh)


def serving(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Serve `home` until the fixture ends; the process knows its `port` and its `home`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command("serve", "--port", str(port), "--workers", "1"),
        env=environment(home),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    process.port, process.home = port, home
    try:
        line_with(process, "Kith serves on")
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kith", *arguments]


def environment(home: Path) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("KITH_", "DJANGO_", "DATABASE_"))}
    return {**mine, "KITH_HOME": str(home)}


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """Return the next line of output that holds `words`; fail with what was said instead when the output ends."""
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return line
    raise AssertionError("".join(said) or "it said nothing at all")


def children(parent: int) -> dict[str, int]:
    """Return the children of a process: "web" and "worker"."""
    found = {}
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        line = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        found["worker" if "work" in line else "web"] = int(pid)
    return found


def family(parent: int) -> list[int]:
    """Return everything that runs under a process, however deep."""
    found = []
    for pid in map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()):
        found += [pid, *family(pid)]
    return found


def ends(pid: int) -> bool:
    """Wait for a process that is not ours to end."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(watched) as file:
        return bool(select.select([file], [], [], PATIENCE)[0])


def status(server: subprocess.Popen[str], path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_it_serves_and_ends_cleanly_with_its_children(server):
    assert status(server, "/static/icons.svg") == 200
    assert set(children(server.pid)) == {"web", "worker"}
    all_of_it = family(server.pid)
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0
    assert all(ends(pid) for pid in all_of_it)


def test_it_does_not_name_its_software(steady):
    with urllib.request.urlopen(f"http://127.0.0.1:{steady.port}/sign-in/", timeout=PATIENCE) as answer:
        assert not answer.headers["Server"]
        assert answer.headers["X-Powered-By"] is None


def test_pages_travel_compressed(steady):
    asked = urllib.request.Request(f"http://127.0.0.1:{steady.port}/sign-in/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


def test_files_of_the_page_travel_with_what_concerns_files_and_can_do_nothing_by_themselves(steady):
    with urllib.request.urlopen(f"http://127.0.0.1:{steady.port}/static/icons.svg", timeout=PATIENCE) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (headers["X-Content-Type-Options"], headers["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    # Each byte of these travels five to eight times in a first visit.
    assert len(str(headers).encode()) < 600


def test_a_worker_that_dies_is_started_again(server):
    first = children(server.pid)["worker"]
    os.kill(first, signal.SIGKILL)
    assert "starts again in 1 s" in line_with(server, "The worker ended")
    assert status(server, "/static/icons.svg") == 200


def test_a_web_server_that_dies_ends_the_whole(server):
    all_of_it = family(server.pid)
    os.kill(children(server.pid)["web"], signal.SIGKILL)
    assert server.wait(PATIENCE) == 1
    assert all(ends(pid) for pid in all_of_it)


def test_children_do_not_outlive_a_parent_that_is_killed(server):
    all_of_it = family(server.pid)
    assert len(all_of_it) >= 3
    server.kill()
    server.wait(PATIENCE)
    assert all(ends(pid) for pid in all_of_it)


def test_a_port_in_use_is_told(steady):
    done = subprocess.run(
        command("serve", "--port", str(steady.port)),
        env=environment(steady.home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Port {steady.port} of 127.0.0.1 cannot be used" in done.stdout


def test_nothing_is_restored_under_a_running_server(steady):
    done = subprocess.run(
        command("restore", "any.kith"),
        env=environment(steady.home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Kith is running on it; stop it first" in done.stderr


def test_where_nobody_may_sign_in_yet_the_first_administrator_is_given_a_link(server):
    address = line_with(server, "/sign-in/link/").strip()
    assert address.startswith(f"http://127.0.0.1:{server.port}/")
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        assert "The first administrator" in answer.read().decode()
