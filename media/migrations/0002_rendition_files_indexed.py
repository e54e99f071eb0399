"""Renditions are found by the names in their addresses."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sen_media', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='senrendition',
            index=models.Index(fields=['file'], name='sen_media_rendition_file'),
        ),
    ]
