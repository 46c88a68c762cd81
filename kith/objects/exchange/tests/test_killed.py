"""A worker that dies by SIGKILL in the middle of an import: no row is lost, none is there twice, none is half there."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from kith.events.models import Event, Run
from kith.events.runs import execute, recover
from kith.kernel.actor import System
from kith.objects import exchange
from kith.objects.keys import Key
from kith.objects.query import visible_to

BOX = "toybox.box"
ROWS = 4000

#: A worker of its own: does one run and says after every committed step how far it is.
WORKER = """
import sys
import django
from django.conf import settings
database, home, run = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
django.setup()
settings.KITH_HOME = home
from kith.events.runs import execute
from kith.objects.exchange import running
running.watching.set(lambda done, total: print(done, flush=True))
execute(int(run))
"""


def worker(run: Run, home: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    root = Path(__file__).resolve().parents[4]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(home), str(run.pk)],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=root,
    )


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_row_and_doubles_none(tmp_path):
    actor = System("import test")
    text = "name,country\n" + "".join(f"Box {n},FI\n" for n in range(ROWS))
    import_ = exchange.accept(actor, BOX, io.BytesIO(text.encode()), "boxes.csv")
    exchange.save_mapping(actor, import_, import_.mapping, {"match": []})
    run = exchange.begin(actor, import_)
    connection.close()
    killed_at = []
    for _time in range(3):
        dying = worker(run, tmp_path)
        assert dying.stdout is not None
        with dying.stdout:
            # One step is told; the next one is under way when the worker dies.
            killed_at.append(int(dying.stdout.readline()))
            dying.send_signal(signal.SIGKILL)
            dying.wait()
        run.refresh_from_db()
        assert run.state == Run.RUNNING
        assert visible_to(actor, BOX).count() == run.done >= killed_at[-1]
        # Its process is gone, so the run is handed on at once.
        assert recover() == 1
    assert killed_at == sorted(set(killed_at))
    assert max(killed_at) < ROWS
    done = execute(run.pk)
    assert done is not None
    assert done.state == Run.DONE, done.error
    assert exchange.report(import_).counts == {
        "created": ROWS,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "refused": 0,
    }
    names = list(visible_to(actor, BOX).values_list("name", flat=True))
    assert sorted(names) == sorted(f"Box {n}" for n in range(ROWS))
    assert Event.objects.filter(cause=run.cause, name="created").count() == ROWS
    assert Key.objects.filter(object=BOX).count() == ROWS
    # And the whole of it can be undone, whoever did which part.
    execute(exchange.undo_import(actor, exchange.find_import(actor, import_.pk)).pk)
    assert not visible_to(actor, BOX, trash=None).exists()
