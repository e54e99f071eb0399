"""Starting an exam as part of a class: who may, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lms.classes.models import ClassItem, Enrolment, TrainingClass
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.prepared import prepared
from lms.exams.engine.admission import Admission
from lms.exams.gates import exam_gates
from lms.exams.models import Allowance, Attempt, Sitting
from lms.exams.queries.closing import midnight
from lms.exams.services import attempts
from lms.exams.services.admission import Terms, admit, read_terms
from lms.exams.signals import attempt_started
from lms.programmes.enums import ItemKind
from lms.progress.queries import ItemNotFound, find_item
from lms.progress.services.gates import require_open
from quizzes.models import Exam


class Dates(NamedTuple):
    """An item's own dates in a class; ``None`` where it has none."""

    opens_at: dt.datetime | None
    due_at: dt.datetime | None
    special: bool = True  # there may be sittings or personal terms: they are looked up


@prepared
def _own_with_dates(user: Any, enrolment: Any, item: Any) -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.own(user)
        .filter(pk=enrolment)
        .select_related("training_class__edition")
        .annotate(
            dates=FilteredRelation("training_class__items", condition=Q(training_class__items__item_id=item)),
            item_opens_at=F("dates__opens_at"),
            item_due_at=F("dates__due_at"),
            special=Exists(Sitting.objects.filter(training_class_id=OuterRef("training_class_id"), item_id=item))
            | Exists(Allowance.objects.filter(enrolment_id=OuterRef("pk"), item_id=item)),
        )
    )


def own_with_dates(user: Any, enrolment_id: int, item_id: int) -> tuple[Enrolment, Dates] | None:
    """One of the learner's own enrolments with its class and edition, and the dates of an item in that class."""
    found: Any = _own_with_dates.first(user=user, enrolment=enrolment_id, item=item_id)
    return None if found is None else (found, Dates(found.item_opens_at, found.item_due_at, bool(found.special)))


def start_for_enrolment(
    *, enrolment: Enrolment, item_id: int, user: object, code: str = "", device: str = "", dates: Dates | None = None
) -> Attempt:
    """Start the exam of an item, or resume the open attempt; sends ``attempt_started`` for a new one.

    The window is that of a sitting where there is one (``code`` opens those that ask for one), else the item's own
    dates in the class (``dates``, where the caller has read them), else the class's days. Raises :class:`ItemNotFound`
    when the item is not of this enrolment's edition or the enrolment not ``user``'s own, else ``DomainError`` with
    ``wrong_kind``, ``withdrawn``, ``class_not_open``, ``class_closed``, what
    :func:`lms.exams.services.admission.admit` and the registered gates raise (``attendance_short``) and what the
    exam's own rules raise.
    """
    if enrolment.learner_id != getattr(user, "pk", None):
        raise ItemNotFound(item_id)
    item = find_item(enrolment.training_class.edition_id, item_id)
    require_open(enrolment)
    if item.kind != ItemKind.EXAM or item.exam_id is None or item.set_number is None:
        raise DomainError(_("This item is not a test."), code="wrong_kind")
    moment = now()

    def admit_now(exam: Exam) -> Admission:
        if dates is not None and not dates.special:
            terms = Terms(opens_at=dates.opens_at, due_at=dates.due_at)
        else:
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

    def tell(attempt: Attempt) -> None:
        attempt_started.send(sender=Attempt, attempt=attempt)

    return attempts.start(
        user=user,
        exam_id=item.exam_id,
        set_number=item.set_number,
        enrolment_id=enrolment.pk,
        item_id=item_id,
        admit=admit_now,
        device=device,
        on_start=tell,
    )


@prepared
def _dates(training_class: Any, item: Any) -> QuerySet[ClassItem, tuple[Any, ...]]:
    dates = ClassItem.objects.filter(training_class_id=training_class, item_id=item)
    return dates.values_list("opens_at", "due_at")


def window(
    training_class: TrainingClass, item_id: int, *, dates: Dates | None = None
) -> tuple[dt.datetime, dt.datetime]:
    """From when until when an item may be worked on: its own dates in the class, else the class's days.

    One statement, unless the item's own ``dates`` are given.
    """
    found = dates or _dates.first(training_class=training_class, item=item_id) or (None, None)
    return class_window(training_class, found[0], found[1])


def class_window(
    training_class: TrainingClass, opens_at: dt.datetime | None, due_at: dt.datetime | None
) -> tuple[dt.datetime, dt.datetime]:
    """Return the window of an item whose own dates in the class are these."""
    return (
        opens_at or midnight(training_class.starts_on),
        due_at or midnight(training_class.ends_on + dt.timedelta(days=1)),
    )
