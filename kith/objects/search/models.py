"""The table of searchable texts. Its full-text index beside it is made by the migration, in each engine's own way."""

from django.db import models


class SearchRow(models.Model):
    """The words of one field of one record, as `kith.kernel.text.tokens` gives them, with blanks between."""

    object = models.CharField(max_length=80)
    field = models.CharField(max_length=80)
    record = models.BigIntegerField()
    tokens = models.TextField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["object", "record"], name="search_record")]


class Indexed(models.Model):
    """Which version of the index the records of an object were last written in as a whole."""

    object = models.CharField(max_length=80, unique=True)
    version = models.IntegerField()

    class Meta:
        default_permissions = ()
