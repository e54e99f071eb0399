"""Tasks that wait in the queue under the former address of the task go on under the new one."""

from django.db import migrations

FORMER = 'lms.gradebook.tasks.refold_classes'
NOW = 'lms.completion.tasks.refresh_classes'


def readdress(apps, schema_editor, former=FORMER, now=NOW):
    tasks = apps.get_model('django_ox', 'OxTask').objects.using(schema_editor.connection.alias)
    tasks.filter(task_path=former).update(task_path=now)


def address_back(apps, schema_editor):
    readdress(apps, schema_editor, former=NOW, now=FORMER)


class Migration(migrations.Migration):

    dependencies = [
        ('completion', '0001_class_refresh'),
        ('django_ox', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(readdress, address_back),
    ]
