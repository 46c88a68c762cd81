"""A link to a user of this installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from .faces import avatar
from .link import Link
from .reference import Reference


class User(Link):
    """A colleague. Text is an e-mail address or a name, looked up by the write path."""

    key, label, icon, widget = "user", lazy("User"), "user", "user"
    operators = ("is_me", "my_team", "in", "not_in", "empty", "filled")

    asks = ()

    def __init__(self, to: str = "identity.user", **options: Any):
        super().__init__(to=to, **options)

    @classmethod
    def settled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def face(self, value: Reference) -> SafeString:
        return avatar(value.title, value.hue, "us s")
