"""Templates show what they are given: no scripts, no styles, no queries, no text marked safe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(p for p in (ROOT / "kith").rglob("templates/**/*") if p.suffix in {".html", ".txt"})
FORBIDDEN = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(application/json|speculationrules)\")", re.I
    ),
    "an inline style": re.compile(r"<style\b", re.I),
    "a style beyond custom properties": re.compile(r"\bstyle=\"(?!\s*(--[a-z]+:[^;\"]*;?\s*)+\")", re.I),
    "an event handler": re.compile(r"\son[a-z]+\s*=", re.I),
    "hx-on or js:": re.compile(r"hx-on|[\"']js:", re.I),
    "text marked safe": re.compile(r"\|\s*safe\b|autoescape off", re.I),
    "a query": re.compile(r"\.objects\.|\bin [\w.]+\.all\b|\.filter\(|_set\.all"),
    "left or right": re.compile(r"(margin|padding|border|float|text-align)[-:]\s*(left|right)", re.I),
    "another host": re.compile(r"(src|href|action)=\"(https?:)?//", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_is_clean(path: Path):
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert not found, found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_words_in_a_template_go_through_gettext(path: Path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", " ", text, flags=re.S)
    text = re.sub(r"\{% blocktrans(late)?\b.*?\{% endblocktrans(late)? %\}", " ", text, flags=re.S)
    # Words that people read in attributes.
    attributes = re.findall(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"{]*[A-Za-z]{2}[^\"{]*)\"", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    text = re.sub(r"<(svg|script|kbd)\b.*?</\1>", " ", text, flags=re.S | re.I)
    text = re.sub(r"<[^>]*>", " ", text, flags=re.S)
    text = re.sub(r"\b[a-z-]+=\"[^\"]*\"", " ", text)  # a part that is attributes only
    words = [
        w
        for w in re.findall(r"[A-Za-z]{3,}", re.sub(r"&[a-z]+;", " ", text))
        if w not in {"Kith", "Ctrl", "Shift", "Esc", "Alt", "doctype", "html"}
    ]
    assert (attributes, words) == ([], [])
