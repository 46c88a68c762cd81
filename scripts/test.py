"""bin/test: everything that must hold, on both database engines."""

import argparse
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from scripts import postgres
from scripts.prepare import PYTHON, ROOT, VAR, VENV, Fault, Steps, end_in_order

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
ENGINES = ("sqlite", "postgresql")
REPORTS = VAR / "test"
NO_TESTS = 5  # pytest's exit code when nothing was selected


@dataclass
class Outcome:
    """What one run of pytest did."""

    engine: str
    code: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        """Say it in one line."""
        parts = [
            f"{self.counts[word]} {word}"
            for word in ("passed", "failed", "skipped")
            if self.counts[word] or word != "skipped"
        ]
        return f"{self.engine}: {', '.join(parts)} in {self.seconds:.0f} s"


def main(arguments: list[str] | None = None) -> int:
    """Prepare, check and test; return 0 only when everything held."""
    told, rest = parser().parse_known_args(arguments)
    steps = Steps()
    end_in_order()
    try:
        steps.say("Preparing (only what is not done yet):")
        steps.everything(tests=True)
        browser = find_browser(steps)
        faults = [] if rest else checks(steps)
        engines = [told.engine] if told.engine else ENGINES
        outcomes = [run(steps, engine, browser, rest) for engine in engines]
    except Fault as fault:
        print(f"bin/test: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return report(steps, faults, outcomes)


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="bin/test",
        description="Run the linters and all tests, on SQLite and on PostgreSQL.",
        epilog="Anything else goes to pytest, and then the linters are left out: bin/test kith/objects -k filter",
    )
    top.add_argument("--engine", choices=ENGINES, help="only on this database engine")
    return top


def find_browser(steps: Steps) -> str | None:
    """Return a Chromium for the journeys, installing Debian's where that is possible; and the one without windows, which is quicker."""
    for package, names in (("chromium", BROWSERS), (SHELL, (SHELL,))):
        if not any(map(shutil.which, names)) and os.geteuid() == 0 and shutil.which("apt-get"):
            steps.say(f"  {package}: installing Debian's …")
            mine = {"DEBIAN_FRONTEND": "noninteractive"}
            try:
                steps.run(["apt-get", "update", "-qq"], fault="No package lists.", **mine)
                steps.run(
                    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
                    fault=f"No {package}.",
                    **mine,
                )
            except Fault as fault:
                steps.say(f"  {package}: {fault}")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        steps.say("  chromium: none; the browser journeys are skipped. Install it with: apt-get install chromium")
    return found


def checks(steps: Steps) -> list[str]:
    """Run the linters, two at a time; return the names of those that found something."""
    bin_ = VENV / "bin"
    commands = {
        "ruff": [str(bin_ / "ruff"), "check", "--quiet", "."],
        "format": [str(bin_ / "ruff"), "format", "--check", "--quiet", "."],
        "floors": [str(bin_ / "lint-imports"), "--no-cache"],
        "types": [str(bin_ / "mypy"), "--no-error-summary"],
        "safety": [str(PYTHON), "scripts/safety.py"],
        "translations": [str(PYTHON), "scripts/catalogues.py", "check"],
    }
    with ThreadPoolExecutor(max_workers=2) as both:
        done = {name: both.submit(_timed, command) for name, command in commands.items()}
    failed = []
    for name, future in done.items():
        ended, seconds = future.result()
        steps.say(f"  {name}: {'holds' if ended.returncode == 0 else 'FAILS'} ({seconds:.1f} s)")
        if ended.returncode:
            failed.append(name)
            steps.say((ended.stdout + ended.stderr).strip())
    return failed


def _timed(command: list[str]) -> tuple[subprocess.CompletedProcess[str], float]:
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done, time.monotonic() - begun


def run(steps: Steps, engine: str, browser: str | None, rest: list[str]) -> Outcome:
    """Run the tests on one engine."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    report_file = REPORTS / f"{engine}.xml"
    report_file.unlink(missing_ok=True)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KITH_") or name == "KITH_TEST_DATA"
    }
    environment.pop("DATABASE_URL", None)
    # Tests start very many processes, and each would compile the whole house anew where bytecode is switched off.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(VAR / "bytecode")
    environment["PATH"] = f"{VENV / 'bin'}:{environment.get('PATH', '')}"
    if browser:
        environment["KITH_CHROMIUM"] = browser
    command = [str(PYTHON), "-m", "pytest", f"--junitxml={report_file}", "-o", "junit_family=xunit2"]
    if not rest:
        # What was skipped is told once, at the end, by its reasons.
        command += ["--numprocesses=2", "--dist=loadgroup", "-q", "-rfE"]
    outcome = Outcome(engine)
    with ExitStack() as stack:
        if engine == "postgresql":
            environment["DATABASE_URL"], version = stack.enter_context(postgres.server(steps))
            outcome.engine = f"PostgreSQL {version}"
        else:
            outcome.engine = f"SQLite {sqlite_version()}"
        steps.say(f"\nTests on {outcome.engine}")
        begun = time.monotonic()
        outcome.code = subprocess.run(
            [*command, *rest], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
        outcome.seconds = time.monotonic() - begun
    read_report(report_file, outcome)
    return outcome


def sqlite_version() -> str:
    """Return the version of the SQLite that Kith uses."""
    ask = "import kith, sqlite3; print(sqlite3.sqlite_version)"
    return subprocess.run(
        [str(PYTHON), "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


def read_report(file: Path, outcome: Outcome) -> None:
    """Count what a run did, from the report that it left."""
    if not file.exists():
        outcome.counts["failed"] += 1  # it did not even begin
        return
    for case in ElementTree.parse(file).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.counts["failed"] += 1
        elif skipped is not None:
            outcome.counts["skipped"] += 1
            outcome.reasons[skipped.get("message", "no reason given")] += 1
        else:
            outcome.counts["passed"] += 1


def report(steps: Steps, faults: list[str], outcomes: list[Outcome]) -> int:
    """Print the closing lines; return the exit code."""
    print()
    for outcome in outcomes:
        print(outcome)
        for reason, number in sorted(outcome.reasons.items()):
            print(f"  {number} skipped: {reason}")
    if faults:
        print(f"Not holding: {', '.join(faults)}")
    broken = [outcome for outcome in outcomes if outcome.code not in {0, NO_TESTS}]
    total = sum((outcome.counts for outcome in outcomes), Counter[str]())
    print(f"{time.monotonic() - steps.begun:.0f} s in all")
    print(f"{total['passed']} passed, {total['failed'] + len(faults)} failed, {total['skipped']} skipped")
    return 1 if faults or broken or not total["passed"] else 0
