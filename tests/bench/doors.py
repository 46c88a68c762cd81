"""The doors for programs before two strangers: `python -m tests.bench.doors [--examples 100] [--only REGEX]`, `… --lint`.

A house with the data of `bin/demo`, in a folder of its own, is served on this machine; Schemathesis (from requirements-bench.lock, in
var/bench) reads the description that the house gives, and asks what it can think of: examples, every boundary of every parameter, made-up
values right and wrong, and chains along the links. What is held against the answers: no server error, statuses, media types, headers and
bodies as described, wrong input refused, no answer without a token, nothing found after it was removed.

A token may ask ten times a second from one network. The house stands behind one proxy (KITH_PROXIES=1), and the requests say that they come
from 64 networks, so that limits hide no error; 429 is counted all the same, and there should be none.

`--lint` runs Spectral with its rules for OpenAPI over docs/reference/openapi.json: by npm in a temporary folder, which needs the network.

Prints how many cases there were, by phase and by status, as a last line of JSON; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts.prepare import PYTHON, VAR

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "clients/python"))
from kith_client import Kith

from tests.journeys.installation import ROOT, Installation

from .kills import database

LOCK = ROOT / "requirements-bench.lock"
ENVIRONMENT = VAR / "bench"
SPECTRAL = "@stoplight/spectral-cli@6.15.0"

TOKEN = """
from kith.contacts import demo
from kith.identity import tokens
from kith.identity.models import User
from kith.identity.names import actor_of
whose = actor_of(User.objects.get(email=demo.SIGN_IN[0]))
print(json.dumps(tokens.make(whose, tokens.Wanted("Schemathesis", (("*", "*"),)))[1]))
"""


class Demo(Installation):
    """An installation with the company of `bin/demo`."""

    def __init__(self, folder: Path, **environment: str):
        super().__init__(folder, of=None, **environment)

    def furnish(self) -> None:
        self.ask("from kith.contacts import demo\ndemo.load()\nprint('null')")


def schemathesis() -> str:
    """The program, in an environment of its own that is made when it is missing or not that of the lock."""
    stamp, program = ENVIRONMENT / "lock", ENVIRONMENT / "bin/schemathesis"
    if not (stamp.exists() and stamp.read_text() == LOCK.read_text() and program.exists()):
        uv = [str(PYTHON), "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", str(ENVIRONMENT)], cwd=ROOT, check=True)
        into = ["--python", str(ENVIRONMENT / "bin/python")]
        subprocess.run([*uv, "pip", "sync", "--quiet", "--require-hashes", *into, str(LOCK)], cwd=ROOT, check=True)
        stamp.write_text(LOCK.read_text())
    return str(program)


def asked(
    house: Installation, token: str, examples: int, seed: int, workers: int, more: list[str], counts: Path
) -> int:
    """Let it ask; its exit code."""
    document = counts.parent / "openapi.json"
    with Kith(house.url, token) as kith:
        document.write_text(json.dumps(kith.description()))
    command = [
        schemathesis(), "--config-file", str(ROOT / "tests/bench/doors.toml"), "run", str(document), "--url", house.url,
        "--max-examples", str(examples), "--seed", str(seed), "--workers", str(workers), "--request-timeout", "30",
        "--continue-on-failure", "--no-color", *more,
    ]  # fmt: skip
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.bench.doors_hooks",
        "PYTHONPATH": str(ROOT),
        "KITH_COUNTS": str(counts),
        "KITH_TOKEN": token,
    }
    return subprocess.run(command, cwd=counts.parent, env=environment, check=False).returncode


def trial(told: argparse.Namespace) -> dict[str, Any]:
    """Make, serve, ask; the figures."""
    with database(told.engine), tempfile.TemporaryDirectory(prefix="kith-doors-") as folder:
        house = Demo(Path(folder), KITH_PROXIES="1")
        counts = Path(folder) / "counts.json"
        try:
            token = house.ask(TOKEN)
            house.serve()
            begun = time.monotonic()
            code = asked(house, token, told.examples, told.seed, told.workers, told.more, counts)
            seconds = round(time.monotonic() - begun)
            faults = [
                line
                for line in (house.home / "serve.log").read_text().splitlines()
                if '"level": "error"' in line.lower()
            ]
        finally:
            house.end()
        said = json.loads(counts.read_text())
    return {
        "engine": told.engine,
        "seed": told.seed,
        "seconds": seconds,
        "exit": code,
        "errors_in_the_log": len(faults),
        **said,
    }


def lint() -> int:
    """Spectral over the shipped description; its exit code."""
    with tempfile.TemporaryDirectory(prefix="kith-lint-") as folder:
        (Path(folder) / "rules.yaml").write_text('extends: ["spectral:oas"]\n')
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(["npm", "install", "--prefix", folder, *quiet, SPECTRAL], cwd=folder, check=True)
        command = [
            "node_modules/.bin/spectral",
            "lint",
            "--ruleset",
            "rules.yaml",
            str(ROOT / "docs/reference/openapi.json"),
        ]
        return subprocess.run(command, cwd=folder, check=False).returncode


def main() -> int:
    """Read the command line, run it, print the figures."""
    given = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    given.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    given.add_argument("--examples", type=int, default=100, help="made-up requests for each operation, and chains")
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--lint", action="store_true", help="Spectral instead")
    given.add_argument("more", nargs="*", help="what Schemathesis takes besides, after --")
    told = given.parse_args()
    if told.lint:
        return lint()
    figures = trial(told)
    print(json.dumps(figures))
    return 1 if figures["exit"] or figures["errors_in_the_log"] or figures["statuses"].get("429") else 0


if __name__ == "__main__":
    sys.exit(main())
