"""Annual plans of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classes', '0003_kinds_done'),
        ('cms', '0006_text_template'),
        ('people', '0004_heirs'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnualPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('approved', 'Approved')], default='draft', max_length=9, verbose_name='state')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='submitted at')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved at')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'annual plan',
                'verbose_name_plural': 'annual plans',
            },
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('classes', models.PositiveIntegerField(default=0, verbose_name='classes')),
                ('learners', models.PositiveIntegerField(default=0, verbose_name='learners')),
                ('approved_classes', models.PositiveIntegerField(default=0, verbose_name='classes approved')),
                ('approved_learners', models.PositiveIntegerField(default=0, verbose_name='learners approved')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='classes.annualplan', verbose_name='annual plan')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cms.programmepage', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'line of a plan',
                'verbose_name_plural': 'lines of a plan',
            },
        ),
        migrations.AddConstraint(
            model_name='annualplan',
            constraint=models.UniqueConstraint(fields=('unit', 'year'), name='classes_plan_once'),
        ),
        migrations.AddConstraint(
            model_name='annualplan',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'approved'])), name='classes_plan_state'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('plan', 'programme'), name='classes_plan_line_once'),
        ),
    ]
