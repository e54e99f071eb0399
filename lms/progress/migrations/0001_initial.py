"""Progress of learners."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemProgress',
            fields=[
                ('pk', models.CompositePrimaryKey('enrolment_id', 'item_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('todo', 'To do'), ('doing', 'Doing'), ('done', 'Done')], default='doing', max_length=5, verbose_name='state')),
                ('position', models.FloatField(default=0, verbose_name='reading position, 0 to 1')),
                ('furthest', models.FloatField(default=0, verbose_name='furthest position, 0 to 1')),
                ('seconds', models.PositiveIntegerField(default=0, verbose_name='seconds spent with the page visible')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('updated_at', models.DateTimeField(verbose_name='updated at')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='item_progress', to='classes.enrolment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.editionitem')),
            ],
            options={
                'verbose_name': 'progress',
                'verbose_name_plural': 'progress',
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 0), ('position__lte', 1)), name='progress_position'), models.CheckConstraint(condition=models.Q(('furthest__gte', 0), ('furthest__lte', 1)), name='progress_furthest'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='progress_done_at')],
            },
        ),
    ]
