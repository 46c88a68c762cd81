"""The matrix of access on two cores, every fourth case of it: `.venv/bin/python scripts/matrix.py`. bin/test runs one in forty.

KITH_MATRIX=all runs every case, which takes four times as long; KITH_MATRIX=10 one in ten. What they are decides which ones, not chance.

Prints for each address how many requests were made, how many planted words were seen by people who may, how many writes were let through,
and how many faults were found; returns 0 only when there were none.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run them; `arguments` go to pytest."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        around = {"KITH_MATRIX": "4", **os.environ, "KITH_MATRIX_REPORT": str(report)}
        begun = time.monotonic()
        tests = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n2",
            "--dist=worksteal",
            "tests/access/test_matrix.py",
            *arguments,
        ]
        code = subprocess.run(tests, cwd=ROOT, env=around, check=False).returncode
        lines = [line.split("\t") for line in report.read_text().splitlines()] if report.exists() else []
    print(f"\n{'address':28}{'cases':>8}{'seen':>8}{'written':>9}{'faults':>8}{'seconds':>9}")
    for name, cases, seen, written, faults, seconds in sorted(lines, key=lambda line: -int(line[1])):
        print(f"{name:28}{cases:>8}{seen:>8}{written:>9}{faults:>8}{seconds:>9}")
    total = [sum(int(line[i]) for line in lines) for i in range(1, 5)]
    print(f"{'all':28}{total[0]:>8}{total[1]:>8}{total[2]:>9}{total[3]:>8}{time.monotonic() - begun:>9.1f}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
