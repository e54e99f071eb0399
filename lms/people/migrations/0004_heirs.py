"""Which successor is the principal one, and where a dissolved unit's figures count today."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Min


def mark_first(apps, schema_editor):
    """The first successor that was named is the principal one; heirs follow with the next settling."""
    succession = apps.get_model("people", "UnitSuccession")
    first = succession.objects.values("predecessor").annotate(first=Min("pk")).values_list("first", flat=True)
    succession.objects.filter(pk__in=list(first)).update(principal=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_throttle")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="heir",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.unit",
                verbose_name="heir",
            ),
        ),
        migrations.AddField(
            model_name="unitsuccession",
            name="principal",
            field=models.BooleanField(default=False, verbose_name="principal successor"),
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("short_name", models.CharField(blank=True, max_length=120, verbose_name="short name")),
                ("valid_to", models.DateField(verbose_name="in force until (not included)")),
                ("decision", models.CharField(blank=True, max_length=160, verbose_name="decision")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="people.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "former name of a unit",
                "verbose_name_plural": "former names of units",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "valid_to"), name="people_unit_name_once")
                ],
            },
        ),
        migrations.RunPython(mark_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="unitsuccession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("principal", True)),
                fields=("predecessor",),
                name="people_succession_one_principal",
            ),
        ),
    ]
