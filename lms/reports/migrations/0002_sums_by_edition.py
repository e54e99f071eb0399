"""Sums of closed years are kept by edition. They are computed anew: every year opens again until the next closing."""

import django.db.models.deletion
from django.db import migrations, models


def forget_sums(apps, schema_editor):
    apps.get_model("reports", "ClosedTally").objects.all().delete()
    apps.get_model("reports", "YearClosing").objects.update(closed_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forget_sums, forget_sums),
        migrations.RemoveConstraint(model_name="closedtally", name="reports_closed_once"),
        migrations.AddField(
            model_name="closedtally",
            name="edition",
            field=models.ForeignKey(
                default=None,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="programmes.edition",
                verbose_name="edition",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="closedtally",
            constraint=models.UniqueConstraint(fields=("unit", "year", "edition"), name="reports_closed_once"),
        ),
    ]
