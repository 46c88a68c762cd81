"""The import on screens: five steps, each with an address; hostile and broken files get a sentence at their place."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kith.events.runs import execute
from kith.kernel.actor import System
from kith.objects.exchange.models import Import
from kith.objects.query import count, visible_to

PART = {"HX-Request": "true"}
CSV = "Name;Country\nAttic;FI\nCellar;SI\nBad;Nowhereland\n"


@pytest.fixture
def ada(cast: Any, client: Client) -> Client:
    """Ada's browser."""
    client.force_login(cast.ada)
    return client


def upload(client: Client, data: str | bytes, name: str = "boxes.csv", slug: str = "boxes") -> Any:
    """Send a file, as the first step does."""
    raw = data.encode() if isinstance(data, str) else data
    return client.post(f"/{slug}/import/", {"file": SimpleUploadedFile(name, raw)})


def newest() -> Import:
    """The import that was made last."""
    found = Import.objects.order_by("-pk").first()
    assert found is not None
    return found


def brought(client: Client, data: str | bytes) -> str:
    """The address of an import that has just been taken in."""
    assert upload(client, data).status_code == 302
    return f"/boxes/import/{newest().pk}/"


def test_from_file_to_report_and_back(cast: Any, ada: Client) -> None:
    taken = upload(ada, CSV)
    at = f"/boxes/import/{newest().pk}/"
    assert taken.headers["Location"] == f"{at}file/"
    file = ada.get(f"{at}file/").content.decode()
    assert "2 columns were found. 3 rows were found." in file
    assert '<option value=";" selected>' in file
    assert "Attic" in file
    columns = ada.get(f"{at}map/").content.decode()
    assert "Where “Country” goes" in columns
    assert '<option value="country" selected>' in columns
    assert "Sure" in columns
    kept = ada.post(
        f"{at}map/",
        {"to-0": "name", "to-1": "country", "match": "auto", "mode": "both", "bad_cells": "refuse", "twice": "update"},
    )
    assert kept.headers["Location"] == f"{at}check/"
    checked = ada.get(f"{at}check/").content.decode()
    assert "Finland" in checked
    assert "Nowhereland" in checked
    assert 'class="bad"' in checked
    assert "Import 3 rows" in checked
    assert count(cast.actor("ada"), "toybox.box").value == 0, "a check writes nothing"
    assert ada.post(f"{at}check/").headers["Location"] == f"{at}run/"
    assert ada.post(f"{at}check/").headers["Location"] == f"{at}run/", "asked twice, it starts once"
    assert "Waiting for a worker" in ada.get(f"{at}run/", headers=PART).content.decode()
    run = newest().run
    assert run is not None
    assert execute(run.pk) is not None
    assert ada.get(f"{at}run/", headers=PART).headers["HX-Redirect"] == f"{at}report/"
    report = ada.get(f"{at}report/").content.decode()
    assert "Country" in report
    assert "Refused" in report
    assert "Download the refused rows" in report
    assert {b.name for b in visible_to(cast.actor("ada"), "toybox.box")} == {"Attic", "Cellar"}
    errors = ada.get(f"{at}errors/")
    text = b"".join(errors.streaming_content).decode("utf-8-sig")
    assert "attachment" in errors.headers["Content-Disposition"]
    assert text.splitlines()[1].startswith("Bad,Nowhereland,4,")
    assert "Undo this import?" in ada.get(f"{at}undo/", headers=PART).content.decode()
    assert ada.post(f"{at}undo/").headers["Location"] == f"{at}report/"
    undo = newest().undo_run
    assert undo is not None
    assert execute(undo.pk) is not None
    assert "This import was undone." in ada.get(f"{at}report/").content.decode()
    assert count(cast.actor("ada"), "toybox.box").value == 0
    assert "Undone" in ada.get("/boxes/import/").content.decode()


def test_an_import_is_taken_up_where_it_was_left(ada: Client) -> None:
    at = brought(ada, CSV)
    assert f'href="{at}"' in ada.get("/boxes/import/").content.decode()
    assert ada.get(at).headers["Location"] == f"{at}map/"
    ada.post(f"{at}check/")
    assert ada.get(at).headers["Location"] == f"{at}run/"
    for step in ("file", "map", "check"):
        assert ada.get(f"{at}{step}/").headers["Location"] == f"{at}run/"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40, ""),
        ("nul.csv", b"Name;Country\nAt\x00tic;FI\n", ""),
        ("program.exe.csv", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" * 100, ""),
        ("not.xlsx", b"PK\x03\x04 but nothing more", ""),
        ("broken.json", b'[{"name": "Attic"', ""),
        ("broken.csv.gz", gzip.compress(b"Name\nAttic\n")[:-9], ""),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_the_file(ada: Client, name: str, data: bytes, said: str) -> None:
    refused = upload(ada, data, name)
    page = refused.content.decode()
    if refused.status_code == 302:
        # What can be read in part says what was wrong in its notes or rows.
        assert name in ("nul.csv",)
        return
    assert refused.status_code == 422
    assert 'id="file-err" role="alert"' in page
    assert said in page.lower()
    assert name in page
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused_while_it_comes_in(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kith.objects.exchange.files.MAX_BYTES", 1000)
    refused = upload(ada, "Name\n" + "Attic\n" * 500)
    assert refused.status_code == 422
    assert "larger than" in refused.content.decode()
    assert not Import.objects.exists()


def test_many_columns_are_shown_and_too_many_are_refused_in_words(ada: Client) -> None:
    def wide(n: int) -> str:
        return ";".join(["Name", *(f"Column {i}" for i in range(n - 1))]) + f"\nAttic{';x' * (n - 1)}\n"

    at = brought(ada, wide(150))
    page = ada.get(f"{at}map/").content.decode()
    assert page.count('name="to-') == 150
    assert "149 columns are left out." in page
    refused = upload(ada, wide(400))
    assert refused.status_code == 422
    assert "400" in refused.content.decode()
    assert "columns" in refused.content.decode()


def test_no_file_at_all_is_told(ada: Client) -> None:
    refused = ada.post("/boxes/import/")
    assert refused.status_code == 422
    assert "Choose a file first." in refused.content.decode()


def test_another_encoding_and_delimiter_can_be_chosen(ada: Client) -> None:
    at = brought(ada, "Näme;Länd\nDachböden;FI\n".encode("cp1252"))
    page = ada.get(f"{at}file/").content.decode()
    assert "Dachböden" in page
    wrong = ada.post(f"{at}file/", {"encoding": "cp1251", "delimiter": ";", "again": "1"}, follow=True).content.decode()
    assert "Dachböden" not in wrong
    right = ada.post(f"{at}file/", {"encoding": "cp1252", "delimiter": ";", "again": "1"}, follow=True).content.decode()
    assert "Dachböden" in right
    refused = ada.post(f"{at}file/", {"encoding": "no-such-thing", "delimiter": ";"})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()


def test_what_cannot_go_together_is_told_at_its_column(ada: Client) -> None:
    at = brought(ada, CSV)
    refused = ada.post(f"{at}map/", {"to-0": "name", "to-1": "name", "match": "auto"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert 'id="to-1-err"' in said
    assert "already filled" in said
    assert '<option value="name" selected>' in said
    nothing = ada.post(f"{at}map/", {"match": "auto"})
    assert nothing.status_code == 422
    assert "No column goes into a field yet." in nothing.content.decode()
    unknown = ada.post(f"{at}map/", {"to-0": "salary", "match": "auto"})
    assert unknown.status_code == 422
    assert "not a field that you can fill" in unknown.content.decode()


def test_a_hidden_field_is_no_target(cast: Any, client: Client) -> None:
    cast.hide("toybox.box", "country")
    client.force_login(cast.eve)
    at = brought(client, CSV)
    page = client.get(f"{at}map/").content.decode()
    assert 'value="country"' not in page
    assert client.post(f"{at}map/", {"to-0": "name", "to-1": "country", "match": "auto"}).status_code == 422


def test_imports_of_others_are_unknown(cast: Any, ada: Client, client: Client) -> None:
    at = brought(ada, CSV)
    client.force_login(cast.eve)
    for step in ("", "file/", "map/", "check/", "run/", "report/", "errors/", "undo/"):
        assert client.get(f"{at}{step}").status_code == 404, step
    assert "boxes.csv" not in client.get("/boxes/import/").content.decode()


def test_an_import_belongs_to_its_object(ada: Client) -> None:
    at = brought(ada, CSV)
    assert ada.get(at.replace("boxes", "toys")).status_code == 404


def test_a_formula_cell_stays_text_and_comes_back_guarded(cast: Any, ada: Client) -> None:
    at = brought(ada, 'Name;Country\n"=cmd|calc";FI\n=1+1;Nowhereland\n')
    ada.post(f"{at}check/")
    run = newest().run
    assert run is not None
    execute(run.pk)
    assert visible_to(cast.actor("ada"), "toybox.box").get().name == "=cmd|calc"
    exported = b"".join(ada.get("/boxes/export/?format=csv").streaming_content).decode("utf-8-sig")
    assert "'=cmd|calc" in exported


def test_a_run_can_be_stopped_and_go_on(ada: Client) -> None:
    at = brought(ada, CSV)
    ada.post(f"{at}check/")
    ada.post(f"{at}run/", {"stop": "1"})
    run = newest().run
    assert run is not None
    execute(run.pk)
    page = ada.get(f"{at}run/").content.decode()
    assert "Stopped" in page
    assert "Go on where it stopped" in page
    ada.post(f"{at}run/", {"on": "1"})
    execute(run.pk)
    assert ada.get(f"{at}run/").headers["Location"] == f"{at}report/"


def test_a_long_file_is_counted_in_the_background(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kith.objects.exchange.doors.COUNTED_AT_ONCE", 1)
    at = brought(ada, CSV)
    assert 'id="counting"' in ada.get(f"{at}check/").content.decode()
    begun = ada.post(f"{at}check/", {"count": "1"}, headers=PART).content.decode()
    number = int(begun.split("counting=")[1].split('"')[0])
    assert execute(number) is not None
    done = ada.get(f"{at}check/?counting={number}", headers=PART).content.decode()
    assert "to mend" in done
    assert "hx-trigger" not in done


# ── export ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_leaves_as_a_file_with_its_filter_and_sort(cast: Any, ada: Client) -> None:
    from kith.objects.write import create

    for name, land in (("Attic", "FI"), ("Cellar", "SI"), ("Barn", "FI")):
        create(cast.actor("ada"), "toybox.box", name=name, country=land)
    create(cast.actor("dee"), "toybox.box", name="Secret place", country="FI")
    answer = ada.get("/boxes/export/?format=csv&filter=country:in:FI&sort=name&columns=name,country")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[2:] for line in text.splitlines()] == [["name", "country"], ["Attic", "FI"], ["Barn", "FI"]]
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="boxes-')
    as_json = json.loads(b"".join(ada.get("/boxes/export/?format=json").streaming_content))
    assert len(as_json) == 3
    sheet = zipfile.ZipFile(io.BytesIO(b"".join(ada.get("/boxes/export/?format=xlsx").streaming_content)))
    assert "xl/workbook.xml" in sheet.namelist()


@pytest.mark.parametrize(
    "asked", ["format=pdf", "filter=salary:is:1", "filter=nonsense", "sort=salary", "columns=salary"]
)
def test_an_export_of_what_is_not_there_is_refused_before_it_begins(ada: Client, asked: str) -> None:
    refused = ada.get(f"/boxes/export/?{asked}")
    assert refused.status_code == 422
    assert not refused.streaming


def test_a_hidden_field_is_not_exported(cast: Any, client: Client) -> None:
    from kith.objects.write import create

    create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")
    cast.hide("toybox.box", "country")
    client.force_login(cast.eve)
    assert b"country" not in b"".join(client.get("/boxes/export/").streaming_content)
    assert client.get("/boxes/export/?columns=country").status_code == 422


def test_export_needs_its_right(cast: Any, client: Client) -> None:
    from kith.objects.access.models import Grant

    Grant.objects.filter(role__key="eve", verb="export").delete()
    client.force_login(cast.eve)
    assert client.get("/boxes/export/").status_code == 403


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_is_watched_by_its_own_actor_only(cast: Any, ada: Client) -> None:
    from kith.events.runs import start
    from kith.objects.bulk import edit_many
    from kith.objects.write import create

    boxes = [create(cast.actor("ada"), "toybox.box", name=f"Box {n}") for n in range(3)]
    run = start(
        edit_many,
        cast.actor("ada"),
        title="Edit 3 records",
        total=3,
        object="toybox.box",
        ids=[b.pk for b in boxes],
        values={"country": "FI"},
    )
    waiting = ada.get(f"/runs/{run.pk}/", headers=PART).content.decode()
    assert "Waiting for a worker" in waiting
    assert 'hx-trigger="load delay:1s"' in waiting
    execute(run.pk)
    done = ada.get(f"/runs/{run.pk}/").content.decode()
    assert "Done" in done
    assert "3 of 3" in done
    assert "hx-trigger" not in done.split('id="run"')[1].split("</div>")[0]
    assert "Undo all of it" in done
    ada.post("/undo/", {"cause": run.cause}, headers=PART)
    assert all(b.country == "" for b in visible_to(System("test"), "toybox.box"))
    for name, status in (("ben", 404), ("admin", 200)):
        ada.force_login(getattr(cast, name))
        assert ada.get(f"/runs/{run.pk}/").status_code == status
    ada.force_login(cast.ben)
    assert ada.post(f"/runs/{run.pk}/stop/").status_code == 404
