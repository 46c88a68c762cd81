"""Our signatures before the scheme's JavaScript library: `python -m tests.bench.hook_signatures [--messages 500]`.

Installs `standardwebhooks` with npm into a folder that is thrown away afterwards; needs node, npm and a registry. Prints how many
messages were verified, and how many that were changed on their way were refused; exits with 1 for any fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """
const { Webhook } = require("standardwebhooks");
const said = { right: 0, refused: 0 };
for (const { secret, headers, body } of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  const hook = new Webhook(secret);
  try { hook.verify(body, headers); said.right += 1 } catch { continue }
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  const changed = [
    [body + " ", headers],
    [body, { ...headers, "webhook-id": "other" }],
    [body, { ...headers, "webhook-timestamp": later }],
  ];
  for (const [b, h] of changed) {
    try { hook.verify(b, h) } catch { said.refused += 1 }
  }
}
console.log(JSON.stringify(said));
"""


def main() -> int:
    """Read the command line, sign, let node verify."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--messages", type=int, default=500)
    told = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from kith.hooks import signing

    chance = random.Random(1)
    made = []
    for _number in range(told.messages):
        new, old = signing.new_secret(), signing.new_secret()
        body = json.dumps(
            {"said": "".join(chance.choices('aé€😀"\\ \u2028', k=chance.randrange(200)))}, ensure_ascii=False
        )
        headers = signing.headers(signing.new_message(), body.encode(), (new, old))
        # Each of the two secrets that count while one is changed.
        made += [{"secret": secret, "headers": headers, "body": body} for secret in (new, old)]
    with tempfile.TemporaryDirectory(prefix="kith-signatures-") as folder:
        install = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            folder,
            "standardwebhooks",
        ]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        Path(folder, "verify.cjs").write_text(PROGRAM)
        done = subprocess.run(
            ["node", "verify.cjs"], cwd=folder, input=json.dumps(made), capture_output=True, text=True, check=True
        )
    said = json.loads(done.stdout)
    print(json.dumps({"messages": len(made), **said}))
    return 0 if said == {"right": len(made), "refused": 3 * len(made)} else 1


if __name__ == "__main__":
    sys.exit(main())
