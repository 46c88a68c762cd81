"""Search finds text inside words: the indexes are made anew; `refresh` fills them after the migration, object by object."""

from typing import Any

from django.db import migrations, models

from kith.objects.search.backends import back_end


def make_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("objects", "SearchRow").objects.all().delete()
    index = back_end(schema_editor.connection)
    for statement in [*index.drop(), *index.create()]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("objects", "0003_exchange")]
    operations = [
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object", models.CharField(max_length=80, unique=True)),
                ("version", models.IntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
