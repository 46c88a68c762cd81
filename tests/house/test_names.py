"""The platform knows no room by name, and nobody goes round the gate."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kith.objects.declare import ObjectType

ROOT = Path(__file__).resolve().parents[2]
#: Rooms of the platform: everything below the fourth floor.
PLATFORM = [
    ROOT / "kith" / name
    for name in (
        "kernel",
        "events",
        "identity",
        "objects",
        "threads",
        "hooks",
        "ui",
        "api",
        "automation",
        "analytics",
        "privacy",
    )
]
PLATFORM += [ROOT / "assets"]
ENDINGS = {".py", ".html", ".js", ".css", ".txt"}
#: Rooms above the platform, by folder.
ABOVE = ["contacts", "activities", "mail", "sales", "marketing", "service", "integrations"]


def platform_files() -> list[Path]:
    return [
        path
        for folder in PLATFORM
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix in ENDINGS and not {"tests", "locale", "__pycache__"} & set(path.parts)
    ]


def test_no_file_of_the_platform_names_a_room_or_an_object_of_one():
    rooms = [room for room in ABOVE if (ROOT / "kith" / room).is_dir()]
    keys = [o.key for o in ObjectType.registry if o.key.split(".")[0] in rooms]
    models = [o.model.__name__ for o in ObjectType.registry if o.key.split(".")[0] in rooms]
    # Keys and model classes anywhere; the word itself in addresses, quotes and attribute names, not in prose.
    names = "|".join(map(re.escape, keys))
    slugs = "|".join(re.escape(o.slug) for o in ObjectType.registry if o.key.split(".")[0] in rooms)
    found = []
    pattern = re.compile(
        rf"kith\.({'|'.join(rooms or ['-'])})\b|\b({names or '-'})\b|\b({'|'.join(models or ['-'])})\(|/({slugs or '-'})/"
    )
    for path in platform_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


#: Modules that may speak to the ORM without the gate: they are the gate, the paths behind it, and the keeper of the search index.
BEHIND_THE_GATE = {"access", "columns", "filters", "query.py", "write", "custom", "bulk.py", "search"}


@pytest.mark.parametrize("word", ["_base_manager", "_default_manager", ".raw(", "mark_safe", "extra("])
def test_nobody_goes_round_the_gate_or_the_sanitiser(word: str):
    found = []
    for path in sorted((ROOT / "kith").rglob("*.py")):
        inside = path.relative_to(ROOT / "kith")
        if "tests" in inside.parts or "migrations" in inside.parts or str(inside) == "kernel/html.py":
            continue
        found += [
            f"{inside}:{n}"
            for n, line in enumerate(path.read_text().splitlines(), 1)
            if word in line and not line.strip().startswith("#")
        ]
    assert not found, found


def test_querysets_of_records_are_made_behind_the_gate_only():
    """`models.QuerySet(model)` is how the gate itself reads; nowhere else is it written."""
    found = []
    for path in sorted((ROOT / "kith").rglob("*.py")):
        inside = path.relative_to(ROOT / "kith")
        if "tests" in inside.parts or "migrations" in inside.parts:
            continue
        if inside.parts[0] == "objects" and inside.parts[1] in BEHIND_THE_GATE:
            continue
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        found += [
            f"{inside}:{n.lineno}" for n in calls if getattr(n.func, "attr", getattr(n.func, "id", "")) == "QuerySet"
        ]
    assert not found, found


def test_records_are_saved_by_the_write_path_only():
    """No `.save()` of a record, no `bulk_create` of one: outside the write path only tables of the platform's own are written."""
    records = {o.model.__name__ for o in ObjectType.registry}
    found = []
    for path in sorted((ROOT / "kith").rglob("*.py")):
        inside = path.relative_to(ROOT / "kith")
        if "tests" in inside.parts or "migrations" in inside.parts:
            continue
        text = path.read_text()
        found += [f"{inside}: {name}.objects" for name in records if re.search(rf"\b{name}\.objects\b", text)]
    assert not found, found


def test_time_comes_from_the_clock():
    found = []
    for path in sorted((ROOT / "kith").rglob("*.py")):
        inside = path.relative_to(ROOT / "kith")
        if "tests" in inside.parts or str(inside) == "kernel/clock.py" or inside.parts[0] == "config":
            continue
        found += [
            f"{inside}:{n}"
            for n, line in enumerate(path.read_text().splitlines(), 1)
            if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|timezone\.now\(", line)
        ]
    assert not found, found
