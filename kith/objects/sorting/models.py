"""What the stored keys of each object were made with."""

from django.db import models


class Sorted(models.Model):
    """The version of the keys of an object's records; while they are made anew, which version they will be in and how far that is."""

    object = models.CharField(max_length=80, unique=True)
    version = models.CharField(max_length=80, default="")
    making = models.CharField(max_length=80, default="")
    reached = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
