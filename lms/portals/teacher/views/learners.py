"""One learner of a class."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.classes.models import Enrolment, TrainingClass
from lms.exams.enums import AttemptState
from lms.exams.presentation import review_questions
from lms.exams.queries import review
from lms.exams.queries.marking import sealed_slots
from lms.exams.queries.still_sat import sits_same_questions
from lms.gradebook.queries import items_with_marks
from lms.portals.teacher.queries import learners as queries
from lms.portals.teacher.views.common import PROGRESS, find_class, page
from quizzes.enums import Review


def _find_learner(request: HttpRequest, class_id: int, enrolment_id: int) -> tuple[TrainingClass, Enrolment]:
    training_class = find_class(request, class_id)
    enrolment = queries.enrolment_in(training_class, request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    return training_class, enrolment


@require_safe
@never_cache
def learner(request: HttpRequest, class_id: int, enrolment_id: int) -> HttpResponse:
    """Show the learner's standing: items, marks, attendance, what is missing."""
    training_class, enrolment = _find_learner(request, class_id, enrolment_id)
    found = queries.learner_page(training_class, enrolment)
    modules = [(module, [(line, found.marks.get(line.item.id)) for line in module.lines]) for module in found.modules]
    context = page(
        request,
        training_class,
        PROGRESS,
        found=found,
        modules=modules,
        enrolment=enrolment,
        marked=set(items_with_marks(training_class.edition_id).values_list("pk", flat=True)),
    )
    return render(request, "teacher/learner.html", context)


@require_safe
@never_cache
def attempt(request: HttpRequest, class_id: int, enrolment_id: int, attempt_id: int) -> HttpResponse:
    """An attempt that was handed in, with the key: the staff of the class may see it at any time.

    Who learns in another class that may still be asked these questions sees the answers without the key.
    """
    training_class, enrolment = _find_learner(request, class_id, enrolment_id)
    found = queries.attempt_in(enrolment, attempt_id)
    if found is None or found.state != AttemptState.SUBMITTED:
        raise Http404
    sits = sits_same_questions(user_id=request.user.pk, exam_id=found.exam_id, set_number=found.paper.set_number)
    body = review(found, Review.ANSWERS if sits else Review.KEY, held=sits)
    questions = review_questions(body)
    sealed = sealed_slots(found.pk)
    for question in questions:  # whoever marks anonymously must not find the text beside the name
        question["sealed"] = question["slot"] in sealed
    context = page(
        request,
        training_class,
        PROGRESS,
        enrolment=enrolment,
        attempt=found,
        outcome=body,
        questions=questions,
        key_held=sits,
        with_key=not sits,
        time=found.submitted_at - found.started_at if found.submitted_at else None,
    )
    return render(request, "teacher/attempt.html", context)
