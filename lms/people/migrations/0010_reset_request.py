"""Requests for a new password until a task looks at them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_hash_old_tokens")]

    operations = [
        migrations.CreateModel(
            name='ResetRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('typed', models.CharField(max_length=254, verbose_name='typed')),
                ('language', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField(db_index=True, verbose_name='asked at')),
            ],
            options={
                'verbose_name': 'request for a new password',
                'verbose_name_plural': 'requests for a new password',
            },
        ),
    ]
