"""Item banks, question files, blueprints, exams, papers, and the figures of questions."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Exam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('purpose', models.CharField(choices=[('self_check', 'Self-check'), ('final', 'Final test')], default='final', max_length=12, verbose_name='purpose')),
                ('time_limit', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='time limit in minutes')),
                ('max_attempts', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as many as wanted.', null=True, verbose_name='attempts allowed')),
                ('counting', models.CharField(choices=[('best', 'The best attempt'), ('last', 'The last attempt'), ('first', 'The first attempt')], default='best', max_length=8, verbose_name='which attempt counts')),
                ('pass_share', models.DecimalField(decimal_places=3, default='0.5', max_digits=4, verbose_name='pass mark as a share')),
                ('shuffle_questions', models.BooleanField(default=True, verbose_name='shuffle questions')),
                ('shuffle_options', models.BooleanField(default=True, verbose_name='shuffle options')),
                ('variants', models.PositiveSmallIntegerField(default=8, verbose_name='number of paper codes')),
                ('review', models.CharField(choices=[('nothing', 'Nothing'), ('score', 'The score'), ('answers', 'The score and own answers'), ('key', 'Everything, with the key and explanations')], default='score', max_length=8, verbose_name='after handing in the learner sees')),
                ('review_after_close', models.CharField(choices=[('nothing', 'Nothing'), ('score', 'The score'), ('answers', 'The score and own answers'), ('key', 'Everything, with the key and explanations')], default='key', max_length=8, verbose_name='after the last day the learner sees')),
                ('review_from', models.DateTimeField(blank=True, null=True, verbose_name='from this moment on the learner sees something else')),
                ('review_from_level', models.CharField(choices=[('nothing', 'Nothing'), ('score', 'The score'), ('answers', 'The score and own answers'), ('key', 'Everything, with the key and explanations')], default='key', max_length=8, verbose_name='from that moment the learner sees')),
                ('page_size', models.PositiveSmallIntegerField(default=1, verbose_name='questions on a page')),
                ('one_way', models.BooleanField(default=False, help_text='Each page is answered once, in order.', verbose_name='no way back to a page that was left')),
                ('late_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: until it closes.', null=True, verbose_name='minutes one may be late')),
                ('cut_at_close', models.BooleanField(default=True, help_text='Late arrivals lose the time they missed; otherwise everybody has the full time.', verbose_name='the test ends when it closes')),
                ('key_revision', models.PositiveIntegerField(default=0, editable=False)),
                ('source', models.CharField(choices=[('fixed', 'a list chosen by hand'), ('random', 'a random draw by filters'), ('blueprint', 'a draw from a blueprint')], default='fixed', max_length=10, verbose_name='questions come from')),
                ('forms', models.PositiveSmallIntegerField(default=1, help_text='Each form has its own questions; paper codes share the forms evenly.', verbose_name='forms drawn')),
                ('overlap', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as few as can be.', null=True, verbose_name='questions that two forms may share')),
                ('rest_days', models.PositiveSmallIntegerField(default=0, help_text='0: none.', verbose_name='leave out questions asked in the last … days')),
                ('max_uses', models.PositiveSmallIntegerField(blank=True, help_text='Empty: none.', null=True, verbose_name='leave out questions asked in … exams or more')),
                ('spare_shown', models.BooleanField(default=False, help_text='Keys that were shown after a test, whichever test that was, this one too.', verbose_name='leave out questions whose key learners have seen')),
                ('tolerance', models.DecimalField(blank=True, decimal_places=3, default='0.05', help_text='As a share of the points: 0.05 is 5 %. Counts where statistics exist.', max_digits=4, null=True, verbose_name='forms may differ in difficulty by')),
                ('sections', models.BooleanField(default=True, help_text='Part I single choice, Part II true or false …', verbose_name='in parts by kind of question')),
                ('codes', models.CharField(blank=True, help_text='With commas: 101, 102. Empty: from 101 on.', max_length=1000, verbose_name='own paper codes')),
                ('letterhead', models.CharField(choices=[('party', 'Communist Party of Vietnam'), ('state', 'national name and motto'), ('none', 'none')], default='party', max_length=6, verbose_name='letterhead')),
                ('subject', models.CharField(blank=True, max_length=250, verbose_name='subject on the paper')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='held on')),
            ],
            options={
                'verbose_name': 'exam',
                'verbose_name_plural': 'exams',
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('code', models.CharField(blank=True, max_length=60, verbose_name='code')),
                ('kind', models.SlugField(max_length=30, verbose_name='kind')),
                ('level', models.CharField(choices=[('recall', 'Recall'), ('understand', 'Understanding'), ('apply', 'Application'), ('apply_high', 'Higher application')], default='recall', max_length=12, verbose_name='level')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('retired', 'Retired')], default='draft', max_length=12, verbose_name='state')),
                ('outcome', models.CharField(blank=True, max_length=500, verbose_name='outcome required')),
                ('language', models.CharField(default='vi', max_length=8, verbose_name='language')),
                ('form_token', models.UUIDField(editable=False, null=True, unique=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
            ],
            options={
                'verbose_name': 'item',
                'verbose_name_plural': 'items',
            },
        ),
        migrations.CreateModel(
            name='Blueprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blueprints', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'blueprint',
                'verbose_name_plural': 'blueprints',
            },
        ),
        migrations.CreateModel(
            name='BlueprintVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('blueprint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='quizzes.blueprint', verbose_name='blueprint')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'version of a blueprint',
                'verbose_name_plural': 'versions of blueprints',
            },
        ),
        migrations.AddField(
            model_name='blueprint',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.blueprintversion', verbose_name='current version'),
        ),
        migrations.CreateModel(
            name='ExamStatistics',
            fields=[
                ('exam', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='statistics', serialize=False, to='quizzes.exam', verbose_name='exam')),
                ('computed_at', models.DateTimeField(verbose_name='worked out at')),
                ('last_graded_at', models.DateTimeField(verbose_name='last grading included')),
                ('attempts', models.PositiveIntegerField(verbose_name='attempts graded')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('mean', models.FloatField(null=True, verbose_name='mean')),
                ('median', models.FloatField(null=True, verbose_name='median')),
                ('deviation', models.FloatField(null=True, verbose_name='standard deviation')),
                ('lowest', models.FloatField(null=True, verbose_name='lowest')),
                ('highest', models.FloatField(null=True, verbose_name='highest')),
                ('passed', models.PositiveIntegerField(default=0, verbose_name='passed')),
                ('histogram', models.JSONField(default=list)),
                ('alpha', models.FloatField(null=True, verbose_name='reliability')),
                ('kr20', models.BooleanField(default=False)),
                ('sem', models.FloatField(null=True, verbose_name='standard error of measurement')),
                ('forms', models.PositiveIntegerField(default=1, verbose_name='forms')),
                ('model', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'exam statistics',
                'verbose_name_plural': 'exam statistics',
            },
        ),
        migrations.AddField(
            model_name='exam',
            name='blueprint',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exams', to='quizzes.blueprint', verbose_name='blueprint'),
        ),
        migrations.AddField(
            model_name='exam',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exams', to='people.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='blueprint',
            name='exam',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='own_rules', to='quizzes.exam', verbose_name='exam'),
        ),
        migrations.CreateModel(
            name='ExamDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('seed', models.BigIntegerField()),
                ('limits', models.JSONField()),
                ('forms', models.JSONField()),
                ('proof', models.JSONField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='drawn at')),
                ('blueprint_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='quizzes.blueprintversion', verbose_name='version of the blueprint')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='quizzes.exam', verbose_name='exam')),
            ],
            options={
                'verbose_name': 'draw',
                'verbose_name_plural': 'draws',
                'ordering': ['exam', '-number'],
            },
        ),
        migrations.CreateModel(
            name='ItemText',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text', serialize=False, to='quizzes.item', verbose_name='item')),
                ('snippet', models.CharField(max_length=240)),
                ('folded', models.TextField()),
                ('exact', models.TextField()),
                ('stem', models.TextField()),
                ('options', models.JSONField(default=list)),
                ('digest', models.CharField(db_index=True, max_length=64)),
            ],
            options={
                'verbose_name': 'text of an item',
                'verbose_name_plural': 'texts of items',
            },
        ),
        migrations.CreateModel(
            name='ItemBand',
            fields=[
                ('pk', models.CompositePrimaryKey('value', 'item_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('value', models.BigIntegerField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='quizzes.item')),
            ],
            options={
                'verbose_name': 'fingerprint of an item',
                'verbose_name_plural': 'fingerprints of items',
            },
        ),
        migrations.CreateModel(
            name='ItemBank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('code_prefix', models.CharField(blank=True, default='C', max_length=12, verbose_name='codes begin with')),
                ('last_number', models.PositiveIntegerField(default=0, editable=False)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_banks', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'item bank',
                'verbose_name_plural': 'item banks',
            },
        ),
        migrations.AddField(
            model_name='item',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='quizzes.itembank', verbose_name='bank'),
        ),
        migrations.AddField(
            model_name='blueprint',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blueprints', to='quizzes.itembank', verbose_name='item bank'),
        ),
        migrations.CreateModel(
            name='ItemEnemy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=250, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item_high', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enemies_below', to='quizzes.item')),
                ('item_low', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enemies_above', to='quizzes.item')),
            ],
            options={
                'verbose_name': 'pair kept apart',
                'verbose_name_plural': 'pairs kept apart',
            },
        ),
        migrations.CreateModel(
            name='ItemTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='tag')),
                ('folded', models.CharField(editable=False, max_length=60)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='quizzes.itembank', verbose_name='bank')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['folded'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='items', to='quizzes.itemtag', verbose_name='tags'),
        ),
        migrations.CreateModel(
            name='ItemUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper_set', models.PositiveIntegerField(verbose_name='set of papers')),
                ('forms', models.PositiveSmallIntegerField(default=1, verbose_name='forms')),
                ('used_on', models.DateField(verbose_name='used on')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='item_uses', to='quizzes.exam', verbose_name='exam')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='quizzes.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'use of an item',
                'verbose_name_plural': 'uses of items',
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('kind', models.SlugField(max_length=30, verbose_name='kind')),
                ('stem', models.TextField(verbose_name='stem')),
                ('content', models.JSONField(default=dict, verbose_name='content')),
                ('key', models.JSONField(default=dict, verbose_name='key')),
                ('feedback', models.JSONField(default=dict, verbose_name='feedback')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='quizzes.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'item version',
                'verbose_name_plural': 'item versions',
            },
        ),
        migrations.CreateModel(
            name='ItemStatistics',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.PositiveIntegerField(verbose_name='asked')),
                ('omitted', models.PositiveIntegerField(verbose_name='left out')),
                ('difficulty', models.FloatField(null=True, verbose_name='difficulty')),
                ('deviation', models.FloatField(null=True, verbose_name='standard deviation')),
                ('discrimination', models.FloatField(null=True, verbose_name='discrimination')),
                ('upper_lower', models.FloatField(null=True, verbose_name='upper minus lower 27%')),
                ('seconds', models.FloatField(null=True, verbose_name='seconds')),
                ('curve', models.JSONField(default=list)),
                ('options', models.JSONField(default=list)),
                ('irt', models.JSONField(default=dict)),
                ('flags', models.JSONField(default=list)),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='quizzes.exam', verbose_name='exam')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statistics', to='quizzes.itemversion', verbose_name='item version')),
            ],
            options={
                'verbose_name': 'item statistics',
                'verbose_name_plural': 'item statistics',
            },
        ),
        migrations.CreateModel(
            name='ItemStateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('retired', 'Retired')], max_length=12, verbose_name='from state')),
                ('to_state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('retired', 'Retired')], max_length=12, verbose_name='to state')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='quizzes.item', verbose_name='item')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'change of state',
                'verbose_name_plural': 'changes of state',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ItemExposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.PositiveIntegerField(verbose_name='asked')),
                ('shown', models.PositiveIntegerField(default=0, verbose_name='key shown')),
                ('last_shown_at', models.DateTimeField(null=True, verbose_name='key last shown at')),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='quizzes.exam', verbose_name='exam')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='quizzes.itemversion', verbose_name='item version')),
            ],
            options={
                'verbose_name': 'exposure of an item',
                'verbose_name_plural': 'exposures of items',
            },
        ),
        migrations.CreateModel(
            name='ItemComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000, verbose_name='comment')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='dealt with at')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='quizzes.item', verbose_name='item')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='approved_version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='approved version'),
        ),
        migrations.AddField(
            model_name='item',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='current version'),
        ),
        migrations.CreateModel(
            name='ExamQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('points', models.DecimalField(decimal_places=2, default=1, max_digits=5, verbose_name='points')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='quizzes.exam', verbose_name='exam')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='item version')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['exam', 'position'],
            },
        ),
        migrations.CreateModel(
            name='KeyCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('rule', models.CharField(choices=[('new_key', 'Mark with the corrected version'), ('everyone', 'Everybody gets the points'), ('dropped', 'The question does not count')], max_length=8, verbose_name='what is done')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('corrected', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='corrected version')),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='quizzes.exam', verbose_name='exam')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.itemversion', verbose_name='version that was asked')),
            ],
            options={
                'verbose_name': 'correction of a key',
                'verbose_name_plural': 'corrections of keys',
                'ordering': ['exam', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition_number', models.PositiveIntegerField(help_text='Grows each time the exam is frozen again.', verbose_name='set of papers')),
                ('code', models.CharField(max_length=12, verbose_name='paper code')),
                ('form', models.PositiveSmallIntegerField(default=1, verbose_name='form')),
                ('seed', models.BigIntegerField()),
                ('content', models.JSONField()),
                ('layout', models.JSONField()),
                ('max_score', models.DecimalField(decimal_places=2, max_digits=7)),
                ('digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('exam', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='quizzes.exam', verbose_name='exam')),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
            },
        ),
        migrations.CreateModel(
            name='QuestionImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=200, verbose_name='file')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='size')),
                ('format', models.SlugField(blank=True, max_length=20, verbose_name='format')),
                ('state', models.CharField(choices=[('reading', 'Being read'), ('ready', 'Read'), ('refused', 'Refused'), ('failed', 'Not read')], default='reading', max_length=10, verbose_name='state')),
                ('stored', models.CharField(blank=True, editable=False, max_length=200)),
                ('task', models.UUIDField(editable=False, null=True)),
                ('problem', models.JSONField(blank=True, default=dict, verbose_name='why it was refused')),
                ('doubts', models.JSONField(blank=True, default=list, verbose_name='doubts about the file')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='quizzes.itembank', verbose_name='bank')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'question file',
                'verbose_name_plural': 'question files',
            },
        ),
        migrations.CreateModel(
            name='QuestionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('file', models.FileField(max_length=200, unique=True, upload_to='images', verbose_name='file')),
                ('original', models.CharField(blank=True, editable=False, max_length=200)),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('shown_width', models.PositiveIntegerField(editable=False)),
                ('shown_height', models.PositiveIntegerField(editable=False)),
                ('alt_text', models.CharField(blank=True, max_length=250, verbose_name='text for screen readers')),
                ('bank', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='quizzes.itembank', verbose_name='item bank')),
                ('items', models.ManyToManyField(blank=True, related_name='pictures', to='quizzes.item', verbose_name='items')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'picture of a question',
                'verbose_name_plural': 'pictures of questions',
            },
        ),
        migrations.CreateModel(
            name='ImportPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('stored', models.CharField(editable=False, max_length=200)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='quizzes.questionimport', verbose_name='question file')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.questionpicture')),
            ],
            options={
                'verbose_name': 'picture of a file',
                'verbose_name_plural': 'pictures of a file',
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topics', to='quizzes.itembank', verbose_name='bank')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='quizzes.topic', verbose_name='parent')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to='quizzes.topic', verbose_name='topic'),
        ),
        migrations.CreateModel(
            name='ImportedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('data', models.JSONField(verbose_name='question')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('imported', 'Imported'), ('skipped', 'Left out')], default='waiting', max_length=10, verbose_name='state')),
                ('broken', models.BooleanField(default=False, verbose_name='has an error')),
                ('doubtful', models.BooleanField(default=False, verbose_name='has a doubt')),
                ('level', models.CharField(blank=True, choices=[('recall', 'Recall'), ('understand', 'Understanding'), ('apply', 'Application'), ('apply_high', 'Higher application')], max_length=12, verbose_name='level')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.item', verbose_name='item')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='quizzes.questionimport', verbose_name='question file')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.topic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'question of a file',
                'verbose_name_plural': 'questions of a file',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='BlueprintRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('level', models.CharField(blank=True, choices=[('recall', 'Recall'), ('understand', 'Understanding'), ('apply', 'Application'), ('apply_high', 'Higher application')], max_length=12, verbose_name='level')),
                ('kind', models.SlugField(blank=True, max_length=30, verbose_name='kind')),
                ('count', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)], verbose_name='questions')),
                ('points', models.DecimalField(decimal_places=2, default=1, max_digits=5, validators=[django.core.validators.MinValueValidator(0.01)], verbose_name='points each')),
                ('specification', models.TextField(blank=True, verbose_name='what is tested')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='quizzes.blueprintversion', verbose_name='version')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.topic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'row of a blueprint',
                'verbose_name_plural': 'rows of blueprints',
                'ordering': ['version', 'position'],
            },
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.UniqueConstraint(fields=('blueprint', 'number'), name='quizzes_blueprint_version'),
        ),
        migrations.AddIndex(
            model_name='examstatistics',
            index=models.Index(fields=['computed_at'], name='quizzes_examstat_when'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('pass_share__gte', 0), ('pass_share__lte', 1)), name='quizzes_exam_pass_share'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('variants__gte', 1), ('variants__lte', 100)), name='quizzes_exam_variants'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('page_size__gte', 1), ('page_size__lte', 200)), name='quizzes_exam_page_size', violation_error_message='A page holds 1 to 200 questions.'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(('forms__gte', 1), ('forms__lte', 100)), name='quizzes_exam_forms'),
        ),
        migrations.AddConstraint(
            model_name='exam',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'blueprint'), _negated=True), ('blueprint__isnull', False), _connector='OR'), name='quizzes_exam_blueprint'),
        ),
        migrations.AddConstraint(
            model_name='examdraw',
            constraint=models.UniqueConstraint(fields=('exam', 'number'), name='quizzes_draw_number'),
        ),
        migrations.AddConstraint(
            model_name='itembank',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='quizzes_bank_unit_name'),
        ),
        migrations.AddConstraint(
            model_name='blueprint',
            constraint=models.UniqueConstraint(condition=models.Q(('exam__isnull', True)), fields=('unit', 'name'), name='quizzes_blueprint_name', violation_error_message='The unit has a blueprint of this name.'),
        ),
        migrations.AddConstraint(
            model_name='itemenemy',
            constraint=models.UniqueConstraint(fields=('item_low', 'item_high'), name='quizzes_enemy_once'),
        ),
        migrations.AddConstraint(
            model_name='itemenemy',
            constraint=models.CheckConstraint(condition=models.Q(('item_low__lt', models.F('item_high'))), name='quizzes_enemy_order'),
        ),
        migrations.AddConstraint(
            model_name='itemtag',
            constraint=models.UniqueConstraint(fields=('bank', 'folded'), name='quizzes_tag_once'),
        ),
        migrations.AddIndex(
            model_name='itemuse',
            index=models.Index(fields=['exam', 'paper_set'], name='quizzes_use_set'),
        ),
        migrations.AddConstraint(
            model_name='itemuse',
            constraint=models.UniqueConstraint(fields=('item', 'exam', 'paper_set'), name='quizzes_use_once'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='quizzes_version_number'),
        ),
        migrations.AddConstraint(
            model_name='itemstatistics',
            constraint=models.UniqueConstraint(fields=('exam', 'version'), name='quizzes_itemstat_once'),
        ),
        migrations.AddIndex(
            model_name='itemexposure',
            index=models.Index(fields=['counted_at'], name='quizzes_exposure_when'),
        ),
        migrations.AddConstraint(
            model_name='itemexposure',
            constraint=models.UniqueConstraint(fields=('exam', 'version'), name='quizzes_exposure_once'),
        ),
        migrations.AddConstraint(
            model_name='examquestion',
            constraint=models.UniqueConstraint(fields=('exam', 'position'), name='quizzes_question_position'),
        ),
        migrations.AddConstraint(
            model_name='examquestion',
            constraint=models.UniqueConstraint(fields=('exam', 'version'), name='quizzes_question_once'),
        ),
        migrations.AddConstraint(
            model_name='examquestion',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='quizzes_question_points'),
        ),
        migrations.AddConstraint(
            model_name='keycorrection',
            constraint=models.UniqueConstraint(fields=('exam', 'number'), name='quizzes_correction_number'),
        ),
        migrations.AddConstraint(
            model_name='keycorrection',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='quizzes_correction_reason'),
        ),
        migrations.AddConstraint(
            model_name='keycorrection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected__isnull', False), ('rule', 'new_key')), models.Q(models.Q(('rule', 'new_key'), _negated=True), ('corrected__isnull', True)), _connector='OR'), name='quizzes_correction_version'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('exam', 'edition_number', 'code'), name='quizzes_paper_code'),
        ),
        migrations.AddIndex(
            model_name='questionimport',
            index=models.Index(fields=['bank', '-created_at'], name='quizzes_import_list'),
        ),
        migrations.AddConstraint(
            model_name='questionimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reading', 'ready', 'refused', 'failed'])), name='quizzes_import_state'),
        ),
        migrations.AddConstraint(
            model_name='importpicture',
            constraint=models.UniqueConstraint(fields=('batch', 'name'), name='quizzes_import_picture_once'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(fields=('parent', 'name'), name='quizzes_topic_once'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(condition=models.Q(('parent__isnull', True)), fields=('bank', 'name'), name='quizzes_topic_root_once'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['bank', 'state', 'kind'], name='quizzes_item_list'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['bank', '-updated_at'], name='quizzes_item_newest'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('bank', 'code'), name='quizzes_item_code'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'approved', 'retired'])), name='quizzes_item_state'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('author__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='quizzes_item_two_people', violation_error_message='Nobody approves a question of their own.'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_version', models.F('current')), ('approved_version__isnull', False)), _connector='OR'), name='quizzes_item_approved_is_current'),
        ),
        migrations.AddConstraint(
            model_name='importedquestion',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='quizzes_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='importedquestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'imported', 'skipped'])), name='quizzes_imported_state'),
        ),
        migrations.AddConstraint(
            model_name='blueprintrow',
            constraint=models.UniqueConstraint(fields=('version', 'position'), name='quizzes_blueprint_row'),
        ),
        migrations.AddConstraint(
            model_name='blueprintrow',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1), ('count__lte', 200)), name='quizzes_blueprint_row_count'),
        ),
        migrations.AddConstraint(
            model_name='blueprintrow',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='quizzes_blueprint_row_points'),
        ),
    ]
