"""Starting an exam as part of a class: who may, and when."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.classes.models import ClassItem, Enrolment, TrainingClass
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.programmes.enums import ItemKind
from lms.progress.queries import ItemNotFound, find_item
from lms.progress.services.admissions import admit, read_terms
from lms.progress.services.gates import exam_gates, require_open
from lms.progress.services.reading import begin_exam_item
from quizzes.engine.admission import Admission
from quizzes.models import Attempt, Exam, Sitting
from quizzes.services import attempts


def start_for_enrolment(
    *, enrolment: Enrolment, item_id: int, user: object, code: str = "", device: str = ""
) -> Attempt:
    """Start the exam of an item, or resume the open attempt.

    The window is that of a sitting where there is one (``code`` opens those that ask for one), else the item's own
    dates in the class, else the class's days. Raises :class:`ItemNotFound` when the item is not of this enrolment's
    edition or the enrolment not ``user``'s own, else ``DomainError`` with ``wrong_kind``, ``withdrawn``,
    ``class_not_open``, ``class_closed``, what :func:`lms.progress.services.admissions.admit` and the registered gates
    raise (``attendance_short``) and what the exam's own rules raise.
    """
    if enrolment.learner_id != getattr(user, "pk", None):
        raise ItemNotFound(item_id)
    item = find_item(enrolment.training_class.edition_id, item_id)
    require_open(enrolment)
    if item.kind != ItemKind.EXAM or item.exam_id is None or item.paper_set is None:
        raise DomainError(_("This item is not a test."), code="wrong_kind")
    moment = now()

    def admit_now(exam: Exam) -> Admission:
        terms = read_terms(
            class_id=enrolment.training_class_id,
            item_id=item_id,
            enrolment_id=enrolment.pk,
            user_id=enrolment.learner_id,
        )
        admission = admit(
            exam=exam,
            terms=terms,
            training_class=enrolment.training_class,
            window=class_window(enrolment.training_class, terms.opens_at, terms.due_at),
            moment=moment,
            code=code,
            user_id=enrolment.learner_id,
        )
        for gate in exam_gates():
            gate(enrolment, item)
        return admission

    attempt = attempts.start(
        user=user,
        exam_id=item.exam_id,
        paper_set=item.paper_set,
        context_id=enrolment.pk,
        context_item_id=item_id,
        admit=admit_now,
        device=device,
    )
    if attempt.number == 1 and attempt.started_at >= moment:
        begin_exam_item(enrolment=enrolment, item_id=item_id)
    return attempt


def window(training_class: TrainingClass, item_id: int) -> tuple[dt.datetime, dt.datetime]:
    """From when until when an item may be worked on: its own dates in the class, else the class's days."""
    dates = ClassItem.objects.filter(training_class_id=training_class.pk, item_id=item_id).values_list(
        "opens_at", "due_at"
    )
    return class_window(training_class, *next(iter(dates), (None, None)))


def class_window(
    training_class: TrainingClass, opens_at: dt.datetime | None, due_at: dt.datetime | None
) -> tuple[dt.datetime, dt.datetime]:
    """Return the window of an item whose own dates in the class are these."""
    return (
        opens_at or _midnight(training_class.starts_on),
        due_at or _midnight(training_class.ends_on + dt.timedelta(days=1)),
    )


def is_over(attempt: Attempt) -> bool:
    """Whether the time for the attempt's item has passed for its whole class, so that the key may be shown.

    Registered with the exams' policy; an attempt that counts for no enrolment is never over.
    """
    if attempt.sitting is not None:
        # other rooms and shifts of the same class may still be sitting it
        shifts = Sitting.objects.filter(group_id=attempt.sitting.group_id, item_id=attempt.sitting.item_id)
        return not shifts.filter(closes_at__gt=now()).exists()
    enrolment = Enrolment.objects.filter(pk=attempt.context_id).select_related("training_class").first()
    if enrolment is None:
        return False
    _opens_at, closes_at = window(enrolment.training_class, attempt.context_item_id)
    return now() >= closes_at


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
