"""Per object: every screen of a record answers, and every form sent back as it came changes nothing, whatever the language."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from kith.objects.access import fields
from kith.objects.declare import ObjectType, object_types
from kith.objects.query import visible_to
from kith.objects.write import create

from .conftest import SYSTEM, example

PART = {"HX-Request": "true"}
LANGUAGES = ("en", "fi", "fa", "zh-hans", "sl")


class Sent(HTMLParser):
    """What a browser would send of the form in a page: name → values, in the order of the page."""

    def __init__(self, page: str, within: str):
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.within, self.inside = within, False
        self.select = self.text = ""
        self.first: str | None = None
        self.chosen: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.within in given.get("action", ""):
            self.inside = True
        if not self.inside:
            return
        if tag == "select":
            self.select, self.first, self.chosen = given.get("name", ""), None, None
        elif tag == "option":
            value = given.get("value", "")
            self.first = value if self.first is None else self.first
            if "selected" in given:
                self.chosen = value
        elif tag == "textarea":
            self.text = given.get("name", "")
            self.values.setdefault(self.text, []).append("")
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.values.setdefault(given["name"], []).append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self.text:
            # A line break behind the opening tag is not part of the text (HTML, 13.2.6.4.7).
            self.values[self.text][-1] += data if self.values[self.text][-1] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.inside:
            self.values.setdefault(self.select, []).append(
                (self.chosen if self.chosen is not None else self.first) or ""
            )
        elif tag == "textarea":
            self.text = ""
        elif tag == "form":
            self.inside = False


def records(n: int) -> Iterator[tuple[ObjectType, Any]]:
    """A record of each object, with the n-th example of every kind."""
    for o in object_types():
        yield o, create(SYSTEM, o, example(o, n))


def test_every_screen_of_a_record_answers(user_made: ObjectType, cast: Any, client: Client) -> None:
    client.force_login(cast.admin)
    for o, record in records(1):
        at = o.url(record.pk)
        for place in ("", "peek/", "facts/", "story/", "related/", "edit/"):
            assert client.get(f"{at}{place}").status_code == 200, f"{at}{place}"
        assert client.get(f"{o.url()}new/?more=1").status_code == 200
        assert client.get(f"{o.url()}import/").status_code == 200
        assert client.get(f"{o.url()}lookup/choose/?q=a", headers=PART).status_code == 200


def test_an_editor_sent_back_as_it_came_changes_nothing(user_made: ObjectType, cast: Any, client: Client) -> None:
    client.force_login(cast.admin)
    for o, record in records(2):
        at = o.url(record.pk)
        for name in fields(SYSTEM, o, "change"):
            sent = Sent(client.get(f"{at}{name}/fact/").content.decode(), f"{name}/fact/").values
            if set(sent) <= {"csrfmiddlewaretoken", "version"}:
                continue  # a list of buttons: it sends nothing until one is pressed
            answer = client.post(f"{at}{name}/fact/", sent)
            assert answer.status_code == 302, f"{o.key}.{name}: {answer.content.decode()[-400:]}"
            assert visible_to(SYSTEM, o).get(pk=record.pk).version == record.version, f"{o.key}.{name}: {sent}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_sent_back_as_it_came_changes_nothing(
    user_made: ObjectType, cast: Any, client: Client, language: str
) -> None:
    client.force_login(cast.admin)
    client.cookies["language"] = language
    for o, record in records(LANGUAGES.index(language)):
        at = o.url(record.pk)
        names = list(fields(SYSTEM, o, "change"))
        whole = Sent(client.get(f"{at}edit/").content.decode(), "/edit/").values
        assert len(whole) > len(names)
        # Without the marks of what was there, every field counts as written by hand.
        answer = client.post(f"{at}edit/", whole | {f"{name}.base": [""] for name in names})
        assert answer.status_code == 302, answer.content.decode()[-600:]
        assert visible_to(SYSTEM, o).get(pk=record.pk).version == record.version, o.key
