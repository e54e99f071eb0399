"""The unit that keeps an account: for learners without one, the unit of the class for which the account was made."""

from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def settle_homes(apps, schema_editor):
    """Whoever holds a role is at home where the role is; the others, where they were enrolled first."""
    Profile = apps.get_model("people", "Profile")
    enrolments = apps.get_model("classes", "Enrolment").objects.filter(learner=OuterRef("user_id"))
    roles = apps.get_model("people", "Membership").objects.filter(user=OuterRef("user_id"))
    first = enrolments.order_by("pk").values("training_class__unit_id")[:1]
    homeless = Profile.objects.filter(
        Exists(enrolments), ~Exists(roles), unit__isnull=True, user__erased_at__isnull=True
    )
    homeless.update(unit_id=Subquery(first))


class Migration(migrations.Migration):

    dependencies = [
        ("classes", "0005_enrolment_requests"),
        ("people", "0011_contested_identifiers"),
    ]

    operations = [
        migrations.RunPython(settle_homes, migrations.RunPython.noop, elidable=True),
    ]
