"""Certificates and their numbers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('last_number', models.PositiveIntegerField(default=0, verbose_name='last number')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'register',
                'verbose_name_plural': 'registers',
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='verification code')),
                ('number', models.PositiveIntegerField(verbose_name='number in the register')),
                ('number_text', models.CharField(max_length=60, verbose_name='number as printed')),
                ('holder_name', models.CharField(max_length=200, verbose_name='holder')),
                ('birth_date', models.DateField(null=True, verbose_name='date of birth')),
                ('programme_title', models.CharField(max_length=255, verbose_name='programme')),
                ('class_name', models.CharField(max_length=200, verbose_name='class')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('periods', models.PositiveSmallIntegerField(default=0, verbose_name='periods (tiết)')),
                ('score', models.DecimalField(decimal_places=2, max_digits=4, null=True, verbose_name='mark out of 10')),
                ('band', models.CharField(blank=True, choices=[('average', 'Average'), ('good', 'Good'), ('very_good', 'Very good'), ('excellent', 'Excellent')], max_length=10, verbose_name='band')),
                ('issuer_name', models.CharField(max_length=200, verbose_name='issuing body')),
                ('superior_name', models.CharField(blank=True, max_length=200, verbose_name='superior body')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place of issue')),
                ('decision', models.CharField(blank=True, max_length=120, verbose_name='decision of recognition')),
                ('decided_on', models.DateField(null=True, verbose_name='date of the decision')),
                ('letterhead', models.CharField(default='party', max_length=5, verbose_name='letterhead')),
                ('signer_title', models.CharField(blank=True, max_length=120, verbose_name='title of the signer')),
                ('signer_name', models.CharField(blank=True, max_length=120, verbose_name='name of the signer')),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='classes.enrolment', verbose_name='enrolment')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='certificates.register', verbose_name='register')),
            ],
            options={
                'verbose_name': 'certificate',
                'verbose_name_plural': 'certificates',
            },
        ),
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.CharField(max_length=250, verbose_name='reason')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('certificate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='certificates.certificate', verbose_name='certificate')),
            ],
            options={
                'verbose_name': 'revocation',
                'verbose_name_plural': 'revocations',
            },
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(fields=('unit', 'year'), name='certificates_register_once'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('register', 'number'), name='certificates_number_once'),
        ),
    ]
