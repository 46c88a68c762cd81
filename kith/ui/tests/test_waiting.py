"""While much is written in the background, people go on working."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kith.events import runs
from kith.events.models import Run
from kith.objects.bulk import edit_many
from kith.objects.write import create


def test_a_run_leaves_room_for_other_writers_between_two_steps(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(runs.stopping, "wait", lambda seconds: bool(waited.append(seconds)))
    ids = [create(cast.actor("ada"), "toybox.box", name=f"Box {n}").pk for n in range(2)]
    run = runs.start(edit_many, cast.actor("ada"), object="toybox.box", ids=ids, values={"country": "FI"})
    done = runs.execute(run.pk)
    assert done is not None
    assert done.state == Run.DONE
    if connection.vendor == "sqlite":
        assert len(waited) == 2
        assert all(0 < seconds <= runs.BREATH for seconds in waited)
    else:
        assert waited == []


def test_nobody_waits_for_a_forecast_of_an_import_that_has_begun(cast: Any, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(cast.ada)
    taken = client.post("/boxes/import/", {"file": SimpleUploadedFile("boxes.csv", b"Name\nAttic\n")})
    check = taken.headers["Location"].replace("/file/", "/check/")
    client.post(check, {"count": "1"}, headers={"HX-Request": "true"})
    counting = Run.objects.latest("pk")
    client.post(check)
    counting.refresh_from_db()
    assert counting.stop_asked
    assert not Run.objects.latest("pk").stop_asked
