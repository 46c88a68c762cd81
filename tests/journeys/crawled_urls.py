"""The addresses of an installation that is crawled: those of the house, and two that fail in ways that no address should."""

from __future__ import annotations

from typing import Any

from kith.config.urls import *  # noqa: F403
from kith.config.urls import urlpatterns as the_house
from kith.kernel.errors import Forbidden
from kith.ui.policy import Policy, route


def fault(request: Any, actor: Any) -> Any:
    """A fault of ours: the page that says so is drawn without the database and without templates of rooms."""
    raise RuntimeError("This is what the crawler came for.")


def forbidden(request: Any, actor: Any) -> Any:
    """What somebody sees who lacks the right."""
    raise Forbidden


urlpatterns = [
    route("a-fault/", fault, "a-fault", Policy()),
    route("forbidden/", forbidden, "forbidden", Policy()),
    *the_house,
]
