"""People, units, roles and how they sign in."""

import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import lms.people.validators
from django.conf import settings
from django.db import migrations, models



def collate_paths(apps, schema_editor):
    """Order paths of units by code point on PostgreSQL, whatever the database's locale: ancestry is a range of them."""
    if schema_editor.connection.vendor == "postgresql":
        table = apps.get_model("people", "Unit")._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ALTER COLUMN path TYPE VARCHAR(255) COLLATE "C"')


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, help_text='E.164, for example +84912345678.', max_length=16, null=True, verbose_name='phone')),
                ('email_contested', models.BooleanField(default=False, editable=False, verbose_name='e-mail stands with another account')),
                ('phone_contested', models.BooleanField(default=False, editable=False, verbose_name='phone stands with another account')),
                ('family_name', models.CharField(blank=True, max_length=60, validators=[lms.people.validators.validate_name_letters], verbose_name='family name')),
                ('middle_name', models.CharField(blank=True, max_length=80, validators=[lms.people.validators.validate_name_letters], verbose_name='middle name')),
                ('given_name', models.CharField(blank=True, max_length=60, validators=[lms.people.validators.validate_name_letters], verbose_name='given name')),
                ('own_sort_key', models.CharField(blank=True, help_text="Only for names that do not sort by their last word, for example H'Hen Niê.", max_length=120, verbose_name='own sort key')),
                ('sort_key', models.CharField(db_index=True, default='', editable=False, max_length=250)),
                ('search_text', models.CharField(default='', editable=False, max_length=400)),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_guest', models.BooleanField(default=False, editable=False, verbose_name='guest of a sitting')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may open the administration')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='must change the password at the next sign-in')),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('erased_at', models.DateTimeField(editable=False, null=True, verbose_name='erased at')),
                ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='date joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='ResetRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('typed', models.CharField(max_length=254, verbose_name='typed')),
                ('language', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField(db_index=True, verbose_name='asked at')),
            ],
            options={
                'verbose_name': 'request for a new password',
                'verbose_name_plural': 'requests for a new password',
            },
        ),
        migrations.CreateModel(
            name='Throttle',
            fields=[
                ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('paused_until', models.DateTimeField(db_index=True, null=True, verbose_name='paused until')),
            ],
            options={
                'verbose_name': 'sign-in throttle',
                'verbose_name_plural': 'sign-in throttles',
            },
        ),
        migrations.CreateModel(
            name='UnitKind',
            fields=[
                ('code', models.SlugField(max_length=30, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(max_length=80, verbose_name='name in English')),
                ('holds_classes', models.BooleanField(default=False, verbose_name='holds classes')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'verbose_name': 'kind of unit',
                'verbose_name_plural': 'kinds of units',
                'ordering': ['order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='ActivationCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used at')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activation_codes', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'activation code',
                'verbose_name_plural': 'activation codes',
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('prefix', models.CharField(max_length=8, verbose_name='begins with')),
                ('scopes', models.CharField(help_text='Separated by spaces.', max_length=100, verbose_name='may')),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='holds until')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='last used at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('state', models.CharField(choices=[('open', 'Waiting'), ('done', 'Carried out'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='open', max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('decision', models.CharField(blank=True, max_length=500, verbose_name='reason of the decision')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'request to erase',
                'verbose_name_plural': 'requests to erase',
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255, unique=True)),
                ('depth', models.PositiveIntegerField()),
                ('numchild', models.PositiveIntegerField(default=0)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('short_name', models.CharField(blank=True, max_length=120, verbose_name='short name')),
                ('code', models.CharField(blank=True, help_text='The code of the statistics office or of the organisation.', max_length=40, verbose_name='official code')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='in force until (not included)')),
                ('sort_key', models.CharField(default='', editable=False, max_length=300)),
                ('search_text', models.CharField(default='', editable=False, max_length=320)),
                ('heir', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.unit', verbose_name='heir')),
                ('serves', models.ManyToManyField(blank=True, related_name='served_by', to='people.unit', verbose_name='communes served')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='people.unitkind', verbose_name='kind')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lecturer', 'lecturer'), ('author', 'author'), ('editor', 'editor'), ('registrar', 'registrar'), ('centre_manager', 'centre manager'), ('provincial_manager', 'provincial manager'), ('national_manager', 'national manager'), ('exam_officer', 'exam officer'), ('auditor', 'auditor'), ('administrator', 'administrator')], max_length=24, verbose_name='role')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='until (not included)')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
            },
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('short_name', models.CharField(blank=True, max_length=120, verbose_name='short name')),
                ('valid_to', models.DateField(verbose_name='in force until (not included)')),
                ('decision', models.CharField(blank=True, max_length=160, verbose_name='decision')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'former name of a unit',
                'verbose_name_plural': 'former names of units',
            },
        ),
        migrations.CreateModel(
            name='UnitSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(blank=True, max_length=160, verbose_name='decision')),
                ('principal', models.BooleanField(default=False, verbose_name='principal successor')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='people.unit', verbose_name='predecessor')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions_from', to='people.unit', verbose_name='successor')),
            ],
            options={
                'verbose_name': 'succession',
                'verbose_name_plural': 'successions',
            },
        ),
        migrations.AddField(
            model_name='unit',
            name='successors',
            field=models.ManyToManyField(related_name='predecessors', through='people.UnitSuccession', to='people.unit'),
        ),
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='signed in at')),
                ('seen_at', models.DateTimeField(db_index=True, verbose_name='last seen at')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='network address')),
                ('agent', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='user_sessions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'sign-in session',
                'verbose_name_plural': 'sign-in sessions',
                'ordering': ['-seen_at'],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='profile', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('position', models.CharField(blank=True, max_length=160, verbose_name='position')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='unit / Party cell')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='profiles', to='people.unit', verbose_name='unit of residence or work')),
            ],
            options={
                'verbose_name': 'profile',
                'verbose_name_plural': 'profiles',
            },
        ),
        migrations.CreateModel(
            name='SensitiveProfile',
            fields=[
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sensitive', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('gender', models.CharField(blank=True, choices=[('female', 'female'), ('male', 'male'), ('other', 'other')], max_length=8, verbose_name='gender')),
                ('ethnicity', models.CharField(blank=True, max_length=40, verbose_name='ethnicity')),
                ('hometown', models.CharField(blank=True, max_length=200, verbose_name='hometown')),
                ('citizen_id', models.CharField(blank=True, db_index=True, max_length=12, null=True, verbose_name='citizen ID number')),
                ('citizen_id_contested', models.BooleanField(default=False, editable=False, verbose_name='citizen ID number stands with another account')),
                ('party_card', models.CharField(blank=True, max_length=20, verbose_name='Party card number')),
                ('party_joined_on', models.DateField(blank=True, null=True, verbose_name='date of admission to the Party')),
            ],
            options={
                'verbose_name': 'sensitive profile',
                'verbose_name_plural': 'sensitive profiles',
                'constraints': [models.UniqueConstraint(condition=models.Q(('citizen_id_contested', False)), fields=('citizen_id',), name='people_sensitive_citizen_id')],
            },
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='people_user_email'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['phone'], name='people_user_phone_any'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email_contested', False)), name='people_user_email_ci', violation_error_message='This e-mail is in use.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('phone_contested', False)), fields=('phone',), name='people_user_phone', violation_error_message='This phone number is in use.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='people_user_username_ci', violation_error_message='This username is in use.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email__isnull', True), models.Q(('email', ''), _negated=True), _connector='OR'), name='people_user_email_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('phone__isnull', True), ('phone__startswith', '+'), _connector='OR'), name='people_user_phone_e164'),
        ),
        migrations.AddConstraint(
            model_name='activationcode',
            constraint=models.UniqueConstraint(condition=models.Q(('used_at__isnull', True)), fields=('user',), name='people_activation_one_open'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='people_apitoken_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes', ''), _negated=True), name='people_apitoken_has_scope'),
        ),
        migrations.AddConstraint(
            model_name='erasurerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('user',), name='people_erasure_one_open'),
        ),
        migrations.AddConstraint(
            model_name='erasurerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='people_erasure_decided'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'unit', 'role'), name='people_membership_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['lecturer', 'author', 'editor', 'registrar', 'centre_manager', 'provincial_manager', 'national_manager', 'exam_officer', 'auditor', 'administrator'])), name='people_membership_role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_from__lt', models.F('valid_to')), _connector='OR'), name='people_membership_period'),
        ),
        migrations.AddConstraint(
            model_name='unitname',
            constraint=models.UniqueConstraint(fields=('unit', 'valid_to'), name='people_unit_name_once'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.UniqueConstraint(fields=('predecessor', 'successor'), name='people_succession_once'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.UniqueConstraint(condition=models.Q(('principal', True)), fields=('predecessor',), name='people_succession_one_principal'),
        ),
        migrations.AddConstraint(
            model_name='unitsuccession',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='people_succession_not_self'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['kind', 'sort_key'], name='people_unit_kind_sort'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_from__lt', models.F('valid_to')), _connector='OR'), name='people_unit_period', violation_error_message='The period must end after it begins.'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('kind', 'code'), name='people_unit_kind_code'),
        ),
        migrations.RunPython(collate_paths, migrations.RunPython.noop),
    ]
