"""Rows become records through the write path: matched, linked, reported, undone; nothing half, nothing twice, nothing unseen."""

from __future__ import annotations

import csv
import io

import pytest

from kith.events.models import Event
from kith.events.runs import execute, recover
from kith.kernel.errors import Forbidden, Invalid, Missing, Refused
from kith.kernel.viewer import Viewer
from kith.objects import exchange
from kith.objects.declare import object_type
from kith.objects.exchange import mapping as maps
from kith.objects.exchange import running
from kith.objects.exchange.models import Import, SourceKey
from kith.objects.query import listing, visible_to
from kith.objects.write import change, create

from .conftest import counts, why

BOX, TOY = "toybox.box", "toybox.toy"


def boxes(actor, **where):
    return {b.name: b for b in visible_to(actor, BOX).filter(**where)}


def toys(actor):
    return {t.nickname: t for t in visible_to(actor, TOY)}


# ── rows to records ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_become_records_and_the_five_counts_add_up(bring, system):
    done = bring(BOX, "Name;Land\nRed;Suomi\nBlue;Deutschland\nGreen;Nowhere\n", system)
    assert counts(done) == (2, 0, 0, 0, 1)
    assert {name: box.country for name, box in boxes(system).items()} == {"Red": "FI", "Blue": "DE"}
    ((row, column, reason),) = why(done)
    assert (row, column) == (4, "Land")
    assert "“Nowhere” is not known as a country" in reason


def test_every_change_has_its_event_with_the_cause_of_the_run(bring, system):
    done = bring(BOX, "name\nRed\n", system)
    event = Event.objects.get(object=BOX, record=boxes(system)["Red"].pk)
    assert (event.name, event.cause) == ("created", done.run.cause)


BAD = """nickname,First name,emails,phone,made on,state,website,pieces,price
ok,Ann,ann@example.com,+358401234567,2024-02-29,new,example.com,3,10 EUR
mail,Bo,bo.example.com,,,,,,
phone,Bo,,call me,,,,,
date,Bo,,,31.02.2024,,,,
state,Bo,,,,broken,,,
web,Bo,,,,,javascript:alert(1),,
number,Bo,,,,,,many,
nothing,,,,,,,,
money,Bo,,,,,,,ten
nul,B\x00o,,,,,,,
"""


def test_each_bad_cell_is_refused_with_its_row_its_column_and_a_sentence(bring, system):
    done = bring(TOY, BAD, system)
    assert counts(done) == (1, 0, 0, 0, 9), (why(done), list(toys(system)))
    said = [(row, column) for row, column, _reason in why(done)]
    assert said == [
        (3, "emails"), (4, "phone"), (5, "made on"), (6, "state"), (7, "website"), (8, "pieces"), (9, "First name"), (10, "price"),
        (11, "First name"),
    ]  # fmt: skip
    assert all(reason.endswith(".") for _row, _column, reason in why(done))
    assert list(toys(system)) == ["ok"], "nothing half-written"


def test_bad_cells_can_be_left_out_and_are_told(bring, system):
    done = bring(BOX, "name,country\nRed,Nowhere\n", system, bad_cells="leave")
    assert counts(done) == (1, 0, 0, 0, 0)
    assert [(row, column) for row, column, _why in why(done, "remark")] == [(2, "country")]


def test_text_that_looks_like_a_formula_stays_text(bring, system):
    bring(BOX, "name\n=1+1\n'=2+2\n@x\n", system)
    assert sorted(boxes(system)) == ["=1+1", "=2+2", "@x"]


def test_parts_of_names_and_addresses_are_put_together(bring, system):
    bring(TOY, "Vorname;Nachname;PLZ;Ort;Straße;nickname\nJörg;Groß;10115;Berlin;Weg 3;jg\n", system)
    toy = toys(system)["jg"]
    assert (toy.name.given, toy.name.family) == ("Jörg", "Groß")
    assert (toy.address.street, toy.address.postal, toy.address.city) == ("Weg 3", "10115", "Berlin")


def test_a_national_phone_number_is_read_by_the_country_of_its_row(bring, system):
    bring(TOY, "first name,phone,country,nickname\nA,040 1234567,Finland,a\nB,030 901820,DE,b\n", system)
    assert {n: t.phone for n, t in toys(system).items()} == {"a": "+358401234567", "b": "+4930901820"}


def test_the_run_reads_as_the_check_did_by_the_importers_own_country_and_currency(bring, cast):
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(country="FI", currency="SEK")
    ada = cast.actor("ada")
    bring(TOY, "first name,nickname,phone,price\nA,a,040 1234567,12\n", ada)
    toy = toys(ada)["a"]
    assert (toy.phone, toy.price.currency) == ("+358401234567", "SEK")


def test_several_columns_of_phones_become_one_list_with_types(bring, system):
    bring(TOY, "first name,nickname,Phones,Mobile\nA,a,+358401111111,+358402222222\n", system)
    assert [(e.value, e.type) for e in toys(system)["a"].phones] == [("+358401111111", ""), ("+358402222222", "mobile")]


def test_rows_that_the_file_itself_breaks_are_refused(bring, system):
    done = bring(
        BOX, b"name,country\nRed,FI,too much\nBl\xff\xfeue,DE\nGreen,SI\n" + "äöüéñçßåø".encode() + b",FI\n", system
    )
    assert counts(done) == (2, 0, 0, 0, 2)
    assert [row for row, _c, _r in why(done)] == [2, 3]


# ── matching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_file_again_changes_nothing(bring, system):
    text = "name,country\nRed,FI\nBlue,DE\n"
    assert counts(bring(BOX, text, system)) == (2, 0, 0, 0, 0)
    events = Event.objects.count()
    assert counts(bring(BOX, text, system)) == (0, 0, 2, 0, 0)
    assert Event.objects.count() == events


def test_a_record_is_found_by_any_of_its_keys(bring, system):
    create(system, TOY, name="Ann", nickname="old", emails=["ann@example.com", "ann@home.example"])
    done = bring(TOY, "nickname,emails\nnew,ANN@home.example\n", system, match=["emails"])
    assert counts(done) == (0, 1, 0, 0, 0)
    toy = toys(system)["new"]
    assert [e.value for e in toy.emails] == ["ann@example.com", "ann@home.example"], "what was there stays"


def test_a_row_that_fits_two_records_is_refused(bring, system):
    for name in ("Ann", "Bo"):
        create(system, TOY, name=name, emails=["same@example.com"])
    done = bring(TOY, "first name,emails\nCi,same@example.com\n", system, match=["emails"])
    assert counts(done) == (0, 0, 0, 0, 1)
    assert "fits 2 records" in why(done)[0][2]


def test_records_are_found_by_two_fields_that_must_both_agree(bring, system):
    create(system, BOX, name="Red", country="FI")
    create(system, BOX, name="Red", country="DE")
    done = bring(BOX, "name,country\nred,DE\nRed,SI\n", system, match=["name+country"])
    assert counts(done) == (1, 1, 0, 0, 0)
    assert sorted((b.name, b.country) for b in visible_to(system, BOX)) == [("Red", "FI"), ("Red", "SI"), ("red", "DE")]


def test_only_create_skips_what_exists_and_only_update_skips_what_does_not(bring, system):
    create(system, BOX, name="Red", country="FI")
    text = "name,country\nRed,DE\nBlue,DE\n"
    assert counts(bring(BOX, text, system, mode="create", match=["name"])) == (1, 0, 0, 1, 0)
    assert boxes(system)["Red"].country == "FI"
    done = bring(BOX, "name,country\nRed,DE\nGreen,DE\n", system, mode="update", match=["name"])
    assert counts(done) == (0, 1, 0, 1, 0)
    assert why(done, "skipped")[0][2] == "No record fits this row."
    assert "Green" not in boxes(system)


def test_blanks_keep_or_clear_as_chosen_for_each_column(bring, system):
    create(system, BOX, name="Red", country="FI")
    bring(BOX, "name,country\nRed,\n", system)
    assert boxes(system)["Red"].country == "FI"
    bring(BOX, "name,country\nRed,\n", system, {"name": "name", "country": {"to": "country", "blanks": "clear"}})
    assert boxes(system)["Red"].country == ""


def test_two_rows_about_one_record_are_written_one_after_the_other(bring, system):
    text = "name,country\nRed,FI\nBlue,FI\nred,DE\n"
    assert counts(bring(BOX, text, system)) == (2, 1, 0, 0, 0)
    assert boxes(system, country="DE").keys() == {"red"}


def test_or_the_later_one_is_refused_where_that_was_chosen(bring, system):
    done = bring(BOX, "name,country\nRed,FI\nred,DE\n", system, match=["name"], twice="refuse")
    assert counts(done) == (1, 0, 0, 0, 1)
    assert why(done)[0][2] == "An earlier row of this file is about the same record."


def test_one_key_for_two_names_in_a_file_loses_neither(bring, system):
    done = bring(BOX, "id,name\nx/munster,Munster\nx/munster,Münster\nx/other,Other\nx/other,OTHER\n", system)
    assert counts(done) == (2, 1, 0, 0, 1)
    assert why(done) == [(3, "", "An earlier row of this file has the same key and is called “Munster”.")]
    assert sorted(boxes(system)) == ["Munster", "OTHER"]


def test_two_rows_that_mean_one_record_by_different_keys_do_not_collide(bring, system):
    create(system, TOY, name="Ann", nickname="a", email="one@example.com", emails=["two@example.com"])
    text = "nickname,email,emails\nfirst,one@example.com,\nsecond,,two@example.com\n"
    done = bring(
        TOY, text, system, {"nickname": "nickname", "email": "email", "emails": "emails"}, match=["email", "emails"]
    )
    assert counts(done) == (0, 2, 0, 0, 0)
    assert list(toys(system)) == ["second"]


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_links_are_found_by_title_and_missing_records_are_made_once(bring, system):
    create(system, BOX, name="Red")
    text = "first name,nickname,box\nA,a,red\nB,b,Blue\nC,c,BLUE\n"
    done = bring(TOY, text, system)
    assert counts(done) == (3, 0, 0, 0, 0)
    assert done.counts["linked"] == 1
    found = boxes(system)
    assert {n: t.box_id for n, t in toys(system).items()} == {
        "a": found["Red"].pk,
        "b": found["Blue"].pk,
        "c": found["Blue"].pk,
    }


def test_a_refused_row_leaves_no_linked_record_behind(bring, system):
    text = "first name,email,box,keeper\nA,not an address,One,\nB,,Two,Nobody\n,,Three,\nC,,Four,\n"
    done = bring(TOY, text, system)
    assert counts(done) == (1, 0, 0, 0, 3)
    assert boxes(system).keys() == {"Four"}
    assert done.counts["linked"] == 1


def test_a_key_beside_a_name_is_learned_for_the_file_of_those_records(bring, system):
    bring(TOY, "id,first name,box_id,box\n0035g00000AbCdE,A,0015g00000XyZaB,Red\n", system)
    done = bring(BOX, "Id,Name,Country\n0015g00000XyZaB,Bright red,FI\n", system)
    assert counts(done) == (0, 1, 0, 0, 0)
    assert boxes(system).keys() == {"Bright red"}


def test_a_short_key_means_another_record_in_each_sort_of_file(bring, system):
    bring(BOX, "id,name\n17,Red\n", system)
    assert counts(bring(BOX, "id,name,country\n17,Blue,FI\n", system)) == (1, 0, 0, 0, 0)


def test_a_colleague_with_name_and_address_in_one_is_found(bring, cast):
    bring(BOX, "name,owner\nRed,Ada (ada@example.com)\nBlue,Ben <old@address.example>\n", cast.actor("admin"))
    assert {n: b.owner_id for n, b in boxes(cast.actor("admin")).items()} == {"Red": cast.ada.pk, "Blue": cast.ben.pk}


def test_a_full_name_beside_its_parts_is_left_out(system, db):
    import_ = exchange.accept(
        system, TOY, io.BytesIO(b"Full Name,First Name,Last Name\nAnna Maria Berg,Anna Maria,Berg\n"), "x.csv"
    )
    assert {c: m["to"] for c, m in import_.mapping.items()} == {"First Name": "name.given", "Last Name": "name.family"}


def test_missing_links_are_refused_where_they_are_not_to_be_made(bring, system):
    done = bring(TOY, "first name,box\nA,Nowhere\n", system, create_links=False)
    assert counts(done) == (0, 0, 0, 0, 1)
    assert why(done) == [(2, "box", "“Nowhere” was not found.")]
    assert not boxes(system)


def test_a_record_that_the_importer_may_not_see_is_not_found(bring, cast):
    create(cast.actor("ada"), BOX, name="Secret box")
    dee = cast.actor("dee")
    done = bring(TOY, "first name,nickname,box\nA,a,Secret box\n", dee, create_links=False)
    assert why(done) == [(2, "box", "“Secret box” was not found.")]
    number = boxes(cast.actor("admin"))["Secret box"].pk
    done = bring(TOY, f"first name,nickname,box\nA,a,#{number}\n", dee, create_links=False)
    assert why(done) == [(2, "box", f"“#{number}” was not found.")]
    assert not toys(cast.actor("admin"))


def test_an_invisible_record_is_neither_matched_nor_changed(bring, cast):
    box = create(cast.actor("ada"), BOX, name="Red", country="FI")
    done = bring(BOX, "name,country\nRed,DE\n", cast.actor("dee"))
    assert counts(done) == (1, 0, 0, 0, 0)
    box.refresh_from_db()
    assert box.country == "FI"


def test_colleagues_are_found_by_name_or_address(bring, cast):
    bring(BOX, "name,owner\nRed,ada\nBlue,BEN@example.com\n", cast.actor("admin"))
    assert {n: b.owner_id for n, b in boxes(cast.actor("admin")).items()} == {"Red": cast.ada.pk, "Blue": cast.ben.pk}


def test_foreign_keys_link_rows_even_to_those_further_down(bring, system):
    text = "id,name,parent_id\nx/1,Leaf,x/2\nx/2,Branch,x/3\nx/3,Root,x/0\n"
    done = bring(BOX, text, system)
    assert done.mapping["parent_id"]["to"] == "parent@key"
    assert counts(done) == (3, 0, 0, 0, 0)
    found = boxes(system)
    assert found["Leaf"].parent_id == found["Branch"].pk
    assert found["Branch"].parent_id == found["Root"].pk
    assert why(done, "remark") == [(4, "parent_id", "“x/0” was not found, so the link was left empty.")]


def test_undoing_a_second_import_of_the_same_rows_does_not_forget_their_keys(bring, system):
    bring(BOX, "id,name,country\nx/1,Red,FI\n", system)
    second = bring(BOX, "id,name,country\nx/1,Red,DE\nx/2,Blue,DE\n", system)
    undo(system, second)
    assert {n: b.country for n, b in boxes(system).items()} == {"Red": "FI"}
    assert counts(bring(BOX, "id,name,country\nx/1,Dark red,FI\n", system)) == (0, 1, 0, 0, 0)


def test_keys_that_no_program_gives_are_refused(bring, system):
    done = bring(BOX, f"id,name\n{'x' * 300},Red\na\x00b,Blue\n1,Green\n2,Pink\n".encode() + b"3,y\n" * 60, system)
    assert [(row, column) for row, column, reason in why(done) if "key" in reason][:2] == [(2, "id"), (3, "id")]


def test_a_right_taken_away_since_stops_the_import_with_a_sentence(bring, cast):
    import_ = bring.prepare(BOX, "name,country\nRed,FI\n", cast.actor("eve"))
    cast.hide(BOX, "country", rule="read_only")
    run = execute(exchange.begin(cast.actor("eve"), import_).pk)
    assert (run.state, run.error) == ("failed", "“country” is not a field that you can fill.")
    assert not boxes(cast.actor("admin"))


def test_a_chunk_asks_the_same_number_of_questions_whatever_its_size(bring, system):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name in ("Top", "Twins", "Twins"):
        create(system, BOX, name=name)
    asked = []
    for start, n in ((0, 20), (1000, 180)):
        rows = "".join(f"k{i},Box {i},FI,{'Top' if i % 2 else 'Twins'}\n" for i in range(start, start + n))
        import_ = bring.prepare(BOX, f"id,name,country,parent\n{rows}", system, match=["@key"])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert execute(exchange.begin(system, import_).pk).state == "done"
        assert counts(import_) == (n // 2, 0, 0, 0, n // 2)
        asked.append(len(captured))
    # Looking up more keys at a time is the only thing that may take one more.
    assert abs(asked[0] - asked[1]) <= 2, asked


def test_foreign_keys_make_a_second_import_an_update_even_of_renamed_rows(bring, system):
    bring(BOX, "id,name\nx/1,Old name\n", system)
    assert counts(bring(BOX, "id,name\nx/1,New name\n", system)) == (0, 1, 0, 0, 0)
    assert list(boxes(system)) == ["New name"]


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hidden_field_is_no_target_and_finds_nothing(bring, cast):
    cast.hide(BOX, "country")
    eve = cast.actor("eve")
    import_ = exchange.accept(eve, BOX, io.BytesIO(b"name,country\nRed,FI\n"), "x.csv")
    assert "country" not in import_.mapping
    assert "country" not in {t.path for t in exchange.describe(eve, import_).targets}
    with pytest.raises(Invalid, match="not a field that you can fill"):
        exchange.save_mapping(eve, import_, {"country": "country"})
    with pytest.raises(Refused):
        exchange.save_mapping(eve, import_, {"name": "name"}, {"match": ["country"]})


def test_a_hidden_name_is_neither_found_nor_told(bring, cast):
    create(cast.actor("admin"), BOX, name="Secret box")
    cast.hide(BOX, "name")
    done = bring(TOY, "first name,box\nA,Secret box\nB,Other box\n", cast.actor("eve"))
    assert why(done) == [(2, "box", "“Secret box” was not found."), (3, "box", "“Other box” was not found.")]
    assert list(boxes(cast.actor("admin"))) == ["Secret box"]


def test_somebody_without_the_right_may_not_import(cast):
    from kith.objects.access.models import Grant

    Grant.objects.filter(verb__in=("create", "change")).delete()
    with pytest.raises(Forbidden):
        exchange.accept(cast.actor("dee"), BOX, io.BytesIO(b"name\nRed\n"), "x.csv")


def test_an_import_is_its_owners_and_administrators(cast):
    import_ = exchange.accept(cast.actor("ada"), BOX, io.BytesIO(b"name\nRed\n"), "x.csv")
    assert exchange.find_import(cast.actor("ada"), import_.pk) == import_
    assert exchange.find_import(cast.actor("admin"), str(import_.pk)) == import_
    for number in (import_.pk, "x", -1, 10**30):
        with pytest.raises(Missing):
            exchange.find_import(cast.actor("dee"), number)


def test_a_row_that_would_leave_the_importers_sight_is_refused(bring, cast):
    done = bring(BOX, "name,owner\nRed,Dee\nBlue,Ada\n", cast.actor("dee"))
    assert counts(done) == (1, 0, 0, 0, 1)
    assert [row for row, _c, _r in why(done)] == [3]


# ── mapping ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_show_three_samples_a_guess_and_how_sure_it_is(system, db):
    data = "Nimi;Sähköposti;Xyz;Puhelin\n" + "".join(f"A{n};a{n}@example.fi;{n};+35840123456{n}\n" for n in range(5))
    import_ = exchange.accept(system, TOY, io.BytesIO(data.encode()), "x.csv")
    told = {c.column: c for c in exchange.describe(system, import_).columns}
    assert told["Nimi"].samples == ["A0", "A1", "A2"]
    assert (told["Nimi"].to, told["Nimi"].confidence) == ("name", "sure")
    assert (told["Xyz"].to, told["Xyz"].confidence, told["Xyz"].filled) == ("", "", 5)
    assert told["Puhelin"].to == "phone"


def test_values_tell_where_the_name_does_not(system, db):
    data = "Name,A,B\n" + "".join(f"N{n},n{n}@example.com,https://n{n}.example.com\n" for n in range(5))
    import_ = exchange.accept(system, TOY, io.BytesIO(data.encode()), "x.csv")
    told = {c.column: (c.to, c.confidence) for c in exchange.describe(system, import_).columns}
    assert told["A"] == ("email", "guess")
    assert told["B"] == ("website", "guess")


def test_labels_of_every_language_are_known(system, db):
    from django.utils.translation import override

    with override("fi"):
        import_ = exchange.accept(system, TOY, io.BytesIO(b"State,Etunimi,Postinumero\nnew,A,00100\n"), "x.csv")
    assert {c: m["to"] for c, m in import_.mapping.items()} == {
        "State": "state",
        "Etunimi": "name.given",
        "Postinumero": "address.postal",
    }


def test_two_columns_cannot_fill_one_field(system, db):
    import_ = exchange.accept(system, BOX, io.BytesIO(b"a,b\n1,2\n"), "x.csv")
    with pytest.raises(Invalid, match="already filled by the column “a”"):
        exchange.save_mapping(system, import_, {"a": "name", "b": "name"})
    with pytest.raises(Invalid, match="no column “c”"):
        exchange.save_mapping(system, import_, {"c": "name"})
    with pytest.raises(Refused, match="No column goes into a field"):
        exchange.save_mapping(system, import_, {"a": ""})


def test_a_mapping_is_kept_for_the_next_file_of_the_same_columns(bring, cast):
    ada = cast.actor("ada")
    bring(BOX, "Xyz,Land\nRed,FI\n", ada, {"Xyz": "name"})
    again = exchange.accept(ada, BOX, io.BytesIO(b"Xyz,Land\nBlue,DE\n"), "y.csv")
    assert again.mapping == {"Xyz": {"to": "name", "blanks": "keep"}}


def test_dates_and_decimals_are_read_as_the_file_writes_them(bring, system):
    bring(TOY, "first name,nickname,made on,weight\nA,a,12/31/2020,1.5\n", system)
    bring(TOY, "first name;nickname;made on;weight\nB;b;31.12.2020;1,5\n", system)
    found = toys(system)
    assert found["a"].made_on == found["b"].made_on
    assert found["a"].weight == found["b"].weight


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_check_shows_rows_as_they_will_be_written_and_writes_nothing(bring, system):
    create(system, BOX, name="Red", country="FI")
    import_ = bring.prepare(BOX, "name,country\nRed,DE\nBlue,Nowhere\nGreen,SI\n", system)
    before = Event.objects.count()
    told = exchange.check(system, import_)
    assert [(r.number, r.state) for r in told.rows] == [(2, "updated"), (3, "refused"), (4, "created")]
    assert told.rows[0].values == {"name": "Red", "country": "Germany"}
    assert told.rows[1].problems[0][0] == "country"
    assert told.counts == {"new": 1, "update": 1, "skip": 0, "fix": 1}
    assert boxes(system).keys() == {"Red"}
    assert boxes(system)["Red"].country == "FI"
    assert Event.objects.count() == before


def test_the_forecast_is_what_the_run_does_also_with_doubled_rows(bring, system):
    create(system, BOX, name="Red", country="FI")
    text = "name,country\nRed,DE\nBlue,DE\nBLUE,SI\nGreen,x\n,FI\n"
    import_ = bring.prepare(BOX, text, system)
    assert exchange.check(system, import_).counts == {"new": 1, "update": 2, "skip": 0, "fix": 2}
    assert counts(bring(BOX, text, system)) == (1, 2, 0, 0, 2)


def test_a_long_file_is_counted_in_the_background(bring, system, monkeypatch):
    from kith.objects.exchange import doors

    monkeypatch.setattr(doors, "COUNTED_AT_ONCE", 1)
    import_ = bring.prepare(BOX, "name,country\nRed,DE\nBlue,Nowhere\n", system)
    assert exchange.check(system, import_).counts is None
    run = execute(exchange.count_all(system, import_).pk)
    assert run.result == {"new": 1, "update": 0, "skip": 0, "fix": 1}


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def many(n):
    return "name,country\n" + "".join(f"Box {i},FI\n" for i in range(n))


def test_starting_twice_starts_once(bring, system):
    import_ = bring.prepare(BOX, many(3), system)
    assert exchange.begin(system, import_).pk == exchange.begin(system, import_).pk
    with pytest.raises(Refused, match="has been started"):
        exchange.save_mapping(system, import_, {"name": "name"})


def test_a_run_that_breaks_between_chunks_goes_on_without_double_or_lost_rows(bring, system, monkeypatch):
    import_ = bring.prepare(BOX, many(1700), system, match=[])
    run = exchange.begin(system, import_)
    take, calls = running.Importer.take, []

    def breaks(self, rows):
        calls.append(len(rows))
        results = take(self, rows)
        if len(calls) == 3:
            raise RuntimeError("the power is gone")
        return results

    monkeypatch.setattr(running.Importer, "take", breaks)
    assert execute(run.pk).state == "failed"
    assert len(boxes(system)) == 1000, "the broken chunk left nothing"
    monkeypatch.setattr(running.Importer, "take", take)
    again = exchange.go_on(Import.objects.get(pk=import_.pk))
    assert execute(again.pk).state == "done"
    assert counts(import_) == (1700, 0, 0, 0, 0)
    assert sorted(boxes(system)) == sorted(f"Box {i}" for i in range(1700))
    assert Event.objects.filter(cause=run.cause, name="created").count() == 1700


def test_a_run_can_be_stopped_and_gone_on_with(bring, system):
    import_ = bring.prepare(BOX, many(1200), system, match=[])
    run = exchange.begin(system, import_)
    import_.refresh_from_db()
    exchange.stop_import(import_)
    assert execute(run.pk).state == "stopped"
    assert exchange.report(import_).done < 1200
    run.refresh_from_db()
    while not run.is_over or run.state == "stopped":
        execute(exchange.go_on(Import.objects.get(pk=import_.pk)).pk)
        run.refresh_from_db()
    assert counts(import_) == (1200, 0, 0, 0, 0)
    assert recover() == 0


def test_refused_rows_come_back_as_a_file_that_can_be_imported_again(bring, system):
    done = bring(BOX, 'Name;Land\nRed;FI\n"Blue; or\nso";Nowhere\nGreen;=x\n', system)
    data = b"".join(exchange.error_file(done))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Name", "Land", "Row", "Reason"]
    assert [r[:3] for r in rows[1:]] == [["Blue; or\nso", "Nowhere", "3"], ["Green", "'=x", "4"]]
    assert rows[1][3].startswith("Land: “Nowhere”")
    mended = data.replace(b"Nowhere", b"DE").replace(b"'=x", b"SI")
    again = bring(BOX, mended, system)
    assert counts(again) == (2, 0, 0, 0, 0)
    assert boxes(system)["Green"].country == "SI"


def test_time_left_is_known_once_rows_are_done(bring, system):
    import_ = bring.prepare(BOX, many(10), system)
    run = exchange.begin(system, import_)
    assert exchange.seconds_left(run) is None


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def undo(actor, import_):
    run = execute(exchange.undo_import(actor, Import.objects.get(pk=import_.pk)).pk)
    assert run.state == "done", run.error
    return Import.objects.get(pk=import_.pk)


def test_an_undone_import_leaves_no_trace_but_its_history(bring, system):
    from kith.objects.keys import Key
    from kith.objects.search.models import SearchRow

    create(system, BOX, name="Red", country="FI")
    before = Key.objects.count(), SearchRow.objects.count()
    done = bring(TOY, "id,first name,nickname,box,tags\n1,Ann,a,Red,x\n2,Bo,b,Blue,y\n", system)
    ids = [t.pk for t in toys(system).values()]
    done = undo(system, done)
    assert done.state == "undone"
    assert not toys(system)
    assert boxes(system).keys() == {"Red"}, "the box that the import made is gone too"
    assert not visible_to(system, TOY, trash=None).exists()
    assert (Key.objects.count(), SearchRow.objects.count()) == before
    assert not SourceKey.objects.exists()
    assert [e.name for e in Event.objects.filter(object=TOY, record=ids[0]).order_by("pk")] == ["created", "undone"]


def test_undo_restores_updated_values_unless_they_were_changed_again(bring, system):
    for name in ("Red", "Blue"):
        create(system, BOX, name=name, country="FI")
    done = bring(BOX, "name,country\nRed,DE\nBlue,DE\nGreen,DE\nPink,DE\n", system)
    change(system, boxes(system)["Blue"], country="SI")
    change(system, boxes(system)["Pink"], country="SI")
    done = undo(system, done)
    assert {n: b.country for n, b in boxes(system).items()} == {"Red": "FI", "Blue": "SI", "Pink": "SI"}
    assert sorted(why for _o, _r, why in done.kept) == [
        "Changed again since: Country.",
        "Changed since by import test.",
    ]


def test_undo_goes_on_where_it_was_killed(bring, system, monkeypatch):
    done = bring(BOX, many(700), system, match=[])
    monkeypatch.setattr(running, "UNDONE_AT_ONCE", 200)
    real, calls = running.undo, []

    def breaks(*args, **rest):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("the power is gone")
        return real(*args, **rest)

    monkeypatch.setattr(running, "undo", breaks)
    run = exchange.undo_import(system, done)
    assert execute(run.pk).state == "failed"
    assert len(boxes(system)) == 300
    monkeypatch.setattr(running, "undo", real)
    assert undo(system, done).state == "undone"
    assert not boxes(system)


def test_only_who_imported_may_undo(bring, cast):
    done = bring(BOX, "name\nRed\n", cast.actor("ada"))
    run = execute(exchange.undo_import(cast.actor("dee"), done).pk)
    assert run.state == "failed"
    assert boxes(cast.actor("admin")).keys() == {"Red"}


def test_a_running_import_cannot_be_undone(bring, system):
    import_ = bring.prepare(BOX, many(3), system)
    with pytest.raises(Refused, match="not been started"):
        exchange.undo_import(system, import_)
    exchange.begin(system, import_)
    with pytest.raises(Refused, match="still running"):
        exchange.undo_import(system, Import.objects.get(pk=import_.pk))


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_files_are_kept_by_their_content_readable_by_nobody_else(system, db):
    from kith.objects.exchange.files import folder, path_of

    import_ = exchange.accept(system, BOX, io.BytesIO(b"name\nRed\n"), "../../etc/passwd")
    path = path_of(import_)
    assert path.parent == folder()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder().stat().st_mode & 0o777 == 0o700
    assert exchange.accept(system, BOX, io.BytesIO(b"name\nRed\n"), "other").digest == import_.digest


def test_a_file_that_is_too_large_is_refused_while_it_comes(system, db):
    from kith.objects.exchange.files import folder

    class Endless:
        given = 0

        def read(self, n):
            self.given += n
            return b"x" * n

    endless = Endless()
    with pytest.raises(Refused, match="larger than 100 MB"):
        exchange.accept(system, BOX, endless, "x.csv")
    assert endless.given < 110 << 20
    assert not [p for p in folder().iterdir() if p.name.startswith("incoming")]


def test_old_files_are_cleared_away(system, db):
    import os
    from datetime import UTC, datetime, timedelta

    from kith.kernel import clock
    from kith.objects.exchange.files import clear_old_files, path_of

    import_ = exchange.accept(system, BOX, io.BytesIO(b"name\nOld one\n"), "x.csv")
    path = path_of(import_)
    clear_old_files()
    assert path.exists()
    os.utime(path, (0, 0))
    with clock.frozen(datetime.now(UTC) + timedelta(days=31)):
        clear_old_files()
    assert not path.exists()
    with pytest.raises(Refused, match="no longer kept"):
        exchange.begin(system, import_) and exchange.describe(system, import_)


def test_the_list_shows_what_was_imported(bring, system):
    bring(BOX, "name\nΑθήνα\n", system)
    assert [r.name for r in listing(system, BOX, search="αθηνα").records] == ["Αθήνα"]


@pytest.mark.django_db
def test_days_that_never_were_are_not_guessed_to_be_telephone_numbers(system, monkeypatch):
    days = [["Rex", "31.02.2001"], ["Max", "30.02.2002"], ["Mia", "31.04.2003"]]
    there = Viewer(language="fi", country="FI")

    def to():
        return maps.guess(system, object_type(TOY), ["Nickname", "Besuch"], days, there)[1].to

    assert to() == ""
    with monkeypatch.context() as without:
        without.setattr(maps, "looks_like_days", lambda values: False)
        assert to() == "phone"
    assert maps.looks_like_days(["1.2.2001", "2001-02-03 10:00", "x"])
    assert not maps.looks_like_days(["040-123-4567"] * 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("bad_cells", "made"), [("refuse", ["Red"]), ("leave", ["Blue", "Red"])])
def test_the_command_line_says_too_what_becomes_of_a_cell_that_cannot_be_read(system, tmp_path, bad_cells, made):
    file = tmp_path / "boxes.csv"
    file.write_text("Name;Land\nRed;Suomi\nBlue;Nowhere\n")
    assert exchange.command_import(BOX, file, bad_cells=bad_cells, say=lambda _line: None) == 0
    assert sorted(boxes(system)) == made


@pytest.mark.parametrize(("code", "sentence"), [(1, "found something"), (3, "could not look")])
def test_a_file_that_the_scanner_does_not_let_pass_is_no_import(db, settings, system, tmp_path, code, sentence):
    scanner = tmp_path / "scanner"
    scanner.write_text(f"#!/bin/sh\nexit {code}\n")
    scanner.chmod(0o700)
    settings.KITH_SCANNER = (str(scanner),)
    with pytest.raises(Refused, match=sentence):
        exchange.accept(system, BOX, io.BytesIO(b"name\nRed\n"), "file.csv")
    assert not Import.objects.exists()
    assert not list((tmp_path / "imports").glob("*"))
    assert not list((tmp_path / "quarantine").glob("*"))
