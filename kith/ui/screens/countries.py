"""The page of settings behind which the countries stand: they are records like all others, with a list of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as lazy

from kith.kernel.actor import Actor
from kith.objects.declare import object_type

from ..settings import SettingsPage, settings_page


def countries(request: Any, actor: Actor) -> HttpResponse:
    """What they are for, and the way to their list."""
    return settings_page(
        request, "countries", "ui/settings/countries.html", {"list": object_type("objects.country").url()}
    )


PAGE = SettingsPage(
    "countries",
    "company",
    lazy("Countries"),
    icon="globe",
    help=lazy("Week-ends, working hours and manners by country"),
    screen=countries,
    methods=("GET",),
    words=lazy("weekend week holiday culture greeting etiquette language calendar"),
    order=30,
)
