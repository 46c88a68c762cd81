"""What destroys something asks for its name first: typed by hand, so that no slip of the mouse is enough."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kith.kernel.errors import Refused
from kith.kernel.text import fold

#: The name of the input.
NAME = "typed"


def ask_typed(request: Any, name: Any) -> None:
    """Refused, beside the input, unless `name` was typed; case, accents and blanks around it do not matter."""
    if fold(request.POST.get(NAME, "").strip()) != fold(str(name).strip()):
        raise Refused(_("Type “%(name)s” to go on. Nothing was changed.") % {"name": name}, field=NAME)
