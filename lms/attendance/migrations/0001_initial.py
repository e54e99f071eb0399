"""Attendance at sessions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('classes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttendanceRecord',
            fields=[
                ('pk', models.CompositePrimaryKey('session_id', 'enrolment_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('presence', models.CharField(choices=[('present', 'Present'), ('late', 'Late'), ('excused', 'Absent with leave'), ('absent', 'Absent')], max_length=8, verbose_name='attendance')),
                ('periods', models.PositiveSmallIntegerField(verbose_name='periods credited')),
                ('marked_at', models.DateTimeField()),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='classes.enrolment')),
                ('marked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='classes.classsession')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendance',
            },
        ),
    ]
