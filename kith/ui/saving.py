"""Settings that save themselves: each change of a form marked `data-saves` is sent at once, and its answer offers to take it back.

The form has an id and is sent by `hx-trigger="change, submit"` (see ui/settings/_me.html). Without scripts it is an ordinary form with a
button.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .render import answer, toast

#: What a form says when it takes a change back; there is nothing to take back then.
BACK = "back"


def way_back(request: Any, form: str, given: dict[str, str]) -> dict[str, Any]:
    """How a toast takes a change back: `given` is what the form would post to hold what held before."""
    return {"url": request.path, "target": f"#{form}", "given": {**given, BACK: "1"}}


def kept(request: Any, form: SafeString, back: dict[str, Any] | None) -> HttpResponse:
    """The answer to a change: the form as it is now, and `back` (`way_back`) in a toast; None where nothing was changed."""
    if back is None:
        return answer(request, form)
    if request.POST.get(BACK):
        return answer(request, form, toast(request, _("Restored.")))
    return answer(request, form, toast(request, _("Saved"), back=back))
