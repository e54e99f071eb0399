"""API tokens, hashed, with names, scopes and an end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_user_session")]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('prefix', models.CharField(max_length=8, verbose_name='begins with')),
                ('scopes', models.CharField(help_text='Separated by spaces.', max_length=100, verbose_name='may')),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='holds until')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='last used at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='people_apitoken_ends_after_start'), models.CheckConstraint(condition=models.Q(('scopes', ''), _negated=True), name='people_apitoken_has_scope')],
            },
        ),
    ]
