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


def add_staff(*, training_class: TrainingClass, user: User, role: StaffRole, actor: Any) -> None:
    """Add one person in one role; a new homeroom lecturer replaces the one before. A repeat changes nothing."""
    if not user.is_active:
        raise ClassInvalidError(_("The account of %(name)s is closed.") % {"name": user})
    with transaction.atomic():
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        staff = ClassStaff.objects.filter(training_class=training_class, role=role)
        replaced = []
        if role == StaffRole.HOMEROOM:
            others = staff.exclude(user=user)
            replaced = list(others.values_list("user_id", flat=True))
            others.delete()
        _row, made = ClassStaff.objects.get_or_create(training_class=training_class, user=user, role=role)
        if made:
            record(
                actor=actor,
                action="classes.staff_added",
                target=f"class:{training_class.pk}",
                data={"user": user.pk, "role": str(role), "replaced": replaced},
                stream=f"class:{training_class.pk}",
            )


def remove_staff(*, staff: ClassStaff, actor: Any) -> None:
    """Take one person out of one role. Sessions that name the person keep them: they say who taught."""
    with transaction.atomic():
        removed, _by_model = ClassStaff.objects.filter(pk=staff.pk).delete()
        if removed:
            record(
                actor=actor,
                action="classes.staff_removed",
                target=f"class:{staff.training_class_id}",
                data={"user": staff.user_id, "role": staff.role},
                stream=f"class:{staff.training_class_id}",
            )
