"""The full-text index of this engine, and the roles that a new installation starts with."""

from typing import Any

from django.db import migrations

from kith.objects.access.standard import make_standard_roles
from kith.objects.search.backends import back_end


def make_index(apps: Any, schema_editor: Any) -> None:
    for statement in back_end(schema_editor.connection).create():
        schema_editor.execute(statement)


def drop_index(apps: Any, schema_editor: Any) -> None:
    for statement in back_end(schema_editor.connection).drop():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("objects", "0001_initial")]
    operations = [
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(make_standard_roles, migrations.RunPython.noop),
    ]
