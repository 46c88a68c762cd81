"""The audit trail on the screen, as a file and on the command line."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kith.config.cli import main
from kith.events.append_only import altering
from kith.events.models import Event
from kith.kernel import clock
from kith.kernel.actor import System
from kith.objects.write import change, create, remove

AT = "/settings/audit/"


@pytest.fixture
def admin(cast: Any) -> Client:
    """The administrator's browser."""
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def trail(cast: Any) -> Any:
    """A box that Ada made, renamed through the screen, and that Ben could not touch; another that the system made."""
    box = create(cast.actor("ada"), "toybox.box", name="Attic")
    ada = Client()
    ada.force_login(cast.ada)
    saved = ada.post(
        f"/boxes/{box.pk}/name/edit/", {"name": "Loft", "version": 1}, headers={"HX-Request": "true", "User-Agent": "Lynx"},
        REMOTE_ADDR="192.0.2.7",
    )  # fmt: skip
    assert saved.status_code == 200
    create(System("nightly"), "toybox.box", name="Cellar")
    return box


def test_it_says_who_did_what_when_and_from_where(admin: Client, trail: Any) -> None:
    shown = admin.get(AT).content.decode()
    for text in ("Ada", "Attic", "Loft", "192.0.2.7", "Lynx", "nightly", f"/boxes/{trail.pk}/"):
        assert text in shown, text


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"address": "192.0.2.7"}, "Loft", "Cellar"),
        ({"who": "system"}, "Cellar", "Attic"),
        ({"what": "changed"}, "Loft", "Cellar"),
        ({"object": "toybox.toy"}, "Nothing in the ledger fits this", "Attic"),
        ({"record": "999999"}, "Nothing in the ledger fits this", "Attic"),
        ({"until": "2001-01-01"}, "Nothing in the ledger fits this", "Attic"),
        ({"since": "2001-01-01"}, "Attic", "Nothing"),
        ({"cause": "request:no"}, "Nothing in the ledger fits this", "Attic"),
    ],
)
def test_it_is_narrowed(admin: Client, trail: Any, asked: dict[str, str], there: str, not_there: str) -> None:
    page = admin.get(AT, asked).content.decode()
    rows = page.partition("<tbody")[2] or page.partition('class="empty"')[2]
    assert there in rows
    assert not_there not in rows


def test_ada_is_found_by_name(cast: Any, admin: Client, trail: Any) -> None:
    rows = admin.get(AT, {"who": f"user:{cast.ada.pk}"}).content.decode().partition("<tbody")[2]
    assert "Loft" in rows
    assert "Cellar" not in rows


def test_days_are_those_of_the_reader_and_wrong_ones_are_kept_with_a_sentence(admin: Client, trail: Any) -> None:
    today = clock.today("UTC").isoformat()
    assert "Loft" in admin.get(AT, {"since": today, "until": today}).content.decode()
    wrong = admin.get(AT, {"since": "31.02.2026"})
    assert wrong.status_code == 422
    assert 'value="31.02.2026"' in wrong.content.decode()
    turned = admin.get(AT, {"since": "2026-02-02", "until": "2026-01-01"})
    assert turned.status_code == 422
    assert "The first day comes after the last one." in turned.content.decode()


@pytest.mark.parametrize(
    "junk", [{"before": "x"}, {"before": "9" * 40}, {"record": "-1"}, {"who": ":::"}, {"what": "'; --"}]
)
def test_junk_harms_nothing(admin: Client, trail: Any, junk: dict[str, str]) -> None:
    assert admin.get(AT, junk).status_code == 200


def test_it_is_read_page_by_page_with_a_constant_number_of_queries(
    admin: Client, trail: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        create(System("many"), "toybox.box", name=f"Box {n}")
    with django_assert_max_num_queries(25):
        first = admin.get(AT).content.decode()
    assert first.count("<tr>") == 51
    older = first.partition('href="?before=')[2].partition('"')[0]
    assert admin.get(AT, {"before": older}).content.decode().count("<tr>") > 1


@pytest.mark.parametrize("name", ["ada", "cai", "dee"])
def test_only_administrators_read_it(cast: Any, trail: Any, name: str) -> None:
    client = Client()
    client.force_login(getattr(cast, name))
    assert client.get(AT).status_code in (403, 404)
    assert client.post(f"{AT}export/", {"format": "csv"}).status_code in (403, 404)


def test_a_record_that_is_gone_keeps_its_number(cast: Any, admin: Client, trail: Any) -> None:
    remove(cast.actor("ada"), trail)
    assert "Loft" in admin.get(AT, {"what": "removed"}).content.decode()


def test_it_is_exported_and_the_ledger_keeps_that(admin: Client, trail: Any) -> None:
    change(System("formula"), trail, name="=1+1")
    text = b"".join(admin.post(f"{AT}export/", {"format": "csv"}).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {"Attic", "Loft"} <= {
        value for row in rows if row["changes"] for pair in json.loads(row["changes"]).values() for value in pair
    }
    assert (
        next(row["address"] for row in rows if row["event"] == "changed" and row["who"].startswith("Ada"))
        == "192.0.2.7"
    )
    assert not any(value.startswith("=") for row in rows for value in row.values())
    lines = b"".join(admin.post(f"{AT}export/", {"format": "jsonl", "what": "changed"}).streaming_content).decode()
    assert {json.loads(line)["event"] for line in lines.splitlines()} == {"changed"}
    assert Event.objects.filter(name="audit.exported").count() == 2
    assert "The audit trail was exported." in admin.get(AT).content.decode()
    assert admin.post(f"{AT}export/", {"format": "exe"}).status_code == 422
    assert admin.post(f"{AT}export/", {"format": "csv", "since": "never"}).status_code == 422


def test_the_command_tells_a_whole_ledger_from_one_that_was_tampered_with(
    transactional_db: None, cast: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    box = create(cast.actor("ada"), "toybox.box", name="Attic")
    assert main(["audit", "head"]) == 0
    noted = capsys.readouterr().out.strip()
    assert main(["audit", "verify", "--noted", noted]) == 0
    assert "The ledger is as it was written" in capsys.readouterr().out
    with transaction.atomic(), altering("a test"):
        Event.objects.filter(record=box.pk).update(actor_name="Nobody")
    assert main(["audit", "verify"]) == 1
    assert "Link 1: an event was changed" in capsys.readouterr().out
