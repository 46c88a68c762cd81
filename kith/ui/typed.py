"""What destroys something asks for its name first: typed by hand, so that no slip of the mouse is enough."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.text import fold

#: The name of the input.
NAME = "typed"


def danger(
    name: Any, sentence: Any, *, heading: Any = "", button: Any = "", error: str = "", action: str = ""
) -> dict[str, Any]:
    """What `ui/parts/danger.html` shows: removing something called `name`; `sentence` says what is lost."""
    heading, button = heading or _("Remove for good"), button or _("Remove")
    return {
        "do": "remove",
        "heading": heading,
        "sentence": sentence,
        "name": name,
        "button": button,
        "error": error,
        "action": action,
    }


def said(refusal: Refused | None) -> str:
    """What was wrong with the typed name; "" for nothing."""
    return (refusal.errors.get(NAME) or [""])[0] if refusal else ""


def ask_typed(request: Any, name: Any) -> None:
    """Refused, beside the input, unless `name` was typed; case, accents and blanks around it do not matter."""
    if fold(request.POST.get(NAME, "").strip()) != fold(str(name).strip()):
        raise Refused(_("Type “%(name)s” to go on. Nothing was changed.") % {"name": name}, field=NAME)
