"""Sums of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cms', '0001_initial'),
        ('people', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Settling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(null=True, verbose_name='day')),
            ],
            options={
                'verbose_name': 'settling of tallies',
                'verbose_name_plural': 'settlings of tallies',
            },
        ),
        migrations.CreateModel(
            name='TallyMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('class_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'mark of a moved tally',
                'verbose_name_plural': 'marks of moved tallies',
            },
        ),
        migrations.CreateModel(
            name='SettledTally',
            fields=[
                ('not_started', models.IntegerField(default=0, verbose_name='not started')),
                ('in_progress', models.IntegerField(default=0, verbose_name='in progress')),
                ('completed', models.IntegerField(default=0, verbose_name='completed')),
                ('failed', models.IntegerField(default=0, verbose_name='not completed')),
                ('withdrawn', models.IntegerField(default=0, verbose_name='withdrawn')),
                ('average', models.IntegerField(default=0)),
                ('good', models.IntegerField(default=0)),
                ('very_good', models.IntegerField(default=0)),
                ('excellent', models.IntegerField(default=0)),
                ('theory_learners', models.IntegerField(default=0)),
                ('theory_done', models.IntegerField(default=0)),
                ('professional_learners', models.IntegerField(default=0)),
                ('professional_done', models.IntegerField(default=0)),
                ('class_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('edition', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programmes.edition')),
                ('heir', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.unit')),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.unit')),
            ],
            options={
                'verbose_name': 'settled tally of a class',
                'verbose_name_plural': 'settled tallies of classes',
            },
        ),
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
        migrations.CreateModel(
            name='UnitTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('not_started', models.IntegerField(default=0, verbose_name='not started')),
                ('in_progress', models.IntegerField(default=0, verbose_name='in progress')),
                ('completed', models.IntegerField(default=0, verbose_name='completed')),
                ('failed', models.IntegerField(default=0, verbose_name='not completed')),
                ('withdrawn', models.IntegerField(default=0, verbose_name='withdrawn')),
                ('average', models.IntegerField(default=0)),
                ('good', models.IntegerField(default=0)),
                ('very_good', models.IntegerField(default=0)),
                ('excellent', models.IntegerField(default=0)),
                ('theory_learners', models.IntegerField(default=0)),
                ('theory_done', models.IntegerField(default=0)),
                ('professional_learners', models.IntegerField(default=0)),
                ('professional_done', models.IntegerField(default=0)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('moved', models.BooleanField(default=False)),
                ('classes', models.IntegerField(default=0, verbose_name='classes')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.edition', verbose_name='edition')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.programmepage', verbose_name='programme')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'sums of a unit',
                'verbose_name_plural': 'sums of units',
                'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'edition', 'moved'), name='reports_unit_tally_once')],
            },
        ),
    ]
