"""Bundle the style sheets and scripts of assets/ into kith/config/static/, with the sprite of icons beside them.

Needs node_modules (`npm ci`) and a Node to run esbuild in: `python scripts/assets.py [path to node]`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "kith/config/static"
# The oldest browsers with light-dark(); see docs/house/dependencies.md.
BROWSERS = "chrome123,firefox124,safari17.5"


def main(node: str = "node") -> int:
    """Build everything; return the exit code of the step that failed, or 0."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    entries = [entry for entry in ("assets/js/app.js", "assets/css/app.css") if (ROOT / entry).exists()]
    if entries:
        bundle = [
            node,
            "node_modules/esbuild/bin/esbuild",
            *(f"app={entry}" for entry in entries),
            "--bundle",
            "--minify",
            "--format=esm",
            "--splitting",
            f"--target={BROWSERS}",
            "--chunk-names=chunks/[name]-[hash]",
            f"--outdir={OUT}",
            "--log-level=warning",
        ]
        done = subprocess.run(bundle, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    # The service worker is one file of the old sort: not every browser runs modules there.
    worker = [
        *(node, "node_modules/esbuild/bin/esbuild", "assets/sw.js", "--bundle", "--minify", "--format=iife"),
        *(f"--target={BROWSERS}", f"--outfile={OUT / 'sw.js'}", "--log-level=warning"),
    ]
    for step in (worker, [sys.executable, "scripts/icons.py"], [sys.executable, "scripts/app_icons.py"]):
        done = subprocess.run(step, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
