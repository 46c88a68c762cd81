"""What may not stand in the repository, and what must."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.lock_blocks import blocks

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["requirements.lock", "requirements-test.lock", "requirements-tools.lock", "requirements-bench.lock"]
# Put together here, so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w./~}-])/(?:root|work|home/\w+|tmp/\w+)(?=[/\"'\s`]|$)", re.MULTILINE)


def tracked(*patterns: str) -> list[Path]:
    """Return the tracked files that match, as paths from the root of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(*patterns: str) -> list[tuple[str, str]]:
    """Return (name, text) of the tracked files that are text."""
    found = []
    for file in tracked(*patterns):
        data = file.read_bytes()
        if b"\0" not in data:
            found.append((file.relative_to(ROOT).as_posix(), data.decode("utf-8")))
    return found


def test_no_file_names_the_address_of_a_package_registry():
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_names_a_path_of_the_machine_that_it_was_written_on():
    found = [(name, match.group()) for name, text in texts() for match in MACHINE_PATH.finditer(text)]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock):
    packages = [block for block in blocks((ROOT / lock).read_text()) if not block.startswith("#")]
    assert packages
    assert [block.splitlines()[0] for block in packages if "--hash=sha256:" not in block] == []


def test_tests_run_with_the_versions_that_are_installed():
    def pins(lock: str) -> set[str]:
        return {block.split()[0] for block in blocks((ROOT / lock).read_text()) if not block.startswith("#")}

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def test_the_npm_lock_has_hashes_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages.pop("")
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []


def test_every_dependency_has_its_paragraph():
    project = PYPROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["build"], *json_dependencies()]
    names = {re.split(r"[\[<>=;~! ]", line)[0] for line in asked}
    said = (ROOT / "docs/house/dependencies.md").read_text()
    assert sorted(name for name in names if f"**{name}**" not in said) == []


def json_dependencies() -> list[str]:
    package = json.loads((ROOT / "package.json").read_text())
    return [*package["dependencies"], *package["devDependencies"]]


def test_the_licence_is_the_agpl_word_for_word():
    assert PYPROJECT["project"]["license"] == "AGPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text()
    assert text.splitlines()[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
    assert len(text.splitlines()) == 661


@pytest.mark.parametrize("program", ["bin/demo", "bin/test"])
def test_an_old_python_understands_the_programs_well_enough_to_say_that_it_is_too_old(program):
    ast.parse((ROOT / program).read_text(), feature_version=(3, 4))


# Style sheets serve both writing directions from one file, so they know starts and ends, no lefts and rights.
PHYSICAL = re.compile(
    r"(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius\b"
    r"|(?<![-\w])(?:left|right)\s*:"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)\b)"
)


def test_style_sheets_know_no_left_and_right():
    found = [
        f"{name}:{number}: {match.group()}"
        for name, text in texts("*.css")
        for number, line in enumerate(text.splitlines(), 1)
        for match in PHYSICAL.finditer(line)
    ]
    assert found == []


def test_imports_go_down_only():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


BELOW_THE_WINDOWS = ("kernel", "events", "identity", "objects")
PAGES = ("django.http", "django.template", "django.shortcuts", "django.views")
NETWORK = (
    "urllib.request", "http.client", "socket", "socketserver", "ssl", "asyncio", "smtplib", "imaplib", "poplib", "ftplib", "ldap3",
    "requests", "urllib3", "httpx", "aiohttp", "websockets", "xmlrpc", "django.core.mail", "_socket",
)  # fmt: skip


@pytest.mark.parametrize("room", BELOW_THE_WINDOWS)
def test_no_room_below_the_screens_knows_of_pages(room):
    assert imported(f"kith/{room}", PAGES) == []


def test_only_the_outbound_client_and_the_server_open_connections():
    # The server looks whether its own port is free, and whether it answers; its door (asyncio) takes in what the server hands it,
    # and keeps answers open.
    # Mail speaks SMTP over connections that the client opened.
    # Until there is a mail client, two modules hand mails, about accounts and about news, to Django's back end, in the background.
    allowed = (
        "kith/kernel/http.py:",
        "kith/kernel/mail.py:",
        "kith/config/serve.py:",
        "kith/config/asgi.py:",
        "kith/config/streams.py:",
        "kith/identity/letters.py:",
        "kith/threads/letters.py:",
    )
    assert [place for place in imported("kith", NETWORK) if not place.startswith(allowed)] == []


def imported(folder: str, modules: tuple[str, ...]) -> list[str]:
    """Return "file:line module" wherever one of the modules is imported; tests stand outside the rule."""
    found = []
    for file in sorted((ROOT / folder).rglob("*.py")):
        if "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                if any(name == module or name.startswith(f"{module}.") for module in modules):
                    found.append(f"{file.relative_to(ROOT).as_posix()}:{node.lineno} {name}")
                    break
    return found
