"""What a company's directory said of people and groups, beside what is true of them here."""

from __future__ import annotations

from django.db import models

from kith.kernel import clock

from .people import Team, User


class DirectoryUser(models.Model):
    """Somebody whom a directory keeps. `said` is what it said last, by the names of SCIM, so that it reads back what it wrote."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="directory")
    external_id = models.CharField(max_length=255, default="", db_index=True)
    said = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    #: The directory deleted her: here she is deactivated, and the directory sees her no more.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class DirectoryGroup(models.Model):
    """A group of a directory, its members, and what it stands for here: a team, and roles by their keys."""

    name = models.CharField(max_length=255)
    #: The name as it is compared; two groups of one name are one too many.
    folded = models.CharField(max_length=500, unique=True)
    external_id = models.CharField(max_length=255, default="", db_index=True)
    members = models.ManyToManyField(User, related_name="directory_groups")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    roles = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
