"""A person's culture profile: her own word first, the country's after it, nothing told to whoever may not read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kith.contacts import panels, profile
from kith.contacts.models import Person
from kith.kernel import clock
from kith.kernel.actor import System
from kith.kernel.errors import Refused
from kith.kernel.hours import Span
from kith.kernel.viewer import Viewer
from kith.objects import exchange
from kith.objects.countries.calling import sentences
from kith.objects.declare import object_type
from kith.objects.query import count, listing, visible_to
from kith.objects.write import change, create
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
SYSTEM = System("test")
GB = Viewer("en", "Europe/London", "en_GB", "GBP", "GB")
FA = Viewer("fa", "Asia/Tehran", "fa_IR", "IRR", "IR")
MONDAY = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def person(**values: Any) -> Any:
    return create(SYSTEM, Person, {"name": "Maija Korhonen", **values})


def assumed(who: Any, name: str, actor: Any = SYSTEM) -> Any:
    return object_type("contacts.person").field(name).assumed(who, actor)


# ── what is assumed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_zone_is_assumed_from_the_address_and_said_to_be() -> None:
    found = assumed(person(address={"city": "Turku", "country": "FI"}), "zone")
    assert (found.value, found.certain, found.reason) == ("Europe/Helsinki", True, "Assumed from the address: Finland.")


def test_in_a_country_of_several_zones_it_is_a_guess_and_called_one() -> None:
    found = assumed(person(address={"city": "Denver", "country": "US"}), "zone")
    assert (found.value, found.certain, found.reason) == (
        "America/New_York",
        False,
        "A guess from the address: United States.",
    )


def test_without_an_address_the_main_company_says_where_she_is() -> None:
    somewhere = create(SYSTEM, "contacts.company", name="Elsewhere", address={"city": "Lyon", "country": "FR"})
    main = create(SYSTEM, "contacts.company", name="Teheran Trading", address={"city": "Tehran", "country": "IR"})
    maija = person(companies=[somewhere.pk])
    create(SYSTEM, "contacts.affiliation", person=maija.pk, company=main.pk, main=True)
    found = assumed(visible_to(SYSTEM, Person).get(pk=maija.pk), "zone")
    assert (found.value, found.reason) == ("Asia/Tehran", "Assumed from the company’s country: Iran.")


def test_a_company_that_she_left_says_nothing() -> None:
    firm = create(SYSTEM, "contacts.company", name="Before", address={"city": "Lyon", "country": "FR"})
    maija = person()
    create(SYSTEM, "contacts.affiliation", person=maija.pk, company=firm.pk, inactive=True)
    assert assumed(maija, "zone") is None


def test_her_own_word_wins() -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, zone="Asia/Tokyo", quiet_hours="20:00-09:00")
    assert assumed(maija, "zone") is None
    assert assumed(maija, "quiet_hours") is None
    assert profile.callable_now(maija, SYSTEM, GB)[1].quiet == Span(20 * 60, 9 * 60)


def test_what_an_administrator_wrote_of_the_country_is_what_is_assumed() -> None:
    change(SYSTEM, visible_to(SYSTEM, "objects.country").get(code="FI"), channel="letter", quiet_hours="18:00-09:00")
    maija = person(address={"city": "Turku", "country": "FI"})
    assert (assumed(maija, "channel").value, assumed(maija, "channel").certain) == ("letter", True)
    assert assumed(maija, "quiet_hours").value == Span(18 * 60, 9 * 60)


def test_what_is_assumed_is_never_stored_filtered_or_exported() -> None:
    maija = person(address={"city": "Turku", "country": "FI"})
    assert assumed(maija, "language").value == "fi"
    assert count(SYSTEM, Person, filter="zone:filled").value == 0
    assert count(SYSTEM, Person, filter="language:in:fi").value == 0
    assert visible_to(SYSTEM, Person).get().zone == ""
    for form in ("csv", "json"):
        data = b"".join(
            exchange.export(SYSTEM, Person, form, columns=["name", "zone", "language", "calendar", "style"])
        )
        assert b"Helsinki" not in data
        assert b"gregorian" not in data


def test_a_country_that_somebody_may_not_read_tells_her_nothing(cast: Cast) -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, owner=cast.eve.pk)
    assert assumed(maija, "zone", cast.actor("eve")).value == "Europe/Helsinki"
    cast.hide("contacts.person", "address")
    again = visible_to(SYSTEM, Person).get(pk=maija.pk)
    assert assumed(again, "zone", cast.actor("eve")) is None


def test_a_company_that_somebody_may_not_see_tells_her_nothing(cast: Cast) -> None:
    firm = create(
        SYSTEM, "contacts.company", name="Secret", address={"city": "Lyon", "country": "FR"}, owner=cast.ada.pk
    )
    maija = person(companies=[firm.pk], owner=cast.dee.pk)
    assert assumed(visible_to(SYSTEM, Person).get(pk=maija.pk), "zone", cast.actor("dee")) is None
    assert assumed(visible_to(SYSTEM, Person).get(pk=maija.pk), "zone", cast.actor("eve")).value == "Europe/Paris"


def test_a_zone_that_does_not_exist_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="“Mars/Olympus” is not known as a time zone"):
        person(zone="Mars/Olympus")


# ── the light ────────────────────────────────────────────────────────────────────────────────────────────────────────


def told(who: Any, viewer: Viewer = GB, at: datetime = MONDAY) -> tuple[str, list[str]]:
    with clock.frozen(at):
        verdict, week = profile.callable_now(who, SYSTEM, viewer)
        asked = profile.asked_on(who, SYSTEM, viewer) if verdict.cause == "do_not_call" else None
        return verdict.state, sentences(verdict, week, viewer, asked=asked)


def test_the_light_says_why_in_words() -> None:
    maija = person(address={"city": "Turku", "country": "FI"})
    assert told(maija) == ("yes", ["Helsinki, Monday, 10:40: a good moment to call."])
    assert told(maija, at=datetime(2026, 11, 21, 19, 40, tzinfo=UTC)) == (
        "no",
        [
            "Helsinki, Saturday, 21:40: quiet hours (21:00–08:00).",
            "The next good moment, by your clock: 23 Nov 2026, 06:00.",
        ],
    )
    assert told(maija, at=datetime(2026, 12, 25, 9, 0, tzinfo=UTC))[1][0] == (
        "Helsinki, Friday, 11:00: public holiday (Finland: Christmas Day)."
    )


def test_the_week_end_is_named_in_the_language_of_the_viewer() -> None:
    zahra = person(address={"city": "تهران", "country": "IR"})
    assert told(zahra, at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))[1][0] == (
        "Tehran, Friday, 11:30: the days of the week-end there (Friday)."
    )


def test_whoever_may_not_see_the_mark_is_told_so_and_not_that_calling_is_fine(cast: Any) -> None:
    """Whether it is set or not: the same answer, which gives nothing away and lets nobody be called who asked not to be."""
    cast.hide("contacts.person", "do_not_call")
    with clock.frozen(MONDAY):
        for asked in (True, False):
            maija = change(SYSTEM, person(address={"city": "Turku", "country": "FI"}), do_not_call=asked)
            verdict, week = profile.callable_now(maija, cast.actor("eve"), GB)
            assert (verdict.state, verdict.cause, week.do_not_call) == ("unknown", "withheld", None)
            said = sentences(verdict, week, GB)
            assert said == ["Whether this person may be called is not for you to see. Ask a colleague who knows."]


def test_the_mark_do_not_call_says_since_when() -> None:
    with clock.frozen(MONDAY):
        maija = change(SYSTEM, person(address={"city": "Turku", "country": "FI"}), do_not_call=True)
    assert told(maija) == ("no", ["Do not call: this was asked for on 23 Nov 2026."])


def test_what_is_not_known_is_said_not_to_be_known() -> None:
    assert told(person()) == ("unknown", ["The time zone is not known, and so neither is the time of day there."])
    state, said = told(person(zone="Asia/Tokyo"), at=datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert state == "unknown"
    assert said == ["Tokyo, Monday, 12:00: the country is not known, and so neither are its week-end and holidays."]


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_column_local_time_takes_the_same_number_of_queries_for_3_people_and_for_30() -> None:
    def some(n: int) -> None:
        for i in range(n):
            firm = create(
                SYSTEM,
                "contacts.company",
                name=f"Firm {i} {n}",
                address={"city": "x", "country": ("FR", "IR", "BR")[i % 3]},
            )
            person(companies=[firm.pk])
            person(address={"city": "x", "country": ("FI", "SI", "US")[i % 3]})

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page = listing(SYSTEM, Person, columns=["name", "local_time"], limit=100)
        field = object_type("contacts.person").field("local_time")
        assert all(field.get(record).zone for record in page.records)
        return len(caught)

    some(3)
    few = queries()
    some(27)
    assert queries() == few


def test_the_column_is_asked_for_and_stands_in_the_list(client: Client, cast: Cast) -> None:
    person(address={"city": "Turku", "country": "FI"}, owner=cast.ada.pk)
    client.force_login(cast.ada)
    page = client.get("/people/?columns=name,local_time").content.decode()
    row = page.split('role="row" id="r')[1].split("</tr>")[0]
    assert "<time" in row
    assert 'class="lamp' in row
    assert "Local time" not in client.get("/people/").content.decode().split("<tbody")[0].split("<thead")[-1]


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_shows_own_and_usual_values_side_by_side_and_how_to_address_her(client: Client, cast: Cast) -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, language="sv", salutation="ms", owner=cast.ada.pk)
    client.force_login(cast.ada)
    for place in ("", "peek/", "facts/"):
        page = client.get(f"/people/{maija.pk}/{place}").content.decode()
        culture = page.split(f'id="a-{maija.pk}-culture"')[1]
        line = culture.split('<th scope="row">Language</th>')[1].split("</tr>")[0]
        assert "Swedish" in line
        assert "Finnish" in line
        assert "Bästa Maija Korhonen" in culture
        assert "Dear Ms Korhonen" in culture
        assert "Handshake with everybody" in culture
        assert f'hx-get="/people/{maija.pk}/additions/local-time/"' in page


def test_the_line_of_the_local_time_is_read_again_alone(client: Client, cast: Cast) -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, owner=cast.ada.pk)
    client.force_login(cast.ada)
    part = client.get(
        f"/people/{maija.pk}/additions/local-time/", HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="partial"
    )
    assert part.content.decode().startswith(f'<div class="addition head" id="a-{maija.pk}-local-time"')
    assert client.get(f"/people/{maija.pk}/additions/local-time/").status_code == 200
    assert client.get(f"/people/{maija.pk}/additions/nothing/").status_code == 404
    client.force_login(cast.dee)
    assert client.get(f"/people/{maija.pk}/additions/local-time/").status_code == 404


def test_a_hidden_name_is_not_said_by_a_salutation(cast: Cast) -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, owner=cast.eve.pk)
    cast.hide("contacts.person", "name")
    shown = panels.culture(cast.actor("eve"), maija, GB)
    assert shown is not None
    assert shown["greetings"] == []


# ── the label ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_label_abroad_is_in_latin_letters_with_the_country_last_and_at_home_in_ones_own(
    client: Client, cast: Cast
) -> None:
    sato = person(
        name={"given": "花子", "family": "佐藤", "latin_given": "Hanako", "latin_family": "Sato"},
        address={
            "street": "丸の内1-1", "city": "千代田区", "region": "東京都", "postal": "100-0001", "country": "JP",
            "latin": "1-1 Marunouchi\nChiyoda-ku, Tokyo 100-0001",
        },
        owner=cast.ada.pk,
    )  # fmt: skip
    client.force_login(cast.ada)
    page = client.get(f"/people/{sato.pk}/address/label/").content.decode()
    lines = [
        line.split("</bdi>")[0] for line in page.split('class="sheet"')[1].split("</address>")[0].split("<bdi>")[1:]
    ]
    assert lines == ["Sato Hanako", "1-1 Marunouchi", "Chiyoda-ku, Tokyo 100-0001", "JAPAN"]
    local = client.get(f"/people/{sato.pk}/address/label/?script=local").content.decode()
    assert "丸の内1-1" in local
    assert f'href="/people/{sato.pk}/address/label/"' in client.get(f"/people/{sato.pk}/").content.decode()


def test_only_addresses_have_labels_and_only_for_those_who_may_read_them(client: Client, cast: Cast) -> None:
    maija = person(address={"city": "Turku", "country": "FI"}, owner=cast.eve.pk)
    client.force_login(cast.eve)
    assert client.get(f"/people/{maija.pk}/address/label/").status_code == 200
    assert client.get(f"/people/{maija.pk}/name/label/").status_code == 404
    assert client.get(f"/people/{person(owner=cast.eve.pk).pk}/address/label/").status_code == 404
    cast.hide("contacts.person", "address")
    assert client.get(f"/people/{maija.pk}/address/label/").status_code == 404
