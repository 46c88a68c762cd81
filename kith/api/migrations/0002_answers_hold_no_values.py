# What is kept under a key are numbers and states; what was kept of values before is taken away.

from django.db import migrations, models


def take_values_away(apps, editor):
    for row in apps.get_model("api", "Answer").objects.iterator():
        kept = row.kept if isinstance(row.kept, dict) else {}
        row.kept = {name: kept[name] for name in ("object", "id", "run") if name in kept}
        if "data" in kept:
            row.kept["data"] = [
                {name: one[name] for name in ("state", "id", "version", "status") if name in one} for one in kept["data"]
            ]
        row.save(update_fields=["kept"])


class Migration(migrations.Migration):

    dependencies = [
        ("api", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="answer", name="headers"),
        migrations.RenameField(model_name="answer", old_name="body", new_name="kept"),
        migrations.RunPython(take_values_away, migrations.RunPython.noop),
        migrations.AlterField(model_name="answer", name="kept", field=models.JSONField(default=dict)),
    ]
