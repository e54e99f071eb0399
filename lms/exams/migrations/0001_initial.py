"""Attempts, sittings, answer sheets and marking, each with the item of the edition that it is about."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# An enrolment, or a class, and an item of its edition belong together, whoever writes (docs/adr/0041). Composite foreign
# keys would need the edition in each of these tables, so triggers look it up. A migration that rebuilds one of these
# tables on SQLite drops its triggers: it must make them again.
_OF_ENROLMENT = """
    SELECT 1 FROM classes_enrolment e
    JOIN classes_trainingclass c ON c.id = e.training_class_id
    JOIN programmes_editionitem i ON i.edition_id = c.edition_id
    WHERE e.id = NEW.enrolment_id AND i.id = NEW.item_id
"""
_OF_GUEST = """
    SELECT 1 FROM exams_sittingguest g
    JOIN exams_sitting s ON s.id = g.sitting_id
    WHERE g.id = NEW.guest_id AND s.id = NEW.sitting_id AND s.item_id = NEW.item_id
"""
_OF_CLASS = """
    SELECT 1 FROM classes_trainingclass c
    JOIN programmes_editionitem i ON i.edition_id = c.edition_id
    WHERE c.id = NEW.training_class_id AND i.id = NEW.item_id
"""
# table: (columns that matter, what must exist)
_RULES = {
    "exams_attempt": (
        "enrolment_id, guest_id, item_id, sitting_id",
        f"(NEW.enrolment_id IS NOT NULL AND EXISTS ({_OF_ENROLMENT}))"
        f" OR (NEW.guest_id IS NOT NULL AND EXISTS ({_OF_GUEST}))",
    ),
    "exams_allowance": ("enrolment_id, item_id", f"EXISTS ({_OF_ENROLMENT})"),
    "exams_papersheet": ("enrolment_id, item_id", f"EXISTS ({_OF_ENROLMENT})"),
    "exams_sitting": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
    "exams_markingsession": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
    "exams_sheetimport": ("training_class_id, item_id", f"EXISTS ({_OF_CLASS})"),
}
_SQLITE = """
CREATE TRIGGER {table}_item_{event} BEFORE {when} ON {table} FOR EACH ROW WHEN NOT ({rule})
BEGIN SELECT RAISE(ABORT, '{table}_item: the item is not of this class'); END
"""
_POSTGRES = """
CREATE FUNCTION {table}_item() RETURNS trigger LANGUAGE plpgsql AS $check$
BEGIN
    IF NOT ({rule}) THEN
        RAISE EXCEPTION '{table}_item: the item is not of this class' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $check$;
CREATE TRIGGER {table}_item BEFORE INSERT OR UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_item()
"""


def guard(apps, schema_editor):
    for table, (columns, rule) in _RULES.items():
        if schema_editor.connection.vendor == "sqlite":
            for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
                schema_editor.execute(_SQLITE.format(table=table, event=event, when=when, rule=rule), params=None)
        else:
            schema_editor.execute(_POSTGRES.format(table=table, columns=columns, rule=rule), params=None)


def unguard(apps, schema_editor):
    for table in _RULES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_item_insert", params=None)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_item_update", params=None)
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_item() CASCADE", params=None)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        ('people', '0001_initial'),
        ('programmes', '0001_initial'),
        ('quizzes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='attempt number')),
                ('token', models.CharField(max_length=43, unique=True)),
                ('state', models.CharField(choices=[('open', 'In progress'), ('submitted', 'Handed in'), ('annulled', 'Annulled')], default='open', max_length=10, verbose_name='state')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('deadline', models.DateTimeField(null=True, verbose_name='deadline')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='handed in at')),
                ('mode', models.CharField(choices=[('online', 'on the computer'), ('paper', 'on paper')], default='online', max_length=6, verbose_name='mode')),
                ('forced', models.BooleanField(default=False, verbose_name='handed in by the clock')),
                ('score', models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name='score')),
                ('max_score', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='highest score possible')),
                ('receipt', models.CharField(blank=True, max_length=64, verbose_name='receipt')),
                ('device', models.CharField(blank=True, default='', max_length=40)),
                ('one_way', models.BooleanField(default=False, verbose_name='no way back')),
                ('page_size', models.PositiveSmallIntegerField(default=1, verbose_name='questions on a page')),
                ('from_slot', models.PositiveSmallIntegerField(default=0)),
                ('reopened', models.BooleanField(default=False, verbose_name='reopened')),
                ('key_shown_at', models.DateTimeField(editable=False, null=True, verbose_name='key shown to the learner at')),
                ('marking', models.BooleanField(default=False, help_text='Answers wait for a person; there is no score yet.', verbose_name='being marked')),
                ('enrolment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='classes.enrolment', verbose_name='enrolment')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.exam', verbose_name='exam')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='programmes.editionitem', verbose_name='item')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.paper', verbose_name='paper')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to=settings.AUTH_USER_MODEL, verbose_name='learner')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='presence', serialize=False, to='exams.attempt')),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'presence',
                'verbose_name_plural': 'presences',
            },
        ),
        migrations.CreateModel(
            name='MarkingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(help_text='Of the class, as markers read it.', max_length=250, verbose_name='name')),
                ('rounds', models.PositiveSmallIntegerField(choices=[(1, 'one marker'), (2, 'two independent markers')], default=1, verbose_name='markers for each answer')),
                ('anonymous', models.BooleanField(default=True, help_text="Markers see a code instead of the learner's name.", verbose_name='anonymous')),
                ('tolerance', models.DecimalField(decimal_places=3, default='0.1', help_text='As a share of what the question is worth: 0.1 is 10 %. Beyond it somebody settles.', max_digits=4, verbose_name='two markers may differ by')),
                ('seed', models.BigIntegerField(editable=False)),
                ('key_revision', models.PositiveIntegerField(default=0, editable=False)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_sessions', to='quizzes.exam', verbose_name='exam')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.editionitem', verbose_name='item')),
                ('settler', models.ForeignKey(blank=True, help_text='Besides those who run exams at the unit.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who settles')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_sessions', to='classes.trainingclass', verbose_name='class')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_sessions', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'marking session',
                'verbose_name_plural': 'marking sessions',
            },
        ),
        migrations.CreateModel(
            name='OfflineFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('payload', models.JSONField()),
                ('made_at', models.DateTimeField(null=True, verbose_name="made at, by the device's account")),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('late', models.BooleanField(verbose_name='after the deadline')),
                ('decision', models.CharField(choices=[('pending', 'To be decided'), ('accepted', 'Accepted'), ('refused', 'Refused')], default='pending', max_length=8, verbose_name='decision')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('merged', models.PositiveSmallIntegerField(default=0, verbose_name='answers taken over')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offline_files', to='exams.attempt', verbose_name='attempt')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'offline file',
                'verbose_name_plural': 'offline files',
            },
        ),
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('paper_set', models.PositiveIntegerField(verbose_name='set of papers')),
                ('state', models.CharField(choices=[('once', 'entered once'), ('differs', 'the entries differ'), ('agreed', 'both agree'), ('posted', 'graded')], default='once', max_length=10, verbose_name='state')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('first', models.JSONField()),
                ('first_at', models.DateTimeField()),
                ('second', models.JSONField(null=True)),
                ('second_at', models.DateTimeField(null=True)),
                ('settled', models.JSONField(null=True)),
                ('attempt', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='exams.attempt', verbose_name='attempt')),
                ('enrolment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='paper_sheets', to='classes.enrolment', verbose_name='enrolment')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='quizzes.exam', verbose_name='exam')),
                ('first_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_sheets', to='programmes.editionitem', verbose_name='item')),
                ('second_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered again by')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_sheets', to=settings.AUTH_USER_MODEL, verbose_name='learner')),
            ],
            options={
                'verbose_name': 'answer sheet',
                'verbose_name_plural': 'answer sheets',
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('pk', models.CompositePrimaryKey('attempt_id', 'slot', blank=True, editable=False, primary_key=True, serialize=False)),
                ('slot', models.PositiveSmallIntegerField()),
                ('answer', models.JSONField()),
                ('seq', models.BigIntegerField()),
                ('saved_at', models.DateTimeField()),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='exams.attempt')),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
            },
        ),
        migrations.CreateModel(
            name='Script',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.PositiveSmallIntegerField()),
                ('code', models.PositiveIntegerField(verbose_name='code')),
                ('worth', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='points possible')),
                ('state', models.CharField(choices=[('waiting', 'Being marked'), ('differs', 'To be settled'), ('ready', 'Marked'), ('released', 'Released'), ('void', 'Not to be marked')], default='waiting', max_length=8, verbose_name='state')),
                ('handed_in_at', models.DateTimeField()),
                ('points', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='points')),
                ('criteria', models.JSONField(blank=True, default=dict, verbose_name='points by criterion')),
                ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('comment', models.TextField(blank=True, default='', verbose_name='comment of whoever settled')),
                ('released', models.JSONField(null=True)),
                ('released_at', models.DateTimeField(null=True, verbose_name='released at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scripts', to='exams.attempt', verbose_name='attempt')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scripts', to='exams.markingsession', verbose_name='session')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='question')),
            ],
            options={
                'verbose_name': 'answer to be marked',
                'verbose_name_plural': 'answers to be marked',
            },
        ),
        migrations.CreateModel(
            name='Marking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('in_work', 'In work'), ('done', 'Done')], default='waiting', max_length=8, verbose_name='state')),
                ('points', models.JSONField(blank=True, default=dict, verbose_name='points by criterion')),
                ('comments', models.JSONField(blank=True, default=dict, verbose_name='comments by criterion')),
                ('comment', models.TextField(blank=True, default='', verbose_name='comment to the learner')),
                ('note', models.TextField(blank=True, default='', verbose_name='note for the other markers')),
                ('total', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='points')),
                ('version', models.PositiveIntegerField(default=0)),
                ('writer', models.CharField(blank=True, default='', max_length=40)),
                ('turn', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(null=True, verbose_name='saved at')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                ('marker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markings', to=settings.AUTH_USER_MODEL, verbose_name='marker')),
                ('script', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='markings', to='exams.script', verbose_name='answer')),
            ],
            options={
                'verbose_name': 'marking',
                'verbose_name_plural': 'markings',
            },
        ),
        migrations.CreateModel(
            name='SessionMarker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('active', models.BooleanField(default=True, verbose_name='marks')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='markers', to='exams.markingsession', verbose_name='session')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_sessions', to=settings.AUTH_USER_MODEL, verbose_name='marker')),
            ],
            options={
                'verbose_name': 'marker',
                'verbose_name_plural': 'markers',
            },
        ),
        migrations.CreateModel(
            name='SheetImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('paper_set', models.PositiveIntegerField(verbose_name='set of papers')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('rows', models.JSONField(default=list, verbose_name='rows')),
                ('problems', models.JSONField(default=list, verbose_name='problems')),
                ('done_at', models.DateTimeField(null=True, verbose_name='carried out at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheet_imports', to='quizzes.exam', verbose_name='exam')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.editionitem', verbose_name='item')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheet_imports', to='classes.trainingclass', verbose_name='class')),
            ],
            options={
                'verbose_name': 'file of answer sheets',
                'verbose_name_plural': 'files of answer sheets',
            },
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('mode', models.CharField(choices=[('exam', 'Exam in a room'), ('hall', 'Quiz in a hall'), ('contest', 'Open contest')], default='exam', max_length=8, verbose_name='occasion')),
                ('room', models.CharField(help_text='For example: Room 2, morning shift.', max_length=120, verbose_name='room or name')),
                ('opens_at', models.DateTimeField(verbose_name='opens at')),
                ('closes_at', models.DateTimeField(verbose_name='closes at')),
                ('needs_opening', models.BooleanField(default=False, verbose_name='start only after the invigilator opens it')),
                ('opened_at', models.DateTimeField(editable=False, null=True, verbose_name='start opened at')),
                ('stopped_at', models.DateTimeField(editable=False, null=True, verbose_name='start closed at')),
                ('code', models.CharField(blank=True, editable=False, max_length=12, verbose_name='access code')),
                ('sign_up', models.CharField(choices=[('enrolled', 'Only learners of the class'), ('account', 'Anybody with an account'), ('open', 'Anybody, by name')], default='enrolled', max_length=8, verbose_name='who may come in')),
                ('max_guests', models.PositiveIntegerField(blank=True, help_text='Empty: as the installation says (1,000).', null=True, verbose_name='most guests let in')),
                ('accepts_guests', models.BooleanField(default=True, editable=False, verbose_name='new guests are let in')),
                ('guest_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='guests')),
                ('late_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the exam says.', null=True, verbose_name='minutes one may be late')),
                ('cut_at_close', models.BooleanField(blank=True, null=True, verbose_name='late arrivals lose the time they missed')),
                ('leaderboard', models.BooleanField(default=False, verbose_name='show a leaderboard')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='quizzes.exam', verbose_name='exam')),
                ('invigilators', models.ManyToManyField(blank=True, related_name='invigilated_sittings', to=settings.AUTH_USER_MODEL, verbose_name='invigilators')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='programmes.editionitem', verbose_name='item')),
                ('training_class', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='classes.trainingclass', verbose_name='class')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'sitting',
                'verbose_name_plural': 'sittings',
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='sitting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='exams.sitting', verbose_name='sitting'),
        ),
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('extra_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='minutes more')),
                ('extra_percent', models.PositiveSmallIntegerField(default=0, verbose_name='per cent more time')),
                ('extra_attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts more')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens for this person at')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes for this person at')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('enrolment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='allowances', to='classes.enrolment', verbose_name='enrolment')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.editionitem', verbose_name='item')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='learner')),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='allowances', to='exams.sitting', verbose_name='sitting')),
            ],
            options={
                'verbose_name': 'personal terms',
                'verbose_name_plural': 'personal terms',
            },
        ),
        migrations.CreateModel(
            name='SittingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Start opened'), ('closed', 'Start closed'), ('extended', 'Time extended'), ('extended_all', 'Time extended for all'), ('reopened', 'Attempt reopened'), ('annulled', 'Attempt annulled'), ('forced', 'Handed in by the invigilator'), ('code', 'New access code'), ('allowance', 'Personal terms'), ('guests_open', 'New guests let in'), ('guests_closed', 'No new guests'), ('guest_code', 'New personal code'), ('file_received', 'Offline file received'), ('file_accepted', 'Offline file accepted'), ('file_refused', 'Offline file refused'), ('note', 'Note')], max_length=14, verbose_name='kind')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='exams.attempt', verbose_name='attempt')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='exams.sitting', verbose_name='sitting')),
            ],
            options={
                'verbose_name': 'line of the log',
                'verbose_name_plural': 'lines of the log',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SittingGuest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code_number', models.PositiveSmallIntegerField(default=0)),
                ('code_digest', models.CharField(blank=True, default='', max_length=64)),
                ('device', models.CharField(blank=True, default='', max_length=40)),
                ('name_key', models.CharField(blank=True, default='', max_length=250)),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='exams.sitting', verbose_name='sitting')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guest_places', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'guest of a sitting',
                'verbose_name_plural': 'guests of sittings',
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='guest',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='exams.sittingguest', verbose_name='guest of a sitting'),
        ),
        migrations.CreateModel(
            name='AttemptResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='grading number')),
                ('points', models.JSONField(verbose_name='points by slot')),
                ('pending', models.JSONField(blank=True, default=list, verbose_name='slots to be marked')),
                ('score', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='score')),
                ('max_score', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='highest score possible')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('receipt', models.CharField(blank=True, default='', max_length=64, verbose_name='receipt')),
                ('graded_at', models.DateTimeField(verbose_name='graded at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='exams.attempt', verbose_name='attempt')),
            ],
            options={
                'verbose_name': 'result',
                'verbose_name_plural': 'results',
                'indexes': [models.Index(fields=['graded_at'], name='exams_result_when')],
                'constraints': [models.UniqueConstraint(fields=('attempt', 'number'), name='exams_result_number')],
            },
        ),
        migrations.AddConstraint(
            model_name='markingsession',
            constraint=models.UniqueConstraint(fields=('exam', 'training_class', 'item'), name='exams_marking_session_once'),
        ),
        migrations.AddConstraint(
            model_name='markingsession',
            constraint=models.CheckConstraint(condition=models.Q(('rounds__in', [1, 2])), name='exams_marking_rounds'),
        ),
        migrations.AddConstraint(
            model_name='markingsession',
            constraint=models.CheckConstraint(condition=models.Q(('tolerance__gte', 0), ('tolerance__lte', 1)), name='exams_marking_tolerance', violation_error_message='A share lies between 0 and 1.'),
        ),
        migrations.AddConstraint(
            model_name='offlinefile',
            constraint=models.UniqueConstraint(fields=('attempt', 'digest'), name='exams_offline_once'),
        ),
        migrations.AddConstraint(
            model_name='offlinefile',
            constraint=models.CheckConstraint(condition=models.Q(('decision', 'pending'), ('decided_at__isnull', False), _connector='OR'), name='exams_offline_decided'),
        ),
        migrations.AddIndex(
            model_name='papersheet',
            index=models.Index(fields=['exam', 'paper_set'], name='exams_sheet_set'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.UniqueConstraint(fields=('enrolment', 'item', 'exam', 'paper_set'), name='exams_sheet_once'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.CheckConstraint(condition=models.Q(('second_by__isnull', True), models.Q(('second_by', models.F('first_by')), _negated=True), _connector='OR'), name='exams_sheet_two_people', violation_error_message='The second entry is made by somebody else.'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'posted'), _negated=True), ('attempt__isnull', False), _connector='OR'), name='exams_sheet_posted'),
        ),
        migrations.AddIndex(
            model_name='script',
            index=models.Index(fields=['session', 'state'], name='exams_script_state'),
        ),
        migrations.AddConstraint(
            model_name='script',
            constraint=models.UniqueConstraint(fields=('attempt', 'slot'), name='exams_script_once'),
        ),
        migrations.AddConstraint(
            model_name='script',
            constraint=models.UniqueConstraint(fields=('session', 'version', 'code'), name='exams_script_code'),
        ),
        migrations.AddConstraint(
            model_name='script',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('points__isnull', True), ('state__in', ['waiting', 'differs', 'void'])), models.Q(('points__isnull', False), ('state__in', ['ready', 'released'])), _connector='OR'), name='exams_script_points'),
        ),
        migrations.AddIndex(
            model_name='marking',
            index=models.Index(fields=['marker', 'state'], name='exams_marking_queue'),
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.UniqueConstraint(fields=('script', 'round'), name='exams_marking_round_once'),
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.UniqueConstraint(fields=('script', 'marker'), name='exams_marking_two_people'),
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='exams_marking_round'),
        ),
        migrations.AddConstraint(
            model_name='marking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done'), ('total__isnull', False)), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True), ('total__isnull', True)), _connector='OR'), name='exams_marking_done'),
        ),
        migrations.AddConstraint(
            model_name='sessionmarker',
            constraint=models.UniqueConstraint(fields=('session', 'user'), name='exams_marker_once'),
        ),
        migrations.AddIndex(
            model_name='sitting',
            index=models.Index(fields=['training_class', 'item'], name='exams_sitting_class'),
        ),
        migrations.AddIndex(
            model_name='sitting',
            index=models.Index(fields=['unit', 'opens_at'], name='exams_sitting_unit'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='exams_sitting_window', violation_error_message='It must close after it opens.'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['exam', 'hall', 'contest'])), name='exams_sitting_mode'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('sign_up__in', ['enrolled', 'account', 'open'])), name='exams_sitting_sign_up'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='exams_sitting_code'),
        ),
        migrations.AddIndex(
            model_name='allowance',
            index=models.Index(fields=['item', 'closes_at'], name='exams_allowance_item'),
        ),
        migrations.AddConstraint(
            model_name='allowance',
            constraint=models.UniqueConstraint(fields=('enrolment', 'item'), name='exams_allowance_once'),
        ),
        migrations.AddConstraint(
            model_name='allowance',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='exams_allowance_reason'),
        ),
        migrations.AddConstraint(
            model_name='allowance',
            constraint=models.CheckConstraint(condition=models.Q(('extra_percent__lte', 300)), name='exams_allowance_percent', violation_error_message='At most 300 per cent.'),
        ),
        migrations.AddConstraint(
            model_name='sittingguest',
            constraint=models.UniqueConstraint(fields=('sitting', 'user'), name='exams_guest_once'),
        ),
        migrations.AddConstraint(
            model_name='sittingguest',
            constraint=models.UniqueConstraint(condition=models.Q(('code_digest', ''), _negated=True), fields=('code_digest',), name='exams_guest_code'),
        ),
        migrations.AddConstraint(
            model_name='sittingguest',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('device', ''), _negated=True), models.Q(('name_key', ''), _negated=True)), fields=('sitting', 'device', 'name_key'), name='exams_guest_device_name'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['deadline'], name='exams_attempt_due'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['exam', 'state'], name='exams_attempt_exam'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('sitting__isnull', False)), fields=['sitting', 'state', '-score'], name='exams_attempt_sitting'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('key_shown_at__isnull', False)), fields=['key_shown_at'], name='exams_attempt_key_shown'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('marking', True)), fields=['exam'], name='exams_attempt_marking'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('enrolment__isnull', False), ('guest__isnull', True)), models.Q(('enrolment__isnull', True), ('guest__isnull', False), ('sitting__isnull', False)), _connector='OR'), name='exams_attempt_whose'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('enrolment', 'item', 'number'), name='exams_attempt_number'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('guest__isnull', False)), fields=('guest', 'number'), name='exams_attempt_guest_number'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('enrolment', 'item'), name='exams_attempt_one_open'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('guest__isnull', False), ('state', 'open')), fields=('guest',), name='exams_attempt_guest_one_open'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('submitted_at__isnull', True)), models.Q(('state', 'open'), _negated=True), _connector='OR'), name='exams_attempt_open_unsubmitted'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='exams_attempt_submitted_at'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('marking', False), ('score__isnull', True), _connector='OR'), name='exams_attempt_marking_no_score'),
        ),
        migrations.RunPython(guard, unguard),
    ]
