"""The audit trail: who did what, when, from where; filtered, exported. For administrators."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.names import active_users
from kith.kernel import clock
from kith.kernel.actor import Actor
from kith.kernel.errors import Refused
from kith.objects import audit
from kith.objects.kinds import Date
from kith.threads.download import attachment

from ..policy import Policy
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page

_DAYS = Date()
TEXTS = ("who", "what", "object", "cause", "address")


def show(request: Any, actor: Actor) -> HttpResponse:
    """A page of the ledger, newest first; what is asked for stands in the address."""
    given = request.GET
    errors: dict[str, str] = {}
    asked = _asked(given, request, errors)
    before = given.get("before", "")
    found = None
    if not errors:
        try:
            found = audit.read(actor, asked, request.viewer, before=int(before) if _is_id(before) else None)
        except Refused as refusal:
            errors[refusal.field or "since"] = str(refusal)
    kept = {name: given[name] for name in (*TEXTS, "record", "since", "until") if given.get(name)}
    context = {
        "lines": [_shown(line, request.viewer) for line in found.lines] if found else [],
        "older": f"?{urlencode({**kept, 'before': found.next})}" if found and found.next else "",
        "given": {name: given.get(name, "") for name in (*TEXTS, "record", "since", "until")},
        "errors": errors,
        "asked": bool(kept),
        "people": [(f"user:{pk}", name) for pk, name in active_users()]
        + [("system", _("The system")), ("guest", _("A guest"))],
        "kinds": audit.kinds_of_events(),
        "objects": audit.objects_of_events(),
        "example": _DAYS.edit(clock.today(request.viewer.zone), request.viewer),
    }
    return settings_page(request, "audit", "ui/settings/audit.html", context, status=422 if errors else 200)


def download(request: Any, actor: Actor) -> HttpResponseBase:
    """The same as a file; the ledger keeps that it was taken out."""
    errors: dict[str, str] = {}
    asked = _asked(request.POST, request, errors)
    if errors:
        raise Refused(next(iter(errors.values())))
    form = request.POST.get("format", "csv")
    made = audit.export(actor, asked, request.viewer, form)
    name = f"audit-{clock.today(request.viewer.zone).isoformat()}.{form}"
    return attachment(made, name, audit.FORMATS[form])


def _asked(given: Any, request: Any, errors: dict[str, str]) -> audit.Asked:
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = _DAYS.parse(given.get(name, ""), request.viewer)
        except Refused as refusal:
            errors[name] = str(refusal)
    texts = {name: given.get(name, "").strip()[:120] for name in TEXTS}
    record = given.get("record", "")
    return audit.Asked(
        **texts, record=int(record) if _is_id(record) else None, since=days.get("since"), until=days.get("until")
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _shown(line: audit.Line, viewer: Any) -> dict[str, Any]:
    changes = [
        (c.field.label, c.field.kind.cell(c.old, viewer), c.field.kind.cell(c.new, viewer)) for c in line.changes
    ]
    return {"line": line, "changes": changes, "by_cause": urlencode({"cause": line.cause})}


PAGE = SettingsPage(
    "audit",
    "data",
    lazy("Audit trail"),
    icon="scroll-text",
    help=lazy("Who did what, when and from where"),
    screen=show,
    who=ADMINISTRATORS,
    methods=("GET",),
    words=lazy("log history ledger events export"),
    order=30,
    further=(
        Further("export/", download, "settings-audit-export", Policy(methods=("POST",), writes=True, audit="audit.exported", step_up=True)),
    ),
)  # fmt: skip
