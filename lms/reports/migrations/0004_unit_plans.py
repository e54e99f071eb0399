"""Sums of approved plans."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0006_text_template'),
        ('people', '0004_heirs'),
        ('reports', '0003_unit_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('moved', models.BooleanField(default=False)),
                ('classes', models.IntegerField(default=0, verbose_name='classes')),
                ('learners', models.IntegerField(default=0, verbose_name='learners')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.programmepage', verbose_name='programme')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'planned sums of a unit',
                'verbose_name_plural': 'planned sums of units',
                'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'programme', 'moved'), name='reports_unit_plan_once')],
            },
        ),
    ]
