"""Whether the questions of a set of papers may still be asked somewhere; while they may, their key is not shown.

Papers are frozen by edition and sat by all its classes, and a question may stand in many exams. So it is not enough
that a learner's own class is through: what counts is whether any class of any unit may still sit a paper with one of
the same questions. A self-check that shows its key at once is no such paper: its author gave the key away on purpose.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassItem, Enrolment, TrainingClass
from lms.common.clock import now, today
from lms.common.prepared import prepared
from lms.exams.models import Allowance, Attempt, Sitting, SittingGuest
from lms.exams.queries.attempts import grace
from lms.programmes.models import EditionItem
from quizzes.enums import ExamPurpose, Review
from quizzes.models import ItemUse

# Classes whose tests may still be started; of the others only attempts that are running count.
_MAY_START = [ClassState.PLANNED, ClassState.OPEN]
# Exams that keep their key until they are over.
_KEEPS_KEY = ~Q(exam__purpose=ExamPurpose.SELF_CHECK) | ~Q(exam__review=Review.KEY)


def key_is_needed(*, exam_id: int, set_number: int) -> bool:
    """Whether a class may still sit a paper that asks a question of this set.

    A class may, while it is planned or open and its time for the test (its days, the item's own dates, a sitting, a
    personal time) is not over. Whoever is at work on an attempt may, whatever has become of the class.
    """
    moment = now()
    found = _still_sat.first(exam=exam_id, set_number=set_number, moment=moment, day=today(), heard=moment - grace())
    return found is not None


def sits_same_questions(*, user_id: int | None, exam_id: int, set_number: int) -> bool:
    """Whether ``user_id`` may still be asked a question of this set, as a learner of a class or a guest of a sitting.

    Who teaches one class and learns in another must not read the key in the first.
    """
    found = _sits_still.first(user=user_id, exam=exam_id, set_number=set_number, moment=now(), day=today())
    return found is not None


def sets_sat_by(user_id: int) -> list[tuple[int, int]]:
    """Return as (exam, set) what ``user_id`` may still sit, as a learner or a guest; one statement.

    Registered with the policy of quizzes.
    """
    return _sat_by.all(user=user_id, moment=now(), day=today())


def _asking(exam: Any, set_number: Any) -> QuerySet[EditionItem]:
    """Tests of editions whose set of papers shares a question with this one, and that keep their key."""
    mine = ItemUse.objects.filter(exam_id=exam, set_number=set_number).values("item_id")
    return EditionItem.objects.filter(
        _KEEPS_KEY, exam__item_uses__item_id__in=mine, exam__item_uses__set_number=F("set_number")
    ).order_by()


def _classes(moment: Any, day: Any) -> QuerySet[TrainingClass]:
    """Classes of the item's edition (the outer query's) that may still begin it."""
    item = OuterRef(OuterRef("pk"))
    dates = ClassItem.objects.filter(training_class_id=OuterRef("pk"), item_id=item, due_at__isnull=False)
    sittings = Sitting.objects.filter(training_class_id=OuterRef("pk"), item_id=item, closes_at__gt=moment)
    own_time = Allowance.objects.filter(
        ~Q(enrolment__status=EnrolmentStatus.WITHDRAWN),
        enrolment__training_class_id=OuterRef("pk"),
        item_id=item,
        closes_at__gt=moment,
    )
    return TrainingClass.objects.filter(
        Exists(dates.filter(due_at__gt=moment))
        | (Q(ends_on__gte=day) & ~Exists(dates))
        | Exists(sittings)
        | Exists(own_time),
        edition_id=OuterRef("edition_id"),
        state__in=_MAY_START,
    ).order_by()


@prepared
def _still_sat(exam: Any, set_number: Any, moment: Any, day: Any, heard: Any) -> QuerySet[EditionItem, tuple[int]]:
    at_work = Attempt.objects.open().filter(
        Q(deadline__isnull=True) | Q(deadline__gt=heard), exam_id=OuterRef("exam_id"), item_id=OuterRef("pk")
    )
    found = _asking(exam, set_number).filter(Exists(_classes(moment, day)) | Exists(at_work))
    return found.values_list("pk")[:1]


def _own(user: Any, moment: Any, day: Any) -> QuerySet[EditionItem]:
    """Tests that a person may still sit: in a class learned in, at a sitting come to as a guest, or at work on one."""
    learns = Enrolment.objects.active().filter(learner_id=user)
    at_work = Attempt.objects.open().filter(user_id=user)
    guest = SittingGuest.objects.filter(user_id=user, sitting__closes_at__gt=moment)
    mine = _classes(moment, day).filter(Exists(learns.filter(training_class_id=OuterRef("pk"))))
    return EditionItem.objects.filter(
        # The first condition finds the few editions that may matter at all.
        (Q(edition_id__in=learns.values("training_class__edition_id")) & Exists(mine))
        | Q(pk__in=at_work.values("item_id"))
        | Q(pk__in=guest.values("sitting__item_id"))
    ).order_by()


@prepared
def _sits_still(user: Any, exam: Any, set_number: Any, moment: Any, day: Any) -> QuerySet[EditionItem, tuple[int]]:
    own = _own(user, moment, day)
    return _asking(exam, set_number).filter(pk__in=own.values("pk")).values_list("pk")[:1]


@prepared
def _sat_by(user: Any, moment: Any, day: Any) -> QuerySet[EditionItem, tuple[int, int]]:
    found = _own(user, moment, day).filter(_KEEPS_KEY, exam__isnull=False, set_number__isnull=False)
    return found.values_list("exam_id", "set_number").distinct()  # type: ignore[return-value]


def classes_of_sets(sets: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return by (exam, set) how many classes share the set, of how many units, and how many of them may still sit it.

    One statement; classes that were cancelled do not count.
    """
    day = today()
    held = ~Q(edition__classes__state=ClassState.CANCELLED)
    rows = (
        EditionItem.objects.filter(exam_id__in={exam for exam, _number in sets})
        .order_by()
        .values("exam_id", "set_number")
        .annotate(
            classes=Count("edition__classes", distinct=True, filter=held),
            units=Count("edition__classes__unit", distinct=True, filter=held),
            waiting=Count(
                "edition__classes",
                distinct=True,
                filter=Q(edition__classes__state__in=_MAY_START, edition__classes__ends_on__gte=day),
            ),
        )
        .values_list("exam_id", "set_number", "classes", "units", "waiting")
    )
    wanted = set(sets)
    return {
        (exam, number): (classes, units, waiting)
        for exam, number, classes, units, waiting in rows
        if exam is not None and number is not None and (exam, number) in wanted
    }
