"""Taking attendance (*điểm danh*)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lms.attendance.models import AttendanceRecord, AttendanceStatus
from lms.attendance.signals import attendance_changed
from lms.audit.services import record
from lms.classes.enums import ClassState
from lms.classes.models import ClassSession, Enrolment
from lms.common.clock import now
from lms.common.errors import DomainError

# Who came late was there: the periods count. Leave excuses the absence but is not attendance.
CREDITED = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE})
_BATCH = 2000


def mark_attendance(*, session: ClassSession, marks: Mapping[int, str | None], actor: Any) -> int:
    """Set who was in ``session``; returns how many records changed.

    Args:
        marks: enrolment id → presence; ``None`` takes a mark back as if never made. Others stay as they are.
        actor: who took attendance.

    Raises:
        DomainError: ``foreign_enrolment`` (an enrolment of another class), ``invalid_presence``, ``class_cancelled``,
            ``class_recognised`` (the decision has been taken on these records).
    """
    _check(session, marks)
    with transaction.atomic():
        before = dict(
            AttendanceRecord.objects.filter(session=session, enrolment_id__in=list(marks)).values_list(
                "enrolment_id", "presence"
            )
        )
        changed = {pk: presence for pk, presence in sorted(marks.items()) if before.get(pk) != presence}
        if not changed:
            return 0
        moment = now()
        AttendanceRecord.objects.bulk_create(
            [
                AttendanceRecord(
                    session=session,
                    enrolment_id=pk,
                    presence=presence,
                    periods=session.periods if presence in CREDITED else 0,
                    marked_by=actor,
                    marked_at=moment,
                )
                for pk, presence in changed.items()
                if presence is not None
            ],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["session", "enrolment"],
            update_fields=["presence", "periods", "marked_by", "marked_at"],
        )
        undone = [pk for pk, presence in changed.items() if presence is None]
        if undone:
            AttendanceRecord.objects.filter(session=session, enrolment_id__in=undone).delete()
        attendance_changed.send(None, enrolment_ids=list(changed))  # before the record: locks in one order
        record(
            actor=actor,
            action="attendance.marked",
            target=f"session:{session.pk}",
            data={"marks": {str(pk): [before.get(pk), presence] for pk, presence in changed.items()}},
            stream=f"class:{session.training_class_id}",
        )
    return len(changed)


def credit_periods(*, class_id: int) -> list[int]:
    """Credit the periods that the class's sessions have now; return the enrolments in which attendance was taken.

    Joins the caller's transaction and sends no signal: the caller refreshes all the standings together.
    """
    taken = AttendanceRecord.objects.filter(session__training_class_id=class_id).order_by()
    credited = taken.filter(presence__in=CREDITED)
    changed = credited.exclude(periods=F("session__periods")).values_list("session_id", "session__periods")
    for session_id, periods in list(changed.distinct()):
        AttendanceRecord.objects.filter(session_id=session_id, presence__in=CREDITED).update(periods=periods)
    return sorted(set(taken.values_list("enrolment_id", flat=True)))


def _check(session: ClassSession, marks: Mapping[int, str | None]) -> None:
    if wrong := {presence for presence in marks.values() if presence is not None} - set(AttendanceStatus.values):
        raise DomainError(_("“%(value)s” is no kind of attendance.") % {"value": min(wrong)}, code="invalid_presence")
    state = session.training_class.state
    if state == ClassState.CANCELLED:
        raise DomainError(_("This class has been cancelled."), code="class_cancelled")
    if state == ClassState.RECOGNISED:
        raise DomainError(
            _("The class has been recognised: its attendance no longer changes."), code="class_recognised"
        )
    own = Enrolment.objects.filter(pk__in=list(marks), training_class_id=session.training_class_id).count()
    if own != len(marks):
        raise DomainError(_("A learner on this list is not in the class."), code="foreign_enrolment")
