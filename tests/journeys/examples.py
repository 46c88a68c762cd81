"""The examples of a page of docs, run as a reader would: from top to bottom, those of one language in one process.

A block of ```json after an example is what it prints, in form: each member that stands there is in what was printed, and of that sort.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from .installation import ROOT

MARK = "==== example"
_BLOCK = re.compile(r"^```(sh|python|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: 28: that the time was over which an example gave curl.
FINE = (0, 28)


def tried(page: str, folder: Path, **environment: str) -> dict[str, list[str]]:
    """Run every example of the page in `folder`; what each printed, by language."""
    blocks = [(match[1], match[2]) for match in _BLOCK.finditer((ROOT / page).read_text())]
    printed = {}
    for language in ("sh", "python"):
        examples = [text for name, text in blocks if name == language]
        printed[language] = _run(language, examples, folder, environment) if examples else []
    _look_alike(page, blocks, printed)
    return printed


def _run(language: str, examples: list[str], folder: Path, environment: dict[str, str]) -> list[str]:
    mark = "echo '%s'\n" if language == "sh" else "print('%s', flush=True)\n"
    script = "".join(f"{mark % MARK}{text}\n" for text in examples)
    command = ["sh", "-euc", script] if language == "sh" else [sys.executable, "-c", script]
    given = {**os.environ, "PYTHONPATH": str(ROOT / "clients/python"), **environment}
    done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in FINE, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return [part.strip() for part in done.stdout.split(f"{MARK}\n")[1:]]


def _look_alike(page: str, blocks: list[tuple[str, str]], printed: dict[str, list[str]]) -> None:
    seen = {"sh": 0, "python": 0}
    last = ""
    for language, text in blocks:
        if language != "json":
            last, seen[language] = printed[language][seen[language]], seen[language] + 1
            continue
        _in_form(json.loads(text), json.loads(last), page)


def _in_form(shown: Any, got: Any, at: str) -> None:
    """Every member of the example is in what was got, and is of its sort."""
    if isinstance(shown, dict):
        assert isinstance(got, dict), (at, got)
        assert set(shown) <= set(got), (at, set(shown) - set(got))
        for name, value in shown.items():
            _in_form(value, got[name], f"{at}/{name}")
    elif isinstance(shown, list):
        assert isinstance(got, list), (at, got)
        assert bool(got) is bool(shown), (at, got)
        if shown:
            _in_form(shown[0], got[0], f"{at}/0")
    elif shown is not None and got is not None:
        assert type(shown) is type(got), (at, shown, got)
