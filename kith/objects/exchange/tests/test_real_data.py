"""The real files: every row accounted for, names in their own scripts found, everything taken back."""

from __future__ import annotations

import csv

import pytest

from kith.events.runs import execute
from kith.kernel.errors import Refused
from kith.objects import exchange
from kith.objects.exchange.commands import command_export, command_import, command_undo
from kith.objects.exchange.models import Import
from kith.objects.query import listing, visible_to

BOX, TOY = "toybox.box", "toybox.toy"
pytestmark = pytest.mark.data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "rows", "names"),
    [
        ("publicbodies_de.csv.gz", 1003, ["Panzergrenadierdivision Hanse"]),
        ("publicbodies_gr.csv", 950, ["προεδρια δημοκρατιας"]),
        ("publicbodies_br.csv", 265, ["FUNDAÇÃO instituto"]),
        ("universities.json.gz", 10251, ["Fundação Hermínio Ometto"]),
    ],
)
def test_every_row_is_accounted_for_and_the_whole_is_taken_back(real_data, system, file, rows, names):
    said: list[str] = []
    assert command_import(BOX, real_data / "orgs" / file, say=said.append) == 0
    import_ = Import.objects.get()
    account = exchange.report(import_)
    assert account.rows == account.done == rows
    assert account.counts["created"] == visible_to(system, BOX).count() > 0.8 * rows
    for name in names:
        assert listing(system, BOX, search=name).records, name
    assert any(f"{rows:,} of {rows:,} rows" in line for line in said)
    assert command_undo(import_.pk, say=said.append) == 0
    assert not visible_to(system, BOX, trash=None).exists()


@pytest.mark.django_db
def test_names_and_addresses_of_five_other_programs_find_their_fields(real_data, system):
    wanted = {
        "hubspot/all-contacts.csv": {
            "First Name": "name.given",
            "Last Name": "name.family",
            "Email": "email",
            "City": "address.city",
        },
        "zoho/Contacts_001.csv": {
            "First Name": "name.given",
            "Mailing Zip": "address.postal",
            "Mobile": "phones@mobile",
        },
        "salesforce/Contact.csv": {"FirstName": "name.given", "LastName": "name.family", "MailingCity": "address.city"},
        "sap_c4c/ContactCollection.csv": {
            "FirstName": "name.given",
            "LastName": "name.family",
            "Mobile": "phones@mobile",
        },
        "dynamics365/Active Contacts.csv": {"Full Name": "name", "Email": "email", "Mobile Phone": "phones@mobile"},
    }
    for file, expected in wanted.items():
        path = real_data / "vendor_exports" / file
        import_ = exchange.accept(system, TOY, path, path.name)
        found = {column: import_.mapping.get(column, {}).get("to") for column in expected}
        assert found == expected, file
        assert any(said["to"] == "@key" for said in import_.mapping.values()), file


@pytest.mark.django_db
def test_every_export_of_the_other_programs_can_be_read(real_data, system):
    for path in sorted((real_data / "vendor_exports").glob("*/*")):
        import_ = exchange.accept(system, TOY, path, path.name)
        assert import_.rows >= 1, path


@pytest.mark.django_db
def test_a_check_and_the_error_file_of_real_rows(real_data, system):
    path = real_data / "orgs" / "publicbodies_gr.csv"
    assert command_import(BOX, path, dry_run=True, say=lambda _line: None) == 0
    assert not visible_to(system, BOX).exists()
    command_import(BOX, path, say=lambda _line: None)
    import_ = Import.objects.order_by("-pk").first()
    refused = exchange.report(import_).counts["refused"]
    lines = b"".join(exchange.error_file(import_)).decode("utf-8-sig").splitlines(keepends=True)
    assert len(list(csv.reader(lines))) == refused + 1


@pytest.mark.django_db
def test_what_the_command_line_exports_it_imports_again(tmp_path, system):
    bring = tmp_path / "boxes.csv"
    bring.write_text("name,country\nRed,FI\nΑθήνα,GR\n")
    command_import(BOX, bring, say=lambda _line: None)
    for form in ("csv", "xlsx", "json"):
        out = tmp_path / f"out.{form}"
        assert command_export(BOX, format=form, output=out, say=lambda _line: None) == 0
        import_ = exchange.accept(system, BOX, out, out.name)
        execute(exchange.begin(system, import_).pk)
        assert exchange.report(import_).counts["unchanged"] == 2


@pytest.mark.django_db
def test_the_command_line_refuses_in_words(tmp_path, cast):
    path = tmp_path / "boxes.csv"
    path.write_text("name,country\nRed,FI\n")
    with pytest.raises(Refused, match="Nobody who may sign in"):
        command_import(BOX, path, user="nobody@example.com")
    with pytest.raises(Refused, match="no column “nope”"):
        command_import(BOX, path, mapping={"nope": "name"})
    assert (
        command_import(
            BOX, path, user="ada@example.com", mapping={"country": "-"}, match="name", say=lambda _line: None
        )
        == 0
    )
    (box,) = visible_to(cast.actor("admin"), BOX)
    assert (box.owner_id, box.country) == (cast.ada.pk, "")
