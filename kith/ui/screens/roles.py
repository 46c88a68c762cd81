"""Roles for administrators: which there are, and the matrix of one: objects × verbs × scopes, conditions in words, fields, people."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kith.identity.names import active_users
from kith.kernel.actor import Actor
from kith.kernel.errors import Missing, Refused
from kith.objects import roles
from kith.objects.access.conditions import said
from kith.objects.access.models import HIDDEN, READ_ONLY, SCOPE_LABELS, SCOPES, VERBS, FieldRule, Grant, Role
from kith.objects.access.standard import role_name
from kith.objects.declare import ObjectType, object_type, object_types
from kith.objects.filters import OPERATORS
from kith.objects.kinds.numerals import show_number

from .. import typed
from ..policy import Policy
from ..render import onward
from ..settings import ADMINISTRATORS, Further, SettingsPage, settings_page
from ..typed import ask_typed

RULES = {"": lazy("Shown"), READ_ONLY: lazy("Read-only"), HIDDEN: lazy("Hidden")}
#: What a condition looks like.
EXAMPLE = "address.country:in:FI,SE"
#: What a cell of the matrix sends when its several grants are left as they are.
SEVERAL = "several"


def index(request: Any, actor: Actor) -> HttpResponse:
    """GET: the roles. POST: a new one, empty or like another."""
    error = ""
    if request.method == "POST":
        like = request.POST.get("like", "")
        try:
            made = roles.make_role(actor, request.POST.get("name", ""), _role(int(like)) if like.isdecimal() else None)
            return onward(request, f"{PAGE.url}{made.pk}/", _("Role added."), undo="")
        except Refused as refusal:
            error = str(refusal)
    rows = [
        {
            "role": role,
            "name": role_name(role.key, role.name),
            "people": show_number(role.users.filter(is_active=True).count(), request.viewer),
            "url": f"{PAGE.url}{role.pk}/",
        }
        for role in Role.objects.order_by("name")
    ]
    context = {"rows": rows, "error": error, "name": request.POST.get("name", "")}
    return settings_page(request, PAGE.key, "ui/settings/roles.html", context, status=422 if error else 200)


def _role(pk: int) -> Role:
    role = Role.objects.filter(pk=pk).first() if pk < 2**63 else None
    if role is None:
        raise Missing
    return role


def one(request: Any, actor: Actor, pk: int) -> HttpResponse:
    """GET: what a role says. POST: one part of it (`do`), with undo."""
    role, error, untyped = _role(pk), "", ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                if request.POST.get("do") == "remove":
                    ask_typed(request, role_name(role.key, role.name))
                gone = _do(request.POST, actor, role)
            return onward(request, PAGE.url if gone else request.path, _("Saved"), undo="" if gone else request.cause)
        except (Refused, KeyError) as refusal:
            error = str(refusal) if isinstance(refusal, Refused) else _("This request cannot be read.")
            untyped = typed.said(refusal) if isinstance(refusal, Refused) else ""
            error = "" if untyped else error
            role.refresh_from_db()
    lost = _("Whoever has this role loses at once what it grants. What the role said stays in the audit trail.")
    context = _shown(request, role, error) | {
        "danger": typed.danger(role_name(role.key, role.name), lost, heading=_("Remove this role"), error=untyped)
    }
    return settings_page(request, PAGE.key, "ui/settings/role.html", context, status=422 if error or untyped else 200)


def _do(given: Any, actor: Actor, role: Role) -> bool:
    asked = given.get("do", "")
    if asked == "grants":
        _grants(given, actor, role)
    elif asked == "condition":
        key, verb = given.get("object", ""), given.get("verb", "")
        now = _said(role).get((key, verb), [])
        scope = given.get("scope", "")
        kept = [(s, c) for s, c in now if s != scope]
        roles.grant(actor, role, key, verb, [*kept, (scope, given.get("condition", ""))])
    elif asked == "rule":
        roles.set_rule(actor, role, given.get("object", ""), given.get("field", ""), given.get("rule", ""))
    elif asked == "name":
        roles.rename_role(actor, role, given.get("name", ""))
    elif asked == "people":
        roles.set_members(actor, role, [int(i) for i in given.getlist("people") if i.isdecimal() and len(i) < 19])
    elif asked == "remove":
        roles.remove_role(actor, role)
        return True
    else:
        raise Refused(_("This request cannot be read."))
    return False


def _grants(given: Any, actor: Actor, role: Role) -> None:
    """Cells that were changed: each holds one scope; what it had as a condition stays with it."""
    now = _said(role)
    for key, verb in ((o.key if o else "*", verb) for o in _rows() for verb in roles.known_verbs(o)):
        wanted = given.get(f"{key}:{verb}")
        there = now.get((key, verb), [])
        if wanted is None or wanted == SEVERAL or wanted == (there[0][0] if len(there) == 1 else ""):
            continue
        condition = there[0][1] if len(there) == 1 else ""
        roles.grant(actor, role, key, verb, [(wanted, condition)] if wanted else [])


def _rows() -> list[ObjectType | None]:
    """Every object that has rights of its own; None, first, for all of them."""
    return [None, *(o for o in object_types() if not o.follows and not o.common)]


def _said(role: Role) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key, verb, scope, condition in (
        Grant.objects.filter(role=role).order_by("pk").values_list("object", "verb", "scope", "condition")
    ):
        found.setdefault((key, verb), []).append((scope, condition))
    return found


def _shown(request: Any, role: Role, error: str) -> dict[str, Any]:
    now = _said(role)
    rows, conditions = [], []
    for o in _rows():
        key = o.key if o else "*"
        cells = []
        for verb in VERBS:
            there = now.get((key, verb), [])
            cells.append(
                {
                    "name": f"{key}:{verb}",
                    "verb": VERBS[verb],
                    "now": there[0][0] if len(there) == 1 else SEVERAL if there else "",
                    "several": len(there) > 1,
                    "conditioned": any(condition for _scope, condition in there),
                }
            )
        named = [(verb, label) for verb, label in roles.known_verbs(o).items() if verb not in VERBS]
        actions = [
            {"name": f"{key}:{verb}", "verb": label, "now": now[key, verb][0][0] if (key, verb) in now else ""}
            for verb, label in named
        ]
        rows.append({"object": o, "label": o.plural if o else _("Every object"), "cells": cells, "actions": actions})
        if o is None:
            continue
        for verb, label in roles.known_verbs(o).items():
            for scope, condition in now.get((key, verb), []):
                if condition:
                    sentence = said(o, condition, request.viewer)
                    conditions.append(
                        {"object": o, "verb": verb, "label": label, "scope": scope, "text": condition, "said": sentence,
                         "scope_label": SCOPE_LABELS[scope]}
                    )  # fmt: skip
    having = set(role.users.values_list("pk", flat=True))
    fields = [(o, [(f.name, f.label) for f in o.fields.values()]) for o in _rows() if o]
    return {
        "role": role,
        "called": role_name(role.key, role.name),
        "error": error,
        "verbs": VERBS.values(),
        "rows": rows,
        "scopes": [(scope, SCOPE_LABELS[scope]) for scope in SCOPES],
        "conditions": conditions,
        "rules": _rules(role),
        "rule_words": RULES.items(),
        "fields": fields,
        "people": [(pk, name, pk in having) for pk, name in active_users()],
        "operators": [(key, op.label) for key, op in OPERATORS.items()],
        "known_verbs": VERBS.items(),
        "given": request.POST,
        "example": EXAMPLE,
    }


def _rules(role: Role) -> list[dict[str, Any]]:
    found = []
    for key, field_id, rule in (
        FieldRule.objects.filter(role=role).order_by("object", "field").values_list("object", "field", "rule")
    ):
        try:
            o = object_type(key)
        except KeyError:
            continue
        field = next((f for f in o.fields.values() if f.id == field_id), None)
        if field is not None:
            found.append({"object": o, "field": field, "rule": RULES[rule]})
    return found


PAGE = SettingsPage(
    "roles",
    "people",
    lazy("Roles and rights"),
    icon="shield",
    help=lazy("Who may see and do what, object by object"),
    screen=index,
    who=ADMINISTRATORS,
    audit="access.role_changed",
    words=lazy("permission grant access field hidden scope"),
    order=30,
    further=(
        Further(
            "<int:pk>/",
            one,
            "settings-role",
            Policy(methods=("GET", "POST"), audit="access.role_changed", step_up="POST"),
        ),
    ),
)
