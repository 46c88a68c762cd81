"""Styles and scripts: one sheet for both directions, small modules, nothing that a strict policy would stop."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHEETS = sorted((ROOT / "assets/css").glob("*.css"))
MODULES = sorted((ROOT / "assets/js").glob("*.js"))
BUILT = ROOT / "kith/config/static"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_a_sheet_knows_start_and_end_but_neither_left_nor_right(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    sides = r"(?<![\w-])(?:left|right|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|float)\s*:"
    assert re.findall(sides, text) == []
    # Things are styled by class; an id is a place for scripts.
    assert set(re.findall(r"^\s*(#[a-z][\w-]*)", text, flags=re.M)) <= {"#results"}
    assert "@layer" in text


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.name)
def test_a_module_is_short_and_makes_no_code_or_html_from_text(module: Path) -> None:
    lines = module.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 260
    makes = re.compile(r"\beval\(|new Function|innerHTML\s*=|outerHTML\s*=|insertAdjacentHTML|document\.write")
    # The one exception is what the server itself answered.
    assert [line for line in lines if makes.search(line) and "await answer.text()" not in line] == []


def test_a_module_that_is_fetched_later_stands_on_the_one_base() -> None:
    texts = {module.name: module.read_text(encoding="utf-8") for module in MODULES}
    later = {name for text in texts.values() for name in re.findall(r'import\("\./([\w-]+\.js)"\)', text)}
    assert "record.js" in later
    # Without it the bundler cuts the base into a file for every set of modules that shares a part: more requests than the budget has.
    assert sorted(name for name in later if 'import "./base.js";' not in texts[name]) == []


def test_every_colour_comes_from_a_token() -> None:
    for sheet in SHEETS:
        if sheet.name == "tokens.css":
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        # White and black on coloured ground, and hues that come as --h, are the exceptions.
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#fff", "#000"}, sheet.name


#: Which modules the heaviest pages load beside what every page loads (assets/js/app.js says when).
PAGES = {
    "list": ("table",),
    "board": ("board",),
    "record": ("record", "form", "label", "door"),
    "form": ("form",),
    "what waits": ("waiting", "form"),
    "import": ("import", "form"),
}


def loaded(names: tuple[str, ...]) -> set[Path]:
    """The files that a browser fetches for these modules: their chunks, and what those are made of."""
    found: set[Path] = set()
    left = [BUILT / "app.js", *(next((BUILT / "chunks").glob(f"{name}-*.js")) for name in names)]
    while left:
        file = left.pop()
        if file not in found:
            found.add(file)
            imported = re.findall(r'(?:from|import)"\./((?:chunks/)?[\w-]+\.js)"', file.read_text(encoding="utf-8"))
            left += [file.parent / name for name in imported]
    return found


@pytest.mark.skipif(not (BUILT / "app.css").exists(), reason="the bundle is not built here")
def test_the_bundle_keeps_its_budget() -> None:
    def packed(*files: Path) -> int:
        return sum(len(gzip.compress(file.read_bytes())) for file in files)

    assert packed(BUILT / "app.css") <= 25 * 1024
    heavy = {page: size for page, names in PAGES.items() if (size := packed(*loaded(names))) > 35 * 1024}
    assert heavy == {}
    assert packed(BUILT / "icons.svg") <= 8 * 1024
