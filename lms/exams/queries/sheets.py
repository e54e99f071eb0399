"""Answers from paper seen from the class: which exams take them, and how far each candidate's sheet is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.exams.access import SHEET_ROLES
from lms.exams.enums import SheetState
from lms.exams.models import PaperSheet
from lms.exams.services.sheets import Candidate
from lms.people.access import role_paths, within
from lms.programmes.models import EditionItem
from quizzes.models import Exam, Paper

_STATES = (ClassState.OPEN, ClassState.CLOSED)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One exam of one class."""

    training_class: TrainingClass
    item: EditionItem
    exam: Exam
    paper_set: int


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
    owners = dict(Enrolment.objects.filter(training_class__in=classes).values_list("pk", "training_class_id"))
    states: dict[tuple[int, int], dict[str, int]] = {}
    sheets = PaperSheet.objects.filter(context_item_id__in=[item.pk for item in items])
    for context, item_id, state in sheets.values_list("context_id", "context_item_id", "state"):
        if context in owners:
            found = states.setdefault((owners[context], item_id), {})
            found[state] = found.get(state, 0) + 1
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


def sitting_of(user: Any, class_id: int, item_id: int) -> Sitting:
    """Return an exam of a class for which ``user`` enters answers, or raise 404."""
    training_class = classes_with_sheets(user).filter(pk=class_id).first()
    if training_class is None:
        raise Http404
    item = (
        EditionItem.objects.filter(pk=item_id, edition_id=training_class.edition_id, kind="exam")
        .select_related("exam")
        .first()
    )
    if item is None or item.exam is None or item.paper_set is None:
        raise Http404
    return Sitting(training_class, item, item.exam, item.paper_set)


def candidates_of(sitting: Sitting) -> list[CandidateRow]:
    """Return the candidates in the order of the class list.

    Numbers count in the order of enrolment, so that nobody's number changes when somebody joins or leaves.
    """
    enrolments = list(
        Enrolment.objects.filter(training_class=sitting.training_class).select_related("learner").order_by("pk")
    )
    sheets = {
        sheet.context_id: sheet
        for sheet in PaperSheet.objects.filter(
            Q(exam=sitting.exam), paper_set=sitting.paper_set, context_item_id=sitting.item.pk
        ).select_related("first_by", "second_by", "attempt")
    }
    width = max(3, len(str(len(enrolments))))
    rows = [
        CandidateRow(enrolment, str(number).zfill(width), sheets.get(enrolment.pk))
        for number, enrolment in enumerate(enrolments, start=1)
        if enrolment.status != "withdrawn"
    ]
    return sorted(rows, key=lambda row: (row.enrolment.learner.sort_key, row.enrolment.pk))


def candidate_of(sitting: Sitting, enrolment: Enrolment) -> Candidate:
    """Return an enrolment as the exams know it."""
    return Candidate(enrolment.learner_id, enrolment.pk, sitting.item.pk)


def columns_of(papers: list[Paper]) -> list[dict[str, Any]]:
    """Return the columns of the key grid: number, kind where all codes agree, and how wide."""
    width = max((len(paper.content["questions"]) for paper in papers), default=0)
    columns = []
    for index in range(width):
        shown = [paper.content["questions"][index] for paper in papers if index < len(paper.content["questions"])]
        kinds = {question["kind"] for question in shown}
        short = kinds <= {"single_choice"}
        letters = max((len(question.get("options", ())) for question in shown), default=0)
        kind = next(iter(kinds)) if len(kinds) == 1 else ""
        columns.append(
            {
                "slot": index + 1,
                "kind": kind,
                "wide": bool(
                    kinds - {"single_choice", "multiple_response", "true_false_group", "ordering", "matching"}
                ),
                "medium": not short,
                "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:letters] if short else "",
            }
        )
    return columns
