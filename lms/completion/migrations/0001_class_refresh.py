"""The work on a class's standings comes from the grade book; its table stays as it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        ('gradebook', '0002_class_refresh_leaves'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='ClassRefresh',
                    fields=[
                        ('training_class', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='classes.trainingclass', verbose_name='class')),
                        ('total', models.PositiveIntegerField(verbose_name='learners to work out')),
                        ('done', models.PositiveIntegerField(default=0, verbose_name='learners worked out')),
                        ('cursor', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': "refresh of a class's standings",
                        'verbose_name_plural': "refreshes of classes' standings",
                        'db_table': 'gradebook_classrefold',
                    },
                ),
            ],
        ),
    ]
