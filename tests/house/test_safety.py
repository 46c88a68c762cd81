"""Calls that open holes are made in named places only. Each list names who may, and can only shrink."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KITH = ROOT / "kith"

#: Calls that nobody may make, and the files that may (paths below kith/, a folder ends with /).
BANNED_CALLS: dict[str, tuple[str, ...]] = {
    "raw": (), "extra": (), "RawSQL": ("objects/search/",), "mark_safe": ("kernel/html.py",), "format_html": (), "csrf_exempt": (),
    "eval": (), "exec": (), "__import__": (), "globals": ("config/settings.py",), "mktemp": (), "popen": (), "system": (),
    # The scanner is a program that the operator named, run without a shell.
    "Popen": ("config/serve.py", "kernel/confined.py", "kernel/intake.py"),
    "md5": (), "sha1": (), "send_mail": (), "from_string": (), "Template": (),
    "cursor": ("config/backup.py", "config/soundness.py", "events/", "config/deploy.py", "identity/limits.py", "identity/uses.py",
    "kernel/expressions.py",
    # The gate is asked about rows as they stood once: no table has them, and the ORM selects from tables only.
    "objects/access/earlier.py",
    "objects/custom/indexes.py",
    "objects/search/", "objects/sorting/"),
}  # fmt: skip
#: Attributes and imports that nobody may use.
BANNED_NAMES: dict[str, tuple[str, ...]] = {
    "_base_manager": (), "_default_manager": (), "pickle": (), "marshal": (), "shelve": (), "yaml": (), "pty": (), "lxml": (),
    "minidom": (),    "ElementTree": (), "subprocess": ("config/serve.py", "kernel/confined.py", "kernel/intake.py"),
}  # fmt: skip
#: Modules whose tables are the platform's or a room's own, and which may therefore write them without the write path.
WRITERS = (
    "api/rest/once.py", "config/", "contacts/demo/", "events/", "hooks/",
    "identity/", "kernel/secrets.py", "objects/access/", "objects/custom/", "objects/directory.py",
    "objects/defining.py", "objects/exchange/", "objects/favourites.py", "objects/merged.py", "objects/places.py", "objects/rates/",
    "objects/recents.py", "objects/roles.py", "objects/search/", "objects/settings.py", "objects/sorting/", "objects/views.py",
    "objects/write/",
    "threads/", "ui/setting_up.py", "ui/screens/account.py", "ui/screens/keyboard.py", "ui/screens/me.py",
)  # fmt: skip
WRITES = {"save", "delete", "update", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(KITH).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(KITH.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(KITH).parts)
    ]


def named(node: ast.AST) -> list[str]:
    """What a node names: an attribute, a name, or the parts of an import."""
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Import):
        return [part for alias in node.names for part in alias.name.split(".")]
    if isinstance(node, ast.ImportFrom):
        return [*(node.module or "").split("."), *(alias.name for alias in node.names)]
    return []


def uses(name: str) -> Iterator[str]:
    """ "file:line" wherever `name` is called (of BANNED_CALLS) or named at all."""
    for file, tree in modules():
        for node in ast.walk(tree):
            if name in BANNED_CALLS:
                node = node.func if isinstance(node, ast.Call) else ast.Pass()  # noqa: PLW2901
            if name in named(node):
                yield f"{file}:{getattr(node, 'lineno', 0)}"


BANNED = BANNED_CALLS | BANNED_NAMES


@pytest.mark.parametrize("name", BANNED)
def test_a_call_that_opens_a_hole_is_made_in_named_places_only(name: str) -> None:
    assert [place for place in uses(name) if not place.startswith(BANNED[name] or ("-",))] == []


def test_every_exception_is_still_needed() -> None:
    idle = [
        f"{name}: {at}"
        for name, places in BANNED.items()
        for at in places
        if not any(use.startswith(at) for use in uses(name))
    ]
    assert idle == []


def test_tables_are_written_where_they_are_owned() -> None:
    """Screens, jobs of screens, importers of rooms and actions change records by the write path and have no tables of their own."""
    found = []
    for file, tree in modules():
        if file.startswith(WRITERS):
            continue
        brought = {
            name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for name in named(node)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
                continue
            text = ast.unparse(node.func.value)
            if text in brought:  # a function of a module, which is looked at where it stands
                continue
            if "objects" in text or node.func.attr in ("save", "bulk_create", "update_or_create", "get_or_create"):
                found.append(f"{file}:{node.lineno} {text}.{node.func.attr}")
    assert not found


#: Where a mapping is turned into look-ups: its keys come from our own declarations, never from a request.
LOOKED_UP = (
    "kernel/secrets.py", "objects/bulk.py", "objects/totals.py", "objects/access/", "objects/columns/",
    "objects/custom/", "objects/filters/",
    "objects/query.py", "objects/way.py", "objects/abreast.py", "objects/agenda.py", "objects/grouping.py",
    "objects/duplicates.py", "objects/merged.py", "objects/search/", "objects/write/", "objects/exchange/",
)  # fmt: skip


def test_no_look_up_is_made_of_what_a_client_sent() -> None:
    found = []
    for file, tree in modules():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in (
                "filter",
                "exclude",
                "get",
                "Q",
                "annotate",
                "aggregate",
                "order_by",
                "values",
                "values_list",
            ):
                continue
            spread = [ast.unparse(k.value) for k in node.keywords if k.arg is None]
            spread += (
                [ast.unparse(a.value) for a in node.args if isinstance(a, ast.Starred)]
                if node.func.attr != "get"
                else []
            )
            wild = [
                text
                for text in spread
                if re.search(r"\b(request|GET|POST|data|body|payload|params|query_params)\b", text)
            ]
            if wild or (spread and not file.startswith(LOOKED_UP)):
                found.append(f"{file}:{node.lineno} {node.func.attr}(**{spread})")
    assert not found


#: Modules that open files, and whose names those are.
OPENERS = {
    "config/backup.py": "the archive that an operator named, and our own folders",
    "config/cli.py": "the null device",
    "config/environ.py": "the keys",
    "config/serve.py": "the lock of the data folder",
    "config/soundness.py": "our own folders",
    "kernel/": "data that comes with the program, the keys, and files on their way in",
    "identity/": "data that comes with the program",
    "objects/kinds/": "data that comes with the program",
    "objects/exchange/": "files of imports, under names of our own; on the command line the operator's",
    "objects/rates/": "data that comes with the program, and rates that an operator named",
    "threads/": "files of records and pictures of them, under names of our own",
    "ui/screens/offline.py": "the script of the pages that work offline, as it was built",
    "contacts/": "data that comes with the program",
}


def test_files_are_opened_in_named_places_only() -> None:
    names = {
        "open",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "rmtree",
        "replace_file",
        "mkstemp",
    }
    found = []
    for file, tree in modules():
        if file.startswith(tuple(OPENERS)):
            continue
        found += [
            f"{file}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names
        ]
    assert not found


def test_files_leave_by_one_way() -> None:
    found = [
        file
        for file, tree in modules()
        if not file.startswith("threads/download.py")
        and ("StreamingHttpResponse" in ast.dump(tree) or "FileResponse" in ast.dump(tree))
    ]
    assert not found


def test_no_template_switches_escaping_off() -> None:
    pattern = re.compile(
        r"\|\s*safe(?:seq)?\b|autoescape\s+off|\{%\s*debug|\{%\s*include\s+[a-z_.]+\s|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:"
    )
    found = []
    for path in sorted(KITH.rglob("templates/**/*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [
                f"{path.relative_to(ROOT)}:{number}: {hit.group()}"
                for hit in pattern.finditer(line)
                if "include" not in hit.group()
            ]
    assert not found


def test_no_secret_stands_in_a_url_or_a_log_call() -> None:
    found = []
    for file, tree in modules():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in (
                "debug",
                "info",
                "warning",
                "error",
                "exception",
                "critical",
            ) and "log" in ast.unparse(node.func.value):
                said = " ".join(ast.unparse(argument) for argument in [*node.args, *(k.value for k in node.keywords)])
                if re.search(
                    r"password|secret|token|cookie|\breveal\b|\.body\b|\.POST\b|\.headers\b", said, re.IGNORECASE
                ):
                    found.append(f"{file}:{node.lineno} {said[:80]}")
    assert not found


def test_bandit_finds_nothing_that_has_no_reason(capsys: pytest.CaptureFixture[str]) -> None:
    from scripts import safety

    for (file, test), (n, why) in safety.REASONED.items():
        assert (ROOT / file).is_file(), file
        assert re.fullmatch(r"B\d{3}", test)
        assert n > 0
        assert why
