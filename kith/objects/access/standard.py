"""The roles that a new installation starts with; administrators change them as they like."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: key → (name, {verb: scope} for every object).
STANDARD = {
    "member": (
        gettext_noop("Member"),
        {
            "view": "all",
            "create": "all",
            "change": "team",
            "remove": "own",
            "export": "own",
            "share": "own",
            "mass": "team",
        },
    ),
    "manager": (
        gettext_noop("Manager"),
        {
            "view": "all",
            "create": "all",
            "change": "all",
            "remove": "team",
            "export": "all",
            "share": "all",
            "mass": "all",
        },
    ),
    "reader": (gettext_noop("Reader"), {"view": "all"}),
}


def role_name(key: str, name: str) -> str:
    """What a role is called for whoever reads it: the names with which an installation starts are translated."""
    return _(name) if key in STANDARD else name


def keep_mass_changes(apps: Any, schema_editor: Any = None) -> None:
    """Whoever could change records before mass changes had a right of their own may go on changing many at once; for one migration."""
    grants = apps.get_model("objects", "Grant")
    having = set(grants.objects.filter(verb="mass").values_list("role", "object"))
    grants.objects.bulk_create(
        grants(role_id=role, object=key, verb="mass", scope=scope)
        for role, key, scope in grants.objects.filter(verb="change").values_list("role", "object", "scope")
        if (role, key) not in having
    )


def make_standard_roles(apps: Any, schema_editor: Any = None) -> None:
    """Make the standard roles that are not there; for the first migration and for tests."""
    roles, grants = apps.get_model("objects", "Role"), apps.get_model("objects", "Grant")
    for key, (name, verbs) in STANDARD.items():
        role, made = roles.objects.get_or_create(key=key, defaults={"name": name})
        if made:
            grants.objects.bulk_create(
                grants(role=role, object="*", verb=verb, scope=scope) for verb, scope in verbs.items()
            )
