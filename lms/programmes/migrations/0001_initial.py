"""Editions of programmes."""

import django.db.models.deletion
import lms.programmes.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cms', '0001_initial'),
        ('quizzes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='edition')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('frozen_at', models.DateTimeField(verbose_name='frozen at')),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='note')),
                ('pass_mark', models.DecimalField(decimal_places=2, default='5', max_digits=4, verbose_name='pass mark out of 10')),
                ('attendance_share', models.DecimalField(decimal_places=3, default='0.8', max_digits=4, verbose_name='share of periods to attend')),
                ('bands', models.JSONField(default=lms.programmes.models.default_bands, verbose_name='bands')),
                ('certificate_rule', models.CharField(choices=[('on_completion', 'As soon as a learner completes'), ('on_decision', 'When the class is recognised by a decision'), ('never', 'No certificate')], default='on_completion', max_length=14, verbose_name='certificate')),
                ('digest', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='cms.programmepage', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
            },
        ),
        migrations.CreateModel(
            name='EditionModule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('kind', models.CharField(choices=[('theory', 'Theory'), ('professional', 'Professional')], max_length=12, verbose_name='kind')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='modules', to='programmes.edition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'module of an edition',
                'verbose_name_plural': 'modules of an edition',
                'ordering': ['edition', 'position'],
            },
        ),
        migrations.CreateModel(
            name='EditionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('lesson', 'Lesson'), ('exam', 'Exam'), ('essay', 'Essay'), ('session', 'Session in class')], max_length=8, verbose_name='kind')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('periods', models.PositiveSmallIntegerField(default=0, verbose_name='periods (tiết)')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('counts', models.BooleanField(default=False, verbose_name='counts towards the mark')),
                ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=5, verbose_name='weight in the mark')),
                ('min_seconds', models.PositiveIntegerField(default=0, verbose_name='least reading time in seconds')),
                ('paper_set', models.PositiveIntegerField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='programmes.edition', verbose_name='edition')),
                ('exam', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edition_items', to='quizzes.exam', verbose_name='exam')),
                ('lesson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edition_items', to='cms.lessonpage', verbose_name='lesson')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='programmes.editionmodule', verbose_name='module')),
            ],
            options={
                'verbose_name': 'item of an edition',
                'verbose_name_plural': 'items of an edition',
                'ordering': ['edition', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('exam', 'Exam'), ('session', 'Session in class')], max_length=8, verbose_name='kind')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('periods', models.PositiveSmallIntegerField(default=0, verbose_name='periods (tiết)')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('counts', models.BooleanField(default=False, verbose_name='counts towards the mark')),
                ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=5, verbose_name='weight in the mark')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('after_lesson', models.ForeignKey(blank=True, help_text='Empty: at the end of the module.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms.lessonpage', verbose_name='after the lesson')),
                ('exam', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='planned_items', to='quizzes.exam', verbose_name='exam')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_items', to='cms.modulepage', verbose_name='module')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_items', to='cms.programmepage', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'planned item',
                'verbose_name_plural': 'planned items',
                'ordering': ['programme', 'position', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('programme', 'number'), name='programmes_edition_number'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('pass_mark__gte', 0), ('pass_mark__lte', 10)), name='programmes_edition_pass_mark'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('attendance_share__gte', 0), ('attendance_share__lte', 1)), name='programmes_edition_attendance'),
        ),
        migrations.AddConstraint(
            model_name='editionmodule',
            constraint=models.UniqueConstraint(fields=('edition', 'position'), name='programmes_module_position'),
        ),
        migrations.AddConstraint(
            model_name='editionitem',
            constraint=models.UniqueConstraint(fields=('edition', 'position'), name='programmes_item_position'),
        ),
        migrations.AddConstraint(
            model_name='editionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exam__isnull', True), ('kind', 'lesson'), ('lesson__isnull', False)), models.Q(('exam__isnull', False), ('kind', 'exam'), ('lesson__isnull', True), ('paper_set__isnull', False)), models.Q(('exam__isnull', True), ('kind__in', ['essay', 'session']), ('lesson__isnull', True)), _connector='OR'), name='programmes_item_target'),
        ),
        migrations.AddConstraint(
            model_name='programmeitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exam__isnull', False), ('kind', 'exam')), models.Q(('exam__isnull', True), ('kind', 'session')), _connector='OR'), name='programmes_planned_target', violation_error_message='An exam item needs an exam; a session has none.'),
        ),
    ]
