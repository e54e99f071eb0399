"""Results of the tests of a class."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.classes.models import TrainingClass
from lms.portals.teacher import exports
from lms.portals.teacher.queries import results as queries
from lms.portals.teacher.views.common import RESULTS, find_class, page


@require_safe
@never_cache
def results(request: HttpRequest, class_id: int, item_id: int | None = None) -> HttpResponse:
    """One test by learner and by question; the last test of the class when none is named."""
    training_class = find_class(request, class_id)
    exams = queries.exam_items(training_class)
    found = None
    if item_id is not None:
        found = _find_results(request, training_class, item_id)
    elif exams:
        found = queries.exam_results(training_class, request.user, exams[-1])
    by_question = request.GET.get("xem") == "cau-hoi"
    context = page(request, training_class, RESULTS, exams=exams, results=found, by_question=by_question)
    return render(request, "teacher/results.html", context)


def _find_results(request: HttpRequest, training_class: TrainingClass, item_id: int) -> queries.ExamResults:
    item = next((one for one in queries.exam_items(training_class) if one.id == item_id), None)
    if item is None:
        raise Http404
    return queries.exam_results(training_class, request.user, item)


@require_safe
@never_cache
def export_learners(request: HttpRequest, class_id: int, item_id: int, form: str) -> HttpResponse:
    """The results by learner as a file."""
    training_class = find_class(request, class_id)
    return exports.export_results(training_class, _find_results(request, training_class, item_id), form)


@require_safe
@never_cache
def export_questions(request: HttpRequest, class_id: int, item_id: int, form: str) -> HttpResponse:
    """The results by question as a file."""
    training_class = find_class(request, class_id)
    return exports.export_questions(training_class, _find_results(request, training_class, item_id), form)
