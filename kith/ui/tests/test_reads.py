"""Who looked at a sensitive field is kept, and so is who took a list out of the house."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from kith.events.models import Event
from kith.kernel.actor import System
from kith.objects.custom import definitions
from kith.objects.custom.models import CustomField
from kith.objects.write import change, create


@pytest.fixture
def diagnosis(cast: Any) -> Any:
    """A sensitive field that users made, filled for the first of two boxes."""
    field = CustomField.objects.create(object="toybox.box", label="Diagnosis", kind="text", pii="special")
    definitions.changed()
    definitions.refresh()
    box = create(cast.actor("ada"), "toybox.box", name="Attic")
    create(cast.actor("ada"), "toybox.box", name="Cellar")
    change(System("test"), box, {field.field_id: "mould"})
    return box


def reads() -> list[tuple[str, Any, Any, Any]]:
    return [
        (e.actor_name, e.record, e.data["fields"], e.data["records"])
        for e in Event.objects.filter(name="sensitive.read").order_by("pk")
    ]


def test_a_look_at_a_sensitive_field_is_written_down(cast: Any, client: Client, diagnosis: Any) -> None:
    client.force_login(cast.ada)
    assert "mould" in client.get(f"/boxes/{diagnosis.pk}/facts/").content.decode()
    (name, record, fields, _records) = reads()[0]
    assert (name, record) == ("Ada", diagnosis.pk)
    assert len(fields) == 1
    before = len(reads())
    client.get("/boxes/")
    assert len(reads()) == before, "the list does not show it"
    shown = client.get("/boxes/", {"columns": f"name,{fields[0]}"}).content.decode()
    assert "mould" in shown
    assert reads()[-1][1:] == (diagnosis.pk, fields, []), "only the record that has a value"


def test_a_look_at_what_a_sensitive_field_was_is_a_look_too(cast: Any, client: Client, diagnosis: Any) -> None:
    client.force_login(cast.ada)
    client.get(f"/boxes/{diagnosis.pk}/highlights/")
    assert reads() == [], "when it was changed last says nothing of it"
    assert "mould" in client.get(f"/boxes/{diagnosis.pk}/story/").content.decode()
    assert [told[:2] for told in reads()] == [("Ada", diagnosis.pk)]


def test_it_stands_in_the_audit_trail_and_not_in_the_records_own_story(
    cast: Any, client: Client, diagnosis: Any
) -> None:
    client.force_login(cast.ada)
    client.get(f"/boxes/{diagnosis.pk}/facts/")
    assert "Sensitive fields" not in client.get(f"/boxes/{diagnosis.pk}/story/").content.decode()
    client.force_login(cast.admin)
    assert "Sensitive fields were read: Diagnosis" in client.get("/settings/audit/").content.decode()


def test_whoever_may_not_see_it_reads_nothing(cast: Any, client: Client, diagnosis: Any) -> None:
    field = Event.objects.filter(name="changed", object="toybox.box").latest("pk").data
    cast.hide("toybox.box", next(iter(field)))
    client.force_login(cast.eve)
    assert "mould" not in client.get(f"/boxes/{diagnosis.pk}/facts/").content.decode()
    assert reads() == []


def test_an_export_is_written_down_with_what_was_asked_for(cast: Any, client: Client, diagnosis: Any) -> None:
    client.force_login(cast.ada)
    file = client.get("/boxes/export/", {"format": "csv", "q": "attic"})
    assert b"Attic" in b"".join(file.streaming_content)
    event = Event.objects.get(name="list.exported")
    assert (event.actor_name, event.object, event.data["format"], event.data["search"]) == (
        "Ada",
        "toybox.box",
        "csv",
        "attic",
    )
    client.force_login(cast.admin)
    assert "Exported to a file (CSV): " in client.get("/settings/audit/").content.decode()


def test_the_records_that_were_chosen_leave_alone_and_the_ledger_names_them(
    cast: Any, client: Client, boxes: Any
) -> None:
    first, second, third = boxes(3)
    client.force_login(cast.ada)
    file = client.get("/boxes/export/", {"format": "json", "only": f"{third.pk},{first.pk},x,999999"})
    told = [one["id"] for one in json.loads(b"".join(file.streaming_content))]
    assert sorted(told) == [first.pk, third.pk]
    assert Event.objects.get(name="list.exported").data["only"] == [first.pk, third.pk, 999999]
    # What the list does not show does not leave with it, either.
    file = client.get("/boxes/export/", {"format": "json", "only": f"{second.pk}", "filter": "name:is:Nothing"})
    assert json.loads(b"".join(file.streaming_content)) == []
    assert client.get("/boxes/export/", {"format": "json", "only": "x"}).status_code == 422
