"""Lists sort by keys of each language; the folded copy stays to find by, under a name that says so. `sorting.refresh` fills the keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("toybox", "0002_base_amounts")]

    operations = [
        migrations.RenameField(model_name='box', old_name='name_sort', new_name='name_folded'),
        migrations.RenameField(model_name='toy', old_name='name_sort', new_name='name_folded'),
        migrations.RemoveField(
            model_name='toy',
            name='emails_main',
        ),
        migrations.RemoveField(
            model_name='toy',
            name='phones_main',
        ),
        migrations.AddField(
            model_name='box',
            name='name_key_en',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='name_key_fa',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='name_key_fi',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='name_key_sl',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='name_key_zh_hans',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='emails_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='name_key_en',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='name_key_fa',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='name_key_fi',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='name_key_sl',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='name_key_zh_hans',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='toy',
            name='phones_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name='box',
            index=models.Index(fields=['name_key_en', 'id'], name='toybox_box_name_ke_542fe6_idx'),
        ),
        migrations.AddIndex(
            model_name='box',
            index=models.Index(fields=['name_key_fi', 'id'], name='toybox_box_name_ke_a0ac7a_idx'),
        ),
        migrations.AddIndex(
            model_name='box',
            index=models.Index(fields=['name_key_zh_hans', 'id'], name='toybox_box_name_ke_fd80c3_idx'),
        ),
        migrations.AddIndex(
            model_name='box',
            index=models.Index(fields=['name_key_fa', 'id'], name='toybox_box_name_ke_718328_idx'),
        ),
        migrations.AddIndex(
            model_name='box',
            index=models.Index(fields=['name_key_sl', 'id'], name='toybox_box_name_ke_ed9709_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['name_key_en', 'id'], name='toybox_toy_name_ke_3de036_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['name_key_fi', 'id'], name='toybox_toy_name_ke_326913_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['name_key_zh_hans', 'id'], name='toybox_toy_name_ke_fd6177_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['name_key_fa', 'id'], name='toybox_toy_name_ke_8f6328_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['name_key_sl', 'id'], name='toybox_toy_name_ke_12cf82_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['emails_key', 'id'], name='toybox_toy_emails__face24_idx'),
        ),
        migrations.AddIndex(
            model_name='toy',
            index=models.Index(fields=['phones_key', 'id'], name='toybox_toy_phones__d822b9_idx'),
        ),
    ]
