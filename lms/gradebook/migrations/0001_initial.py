"""The ledger of marks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        ('programmes', '0001_initial'),
        ('exams', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClassRefold',
            fields=[
                ('training_class', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='classes.trainingclass', verbose_name='class')),
                ('total', models.PositiveIntegerField(verbose_name='learners to fold')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='learners folded')),
                ('cursor', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'folding of a class',
                'verbose_name_plural': 'foldings of classes',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('exam', 'exam'), ('manual', 'entered by hand'), ('correction', 'correction'), ('void', 'annulled')], max_length=10, verbose_name='source')),
                ('points', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='points')),
                ('max_points', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='out of')),
                ('reason', models.CharField(blank=True, max_length=250, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='exams.attempt', verbose_name='attempt')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='classes.enrolment', verbose_name='enrolment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.editionitem', verbose_name='item')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='gradebook.ledgerentry', verbose_name='replaces')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'indexes': [models.Index(fields=['enrolment', 'item'], name='gradebook_enrolment_item')],
                'constraints': [models.CheckConstraint(condition=models.Q(('max_points__gt', 0)), name='gradebook_max_points'), models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='gradebook_points')],
            },
        ),
    ]
