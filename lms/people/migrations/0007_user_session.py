"""Where a person is signed in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_session_epoch")]

    operations = [
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='signed in at')),
                ('seen_at', models.DateTimeField(db_index=True, verbose_name='last seen at')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='network address')),
                ('agent', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_sessions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'sign-in session',
                'verbose_name_plural': 'sign-in sessions',
                'ordering': ['-seen_at'],
            },
        ),
    ]
