"""The audit trail and its ledger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('stream', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='stream')),
                ('number', models.PositiveBigIntegerField(default=0, verbose_name='last number')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='last digest')),
                ('seal', models.CharField(blank=True, max_length=64, verbose_name='seal')),
            ],
            options={
                'verbose_name': 'end of a stream',
                'verbose_name_plural': 'ends of streams',
            },
        ),
        migrations.CreateModel(
            name='RequestTrace',
            fields=[
                ('request_id', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='request')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('address', models.CharField(max_length=64, verbose_name='network address')),
                ('agent', models.CharField(blank=True, max_length=200, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'origin of a request',
                'verbose_name_plural': 'origins of requests',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True, verbose_name='number in the ledger')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('stream', models.CharField(max_length=80, verbose_name='stream')),
                ('stream_number', models.PositiveBigIntegerField(verbose_name='number in the stream')),
                ('stream_digest', models.CharField(max_length=64, verbose_name='digest of the entry')),
                ('opening', models.BooleanField(default=False, verbose_name='from before the ledger')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
            ],
            options={
                'verbose_name': 'note in the ledger of streams',
                'verbose_name_plural': 'notes in the ledger of streams',
                'indexes': [models.Index(fields=['stream', 'stream_number'], name='audit_ledger_stream')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=80, verbose_name='stream')),
                ('number', models.PositiveBigIntegerField(verbose_name='number in the stream')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('action', models.CharField(max_length=80, verbose_name='action')),
                ('target', models.CharField(blank=True, max_length=120, verbose_name='target')),
                ('data', models.JSONField(default=dict, verbose_name='data')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'indexes': [models.Index(fields=['actor', 'at'], name='audit_entry_actor_at'), models.Index(fields=['target', 'at'], name='audit_entry_target_at')],
                'constraints': [models.UniqueConstraint(fields=('stream', 'number'), name='audit_entry_stream_number')],
            },
        ),
    ]
