"""Very large classes are folded in parts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classes', '0004_annual_plans'),
        ('gradebook', '0001_initial'),
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
    ]
