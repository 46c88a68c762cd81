"""What a record was: its history, two versions beside each other, one field taken back; and the address of an entry."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kith.events.models import Event
from kith.kernel.actor import System
from kith.objects.query import find
from kith.objects.write import change, create
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SEED = System("test")


@pytest.fixture
def told(cast: Cast) -> Any:
    """A box that was Attic, then Loft, then Cellar."""
    made = create(cast.actor("ada"), "toybox.box", name="Attic", country="FI")
    made = change(cast.actor("ada"), made, name="Loft")
    return change(cast.actor("ben"), made, name="Cellar", country="SI")


def events(box: Any) -> list[int]:
    return list(Event.objects.filter(object="toybox.box", record=box.pk).order_by("pk").values_list("pk", flat=True))


def test_one_field_goes_back_to_what_it_was_before_a_change_and_the_rest_stays(sign_in: Any, told: Any) -> None:
    ada, (_made, loft, cellar) = sign_in("ada"), events(told)
    page = ada.get(f"/boxes/{told.pk}/history/").content.decode()
    assert f'value="{loft}:name:old"' in page
    answer = ada.post(f"/boxes/{told.pk}/history/", {"take": f"{loft}:name:old", "version": "3"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/boxes/{told.pk}/?tab=history")
    now = find(SEED, "toybox.box", told.pk)
    assert (now.name, now.country) == ("Attic", "SI")
    assert ada.post(f"/boxes/{told.pk}/history/", {"take": f"{cellar}:country:old", "version": "4"}).status_code == 302
    assert find(SEED, "toybox.box", told.pk).country == "FI"


def test_any_two_versions_stand_beside_each_other(sign_in: Any, told: Any) -> None:
    made, _loft, cellar = events(told)
    page = sign_in("ada").get(f"/boxes/{told.pk}/history/?a={cellar}&b={made}").content.decode()
    compared = page[page.index('class="cmpd"') : page.index("</form>", page.index('class="cmpd"'))]
    assert compared.index("Attic") < compared.index("Cellar")
    assert "Finland" in compared
    assert "Slovenia" in compared
    assert "Loft" not in compared
    assert f'value="{made}:name:new"' in compared


def test_what_a_colleague_changed_meanwhile_is_said_and_not_overwritten(sign_in: Any, told: Any, cast: Cast) -> None:
    _made, loft, _cellar = events(told)
    change(cast.actor("ben"), told, name="Shed")
    answer = sign_in("ada").post(f"/boxes/{told.pk}/history/", {"take": f"{loft}:name:old", "version": "3"})
    assert answer.status_code == 409
    assert "Ben changed this to “Shed”" in answer.content.decode()
    assert find(SEED, "toybox.box", told.pk).name == "Shed"


def test_a_hidden_field_has_no_history_and_is_not_taken_back(sign_in: Any, told: Any, cast: Cast) -> None:
    cast.hide("toybox.box", "country")
    eve, (made, _loft, cellar) = sign_in("eve"), events(told)
    for query in ("", f"?a={made}&b={cellar}"):
        page = eve.get(f"/boxes/{told.pk}/history/{query}").content.decode()
        assert "Slovenia" not in page
        assert "Finland" not in page
    assert eve.post(f"/boxes/{told.pk}/history/", {"take": f"{cellar}:country:old"}).status_code == 404


def test_events_of_other_records_are_no_versions_of_this_one(sign_in: Any, told: Any, cast: Cast) -> None:
    other = create(cast.actor("olga") if hasattr(cast, "olga") else SEED, "toybox.box", name="Secret")
    (far,) = events(other)
    ada, (made, *_rest) = sign_in("ada"), events(told)
    assert ada.get(f"/boxes/{told.pk}/history/?a={made}&b={far}").status_code == 404
    assert ada.post(f"/boxes/{told.pk}/history/", {"take": f"{far}:name:new"}).status_code == 404
    assert ada.post(f"/boxes/{told.pk}/history/", {"take": "x"}).status_code in (400, 422)


def test_an_entry_older_than_the_first_page_is_shown_by_its_address(sign_in: Any, told: Any, cast: Cast) -> None:
    first, box = events(told)[0], told
    for n in range(30):
        box = change(cast.actor("ada" if n % 2 else "ben"), box, name=f"Box {n}")
    ada = sign_in("ada")
    assert f'id="e{first}"' not in ada.get(f"/boxes/{box.pk}/").content.decode()
    page = ada.get(f"/boxes/{box.pk}/?event={first}").content.decode()
    assert f'id="e{first}"' in page
    assert "Show the newest" in page
    assert re.search(rf'class="ev asked" id="e{first}"', page)
    new = events(box)[-1]
    assert re.search(rf'class="ev asked" id="e{new}"', ada.get(f"/boxes/{box.pk}/?event={new}").content.decode())
    assert ada.get(f"/boxes/{box.pk}/?event=99999999").status_code == 200


def test_changes_by_one_person_in_a_row_fold_and_the_timeline_is_narrowed_to_one_person(
    sign_in: Any, told: Any, cast: Cast
) -> None:
    box = change(cast.actor("ada"), told, name="One")
    box = change(cast.actor("ada"), box, country="DE")
    page = sign_in("ada").get(f"/boxes/{box.pk}/").content.decode()
    assert "2 changes: Country and Name" in page
    bens = sign_in("ada").get(f"/boxes/{box.pk}/story/?by=user:{cast.ben.pk}").content.decode()
    assert "Slovenia" in bens
    assert "Germany" not in bens


def test_the_panel_beside_a_list_knows_the_place_and_the_neighbours_of_the_list_that_is_shown(
    sign_in: Any, boxes: Any, hx: Any
) -> None:
    made = boxes(4)
    ada = sign_in("ada")
    part = ada.get(f"/boxes/{made[1].pk}/peek/?in=sort%3D-name", **hx).content.decode()
    assert "3 of 4" in part
    assert f'data-beside="-1" data-to="{made[2].pk}"' in part
    assert f'data-beside="1" data-to="{made[0].pk}"' in part
