"""The settings of the company: one form for everything that rooms let administrators decide."""

from __future__ import annotations

import hashlib
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
from ..render import onward
from ..settings import ADMINISTRATORS, SettingsPage, settings_page

SURE = "sure"


def company(request: Any, actor: Actor) -> HttpResponse:
    """GET: every setting with its input. POST: those that were changed, all or none; asks once more before what sets work in motion."""
    if request.method == "GET":
        return _form(request, {})
    given = request.POST
    try:
        wanted = _wanted(given, request)
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
    return onward(request, request.path, _("Saved") if wanted else _("Nothing was changed."))


def _inputs(keys: Collection[str]) -> Inputs:
    return Inputs(
        Field(setting.key, setting.kind, setting.label, help=setting.help, required=setting.required)
        for setting in Setting.registry
        if setting.key in keys
    )


def _wanted(given: Any, request: Any) -> dict[Setting, Any]:
    """What differs from what holds; Invalid with the sentences of everything that cannot be."""
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


def _mark(told: list[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _form(request: Any, errors: dict[str, list[str]], told: list[str] | None = None) -> HttpResponse:
    now = {setting.key: stored(setting) for setting in Setting.registry}
    given = request.POST if errors or told else {}
    rows = _inputs(now).shown(
        given, request.viewer, values={key: value for key, (value, _v) in now.items()}, errors=errors
    )
    n = sum(key in now for key in errors)
    # Whoever was overtaken has read what holds now: saving once more is then meant.
    bases = [(key, str(version)) for key, (_value, version) in now.items()]
    counted = ngettext("%(n)s field needs another look.", "%(n)s fields need another look.", n) if n else ""
    context = {
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
    }
    status = 422 if errors else 200
    return settings_page(
        request, "company", "ui/settings/company.html", context, part="ui/parts/form.html", status=status
    )


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
