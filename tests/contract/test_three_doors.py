"""A record made by a form, by a program and by a file is one and the same record, and the ledger says the same of it.

Of every object, with a value in every field that can be written and with none but those that it needs, for somebody who reads English and
for somebody who reads Persian: every column of the row, every link, what searching finds it by, all that happened, and who is told of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client

from kith.api.tests.programs import Program
from kith.events.models import About, Delivery, Event
from kith.events.runs import execute
from kith.kernel import clock
from kith.kernel.errors import Refused
from kith.objects import exchange
from kith.objects.columns import ManyLinksColumn
from kith.objects.declare import Field, ObjectType, object_type
from kith.objects.exchange import exporting
from kith.objects.query import visible_to
from kith.objects.search.models import SearchRow
from kith.objects.write import Draft, create, write
from tests.cast import Cast

from .conftest import SYSTEM as SEED
from .conftest import example, some
from .test_exchange import values
from .test_screens import Sent

pytestmark = pytest.mark.django_db

#: What a door says of itself: that a file was written.
OF_DOORS = (exporting.Exported.name,)
Made = dict[str, Any]
Way = Callable[[], None]


def test_a_form_a_program_and_a_file_make_the_same_record(o: ObjectType, cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    program = Program(cast.actor("admin"))
    full = _given(o, cast)
    with clock.frozen(clock.now()):
        for language, given, every in (("en", full, True), ("en", _needed(o, cast, full), False), ("fa", full, False)):
            type(cast.admin).objects.filter(pk=cast.admin.pk).update(language=language)
            expected, ways = _pattern(o, cast, client, program, given)
            assert expected["happened"], "the ledger tells of it"
            for way in ways if every else ways[:3]:
                assert _tried(o, way) == expected, f"{way.__name__}, {language}, {len(given)} values"


def _given(o: ObjectType, cast: Cast) -> dict[str, Any]:
    """A value for every field that can be written; whoever looks after it is somebody else; links lead to records of different names."""
    given = example(o, 1, cast.actor("admin"))
    if o.owner_field is not None and o.owner_field.writable:
        given[o.owner_field.name] = cast.ben.pk
    linked: dict[str, dict[str, int]] = {}
    for field in o.fields.values():
        if not (field.writable and field.target and field.target != "identity.user"):
            continue
        there = linked.setdefault(field.target, {})
        many = bool(field.kind.multiple or isinstance(field, ManyLinksColumn))
        made = [_another(field, there) for _one in range(2 if many else 1)]
        given[field.name] = made if many else made[0]
    for key, there in linked.items():
        # Examples make several records of one name, and a file has only names.
        target = object_type(key)
        for other in visible_to(SEED, target):
            if other.pk not in there.values() and target.title_of(other) in there:
                write(SEED, target, [Draft(record=other, verb="remove")])
    return given


def _needed(o: ObjectType, cast: Cast, full: dict[str, Any]) -> dict[str, Any]:
    """Of these values, those without which the object or a rule of its room refuses a record."""
    needed = {name: value for name, value in full.items() if o.fields[name].required or name == o.title}
    while True:
        try:
            with transaction.atomic():
                create(cast.actor("admin"), o, needed)
                transaction.set_rollback(True)
                return needed
        except Refused as refusal:
            asked = {name: full[name] for name in refusal.errors if name in full and name not in needed}
            if not asked:
                raise
            needed |= asked


def _another(field: Field, there: dict[str, int]) -> int:
    """One more record to link to, with a name that none of `there` has."""
    target = object_type(field.target)
    for n in range(50, 90):
        made = some(target, n)
        if (title := target.title_of(made)) not in there:
            there[title] = made.pk
            return int(made.pk)
    raise AssertionError(f"{target.key} has too few names.")


def _pattern(
    o: ObjectType, cast: Cast, client: Client, program: Program, given: dict[str, Any]
) -> tuple[Made, list[Way]]:
    """A record as the write path makes it, gone afterwards; and the ways to make one by what each door said of it."""
    admin = cast.actor("admin")
    with transaction.atomic():
        before = _last()
        pattern = create(admin, o, given)
        expected = _looked_at(o, pattern.pk, before)
        page = client.get(f"{o.url(pattern.pk)}edit/").content.decode()
        got = program.get(f"/{o.slug}/{pattern.pk}").said["values"]
        files = [b"".join(exchange.export(admin, o, form, ids=False, only=[pattern.pk])) for form in ("json", "csv")]
        transaction.set_rollback(True)
    form = {
        name: sent
        for name, sent in Sent(page, "/edit/").values.items()
        if not name.endswith(".base") and name != "version"
    }
    writable = {name: value for name, value in got.items() if o.fields[name].writable}
    assert set(given) <= set(writable), "a program sees whatever can be written"

    def by_form() -> None:
        answer = client.post(f"{o.url()}new/", {**form, "once": "by-form"})
        assert answer.status_code in (200, 302, 303), answer.content.decode()[-800:]

    def by_program(sent: dict[str, Any] = writable) -> None:
        answer = program.post(f"/{o.slug}", {"values": sent})
        assert answer.status_code == 201, answer.written

    def by_program_that_leaves_out_what_is_empty() -> None:
        by_program({name: value for name, value in writable.items() if name in given})

    def by_bulk() -> None:
        (told,) = program.post(f"/{o.slug}/bulk", {"records": [{"values": writable}]}).said["data"]
        assert told["state"] == "created", told

    def by_json_file() -> None:
        brought(files[0])

    def by_csv_file() -> None:
        brought(files[1])

    def brought(file: bytes) -> None:
        import_ = exchange.accept(admin, o, io.BytesIO(file), "file")
        exchange.save_mapping(admin, import_, import_.mapping, {"match": [], "create_links": False})
        run = execute(exchange.begin(admin, import_).pk)
        assert run is not None
        report = exchange.report(import_)
        assert report.counts["created"] == 1, [(p.column, p.reason) for p in report.problems]

    return expected, [
        by_form, by_program_that_leaves_out_what_is_empty, by_csv_file, by_program, by_bulk, by_json_file,
    ]  # fmt: skip


def _tried(o: ObjectType, way: Way) -> Made:
    """What a way makes; gone afterwards."""
    with transaction.atomic():
        before, there = _last(), set(visible_to(SEED, o).values_list("pk", flat=True))
        way()
        (made,) = visible_to(SEED, o).exclude(pk__in=there)
        found = _looked_at(o, made.pk, before)
        transaction.set_rollback(True)
    return found


def _last() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _looked_at(o: ObjectType, pk: int, before: int) -> Made:
    """All that is kept of a record, and all that happened since, whatever it happened to."""
    row = models.QuerySet(o.model).filter(pk=pk).values().get()
    happened = list(Event.objects.filter(pk__gt=before).exclude(name__in=OF_DOORS).order_by("pk"))
    place = {event.pk: n for n, event in enumerate(happened)}
    # Records that were made are numbered in their order: PostgreSQL gives no number a second time, not even of what was taken back.
    created = [(event.object, event.record) for event in happened if event.name == "created"]
    made = {one: -n for n, one in enumerate(created, 1)}
    (created,) = [event for event in happened if (event.object, event.record, event.name) == (o.key, pk, "created")]
    assert (created.actor_kind, created.actor_name) == ("user", "Admin")
    return {
        "row": {name: value for name, value in row.items() if name != "id"},
        "values": values(o, visible_to(SEED, o).get(pk=pk)),
        "found by": sorted(SearchRow.objects.filter(object=o.key, record=pk).values_list("field", "tokens")),
        "happened": list(_told(happened, made)),
        "about": sorted(
            (place[event], key, made.get((key, record), record))
            for event, key, record in About.objects.filter(event__in=place).values_list("event", "object", "record")
        ),
        "told": sorted(
            (place[event], consumer)
            for event, consumer in Delivery.objects.filter(event__in=place).values_list("event", "consumer")
        ),
    }


def _told(happened: list[Event], made: dict[tuple[str, Any], int]) -> Iterator[tuple[Any, ...]]:
    for one in happened:
        who = (one.actor_kind, one.actor_id, one.actor_name, one.deputy_for)
        fields = object_type(one.object).fields if one.object in ObjectType.known() else {}
        data = {
            name: [
                made.get((fields[name].target or "", value), value) if _is_number(value) else value for value in pair
            ]
            if name in fields and fields[name].target
            else pair
            for name, pair in one.data.items()
        }
        yield one.name, one.object, made.get((one.object, one.record), one.record), one.version, data, one.at, who


def _is_number(value: Any) -> bool:
    return isinstance(value, int)
