"""Staged pictures point to pictures of questions alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0011_pictures_leave_the_library")]

    operations = [migrations.RemoveField(model_name="importpicture", name="image")]
