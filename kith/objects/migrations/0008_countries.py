"""The countries of the world as records, each with nothing but its code: all else is what the house knows, until somebody says more."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kith.kernel import clock
from kith.objects.kinds import Country


def seed(apps: Any, schema_editor: Any) -> None:
    countries, now = apps.get_model("objects", "CountryFacts"), clock.now()
    countries.objects.bulk_create(
        countries(code=code, created_at=now, changed_at=now) for code in Country().codes()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('objects', '0007_access_complete'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CountryFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(db_index=True)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('custom', models.JSONField(blank=True, default=dict, editable=False)),
                ('code', models.CharField(default='', max_length=2)),
                ('weekend', models.JSONField(null=True)),
                ('working_hours', models.CharField(max_length=11, null=True)),
                ('first_weekday', models.CharField(default='', max_length=40)),
                ('languages', models.JSONField(null=True)),
                ('zone', models.CharField(default='', max_length=64)),
                ('calendar', models.CharField(default='', max_length=40)),
                ('style', models.CharField(default='', max_length=40)),
                ('channel', models.CharField(default='', max_length=40)),
                ('quiet_hours', models.CharField(max_length=11, null=True)),
                ('guidance', models.TextField(default='')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Country',
                'verbose_name_plural': 'Countries',
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('code',), name='country_once')],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
