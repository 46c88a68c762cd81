"""The history that the European Central Bank published, loaded from the package's file."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from kith.objects.rates import PublishedSheet, published

pytestmark = pytest.mark.django_db


def packed(path: Path, *lines: str) -> Path:
    """A file as the bank gives it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "\n".join(lines) + "\n")
    path.write_bytes(made.getvalue())
    return path


def test_the_whole_history_is_there_after_the_migration():
    first = PublishedSheet.objects.get(day=date(1999, 1, 4))
    assert first.rates["USD"] == "1.1789"
    assert first.rates["SIT"] == "189.045"
    assert PublishedSheet.objects.count() > 7000
    assert sum(len(s.rates) for s in PublishedSheet.objects.all()) > 200_000


def test_loading_the_same_file_again_writes_nothing():
    assert published.load() == 0


def test_a_newer_file_adds_days_and_mends_old_ones(tmp_path: Path):
    newest = published.newest_day()
    assert newest is not None
    file = packed(
        tmp_path / "a.zip",
        "Date,USD,JPY,XXX,",
        "2099-01-02,1.5,N/A,0,",
        "1999-01-04,1.2000,133.73,N/A,",
        "not a day,1,1,1,",
        "1999-01-05,much,,-3,",
    )
    assert published.load(file) == 2
    assert published.load(file) == 0
    assert PublishedSheet.objects.get(day=date(2099, 1, 2)).rates == {"USD": "1.5"}
    assert PublishedSheet.objects.get(day=date(1999, 1, 4)).rates == {"USD": "1.2000", "JPY": "133.73"}
    assert PublishedSheet.objects.get(day=date(1999, 1, 5)).rates["USD"] == "1.179"
    assert published.newest_day() == date(2099, 1, 2)


def test_an_older_file_changes_nothing(tmp_path: Path):
    file = packed(tmp_path / "old.zip", "Date,USD,", "1999-01-04,9.9,")
    assert published.load(file) == 0
    assert PublishedSheet.objects.get(day=date(1999, 1, 4)).rates["USD"] == "1.1789"


def test_a_month_of_one_currency():
    rows = published.month_of("USD", date(2015, 2, 1), date(2015, 2, 28))
    assert (date(2015, 2, 12), "1.1328") in rows
    assert [day for day, _rate in rows] == sorted((day for day, _rate in rows), reverse=True)
    assert published.span_of("SIT") == (date(1999, 1, 4), date(2006, 12, 29))
    assert published.span_of("IRR") is None
