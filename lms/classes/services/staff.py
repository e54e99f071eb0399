"""The staff of a class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.enums import StaffRole
from lms.classes.errors import ClassInvalidError
from lms.classes.models import ClassStaff, TrainingClass
from lms.people.models import User


def set_staff(
    *,
    training_class: TrainingClass,
    actor: Any,
    homeroom: User | None = None,
    lecturers: Iterable[User] = (),
    registrars: Iterable[User] | None = None,
) -> None:
    """Make exactly these people the staff; what stays is not touched, so a repeat changes nothing.

    Args:
        actor: who changes it; ``None`` leaves the record to the caller (a new class records itself).
        registrars: ``None`` leaves the registrars as they are.

    Raises:
        ClassInvalidError: somebody's account is closed.
    """
    people = list(lecturers)
    wanted = {(user.pk, StaffRole.LECTURER.value) for user in people}
    if homeroom is not None:
        wanted.add((homeroom.pk, StaffRole.HOMEROOM.value))
        people.append(homeroom)
    if registrars is not None:
        people += (registrars := list(registrars))
        wanted |= {(user.pk, StaffRole.REGISTRAR.value) for user in registrars}
    if closed := [str(user) for user in people if not user.is_active]:
        raise ClassInvalidError(_("The account of %(name)s is closed.") % {"name": closed[0]})
    with transaction.atomic():
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        kept = ClassStaff.objects.filter(training_class=training_class)
        if registrars is None:
            kept = kept.exclude(role=StaffRole.REGISTRAR)
        present = {(user_id, role): pk for pk, user_id, role in kept.values_list("pk", "user_id", "role")}
        removed, added = sorted(present.keys() - wanted), sorted(wanted - present.keys())
        if removed:
            ClassStaff.objects.filter(pk__in=[present[key] for key in removed]).delete()
        ClassStaff.objects.bulk_create(
            ClassStaff(training_class=training_class, user_id=user_id, role=role) for user_id, role in added
        )
        if actor is not None and (removed or added):
            record(
                actor=actor,
                action="classes.staff_changed",
                target=f"class:{training_class.pk}",
                data={"added": [list(key) for key in added], "removed": [list(key) for key in removed]},
                stream=f"class:{training_class.pk}",
            )
