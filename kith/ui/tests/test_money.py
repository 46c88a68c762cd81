"""Money on screens: totals below a list, what an amount is worth on its record, and the page of rates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kith.kernel import clock
from kith.objects.write import create

from .conftest import SEED

AT = clock.now().replace(year=2015, month=2, day=12, hour=12)


@pytest.fixture
def prices(cast: Any) -> Iterator[list[Any]]:
    with clock.frozen(AT):
        yield [
            create(SEED, "toybox.toy", name=f"Toy {n}", price=price, owner=cast.ada.pk)
            for n, price in enumerate(["113.28 USD", "100 EUR", "13572 JPY", "5 IRR"])
        ]


def test_a_list_asks_for_its_totals_after_the_page(sign_in: Any, prices: Any):
    page = sign_in("ada").get("/toys/?sort=price&filter=price:filled").content.decode()
    assert 'hx-get="/toys/totals/?filter=price:filled&amp;sort=price"' in page
    assert 'hx-trigger="load"' in page
    assert "€" not in page.split('class="tots"')[1].split("</div>")[0]
    assert "totals/" not in sign_in("ada").get("/toys/?columns=nickname").content.decode()


def test_the_totals_say_what_they_are_made_of(sign_in: Any, prices: Any, hx: Any):
    said = sign_in("ada").get("/toys/totals/", **hx).content.decode()
    assert "€300.00" in said
    for words in ("USD", "JPY", "No rate", "Rate of 12 Feb 2015", "1 amount is left out", "without 1 amount", "IRR"):
        assert words in said, words
    whole = sign_in("ada").get("/toys/totals/?filter=price.base:at_least:100").content.decode()
    assert "<title>" in whole
    assert "left out" not in whole


def test_totals_are_of_what_one_may_see(sign_in: Any, prices: Any, cast: Any, hx: Any):
    assert "€300.00" not in sign_in("dee").get("/toys/totals/", **hx).content.decode()
    cast.hide("toybox.toy", "price")
    assert "€" not in sign_in("eve").get("/toys/totals/", **hx).content.decode()


def test_an_amount_says_what_it_is_worth_on_its_record(sign_in: Any, prices: Any):
    dollars = sign_in("ada").get(f"/toys/{prices[0].pk}/").content.decode()
    assert "≈ €100.00" in dollars
    assert "At the rate of 12 Feb 2015: 1 USD = 0.882768362 EUR" in dollars
    for other in (1, 3):
        assert "≈" not in sign_in("ada").get(f"/toys/{prices[other].pk}/").content.decode()


def test_the_page_of_rates_says_where_a_rate_comes_from(sign_in: Any):
    ada = sign_in("ada")
    said = ada.get("/settings/rates/?currency=USD&against=JPY&day=2015-02-15").content.decode()
    assert "1 USD = 119.022933" in said
    assert "European Central Bank" in said
    assert "13 Feb 2015" in said
    assert "February 2015" in said
    assert "day=2015-01-31" in said


def test_what_nobody_knows_is_said(sign_in: Any):
    said = sign_in("ada").get("/settings/rates/?currency=IRR&day=2015-02-12").content.decode()
    assert "Nobody knows a rate for this day." in said


@pytest.mark.parametrize(
    "query", ["currency=XQZ", "day=yesterday-ish", "day=9999-12-31", "currency=%00", "against=" + "x" * 400]
)
def test_bad_questions_get_a_sentence(sign_in: Any, query: str):
    assert sign_in("ada").get(f"/settings/rates/?{query}").status_code in (400, 422)


def test_rates_come_from_files_and_bad_rows_are_refused_with_a_sentence(sign_in: Any, cast: Any):
    import io

    from kith.events.runs import execute
    from kith.objects.exchange import accept, begin
    from kith.objects.exchange.models import Problem
    from kith.objects.query import listing

    lines = [
        "currency,in currency,rate,day",
        "EUR,AED,4.10,2026-01-05",
        "EUR,AED,0,2026-01-06",
        "EUR,AED,4.2,2999-01-01",
        "EUR,XQZ,4.2,2026-01-07",
        "EUR,AED,4.11,2026-01-05",
    ]
    import_ = accept(cast.actor("admin"), "objects.rate", io.BytesIO("\n".join(lines).encode()), "rates.csv")
    execute(begin(cast.actor("admin"), import_).pk)
    assert len(listing(SEED, "objects.rate").records) == 1
    told = " ".join(str(vars(p)) for p in Problem.objects.all())
    for words in ("above zero", "has not come yet", "not known as a currency"):
        assert words in told, words


def test_the_worth_of_an_amount_can_be_asked_in_a_filter(sign_in: Any, prices: Any, hx: Any):
    ada = sign_in("ada")
    # The list leads to the menu of what can be asked, and the menu to the worth.
    assert 'href="/toys/filter/"' in ada.get("/toys/").content.decode()
    assert 'href="/toys/filter/?field=price.base"' in ada.get("/toys/filter/", **hx).content.decode()
    assert ada.get("/toys/filter/?field=price.base&op=at_least", **hx).status_code == 200
    asked = ada.get("/toys/?f=price.base&op=at_least&v=100", follow=True)
    said = asked.content.decode()
    assert asked.status_code == 200
    assert "Price · In the base currency" in said
    assert "Toy 0" in said
    assert "Toy 3" not in said
