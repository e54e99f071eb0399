"""Call the number of a set of papers by one name. Constraints and indexes follow the column: only the state names them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("quizzes", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RenameField("paper", "edition_number", "set_number"),
                migrations.RenameField("itemuse", "paper_set", "set_number"),
            ],
            state_operations=[
                migrations.RemoveConstraint("paper", "quizzes_paper_code"),
                migrations.RenameField("paper", "edition_number", "set_number"),
                migrations.AddConstraint(
                    "paper",
                    models.UniqueConstraint(fields=["exam", "set_number", "code"], name="quizzes_paper_code"),
                ),
                migrations.RemoveConstraint("itemuse", "quizzes_use_once"),
                migrations.RemoveIndex("itemuse", "quizzes_use_set"),
                migrations.RenameField("itemuse", "paper_set", "set_number"),
                migrations.AddConstraint(
                    "itemuse",
                    models.UniqueConstraint(fields=["item", "exam", "set_number"], name="quizzes_use_once"),
                ),
                migrations.AddIndex("itemuse", models.Index(fields=["exam", "set_number"], name="quizzes_use_set")),
            ],
        ),
    ]
