"""Two processes edit one record at once, on the engine under test: nothing is lost, and the later one is told what changed, by whom."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from .installation import PREFACE, ROOT, Installation

# One house for both.
pytestmark = [pytest.mark.journey, pytest.mark.every_engine, pytest.mark.xdist_group("two")]

EDIT = """
import sys
from kith.identity.models import User
from kith.identity.names import actor_of
from kith.kernel.errors import Stale
from kith.objects.query import find
from kith.objects.write import change
A = actor_of(User.objects.get(email=sys.argv[1]))
record = find(A, "contacts.company", int(sys.argv[2]))
print("read", flush=True)
sys.stdin.readline()
try:
    done = change(A, record, json.loads(sys.argv[3]), version=record.version)
    print(json.dumps({"version": done.version}))
except Stale as stale:
    told = [(d.field.name, d.theirs, d.mine, d.by) for d in stale.differences]
    print(json.dumps({"stale": told}))
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("two"))
    made.kith(
        "user",
        "create",
        "--email",
        "ben@example.com",
        "--name",
        "Ben Berg",
        "--admin",
        "--password-stdin",
        typed="amber lantern harbour",
    )
    yield made
    made.end()


def both(installation: Installation, record: int, ada: dict, ben: dict) -> list[dict]:
    """Both read the record, then both write, at the same moment."""
    editors = [
        subprocess.Popen(
            [sys.executable, "-c", PREFACE + EDIT, email, str(record), json.dumps(values)],
            env=installation.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for email, values in (("ada@example.com", ada), ("ben@example.com", ben))
    ]  # fmt: skip
    for editor in editors:
        assert editor.stdout is not None
        assert editor.stdout.readline() == "read\n"
    for editor in editors:
        assert editor.stdin is not None
        editor.stdin.write("go\n")
        editor.stdin.flush()
    return [json.loads(editor.communicate(timeout=60)[0].splitlines()[-1]) for editor in editors]


def made(installation: Installation) -> int:
    return installation.ask(
        "from kith.objects.write import create\nprint(create(S, 'contacts.company', name='Contested Ltd').pk)"
    )


def test_the_later_of_two_edits_of_one_field_is_told_what_changed_and_by_whom(installation: Installation):
    record = made(installation)
    ada, ben = both(installation, record, {"website": "https://ada.example"}, {"website": "https://ben.example"})
    winner, loser = (ada, ben) if "version" in ada else (ben, ada)
    assert winner == {"version": 2}
    won, lost = ("Ada Aalto", "ben") if winner is ada else ("Ben Berg", "ada")
    assert loser["stale"] == [["website", f"https://{won[:3].lower()}.example", f"https://{lost}.example", won]]


def test_two_edits_of_different_fields_are_both_kept(installation: Installation):
    record = made(installation)
    answers = both(installation, record, {"website": "https://ada.example"}, {"notes": "Ben was here."})
    assert sorted(a["version"] for a in answers) == [2, 3]
    read = f"from kith.objects.query import find\nr = find(S, 'contacts.company', {record})\n"
    assert installation.ask(read + "print(json.dumps([r.website, r.notes, r.version]))") == [
        "https://ada.example",
        "Ben was here.",
        3,
    ]
