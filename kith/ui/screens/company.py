"""The settings of the company: one form for everything that rooms let administrators decide."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kith.kernel.actor import Actor
from kith.kernel.errors import Invalid, Refused
from kith.objects.declare import Field
from kith.objects.kinds.numerals import show_number
from kith.objects.settings import Setting, put, stored

from ..inputs import Inputs
from ..render import draw, onward, wants_part
from ..saving import kept, way_back
from ..settings import ADMINISTRATORS, SettingsPage, settings_page

SURE = "sure"
#: After a setting's key: what it held before, packed; by which its change is taken back.
BEFORE = ".before"
FORM = "s-company"


def company(request: Any, actor: Actor) -> HttpResponse:
    """GET: every setting with its input. POST: those that were changed, all or none; asks once more before what sets work in motion.

    A form that saves itself is answered with itself, and with a toast that takes the change back.
    """
    if request.method == "GET":
        return _form(request, {})
    given = request.POST
    try:
        wanted = _wanted(given, request)
        held = {setting: stored(setting)[0] for setting in wanted}
        told = [
            said for setting, value in wanted.items() if setting.consequence and (said := setting.consequence(value))
        ]
        if told and given.get(f"{SURE}.base") != _mark(told):
            return _form(request, {}, told=told)
        with transaction.atomic():
            for setting, value in wanted.items():
                version = given.get(f"{setting.key}.base", "")
                put(actor, setting, value, int(version) if version.isdecimal() and len(version) < 10 else None)
    except Refused as refusal:
        return _form(request, refusal.errors)
    if not wants_part(request):
        return onward(request, request.path, _("Saved") if wanted else _("Nothing was changed."))
    before = {
        name: text
        for setting, value in held.items()
        for name, text in (
            (f"{setting.key}.base", str(stored(setting)[1])),
            (f"{setting.key}{BEFORE}", json.dumps(setting.kind.pack(value))),
        )
    }
    form = draw(request, "ui/parts/form.html", _context(request, {}))
    return kept(request, form, way_back(request, FORM, before) if wanted else None)


def _inputs(keys: Collection[str]) -> Inputs:
    return Inputs(
        Field(setting.key, setting.kind, setting.label, help=setting.help, required=setting.required)
        for setting in Setting.registry
        if setting.key in keys
    )


def _wanted(given: Any, request: Any) -> dict[Setting, Any]:
    """What differs from what holds; Invalid with the sentences of everything that cannot be."""
    before = {key: text for key in Setting.registry.keys() if (text := given.get(f"{key}{BEFORE}")) is not None}  # noqa: SIM118
    if before:
        return {Setting.registry[key]: _unpacked(Setting.registry[key], text) for key, text in before.items()}
    # Only what stood on the form that was sent: a setting that came with an upgrade meanwhile was not decided.
    values = _inputs([setting.key for setting in Setting.registry if f"{setting.key}.base" in given]).read(
        given, request.viewer
    )
    wanted, errors = {}, {}
    for key, value in values.items():
        setting = Setting.registry[key]
        try:
            cleaned = setting.clean(value)
        except Refused as refusal:
            errors[key] = [str(refusal)]
            continue
        if setting.kind.pack(cleaned) != setting.kind.pack(stored(setting)[0]):
            wanted[setting] = cleaned
    if errors:
        raise Invalid(errors)
    return wanted


def _unpacked(setting: Setting, text: str) -> Any:
    """The value that held before, as the toast brings it back."""
    try:
        return setting.clean(setting.kind.unpack(json.loads(text[:20_000])))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(_("This could not be read. Load the page anew and try again.")) from error


def _mark(told: list[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _form(request: Any, errors: dict[str, list[str]], told: list[str] | None = None) -> HttpResponse:
    context = _context(request, errors, told)
    return settings_page(
        request,
        "company",
        "ui/settings/company.html",
        context,
        part="ui/parts/form.html",
        status=422 if errors else 200,
    )


def _context(request: Any, errors: dict[str, list[str]], told: list[str] | None = None) -> dict[str, Any]:
    now = {setting.key: stored(setting) for setting in Setting.registry}
    given = request.POST if errors or told else {}
    rows = _inputs(now).shown(
        given, request.viewer, values={key: value for key, (value, _v) in now.items()}, errors=errors
    )
    n = sum(key in now for key in errors)
    # Whoever was overtaken has read what holds now: saving once more is then meant.
    bases = [(key, str(version)) for key, (_value, version) in now.items()]
    counted = ngettext("%(n)s field needs another look.", "%(n)s fields need another look.", n) if n else ""
    return {
        "heading": _("Company settings"),
        "action": request.path,
        "cancel": "/settings/",
        "sections": [("", rows)],
        "more": [],
        "fields": "",
        "draft": "",
        "bases": [*bases, (SURE, _mark(told))] if told else bases,
        "whole": [*(told or []), _("Save once more to do so.")]
        if told
        else [s for key, sentences in errors.items() if key not in now for s in sentences],
        "counted": counted % {"n": show_number(n, request.viewer)} if n else "",
        # What sets work in motion is asked for once more, with a button.
        "saves": "" if told else FORM,
    }


PAGE = SettingsPage(
    "company",
    "company",
    lazy("Company settings"),
    icon="sliders-horizontal",
    help=lazy("What holds for everybody, such as the base currency"),
    screen=company,
    who=ADMINISTRATORS,
    audit="setting.changed",
    words=lazy("money currency total rate"),
    order=10,
)
