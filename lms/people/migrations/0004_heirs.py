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
