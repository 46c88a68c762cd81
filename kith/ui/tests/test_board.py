"""The board: what its columns hold and add up to, what it costs, and how a card moves."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.events.models import Event
from kith.kernel import clock
from kith.objects.custom import definitions
from kith.objects.query import visible_to
from kith.objects.write import Draft, change, write

from .conftest import SEED

BOARD = "/toys/?layout=board&by=state"


def toys(n: int, **values: Any) -> list[Any]:
    outcomes = write(SEED, "toybox.toy", [Draft({"name": f"Toy {i:03}", **values}) for i in range(n)])
    assert all(o.ok for o in outcomes), [o.error for o in outcomes if not o.ok]
    return [o.record for o in outcomes]


def column(answer: Any, number: int) -> str:
    """One column of a board as HTML."""
    found = re.search(rf'<section class="col[^"]*" id="col-{number}".*?</section>', answer.content.decode(), re.DOTALL)
    return found[0] if found else ""


def cards(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'class="dc[^"]*" data-id="(\d+)"', html)]


def sum_of(html: str) -> str:
    """The full amount in the head of a column."""
    found = re.search(r'class="tt"><b><bdi class="num" title="([^"]*)"', html)
    return found[1].replace("\xa0", " ") if found else ""


def places(html: str) -> dict[int, tuple[int, int | None]]:
    """Of cards that were sent by themselves: record → its column, and the record that it follows, 0 for none."""
    found = re.findall(r'data-id="(\d+)"[^>]* data-column="(\d+)"(?: data-after="(\d+)")?', html)
    return {int(pk): (int(column), int(after) if after else None) for pk, column, after in found}


def test_each_option_is_a_column_with_its_name_count_and_cards(sign_in: Any, cast: Any) -> None:
    new, used = toys(3, state="new"), toys(1, state="used")
    answer = sign_in("eve").get(BOARD)
    assert answer.status_code == 200
    assert set(cards(column(answer, 0))) == {t.pk for t in new}
    assert cards(column(answer, 1)) == [used[0].pk]
    assert cards(column(answer, 2)) == []
    head = re.sub(r"<[^>]+>|\s+", " ", column(answer, 0))
    assert "New 3" in re.sub(r"\s+", " ", head)
    assert 'href="/toys/new/?state=new&amp;stay=1"' in column(answer, 0)
    # What is in none of the columns has one of its own, which is there only when it is needed.
    assert "Not set" not in answer.content.decode()
    toys(1)
    assert "Not set" in sign_in("eve").get(BOARD).content.decode()


def test_heads_add_up_in_the_base_currency_and_weigh_by_probability(sign_in: Any, cast: Any) -> None:
    from kith.objects.declare import object_type
    from kith.objects.looks import look

    toys(2, state="new", price="1000 EUR")
    toys(1, state="new", price="7 EUR")
    look(cast.actor("admin"), object_type("toybox.toy").field("state"), "new", facts={"probability": 25})
    definitions.refresh()
    head = column(sign_in("eve").get(BOARD), 0)
    assert sum_of(head) == "€2,007.00"
    assert "25%" in head
    assert 'title="€501.75"' in head


def test_a_hidden_amount_is_in_no_card_and_no_head(sign_in: Any, cast: Any) -> None:
    toys(2, state="new", price="1000 EUR")
    cast.hide("toybox.toy", "price")
    page = sign_in("eve").get(BOARD).content.decode()
    assert "€1" not in page
    assert "2,000" not in page
    assert 'class="tt"' not in page
    cast.hide("toybox.toy", "state")
    answer = sign_in("eve").get(BOARD)
    assert answer.status_code == 400
    assert "has no field" in answer.content.decode()


def test_a_board_costs_as_many_queries_for_many_cards_as_for_few(sign_in: Any, cast: Any, box: Any) -> None:
    client = sign_in("ada")
    inside = write(SEED, box, [Draft({"name": "Chest", "owner": cast.ada.pk})])[0].record

    def queries(n: int) -> int:
        for state in ("new", "used", "lost", ""):
            toys(n, state=state, owner=cast.ada.pk, box=inside.pk, price="5 USD")
        client.get(BOARD)
        with CaptureQueriesContext(connection) as found:
            assert client.get(BOARD).status_code == 200
        return len(found)

    few = queries(2)
    assert queries(20) == few
    assert few <= 30


def test_a_column_shows_twenty_five_cards_and_the_others_follow_once_each(
    sign_in: Any, cast: Any, hx: dict[str, str]
) -> None:
    made = toys(60, state="new")
    client = sign_in("eve")
    answer = client.get(f"{BOARD}&sort=name")
    seen = cards(column(answer, 0))
    assert len(seen) == 25
    while found := re.search(r'data-cards-more hx-get="([^"]+)"', answer.content.decode()):
        answer = client.get(found[1].replace("&amp;", "&"), **hx)
        seen += cards(answer.content.decode())
    assert seen == [t.pk for t in made]


def test_cards_say_how_long_they_stand_and_old_ones_say_that_it_is_too_long(sign_in: Any, cast: Any) -> None:
    from kith.objects.declare import object_type
    from kith.objects.looks import look

    start = clock.now()
    with clock.frozen(start - timedelta(days=12)):
        (old,) = toys(1, state="used")
    (fresh,) = toys(1, state="used")
    # A change of something else does not make it younger.
    change(SEED, old, pieces=3)
    look(cast.actor("admin"), object_type("toybox.toy").field("state"), "used", facts={"limit": 10})
    definitions.refresh()
    html = column(sign_in("eve").get(BOARD), 1)
    of = {int(m[2]): m[0] for m in re.finditer(r'<li class="dc( rot)?" data-id="(\d+)".*?</li>', html, re.DOTALL)}
    assert 'class="dc rot"' in of[old.pk]
    assert "Too long in this column: 12 days" in of[old.pk]
    assert "rot" not in of[fresh.pk].split(">")[0]
    assert "In this column for 0 days" in of[fresh.pk]


def test_a_move_changes_the_field_says_so_and_can_be_undone(sign_in: Any, cast: Any, hx: dict[str, str]) -> None:
    (toy,) = toys(1, state="new", price="40 EUR")
    client = sign_in("eve")
    answer = client.post(f"/toys/{toy.pk}/move/?layout=board&by=state", {"to": "used", "version": toy.version}, **hx)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "was moved to “Used”" in html
    assert sum_of(re.search(r'id="ch-1".*?</header>', html, re.DOTALL)[0]) == "€40.00"  # type: ignore[index]
    assert json.loads(answer.headers["HX-Trigger"])["kith:changed"]["ids"] == [toy.pk]
    assert places(html) == {toy.pk: (1, 0)}
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).state == "used"
    cause = re.search(r'name="cause" value="([^"]+)"', html)[1]  # type: ignore[index]
    assert client.post("/undo/", {"cause": cause}, **hx).status_code == 200
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).state == "new"


def test_a_refused_move_changes_nothing_and_says_why(sign_in: Any, cast: Any, hx: dict[str, str]) -> None:
    (toy,) = toys(1, state="new", owner=cast.ada.pk)
    url = f"/toys/{toy.pk}/move/?layout=board&by=state"
    assert sign_in("dee").post(url, {"to": "used"}, **hx).status_code == 404
    cast.hide("toybox.toy", "state", rule="read_only")
    assert sign_in("eve").post(url, {"to": "used"}, **hx).status_code == 403
    assert sign_in("ada").post(url, {"to": "nowhere"}, **hx).status_code in (400, 422)
    assert sign_in("ada").post(url, {"to": ""}, **hx).status_code in (400, 422)
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).state == "new"
    assert not Event.objects.filter(record=toy.pk, object="toybox.toy", name="changed").exists()


def test_who_moves_what_somebody_else_just_moved_is_told(sign_in: Any, cast: Any, hx: dict[str, str]) -> None:
    (toy,) = toys(1, state="new", owner=cast.ada.pk)
    change(cast.actor("ben"), toy, state="lost")
    answer = sign_in("ada").post(
        f"/toys/{toy.pk}/move/?layout=board&by=state", {"to": "used", "version": toy.version}, **hx
    )
    assert answer.status_code == 409
    assert "Ben changed this to “Lost”" in answer.content.decode()
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).state == "lost"


def test_without_scripts_a_card_moves_by_a_form(sign_in: Any, cast: Any) -> None:
    (toy,) = toys(1, state="new")
    client = sign_in("eve")
    page = client.get(f"/toys/{toy.pk}/move/?by=state").content.decode()
    assert 'name="to" value="used"' in page
    answer = client.post(f"/toys/{toy.pk}/move/?by=state", {"to": "used"})
    assert answer.status_code == 302
    assert visible_to(SEED, "toybox.toy").get(pk=toy.pk).state == "used"


def test_a_board_stands_by_colleagues_links_and_yes_or_no(sign_in: Any, cast: Any, boxes: Any) -> None:
    (inside,) = boxes(1)
    toys(1, owner=cast.ada.pk, fragile=True, box=inside.pk)
    client = sign_in("eve")
    for by, said in (("owner", "Ada"), ("fragile", "Yes"), ("box", "Box 000")):
        answer = client.get(f"/toys/?layout=board&by={by}")
        assert answer.status_code == 200, by
        filled = [c for c in (column(answer, n) for n in range(9)) if cards(c)]
        assert len(filled) == 1, by
        assert said in filled[0]
    assert client.get("/toys/?layout=board&by=price").status_code == 400
    assert client.get("/toys/?layout=board&by=country").status_code == 400


def test_a_link_to_many_records_makes_no_board(sign_in: Any, boxes: Any) -> None:
    boxes(21)
    answer = sign_in("eve").get("/toys/?layout=board&by=box")
    assert answer.status_code == 400
    assert "has too many values for a board" in answer.content.decode()


def test_columns_look_as_administrators_decide_and_others_may_not(sign_in: Any, cast: Any) -> None:
    toys(1, state="new")
    url = "/toys/board/state/look/?value=lost"
    assert sign_in("eve").get(url).status_code == 403
    client = sign_in("admin")
    assert "Column “Lost”" in client.get(url).content.decode()
    wrong = client.post(url, {"place": "1", "probability": "101", "limit": "", "hue": "145", "version": "0"})
    assert wrong.status_code == 422
    assert "Write a number from 0 to 100." in wrong.content.decode()
    right = client.post(url, {"place": "1", "probability": "5", "limit": "3", "hue": "145", "version": "0"})
    assert right.status_code == 302
    answer = sign_in("eve").get(BOARD)
    assert "Lost" in column(answer, 0)
    assert "--h:145" in column(answer, 0)
    assert "board/state/look" not in answer.content.decode()
    late = client.post(url, {"place": "2", "probability": "5", "limit": "3", "hue": "20", "version": "0"})
    assert "Somebody else changed these columns" in late.content.decode()


def test_filters_and_search_narrow_a_board_as_they_narrow_a_table(sign_in: Any, cast: Any) -> None:
    made = toys(3, state="new")
    change(SEED, made[1], pieces=99)
    answer = sign_in("eve").get(f"{BOARD}&filter=pieces:is:99")
    assert cards(column(answer, 0)) == [made[1].pk]
    assert sign_in("eve").get(f"{BOARD}&filter=nothing:is:99").status_code == 400


def test_a_move_asks_for_what_its_column_wants_and_brings_both_in_one_step(
    sign_in: Any, cast: Any, hx: dict[str, str]
) -> None:
    (toy,) = toys(1, state="new")
    url = "/toys/board/state/look/?value=lost"
    form = {
        "place": "3",
        "probability": "",
        "limit": "",
        "version": "0",
        "asks": ["nickname", "id", "state", "nothing"],
    }
    assert sign_in("admin").post(url, form).status_code == 302
    assert re.search(r'value="nickname"\s+checked', sign_in("admin").get(url).content.decode())
    client = sign_in("eve")
    move = f"/toys/{toy.pk}/move/?layout=board&by=state"
    answer = client.post(move, {"to": "lost", "version": toy.version}, **hx)
    assert answer.status_code == 422
    asked = json.loads(answer.headers["HX-Trigger"])["kith:ask"]["url"]
    page = client.get(asked, **hx).content.decode()
    assert 'name="nickname"' in page
    assert 'name="id"' not in page
    wrong = client.post(asked, {"to": "lost", "fields": "nickname", "nickname": ""}, **hx)
    assert wrong.status_code == 422
    assert "Nickname is required." in wrong.content.decode()
    assert client.post(asked, {"to": "lost", "fields": "nickname", "nickname": "Broken"}, **hx).status_code == 200
    found = visible_to(SEED, "toybox.toy").get(pk=toy.pk)
    assert (found.state, found.nickname) == ("lost", "Broken")


def test_cards_say_what_comes_next_and_how_it_stands(sign_in: Any, cast: Any) -> None:
    today = clock.today("UTC")
    stands = {
        "none": toys(1, state="new")[0],
        "ok": toys(1, state="new", plan="Wind it up", plan_on=today + timedelta(days=9))[0],
        "today": toys(1, state="new", plan="Wind it up", plan_on=today)[0],
        "late": toys(1, state="new", plan="Wind it up", plan_on=today - timedelta(days=3))[0],
    }
    html = column(sign_in("eve").get(BOARD), 0)
    of = {int(m[1]): m[0] for m in re.finditer(r'<li class="dc" data-id="(\d+)".*?</li>', html, re.DOTALL)}
    for state, toy in stands.items():
        assert f'class="st {state}"' in of[toy.pk], state
    assert "No next step" in of[stands["none"].pk]
    assert "Overdue" in of[stands["late"].pk]
    cast.hide("toybox.toy", "plan")
    assert "Wind it up" not in sign_in("eve").get(BOARD).content.decode()


def test_cards_that_others_changed_are_told_their_places_in_the_order_of_the_column(
    sign_in: Any, cast: Any, hx: dict[str, str]
) -> None:
    made = toys(30, state="new")
    client = sign_in("eve")
    url = "/toys/board/cards/?layout=board&by=state&sort=name"
    with CaptureQueriesContext(connection) as few:
        answer = client.get(f"{url}&ids={made[2].pk},{made[1].pk},{made[28].pk}", **hx)
    told = places(answer.content.decode())
    assert list(told) == [made[1].pk, made[2].pk, made[28].pk]
    # Beyond the first cards a card has no place among them.
    assert list(told.values()) == [(0, made[0].pk), (0, made[1].pk), (0, None)]
    assert places(client.get(BOARD).content.decode()) == {}, "on the page a card's place says itself"
    with CaptureQueriesContext(connection) as many:
        client.get(f"{url}&ids={','.join(str(t.pk) for t in made)}", **hx)
    assert len(many) <= len(few)
