"""Lists as streams: CSV as files have it, and NDJSON, a record a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from kith.identity import tokens
from kith.kernel import guarded
from kith.kernel.errors import Refused
from kith.objects.declare import ObjectType
from kith.objects.exchange import exporting
from kith.threads.download import attachment

from .asking import Asked
from .records import blaming, shape_of
from .shapes import Shape
from .wire import encoded

PARAMETERS = ("format", "filter", "sort", "search", "fields")
FORMATS = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


def export(asked: Asked, o: ObjectType) -> HttpResponseBase:
    """Every record that a filter leaves and the caller may take away, page by page."""
    given = asked.only(*PARAMETERS)
    form = given.get("format", "ndjson")
    with asked.about("format"):
        if form not in FORMATS:
            raise Refused(_("The format is “ndjson” or “csv”."))
    narrowing: dict[str, Any] = {name: given.get(name, "") for name in ("filter", "sort", "search")}
    names = asked.names("fields", 200)
    with guarded.tracking("audit"), blaming(asked, o):
        if form == "csv":
            chunks = exporting.export(asked.actor, o, "csv", columns=names, bom=False, viewer=asked.viewer, **narrowing)
        else:
            shape = shape_of(asked, o)
            pages = exporting.pages(
                asked.actor, o, "ndjson", columns=[f.name for f in shape.fields], viewer=asked.viewer, **narrowing
            )
            chunks = _lines(shape, pages)
    return attachment(_while_open(asked, chunks), f"{o.slug}.{form}", FORMATS[form])


def _lines(shape: Shape, pages: Iterator[list[Any]]) -> Iterator[bytes]:
    for records in pages:
        yield b"".join(encoded(sent) + b"\n" for sent in shape.records(records))


class Ended(Exception):
    """The token of a stream was revoked: what was sent until then is not the whole, and the connection says so by breaking off."""


def _while_open(asked: Asked, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if not tokens.still_opens(asked.token.prefix):
            raise Ended("The token by which this was asked for has ended.")
        yield chunk
