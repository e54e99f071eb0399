"""Tests that a class sits without a sitting: personal terms, more time, reopening, annulling."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.classes.models import Enrolment, TrainingClass
from lms.exams.models import Attempt, OfflineFile, Sitting
from lms.exams.queries.boards import people_of_test
from lms.exams.queries.class_tests import attempts_of_test, classes_to_sit, tests_of
from lms.portals.exams.invigilation.forms import UploadForm
from lms.portals.exams.invigilation.views.acts import allowance_page, attempt_page, file_page, take_file
from lms.portals.exams.invigilation.views.common import Occasion
from lms.programmes.models import EditionItem


def _find_test(request: HttpRequest, class_id: int, item_id: int) -> tuple[TrainingClass, EditionItem, Occasion]:
    """The class and its test, for those who may make a sitting of it; else 404."""
    training_class = get_object_or_404(classes_to_sit(request.user).distinct(), pk=class_id)
    item = get_object_or_404(tests_of(training_class), pk=item_id)
    title = item.exam.title if item.exam is not None else ""
    url = reverse("exams:class-test", args=[class_id, item_id])
    return training_class, item, Occasion(training_class.name, title, url, None, training_class, item_id)


@require_safe
def test(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Show the people of the class with their last attempt at the test."""
    training_class, item, occasion = _find_test(request, class_id, item_id)
    search = request.GET.get("q", "").strip()[:100]
    rows, shortened = people_of_test(training_class, item, search=search)
    lines = []
    for row in rows:
        url = occasion.terms_url(row.enrolment_id or 0)
        if row.attempt_id is not None:
            seated = row.sitting_id
            url = (
                occasion.attempt_url(row.attempt_id)
                if seated is None
                else reverse("exams:sitting-attempt", args=[seated, row.attempt_id])
            )
        lines.append({"row": row, "url": url, "terms_url": occasion.terms_url(row.enrolment_id or 0)})
    context = {
        "occasion": occasion,
        "training_class": training_class,
        "item": item,
        "tests": tests_of(training_class),
        "lines": lines,
        "search": search,
        "shortened": shortened,
        "upload_form": UploadForm(),
        "files": [
            {"file": one, "url": occasion.file_url(one.pk)}
            for one in OfflineFile.objects.filter(attempt__in=unseated(training_class, item))
            .select_related("attempt__user")
            .order_by("-pk")[:20]
        ],
        "sittings": Sitting.objects.visible_to(request.user).filter(training_class_id=class_id, item_id=item_id),
    }
    return render(request, "exams/invigilation/class_test.html", context)


def unseated(training_class: TrainingClass, item: EditionItem) -> QuerySet[Attempt]:
    """The attempts at the test that were made outside any sitting."""
    return attempts_of_test(training_class, item).filter(sitting__isnull=True)


@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, class_id: int, item_id: int, attempt_id: int) -> HttpResponse:
    """One attempt that was made outside any sitting."""
    training_class, item, occasion = _find_test(request, class_id, item_id)
    made = unseated(training_class, item).select_related("exam", "paper", "user", "sitting")
    found = get_object_or_404(made, pk=attempt_id)
    return attempt_page(request, occasion, found)


@require_http_methods(["GET", "POST"])
def allowance(request: HttpRequest, class_id: int, item_id: int, enrolment_id: int) -> HttpResponse:
    """Show and set the personal terms of one learner."""
    training_class, item, occasion = _find_test(request, class_id, item_id)
    enrolments = Enrolment.objects.filter(training_class=training_class).active().select_related("learner")
    return allowance_page(request, occasion, get_object_or_404(enrolments, pk=enrolment_id), item.pk)


@require_POST
def upload(request: HttpRequest, class_id: int, item_id: int) -> HttpResponse:
    """Take a file that a learner's page saved, and lead to the decision about it."""
    training_class, item, occasion = _find_test(request, class_id, item_id)
    return take_file(request, occasion, unseated(training_class, item))


@require_http_methods(["GET", "POST"])
def offline_file(request: HttpRequest, class_id: int, item_id: int, file_id: int) -> HttpResponse:
    """Show a file beside what the server has, and decide about it."""
    training_class, item, occasion = _find_test(request, class_id, item_id)
    return file_page(request, occasion, unseated(training_class, item), file_id)
