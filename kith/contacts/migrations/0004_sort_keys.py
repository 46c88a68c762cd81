"""Lists sort by keys of each language; the folded copy stays to find by, under a name that says so. `sorting.refresh` fills the keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_culture")]

    operations = [
        migrations.RenameField(model_name='company', old_name='name_sort', new_name='name_folded'),
        migrations.RenameField(model_name='person', old_name='name_sort', new_name='name_folded'),
        migrations.RemoveField(
            model_name='company',
            name='emails_main',
        ),
        migrations.RemoveField(
            model_name='company',
            name='phones_main',
        ),
        migrations.RemoveField(
            model_name='person',
            name='emails_main',
        ),
        migrations.RemoveField(
            model_name='person',
            name='phones_main',
        ),
        migrations.AddField(
            model_name='company',
            name='emails_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='name_key_en',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='name_key_fa',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='name_key_fi',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='name_key_sl',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='name_key_zh_hans',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='company',
            name='phones_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='emails_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='name_key_en',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='name_key_fa',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='name_key_fi',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='name_key_sl',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='name_key_zh_hans',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='phones_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name_key_en', 'id'], name='contacts_co_name_ke_9b9be8_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name_key_fi', 'id'], name='contacts_co_name_ke_993020_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name_key_zh_hans', 'id'], name='contacts_co_name_ke_2b1945_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name_key_fa', 'id'], name='contacts_co_name_ke_daf3b0_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name_key_sl', 'id'], name='contacts_co_name_ke_599ce3_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['emails_key', 'id'], name='contacts_co_emails__d74c2c_idx'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['phones_key', 'id'], name='contacts_co_phones__ab51d9_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key_en', 'id'], name='contacts_pe_name_ke_9ad889_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key_fi', 'id'], name='contacts_pe_name_ke_0228e7_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key_zh_hans', 'id'], name='contacts_pe_name_ke_877764_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key_fa', 'id'], name='contacts_pe_name_ke_d3b1c4_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key_sl', 'id'], name='contacts_pe_name_ke_320db2_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['emails_key', 'id'], name='contacts_pe_emails__c33d0e_idx'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['phones_key', 'id'], name='contacts_pe_phones__20828b_idx'),
        ),
    ]
