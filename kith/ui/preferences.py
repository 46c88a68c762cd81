"""How somebody likes to see the house: theme and density in cookies, so that the server draws it right at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext_lazy

THEMES = {
    "auto": pgettext_lazy("theme", "Automatic"),
    "light": pgettext_lazy("theme", "Light"),
    "dark": pgettext_lazy("theme", "Dark"),
}
DENSITIES = {"cosy": pgettext_lazy("density", "Cosy"), "compact": pgettext_lazy("density", "Compact")}
SAVERS = {"auto": pgettext_lazy("data saver", "As the device says"), "on": pgettext_lazy("data saver", "On")}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """What the cookies say, as far as it is something that exists."""

    theme: str = "auto"
    density: str = "cosy"
    saver: str = "auto"
    #: What the browser says by itself: whoever sits behind it pays for each byte.
    asked: bool = False

    @property
    def saves(self) -> bool:
        """Whether bytes are dear: smaller pages, nothing fetched ahead, no stream of changes."""
        return self.saver == "on" or self.asked

    @classmethod
    def of(cls, request: HttpRequest) -> Preferences:
        """The preferences of whoever sent this request."""
        theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
        saver = request.COOKIES.get("saver", "")
        return cls(
            theme if theme in THEMES else "auto",
            density if density in DENSITIES else "cosy",
            saver if saver in SAVERS else "auto",
            request.headers.get("Save-Data", "").lower() == "on",
        )


#: What may be remembered: name → allowed values.
KNOWN: dict[str, Any] = {"theme": THEMES, "density": DENSITIES, "saver": SAVERS}


def remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """Keep a preference in its cookie; scripts may read it, it is no secret."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
