"""Tables of rights."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

VIEW, CREATE, CHANGE, REMOVE, SHARE, EXPORT = "view", "create", "change", "remove", "share", "export"
VERBS = {
    VIEW: _("View"),
    CREATE: _("Create"),
    CHANGE: _("Change"),
    REMOVE: _("Delete"),
    SHARE: _("Share"),
    EXPORT: _("Export"),
}
OWN, TEAM, ALL = "own", "team", "all"
#: From nothing to everything; roles add up, so the largest counts.
SCOPES = ("none", OWN, TEAM, ALL)
HIDDEN, READ_ONLY = "hidden", "read_only"


class Role(models.Model):
    """A bundle of grants that people have."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    users = models.ManyToManyField("identity.User", related_name="roles")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """What a role may do with an object, and with how many of its records. "*" stands for every object or every verb."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    object = models.CharField(max_length=80, default="*")
    verb = models.CharField(max_length=80)
    scope = models.CharField(max_length=10, choices=[(s, s) for s in SCOPES])

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["role", "object", "verb"], name="grant_once"),
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
    """One record, shown to one person or team beyond what their roles say. `level` is a verb: view or change."""

    object = models.CharField(max_length=80)
    record = models.BigIntegerField()
    user = models.ForeignKey("identity.User", null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, default=VIEW)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["object", "user", "record"], name="share_user"),
            models.Index(fields=["object", "team", "record"], name="share_team"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(user=None) ^ models.Q(team=None), name="share_one_party"),
        ]
