"""Call the number of a set of papers by one name. The check follows the column: only the state names it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RenameField("editionitem", "paper_set", "set_number")],
            state_operations=[
                migrations.RemoveConstraint("editionitem", "programmes_item_target"),
                migrations.RenameField("editionitem", "paper_set", "set_number"),
                migrations.AddConstraint(
                    "editionitem",
                    models.CheckConstraint(
                        condition=models.Q(kind="lesson", lesson__isnull=False, exam__isnull=True)
                        | models.Q(kind="exam", exam__isnull=False, lesson__isnull=True, set_number__isnull=False)
                        | models.Q(kind__in=["essay", "session"], lesson__isnull=True, exam__isnull=True),
                        name="programmes_item_target",
                    ),
                ),
            ],
        ),
    ]
