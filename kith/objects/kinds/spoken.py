"""Labels in the languages of the interface: to show them to a viewer, and to know them again in a file in any language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, override

from kith.kernel.viewer import LOCALES, Viewer

#: Languages whose words are understood, whatever the viewer's own.
LANGUAGES = tuple(LOCALES)


def said(label: Any, viewer: Viewer) -> str:
    """`label` in the viewer's language."""
    if get_language() == viewer.language:
        return str(label)
    with override(viewer.language):
        return str(label)


def everywhere(label: Any) -> list[str]:
    """`label` in each interface language, English first."""
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(label))
    return list(dict.fromkeys(found))
