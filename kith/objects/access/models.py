"""Tables of rights."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.kernel import clock

from .standard import role_name

VIEW, CREATE, CHANGE, REMOVE, SHARE, EXPORT, MASS = "view", "create", "change", "remove", "share", "export", "mass"
VERBS: dict[str, Any] = {
    VIEW: pgettext_lazy("a right", "View"),
    CREATE: pgettext_lazy("a right", "Create"),
    CHANGE: pgettext_lazy("a right", "Change"),
    REMOVE: pgettext_lazy("a right", "Delete"),
    SHARE: pgettext_lazy("a right", "Share"),
    EXPORT: pgettext_lazy("a right", "Export"),
    MASS: _("Change many at once"),
}
OWN, TEAM, TERRITORY, ALL = "own", "team", "territory", "all"
#: From nothing to everything; each holds what stands before it. Roles add up.
SCOPES = ("none", OWN, TEAM, TERRITORY, ALL)
SCOPE_LABELS: dict[str, Any] = {
    "none": pgettext_lazy("scope of a right", "None"),
    OWN: pgettext_lazy("scope of a right", "Own"),
    TEAM: pgettext_lazy("scope of a right", "Team"),
    TERRITORY: pgettext_lazy("scope of a right", "Territory"),
    ALL: pgettext_lazy("scope of a right", "All"),
}
HIDDEN, READ_ONLY = "hidden", "read_only"
#: So long a condition of a grant or a territory may be, in characters.
LONGEST_CONDITION = 4000


class Role(models.Model):
    """A bundle of grants that people have."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    users = models.ManyToManyField("identity.User", related_name="roles")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What it is called; the roles that an installation starts with are called so in the reader's language."""
        return role_name(self.key, self.name)

    def object_key(self) -> str:
        """Under what the ledger keeps what happens to roles."""
        return "access.role"


class Grant(models.Model):
    """What a role may do with an object, and with how many of its records. "*" stands for every object or every verb.

    `verb` is one of VERBS or the name of a declared action, which counts before the action's own verb. `condition` is text in the filter
    language: only records that fulfil it count.
    """

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    object = models.CharField(max_length=80, default="*")
    verb = models.CharField(max_length=80)
    scope = models.CharField(max_length=10, choices=[(s, s) for s in SCOPES])
    condition = models.TextField(default="", blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["role", "object", "verb", "scope"], name="grant_once"),
            models.CheckConstraint(condition=models.Q(scope__in=SCOPES), name="grant_scope"),
        ]


class FieldRule(models.Model):
    """A field that a role does not see, or does not change."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="field_rules")
    object = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    rule = models.CharField(max_length=10, choices=[(HIDDEN, HIDDEN), (READ_ONLY, READ_ONLY)])

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "object", "field"], name="field_rule_once")]


class Share(models.Model):
    """One record, shown to one person or team beyond what their roles say. `level` is a verb: view or change; `until` ends it."""

    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    user = models.ForeignKey("identity.User", null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, default=VIEW)
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["object", "user", "record"], name="share_user"),
            models.Index(fields=["object", "team", "record"], name="share_team"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(user=None) ^ models.Q(team=None), name="share_one_party"),
        ]


class Private(models.Model):
    """A record that only its owner and those with whom it is shared see, whatever roles say."""

    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["object", "record"], name="private_once")]


class Territory(models.Model):
    """A part of the world or of the market, and who works in it. Members see what belongs to it and to all territories below it."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    members = models.ManyToManyField("identity.User", related_name="territories")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "territories"

    def __str__(self) -> str:
        return self.name

    def object_key(self) -> str:
        """Under what the ledger keeps what happens to territories."""
        return "access.territory"


class TerritoryRule(models.Model):
    """Which records of an object belong to a territory: those that fulfil `condition`, in the filter language."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="rules")
    object = models.CharField(max_length=80)
    condition = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["territory", "object"], name="territory_rule_once")]
