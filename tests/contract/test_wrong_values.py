"""Whatever a program sends as the value of a field is taken, or refused beside that field: for every object, of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from kith.api.rest.bulk import AT_ONCE
from kith.api.tests.programs import Program
from kith.objects.declare import ObjectType
from kith.objects.write import create

from .conftest import example

pytestmark = pytest.mark.django_db

#: What no field means: other sorts of JSON, numbers beyond every column, half a character, what looks like a value and is none.
WRONG: list[Any] = [
    True, -1, 10**30, 0.1, 1e300, " ", "\0", "\ud800", "x" * 30_000, "٣٢", "2026-02-30", "1e9999", [[]], [None], ["x", 5],
    {"": ""}, {"amount": "NaN", "currency": "EUR"}, {"value": 5}, [{"value": {}}], {"given": ["x"]}, {"country": "ZZ", "city": 5},
]  # fmt: skip


def test_no_value_is_a_fault_of_ours(o: ObjectType, cast: Any) -> None:
    admin = cast.actor("admin")
    program = Program(admin)
    there = program.get(f"/{o.slug}/{create(admin, o, example(o, 3, admin)).pk}").said["values"]
    needed = {name: value for name, value in there.items() if o.fields[name].writable}
    asked = [(name, wrong) for name, f in o.fields.items() if f.writable for wrong in WRONG]
    refused = 0
    for start in range(0, len(asked), AT_ONCE):
        stretch = asked[start : start + AT_ONCE]
        answer = program.post(
            f"/{o.slug}/bulk", {"records": [{"values": {**needed, n: wrong}} for n, wrong in stretch]}
        )
        assert answer.status_code == 200, answer.written[:500]
        for place, ((name, wrong), told) in enumerate(zip(stretch, answer.said["data"], strict=True)):
            if told["state"] != "refused":
                continue
            refused += 1
            assert (told["status"], bool(told["detail"])) == (422, True), (name, wrong, told)
            for error in told.get("errors", ()):
                assert error["pointer"].startswith(f"#/records/{place}/values"), (name, wrong, told)
    assert refused > len(asked) / 2
