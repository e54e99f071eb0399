"""Training classes, enrolments and annual plans."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cms', '0001_initial'),
        ('people', '0001_initial'),
        ('programmes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.CreateModel(
            name='TrainingClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('closed', 'Ended'), ('recognised', 'Recognised'), ('cancelled', 'Cancelled')], default='open', max_length=10, verbose_name='state')),
                ('year', models.PositiveSmallIntegerField(help_text='The year of the start date; reports count by it.', verbose_name='year')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('opening_decision', models.CharField(blank=True, max_length=120, verbose_name='decision to open')),
                ('opening_decided_on', models.DateField(blank=True, null=True, verbose_name='date of the decision')),
                ('recognition_decision', models.CharField(blank=True, max_length=120, verbose_name='decision of recognition')),
                ('recognised_on', models.DateField(blank=True, null=True, verbose_name='date of recognition')),
                ('capacity', models.PositiveIntegerField(default=100, verbose_name='capacity')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('tally_slots', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('search_text', models.CharField(default='', editable=False, max_length=540)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='programmes.edition', verbose_name='edition')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'training class',
                'verbose_name_plural': 'training classes',
            },
        ),
        migrations.CreateModel(
            name='RosterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('rows', models.JSONField(default=list, verbose_name='rows')),
                ('problems', models.JSONField(default=list, verbose_name='problems')),
                ('notes', models.JSONField(default=list, verbose_name='notes')),
                ('done_at', models.DateTimeField(null=True, verbose_name='carried out at')),
                ('created_count', models.PositiveIntegerField(default=0, verbose_name='accounts made')),
                ('enrolled_count', models.PositiveIntegerField(default=0, verbose_name='enrolments made')),
                ('asked_count', models.PositiveIntegerField(default=0, verbose_name='requests sent')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'list of learners',
                'verbose_name_plural': 'lists of learners',
            },
        ),
        migrations.CreateModel(
            name='EnrolmentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Waiting for consent'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Taken back'), ('expired', 'Expired')], default='open', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('reason', models.CharField(blank=True, max_length=250, verbose_name='reason')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolment_requests', to=settings.AUTH_USER_MODEL, verbose_name='learner')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.unit', verbose_name='home unit of the learner')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'request for a learner',
                'verbose_name_plural': 'requests for learners',
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('status', models.CharField(choices=[('enrolled', 'Enrolled'), ('in_progress', 'In progress'), ('completed', 'Completed'), ('failed', 'Not completed'), ('withdrawn', 'Withdrawn')], default='enrolled', max_length=11, verbose_name='status')),
                ('percent', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='percent done')),
                ('score', models.DecimalField(decimal_places=2, max_digits=4, null=True, verbose_name='mark out of 10')),
                ('band', models.CharField(blank=True, choices=[('average', 'Average'), ('good', 'Good'), ('very_good', 'Very good'), ('excellent', 'Excellent')], max_length=10, verbose_name='band')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('completed_at', models.DateTimeField(null=True, verbose_name='completed at')),
                ('completed_by_rules', models.CharField(blank=True, max_length=64)),
                ('last_activity_at', models.DateTimeField(null=True, verbose_name='last activity')),
                ('theory_done', models.BooleanField(default=False, verbose_name='theory done')),
                ('professional_done', models.BooleanField(default=False, verbose_name='professional part done')),
                ('enrolled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='enrolled by')),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to=settings.AUTH_USER_MODEL, verbose_name='learner')),
                ('next_item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='programmes.editionitem', verbose_name='next item')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'enrolment',
                'verbose_name_plural': 'enrolments',
            },
        ),
        migrations.CreateModel(
            name='ClassTally',
            fields=[
                ('pk', models.CompositePrimaryKey('training_class_id', 'slot', blank=True, editable=False, primary_key=True, serialize=False)),
                ('slot', models.PositiveSmallIntegerField()),
                ('enrolled', models.IntegerField(default=0, verbose_name='not started')),
                ('in_progress', models.IntegerField(default=0, verbose_name='in progress')),
                ('completed', models.IntegerField(default=0, verbose_name='completed')),
                ('failed', models.IntegerField(default=0, verbose_name='not completed')),
                ('withdrawn', models.IntegerField(default=0, verbose_name='withdrawn')),
                ('average', models.IntegerField(default=0)),
                ('good', models.IntegerField(default=0)),
                ('very_good', models.IntegerField(default=0)),
                ('excellent', models.IntegerField(default=0)),
                ('theory_done', models.IntegerField(default=0)),
                ('professional_done', models.IntegerField(default=0)),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='classes.trainingclass')),
            ],
            options={
                'verbose_name': 'tally of a class',
                'verbose_name_plural': 'tallies of classes',
            },
        ),
        migrations.CreateModel(
            name='ClassStaff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('homeroom', 'homeroom lecturer'), ('lecturer', 'lecturer'), ('registrar', 'registrar')], default='lecturer', max_length=10, verbose_name='role')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='class_staff', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'class staff',
                'verbose_name_plural': 'class staff',
            },
        ),
        migrations.CreateModel(
            name='ClassSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('starts_at', models.DateTimeField(verbose_name='starts at')),
                ('ends_at', models.DateTimeField(verbose_name='ends at')),
                ('periods', models.PositiveSmallIntegerField(default=4, verbose_name='periods (tiết)')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='class_sessions', to='programmes.editionitem', verbose_name='item')),
                ('lecturer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lecturer')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ['starts_at'],
            },
        ),
        migrations.CreateModel(
            name='ClassItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='class_items', to='programmes.editionitem', verbose_name='item')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'item of a class',
                'verbose_name_plural': 'items of a class',
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
        migrations.AddIndex(
            model_name='trainingclass',
            index=models.Index(fields=['unit', 'year'], name='classes_class_unit_year'),
        ),
        migrations.AddConstraint(
            model_name='trainingclass',
            constraint=models.UniqueConstraint(fields=('unit', 'year', 'name'), name='classes_class_name', violation_error_message='The unit has a class of this name in this year.'),
        ),
        migrations.AddConstraint(
            model_name='trainingclass',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='classes_class_dates', violation_error_message='The last day must not be before the first.'),
        ),
        migrations.AddConstraint(
            model_name='trainingclass',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'open', 'closed', 'recognised', 'cancelled'])), name='classes_class_state'),
        ),
        migrations.AddIndex(
            model_name='enrolmentrequest',
            index=models.Index(fields=['learner', 'state'], name='classes_request_learner'),
        ),
        migrations.AddConstraint(
            model_name='enrolmentrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('training_class', 'learner'), name='classes_request_one_open'),
        ),
        migrations.AddConstraint(
            model_name='enrolmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined', 'withdrawn', 'expired'])), name='classes_request_state'),
        ),
        migrations.AddConstraint(
            model_name='enrolmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='classes_request_decided'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['learner', 'status'], name='classes_enrolment_learner'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['training_class', 'status'], name='classes_enrolment_class'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('training_class', 'learner'), name='classes_enrolment_once', violation_error_message='This person is in the class already.'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='classes_enrolment_percent'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['enrolled', 'in_progress', 'completed', 'failed', 'withdrawn'])), name='classes_enrolment_status'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'completed'), _negated=True), ('completed_at__isnull', False), _connector='OR'), name='classes_enrolment_completed_at'),
        ),
        migrations.AddConstraint(
            model_name='classstaff',
            constraint=models.UniqueConstraint(fields=('training_class', 'user', 'role'), name='classes_staff_once'),
        ),
        migrations.AddConstraint(
            model_name='classstaff',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'homeroom')), fields=('training_class',), name='classes_staff_one_homeroom'),
        ),
        migrations.AddConstraint(
            model_name='classsession',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='classes_session_times'),
        ),
        migrations.AddConstraint(
            model_name='classsession',
            constraint=models.CheckConstraint(condition=models.Q(('periods__gte', 1)), name='classes_session_periods'),
        ),
        migrations.AddConstraint(
            model_name='classitem',
            constraint=models.UniqueConstraint(fields=('training_class', 'item'), name='classes_item_once'),
        ),
        migrations.AddConstraint(
            model_name='classitem',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('due_at__isnull', True), ('opens_at__lt', models.F('due_at')), _connector='OR'), name='classes_item_dates', violation_error_message='It must be due after it opens.'),
        ),
    ]
