"""`kill -9` of the whole server in the middle of work: nothing is lost or half there, the work goes on or is undone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .installation import ROOT, Installation

pytestmark = [
    pytest.mark.journey,
    pytest.mark.every_engine,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc"),
    pytest.mark.skipif(
        not (ROOT / "kith/config/collected/staticfiles.json").exists(),
        reason="the static files are not built; bin/test builds them",
    ),
]
ROWS = 2_000  # four chunks of an import and ten of an edit; the server is killed after the first
COMPANY = "contacts.company"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.end()


def actor() -> str:
    return (
        "from kith.identity.models import User\nfrom kith.identity.names import actor_of\n"
        "A = actor_of(User.objects.get(email='ada@example.com'))\nfrom kith.events.models import Run, Event\n"
    )


STATE = (
    actor()
    + """
from kith.objects.query import count, visible_to
from kith.objects.search.models import SearchRow
from kith.objects.declare import object_type
o = object_type("contacts.company")
run = Run.objects.latest("pk")
print(json.dumps({
    "state": run.state, "done": run.done, "total": run.total, "result": run.result, "error": run.error,
    "records": count(S, o, cap=10**6).value,
    "finnish": count(S, o, filter="address.country:in:FI", cap=10**6).value,
    "created": Event.objects.filter(object=o.key, name="created").count(),
    "changed": Event.objects.filter(object=o.key, name="changed").count(),
    "indexed": SearchRow.objects.filter(object=o.key, field="name").count(),
    "titles": visible_to(S, o).values("name").distinct().count(),
}))
"""
)


def run_of(installation: Installation) -> tuple | None:
    return installation.look("SELECT state, done FROM events_run ORDER BY id DESC LIMIT 1")


def over(installation: Installation) -> bool:
    return run_of(installation)[0] not in ("waiting", "running")


def killed_in_the_middle(installation: Installation) -> dict:
    """Kill the server once the run has done something and not all; what stands in the database then."""
    installation.wait_for(lambda: run_of(installation)[1] > 0, "the run has begun")
    installation.kill()
    return installation.ask(STATE)


def test_an_import_killed_in_the_middle_goes_on_and_loses_or_doubles_nothing(installation: Installation):
    rows = "\n".join(f"Company {n},a{n}@firm{n}.example" for n in range(ROWS))
    file = installation.home / "companies.csv"
    file.write_text(f"Name,E-mail\n{rows}\n")
    installation.serve()
    begin = f"""
from kith.objects.exchange import accept, begin
begin(A, accept(A, "{COMPANY}", open({str(file)!r}, "rb"), "companies.csv"))
print(1)
"""
    installation.ask(actor() + begin)
    half = killed_in_the_middle(installation)
    assert half["records"] == half["created"] == half["indexed"] == half["titles"], f"half a record is nothing: {half}"
    installation.serve()
    installation.wait_for(lambda: over(installation), "the import goes on to its end", 120)
    whole = installation.ask(STATE)
    assert (whole["state"], whole["error"]) == ("done", "")
    assert whole["records"] == whole["created"] == whole["indexed"] == whole["titles"] == ROWS


def test_a_bulk_edit_killed_in_the_middle_goes_on_and_can_be_undone(installation: Installation):
    made = (
        actor()
        + f"""
from kith.objects.write import Draft, write
ids = []
for k in range(0, {ROWS}, 500):
    ids += [out.record.pk for out in write(A, "{COMPANY}", [Draft({{"name": f"Company {{n}}"}}) for n in range(k, k + 500)])]
print(json.dumps(ids))
"""
    )
    ids = installation.ask(made)
    installation.serve()
    edit = (
        actor()
        + f"""
from kith.events.runs import start
from kith.objects.bulk import edit_many
run = start(edit_many, A, object="{COMPANY}", ids={ids!r}, values={{"address": {{"country": "FI"}}}})
print(run.pk)
"""
    )
    number = installation.ask(edit)
    half = killed_in_the_middle(installation)
    assert half["finnish"] == half["changed"] == half["done"] < ROWS, (
        f"what is written and what the run says agree: {half}"
    )
    installation.serve()
    installation.wait_for(lambda: over(installation), "the edit goes on to its end", 120)
    whole = installation.ask(STATE)
    assert whole["finnish"] == whole["changed"] == whole["result"]["done"] == ROWS
    undo = (
        actor()
        + f"from kith.events.runs import start\nfrom kith.objects.bulk import undo_all\nprint(start(undo_all, A, cause='run:{number}').pk)"
    )
    installation.ask(undo)
    installation.wait_for(lambda: over(installation), "it is undone", 120)
    undone = installation.ask(STATE)
    assert (undone["finnish"], undone["result"]["undone"], undone["result"]["kept"]) == (0, ROWS, [])
