"""Words with letters that SQLite does not know are indexed whole: the indexes are made anew and filled after the migration."""

from typing import Any

from django.db import migrations

from kith.objects.search.backends import back_end


def make_anew(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    apps.get_model("objects", "SearchRow").objects.all().delete()
    index = back_end(schema_editor.connection)
    for statement in [*index.drop(), *index.create()]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("objects", "0004_search_inside")]
    operations = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
