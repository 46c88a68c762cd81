"""What leads on from where somebody is: to a field of one's own."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.html import EMPTY, el, icon

register = template.Library()


@register.simple_tag(takes_context=True)
def add_field(context: Any, o: Any, class_: str = "mi") -> SafeString:
    """A link to a new field of `o`, for administrators; it comes back to the page that it stands on."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not getattr(user, "is_admin", False) or getattr(request, "look", None) or o.common:
        return EMPTY
    here = request.get_full_path() if not getattr(request, "htmx", None) else request.htmx.current_url_abs_path or ""
    address = f"/settings/fields/{o.key}/new/?{urlencode({'next': here})}"
    return el("a", icon("plus"), _("Add a field"), class_=class_, href=address)
