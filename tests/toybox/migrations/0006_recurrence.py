from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("toybox", "0005_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="toy",
            name="wound_up",
            field=models.TextField(null=True),
        ),
    ]
