"""The tool that keeps the translations: what it finds in the sources, and what it calls a fault."""

from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext

from kith.kernel.viewer import LOCALES
from scripts import catalogues

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"fi": "fi", "zh-hans": "zh_Hans", "fa": "fa", "sl": "sl"}


def said_by(tmp_path, name: str, text: str) -> list[tuple[object, str | None]]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return [(ids, context) for _line, ids, _comments, context in catalogues.sentences(file)]


def test_sentences_of_python_are_found(tmp_path):
    source = (
        "a = _('Name')\nb = ngettext('%(n)d deal', '%(n)d deals', n) % {'n': n}\nc = pgettext_lazy('verb', 'Open')\n"
    )
    assert said_by(tmp_path, "a.py", source) == [
        ("Name", None),
        (("%(n)d deal", "%(n)d deals"), None),
        ("Open", "verb"),
    ]


def test_sentences_of_templates_are_found_whatever_their_indentation(tmp_path):
    source = """{% load i18n %}
      <p title="it's {% translate "Hello" %}">
  {% blocktranslate count n=n trimmed %}
        {{ n }} deal
    {% plural %}{{ n }} deals{% endblocktranslate %}
 {% translate "Open" context "verb" %} {{ _("Filter") }}
"""
    assert said_by(tmp_path, "a.html", source) == [
        ("Hello", None),
        (("%(n)s deal", "%(n)s deals"), None),
        ("Open", "verb"),
        ("Filter", None),
    ]


def faults(source: dict, translation: dict, language: str = "fi", **more) -> list[str]:
    template, catalogue = Catalog(fuzzy=False), Catalog(locale=language, fuzzy=False)
    for ids in source:
        template.add(ids)
    for ids, string in translation.items():
        catalogue.add(ids, string, **more)
    return list(catalogues.faults_of(template, catalogue))


def test_a_whole_translation_has_no_fault():
    assert faults({"Name": 0, "%(n)s of %(all)s": 0}, {"Name": "Nimi", "%(n)s of %(all)s": "%(n)s / %(all)s"}) == []


def test_what_is_missing_empty_fuzzy_or_left_over_is_a_fault():
    assert faults({"Name": 0}, {}) == ["missing: 'Name'"]
    assert faults({"Name": 0}, {"Name": ""}) == ["not translated: 'Name'"]
    assert faults({"Name": 0}, {"Name": "Nimi"}, flags=["fuzzy"]) == ["fuzzy: 'Name'"]
    assert faults({}, {"Name": "Nimi"}) == ["no longer used: 'Name'"]


def test_holes_must_be_those_of_the_source():
    assert faults({"Hi %(name)s": 0}, {"Hi %(name)s": "Hei %(nimi)s"}) == ["other holes than the source: 'Hi %(name)s'"]
    assert faults({"Hi %(name)s": 0}, {"Hi %(name)s": "Hei"}) == ["other holes than the source: 'Hi %(name)s'"]


def test_every_plural_form_of_the_language_is_there_and_one_may_do_without_the_number():
    deals = ("%(n)d deal", "%(n)d deals")
    three = {deals: ("%(n)d posel", "%(n)d posla", "%(n)d posli")}
    assert faults({deals: 0}, three, "sl") == ["not translated: '%(n)d deal'"]
    four = {deals: ("en posel", "%(n)d posla", "%(n)d posli", "%(n)d poslov")}
    assert faults({deals: 0}, four, "sl") == []


def test_what_is_written_reads_back_the_same(tmp_path):
    catalogue = Catalog(locale="sl", fuzzy=False)
    catalogue.add("Name", "Ime", locations=[("kith/a.py", 1)])
    file = tmp_path / "django.po"
    file.write_text(catalogues.written(catalogue), encoding="utf-8")
    assert "POT-Creation-Date" not in file.read_text()
    assert catalogues.written(catalogues.read(file, "sl")) == file.read_text()


@pytest.mark.parametrize("language", FOLDERS)
def test_our_words_are_said_and_not_those_of_a_library(language):
    """Libraries bring catalogues of their own, with sentences that are ours, too ("Note", "Passkey")."""
    assert set(FOLDERS) | {"en"} == set(LOCALES)
    ours: dict[str, set[str]] = {}
    for path in ROOT.glob(f"kith/*/locale/{FOLDERS[language]}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and isinstance(message.id, str) and not message.context:
                    ours.setdefault(message.id, set()).add(message.string)
    with translation.override(language):
        strange = {said: gettext(said) for said in ours if gettext(said) not in ours[said]}
    assert strange == {}
