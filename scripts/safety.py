"""Run bandit over the program, and hold its findings against the list of those that were looked at and have a reason.

Fails for a finding without a reason, and for a reason without a finding: the list says what is true today.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: (file, test of bandit) → (how often, why it is no fault).
REASONED = {
    ("kith/api/incoming.py", "B107"): (1, "an empty text: the address of this delivery has no secret in it"),
    ("kith/api/rest/bulk.py", "B101"): (1, "it tells the type checker what the line before made sure of"),
    ("kith/api/rest/hooks.py", "B107"): (2, "an empty text: this answer tells no secret"),
    ("kith/config/backup.py", "B608"): (1, "names of tables and columns come from the database's own catalogue and are quoted"),
    ("kith/config/serve.py", "B404"): (1, "the web server and the worker are processes"),
    ("kith/config/serve.py", "B603"): (1, "our own interpreter, a list of words, no shell"),
    ("kith/config/serve.py", "B104"): (1, "it is compared with, not bound to"),
    ("kith/contacts/demo/book.py", "B311"): (1, "chance in a made-up story, seeded on purpose"),
    ("kith/objects/sorting/refresh.py", "B608"): (1, "names of our own columns, quoted; every value is a parameter"),
    ("kith/contacts/demo/house.py", "B105"): (1, "the password of the demo is printed for everybody"),
    ("kith/contacts/demo/play.py", "B311"): (2, "chance in a made-up story, seeded on purpose"),
    ("kith/events/outbox.py", "B311"): (1, "jitter between two tries"),
    ("kith/contacts/sample.py", "B311"): (1, "chance in a made-up story, seeded on purpose"),
    ("kith/hooks/inlets.py", "B107"): (1, "an empty text: the address is told without its secret"),
    ("kith/hooks/models.py", "B106"): (2, "an empty text, which the database refuses"),
    ("kith/hooks/owning.py", "B105"): (1, "an empty text: the webhook hangs on no token any more"),
    ("kith/hooks/sending.py", "B311"): (1, "jitter between two tries"),
    ("kith/kernel/actor.py", "B106"): (1, "an empty text: the same actor without her token"),
    ("kith/kernel/confined.py", "B404"): (1, "files from outside are read in a child with limits"),
    ("kith/kernel/confined.py", "B603"): (1, "our own interpreter and our own file, no shell"),
    ("kith/kernel/intake.py", "B404"): (1, "the operator's virus scanner is a program of its own"),
    ("kith/kernel/intake.py", "B603"): (1, "the operator's command from the environment and a file under a name of our own, no shell"),
    ("kith/kernel/html.py", "B308"): (4, "the one module that marks text as safe, after escaping or cleaning it"),
    ("kith/kernel/html.py", "B703"): (3, "the one module that marks text as safe, after escaping or cleaning it"),
    ("kith/objects/exchange/rows.py", "B101"): (1, "it tells the type checker what the line before made sure of"),
    ("kith/objects/search/backends.py", "B608"): (2, "names of our own tables; every value is a parameter"),
    ("kith/objects/search/index.py", "B611"): (1, "a statement without a word from outside; its values are parameters"),
    ("scripts/demo.py", "B105"): (1, "an empty text, compared with what a form holds"),
    ("scripts/test.py", "B314"): (1, "the XML was written by our own pytest a second before"),
    ("scripts/test.py", "B405"): (1, "the XML was written by our own pytest a second before"),
    ("kith/identity/oauth.py", "B105"): (1, "the sort of a token, as RFC 7662 says it"),
    ("kith/identity/tokens.py", "B101"): (1, "it tells the type checker what the line before made sure of"),
    ("kith/ui/screens/hooks_in.py", "B107"): (1, "an empty text: the page shows the address without its secret"),
    ("kith/ui/screens/trust.py", "B105"): (2, "a number of seconds, and an empty text"),
    ("kith/kernel/guarded.py", "B105"): (1, "a sentence about tokens, none of them a password"),
}  # fmt: skip


def main() -> int:
    """Print what differs from the list; return 1 when something does."""
    program = Path(sys.executable).with_name("bandit")
    done = subprocess.run(
        [program, "-q", "-r", "kith", "scripts", "-f", "json", "-x", "*/tests/*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    if said["errors"]:
        print(said["errors"], file=sys.stderr)
        return 1
    # That scripts start programs without a shell is what they are for; a shell is still a finding (B602, B605).
    found = Counter((one["filename"].removeprefix("./"), one["test_id"]) for one in said["results"])
    found = Counter(
        {
            key: n
            for key, n in found.items()
            if not (key[0].startswith("scripts/") and key[1] in ("B404", "B603", "B607"))
        }
    )
    wrong = []
    for key in sorted({*found, *REASONED}):
        n = REASONED.get(key, (0, ""))[0]
        if found[key] > n:
            places = [
                f"{o['filename']}:{o['line_number']} {o['issue_text']}"
                for o in said["results"]
                if (o["filename"].removeprefix("./"), o["test_id"]) == key
            ]
            wrong += [f"{key[1]} has no reason in scripts/safety.py: {place}" for place in places]
        elif found[key] < n:
            wrong.append(f"scripts/safety.py gives a reason for {n} × {key[1]} in {key[0]}; there are {found[key]}.")
    print("\n".join(wrong) or f"{sum(found.values())} findings, all with a reason.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
