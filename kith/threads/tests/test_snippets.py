"""Texts that are written again and again: whose they are, and who writes those of everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kith.kernel.errors import Forbidden, Missing
from kith.threads import snippets
from kith.threads.models import Snippet
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_snippet_is_ones_own_and_those_of_everybody_are_an_administrators(
    cast: Cast, box: Any, browser: Callable[[str], Client]
) -> None:
    ada = browser("ada")
    ada.post("/settings/snippets/", {"name": "Regards", "text": "Kind regards,\nAda"})
    assert "Regards" in ada.get("/settings/snippets/").content.decode()
    assert "Regards" in ada.get(f"/boxes/{box.pk}/suggest/?sign=/&q=kind").content.decode()
    assert "Regards" not in browser("ben").get(f"/boxes/{box.pk}/suggest/?sign=/&q=kind").content.decode()
    mine = Snippet.objects.get()
    with pytest.raises(Missing):
        snippets.drop(cast.actor("ben"), mine.pk)
    with pytest.raises(Forbidden, match="administrators"):
        snippets.keep(cast.actor("ada"), "All", "Text", shared=True)
    shared = snippets.keep(cast.actor("admin"), "All", "For all", shared=True)
    assert "All" in browser("ben").get("/settings/snippets/").content.decode()
    with pytest.raises(Forbidden):
        snippets.drop(cast.actor("ben"), shared.pk)
    bad = ada.post("/settings/snippets/", {"name": "", "text": "kept"})
    assert bad.status_code == 422
    assert "kept" in bad.content.decode()
