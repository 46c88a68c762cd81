"""The demo's house, served for all tests of one process, and somebody who works in it beside the server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.journeys.installation import ROOT, Installation

LOOP = """
import io, json, sys, traceback, contextlib
import django; django.setup()
from django.db import close_old_connections
from kith.identity.models import User
from kith.identity.names import actor_by_id
from kith.kernel.actor import System
for line in sys.stdin:
    known = {"S": System("test"), "as_user": lambda mail: actor_by_id(User.objects.get(email=mail).pk)}
    close_old_connections()
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(json.loads(line), known)
        print(json.dumps({"made": known.get("made")}), flush=True)
    except BaseException:
        print(json.dumps({"error": traceback.format_exc()}), flush=True)
"""


class DemoHouse(Installation):
    """The demo at a twentieth: 12 users, 20 companies, 100 people, with their history; one server, and one process beside it.

    The toybox is one of its rooms: what needs a task, a call or a letter is shown on boxes and toys until a room of the house has them.
    """

    ada = ("ada@kultasatama.example", "amber lantern harbour")

    def __init__(self, folder: Path):
        kept = Path(os.environ["KITH_KEPT_HOUSE"]) if "KITH_KEPT_HOUSE" in os.environ else None
        self._furnished = bool(kept and kept.exists())
        if kept and self._furnished:
            shutil.copytree(kept, folder / "home")
        super().__init__(folder, "tests.screens.settings", of=None)
        if kept and not self._furnished:
            shutil.copytree(self.home, kept)

    def furnish(self) -> None:
        """Load the demo, unless the house is one that was kept."""
        if not self._furnished:
            self.kith("django", "demo", "--scale", "0.05")

    def make(self, code: str, **names: Any) -> Any:
        """Run `code` beside the server, in a process that stays; the value of its variable `made`, through JSON.

        `S` is an actor who may do all, `as_user(mail)` a person; `names` are defined for the code.
        """
        told = "".join(f"{name} = {value!r}\n" for name, value in names.items()) + code
        if not hasattr(self, "_beside"):
            self._beside = subprocess.Popen(
                [sys.executable, "-c", LOOP], env=self.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )  # fmt: skip
        assert self._beside.stdin
        assert self._beside.stdout
        self._beside.stdin.write(json.dumps(told) + "\n")
        self._beside.stdin.flush()
        answer = json.loads(self._beside.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["made"]

    def end(self) -> None:
        """Stop everything."""
        if hasattr(self, "_beside"):
            self._beside.communicate()
        super().end()
