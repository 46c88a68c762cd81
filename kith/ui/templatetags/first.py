"""What leads on from where somebody is: to a field of one's own."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kith.kernel.html import EMPTY, el, icon
from kith.kernel.viewer import current_viewer
from kith.ui import setting_up

register = template.Library()


@register.inclusion_tag("ui/parts/setup_slot.html", takes_context=True)
def setup_slot(context: Any) -> dict[str, Any]:
    """The line in the sidebar that leads to what is still to be set up; nothing once it is over."""
    return {"setup": _setup(context)}


@register.inclusion_tag("ui/parts/setup_card.html", takes_context=True)
def setup_card(context: Any) -> dict[str, Any]:
    """The whole card, for the start page; nothing once it is over."""
    return {"setup": _setup(context), "csrf_token": context.get("csrf_token")}


def _setup(context: Any) -> Any:
    request = context.get("request")
    if request is None:
        return None
    if not hasattr(request, "setting_up"):  # the start page shows the card beside the line in the sidebar
        request.setting_up = setting_up.for_user(request)
    return request.setting_up


@register.simple_tag(takes_context=True)
def add_field(context: Any, o: Any, class_: str = "mi", role: str | None = None) -> SafeString:
    """A link to a new field of `o`, for administrators; it comes back to the page that it stands on."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not getattr(user, "is_admin", False) or getattr(request, "look", None) or o.common:
        return EMPTY
    here = request.get_full_path() if not getattr(request, "htmx", None) else request.htmx.current_url_abs_path or ""
    address = f"/settings/fields/{o.key}/new/?{urlencode({'next': here})}"
    return el("a", icon("plus"), _("Add a field"), class_=class_, role=role, href=address)


@register.simple_tag
def example_of(o: Any) -> dict[str, Any]:
    """A record that is not there, as a list would show it: what an empty list gives as an example."""
    viewer, title = current_viewer(), o.title_field
    given = o.example or {o.title: title.kind.example(1)}
    values = {name: o.field(name).kind.clean(str(v) if isinstance(v, Promise) else v) for name, v in given.items()}
    named = values.get(o.title, title.kind.example(1))
    more = [o.field(name).kind.format(value, viewer) for name, value in values.items() if name != o.title]
    return {"portrait": title.kind.portrait(named, viewer), "title": title.kind.format(named, viewer), "more": more}
