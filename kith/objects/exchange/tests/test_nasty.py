"""Whatever stands in the cells: each row is written or refused with a sentence, and the run ends."""

from __future__ import annotations

import csv
import io
import json
import random

import pytest

from kith.objects import exchange
from kith.objects.declare import object_type
from kith.objects.exchange import mapping
from kith.objects.query import visible_to

TOY = "toybox.toy"
NASTY = [
    "", " ", "0", "-1", "99999999999999999999999999", "1e400", "NaN", "١٢٣", "1.234,56", "1,234.56", "31.02.2024",
    "2024-02-30", "0000-00-00", "9999-12-31", "2024-13-01T25:61", "=1+1", "'=1", "@x", "+", "a@b", "a@b@c.de",
    "x@" + "d" * 300 + ".com", "http://", "javascript:alert(1)", "http://[::1", "//x", "#1",
    "#999999999999999999999", "#", "0", "; ; ;", "a;b;a", "a" * 70_000, "\x00", "a\x00b", "\ufffd",
    "\u202e\u200b", "𝒳😀", "İıŞ", "<script>", "{{ x }}", "%(x)s", "%s", "given=A | family=B", "street=X | city=",
    "|||", "\\", "True", "no", "XX", "EUR", "12 XXX", "+358401234567 (mobile, primary, nonsense)", "(((",
    "\r\n\r\n", "\t", "None", "null", "[]", '{"a": 1}',
    "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22",
]  # fmt: skip


def rows_of(columns, seed, n):
    chance = random.Random(seed)
    rows = [[chance.choice(NASTY) if chance.random() < 0.15 else "" for _column in columns] for _n in range(n)]
    # Every nasty text meets every column at least once.
    for index, text in enumerate(NASTY):
        row = [""] * len(columns)
        row[(index + seed) % len(columns)] = text
        rows.append(row)
    for row in rows:
        row[0] = row[0] or "Somebody"
    return rows


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("bad_cells", ["refuse", "leave"])
def test_nothing_that_stands_in_a_cell_stops_an_import(bring, system, form, seed, bad_cells):
    known = mapping.targets(system, object_type(TOY))
    columns = ["name", *(path for path in known if path not in ("@id", "@version", "@key", "name"))]
    rows = rows_of(columns, seed, 20)
    if form == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows([columns, *rows])
        data = out.getvalue().encode()
    else:
        data = json.dumps([dict(zip(columns, row, strict=True)) for row in rows]).encode()
    done = bring(TOY, data, system, {column: column for column in columns}, match=[], bad_cells=bad_cells)
    account = exchange.report(done, limit=10_000)
    # Friends that rows name are made as well.
    assert 0 < account.counts["created"] <= visible_to(system, TOY).count()
    assert account.counts["refused"] > 0
    for problem in account.problems:
        assert problem.reason.strip()
        assert "\x00" not in problem.reason + problem.column
    b"".join(exchange.error_file(done)).decode()


def test_an_object_that_holds_blanks_alone_is_no_row(bring, system):
    """As an empty line of a table is none: what was announced is what is done."""
    done = bring(TOY, b'[{"name": "Ball"}, {"name": " "}, {}]', system, {"name": "name"}, match=[])
    assert exchange.report(done).counts["created"] == exchange.report(done).rows == 1
