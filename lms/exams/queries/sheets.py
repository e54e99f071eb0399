"""Answers from paper seen from the class: which exams take them, and how far each candidate's sheet is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.exams.access import SHEET_ROLES
from lms.exams.enums import SheetState
from lms.exams.models import PaperSheet
from lms.people.access import role_paths, within
from lms.programmes.models import EditionItem
from quizzes.models import Exam

_STATES = (ClassState.OPEN, ClassState.CLOSED)


@dataclass(frozen=True, slots=True)
class ClassExam:
    """One exam of one class: an item of its edition with its set of papers."""

    training_class: TrainingClass
    item: EditionItem
    exam: Exam
    set_number: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with the number on the list and the sheet, if there is one."""

    enrolment: Enrolment
    number: str
    sheet: PaperSheet | None

    @property
    def candidate_name(self) -> str:
        return self.enrolment.learner.get_full_name() or self.enrolment.learner.username


def classes_with_sheets(user: Any) -> Any:
    """Return the classes for whose exams ``user`` enters answers, the latest first."""
    paths = role_paths(user, SHEET_ROLES)
    return (
        TrainingClass.objects.filter(within(paths, "unit__path"), state__in=_STATES, edition__items__kind="exam")
        .distinct()
        .select_related("unit", "edition")
        .order_by("-starts_on", "-pk")
    )


def exams_of(classes: list[TrainingClass]) -> dict[int, list[dict[str, Any]]]:
    """Return for each class its exams with the number of candidates and of sheets by state."""
    items = EditionItem.objects.filter(
        edition_id__in={one.edition_id for one in classes}, kind="exam", exam__isnull=False
    ).select_related("exam")
    by_edition: dict[int, list[EditionItem]] = {}
    for item in items.order_by("position"):
        by_edition.setdefault(item.edition_id, []).append(item)
    counts = dict(
        Enrolment.objects.active()
        .filter(training_class__in=classes)
        .order_by()
        .values_list("training_class_id")
        .annotate(number=Count("pk"))
    )
    states: dict[tuple[int, int], dict[str, int]] = {}
    sheets = PaperSheet.objects.filter(enrolment__training_class__in=classes)
    for class_id, item_id, state, number in (
        sheets.order_by()
        .values("enrolment__training_class_id", "item_id", "state")
        .annotate(number=Count("pk"))
        .values_list("enrolment__training_class_id", "item_id", "state", "number")
    ):
        states.setdefault((class_id, item_id), {})[state] = number
    return {
        one.pk: [
            {
                "item": item,
                "candidates": counts.get(one.pk, 0),
                "posted": states.get((one.pk, item.pk), {}).get(SheetState.POSTED, 0),
                "entered": sum(states.get((one.pk, item.pk), {}).values()),
            }
            for item in by_edition.get(one.edition_id, [])
        ]
        for one in classes
    }


def find_class_exam(user: Any, class_id: int, item_id: int) -> ClassExam | None:
    """Return an exam of a class for which ``user`` enters answers; ``None`` for what is absent or forbidden."""
    training_class = classes_with_sheets(user).filter(pk=class_id).first()
    if training_class is None:
        return None
    item = (
        EditionItem.objects.filter(pk=item_id, edition_id=training_class.edition_id, kind="exam")
        .select_related("exam")
        .first()
    )
    if item is None or item.exam is None or item.set_number is None:
        return None
    return ClassExam(training_class, item, item.exam, item.set_number)


def candidates_of(class_exam: ClassExam) -> list[CandidateRow]:
    """Return the candidates in the order of the class list.

    Numbers count in the order of enrolment, so that nobody's number changes when somebody joins or leaves.
    """
    enrolments = list(
        Enrolment.objects.filter(training_class=class_exam.training_class).select_related("learner").order_by("pk")
    )
    sheets = {
        sheet.enrolment_id: sheet
        for sheet in PaperSheet.objects.filter(
            Q(exam=class_exam.exam), set_number=class_exam.set_number, item_id=class_exam.item.pk
        ).select_related("first_by", "second_by", "attempt")
    }
    width = max(3, len(str(len(enrolments))))
    rows = [
        CandidateRow(enrolment, str(number).zfill(width), sheets.get(enrolment.pk))
        for number, enrolment in enumerate(enrolments, start=1)
        if enrolment.status != "withdrawn"
    ]
    return sorted(rows, key=lambda row: (row.enrolment.learner.sort_key, row.enrolment.pk))
