"""Exact-match keys of records: what "is" compares for fields with several values, and what imports match on."""

from django.db import models


class Key(models.Model):
    """One normalised value of one field of one record; kept by the write path in the transaction of the change."""

    object = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    value = models.CharField(max_length=254)
    record = models.BigIntegerField()

    class Meta:
        app_label = "objects"
        default_permissions = ()
        indexes = [
            models.Index(fields=["object", "field", "value", "record"], name="key_value"),
            models.Index(fields=["object", "record"], name="key_record"),
        ]
