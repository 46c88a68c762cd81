"""Stars: what somebody keeps in her sidebar."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kith.kernel.actor import Actor
from kith.kernel.errors import Missing
from kith.objects.favourites import is_starred, star

from ..render import answer, draw, onward, own_url, wants_part


def star_it(request: Any, actor: Actor) -> HttpResponse:
    """Star what the form names (`object`, `id`), or take the star away (`on` is empty); answers with the button as it is then.

    The event `kith:starred` tells the sidebar.
    """
    given = request.POST
    key, number = given.get("object", "")[:80], given.get("id", "")
    if not number.isdecimal() or len(number) > 18:
        raise Missing
    on = bool(given.get("on"))
    star(actor, key, int(number), on)
    if not wants_part(request):
        said = _("Among your favourites now.") if on else _("No longer among your favourites.")
        return onward(request, own_url(request, given.get("next")), said)
    button = draw(request, "ui/parts/star.html", shown(actor, key, int(number)))
    return answer(
        request, button, HX_Trigger=json.dumps({"kith:starred": {"object": key, "id": int(number), "on": on}})
    )


def shown(actor: Actor, key: str, number: int) -> dict[str, Any]:
    """What the button is drawn with."""
    return {"star": {"object": key, "id": number, "on": is_starred(actor, key, number)}}


__all__ = ["shown", "star_it"]
