"""Sums of units for every year, kept by settling marked classes, in place of the sums of closed years."""

import django.db.models.deletion
from django.db import migrations, models


def mark_all(apps, schema_editor):
    """Every class waits to be settled: figures are exact at once and fast after the first settling."""
    mark = apps.get_model("reports", "TallyMark")
    classes = apps.get_model("classes", "TrainingClass").objects.order_by("pk").values_list("pk", flat=True)
    mark.objects.bulk_create([mark(class_id=pk) for pk in classes], batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0006_text_template'),
        ('people', '0004_heirs'),
        ('programmes', '0002_keep_planned_items'),
        ('reports', '0002_sums_by_edition'),
    ]

    operations = [
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
            ],
            options={
                'verbose_name': 'settled tally of a class',
                'verbose_name_plural': 'settled tallies of classes',
            },
        ),
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
            ],
            options={
                'verbose_name': 'sums of a unit',
                'verbose_name_plural': 'sums of units',
            },
        ),
        migrations.RemoveConstraint(
            model_name='closedtally',
            name='reports_closed_once',
        ),
        migrations.DeleteModel(
            name='YearClosing',
        ),
        migrations.AddField(
            model_name='settledtally',
            name='edition',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programmes.edition'),
        ),
        migrations.AddField(
            model_name='settledtally',
            name='heir',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='settledtally',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unittally',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='unittally',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cms.programmepage', verbose_name='programme'),
        ),
        migrations.AddField(
            model_name='unittally',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.unit', verbose_name='unit'),
        ),
        migrations.RemoveField(
            model_name='closedtally',
            name='edition',
        ),
        migrations.RemoveField(
            model_name='closedtally',
            name='programme',
        ),
        migrations.RemoveField(
            model_name='closedtally',
            name='unit',
        ),
        migrations.AddConstraint(
            model_name='unittally',
            constraint=models.UniqueConstraint(fields=('unit', 'year', 'edition', 'moved'), name='reports_unit_tally_once'),
        ),
        migrations.DeleteModel(
            name='ClosedTally',
        ),
        migrations.RunPython(mark_all, migrations.RunPython.noop),
    ]
