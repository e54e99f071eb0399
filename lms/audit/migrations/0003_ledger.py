from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_head'),
    ]

    operations = [
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
    ]
