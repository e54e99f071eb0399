"""Setting up a sitting: choose the class, then its terms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.classes.models import TrainingClass
from lms.exams.errors import InvigilationError
from lms.exams.models import Sitting
from lms.exams.queries.class_tests import classes_to_sit, tests_of
from lms.exams.queries.exposure import exposures_of
from lms.exams.services.sittings import save_sitting
from lms.portals.exams.invigilation.forms import SittingForm
from lms.portals.exams.invigilation.views.common import find_sitting, require_invigilator
from lms.programmes.models import EditionItem
from quizzes.enums import ExamPurpose

SHOWN = 20


@require_safe
def pick_class(request: HttpRequest) -> HttpResponse:
    """Choose the class that sits."""
    require_invigilator(request)
    search = request.GET.get("q", "").strip()[:100]
    classes = classes_to_sit(request.user)
    if search:
        classes = classes & TrainingClass.objects.named_like(search)
    found = classes.distinct().order_by("-starts_on", "name")[:SHOWN]
    return render(request, "exams/invigilation/pick_class.html", {"classes": found, "search": search, "shown": SHOWN})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, class_id: int) -> HttpResponse:
    """Make a sitting for the class."""
    training_class = get_object_or_404(classes_to_sit(request.user).distinct(), pk=class_id)
    form = SittingForm(
        request.POST or None,
        training_class=training_class,
        initial={"needs_opening": True, "with_code": True, "room": training_class.place},
    )
    if request.method == "POST" and form.is_valid():
        sitting: Sitting = form.save(commit=False)
        item = form.cleaned_data["item"]
        sitting.item, sitting.exam = item, item.exam
        sitting.training_class, sitting.unit = training_class, training_class.unit
        return _store(request, form, sitting)
    tests = list(tests_of(training_class))
    context = {"form": form, "training_class": training_class, "tests": tests, "exposures": _exposures(tests)}
    return render(request, "exams/invigilation/sitting_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Change the terms of a sitting."""
    sitting = find_sitting(request, sitting_id)
    training_class = sitting.training_class
    form = SittingForm(request.POST or None, training_class=training_class, instance=sitting)
    if request.method == "POST" and form.is_valid():
        try:
            return _store(request, form, form.save(commit=False))
        except InvigilationError as error:
            form.ask_about_key(str(error))
    sat = [item for item in tests_of(training_class) if item.pk == sitting.item_id]
    context = {
        "form": form,
        "training_class": training_class,
        "sitting": sitting,
        "exposures": _exposures(sat),
    }
    return render(request, "exams/invigilation/sitting_form.html", context, status=422 if form.errors else 200)


def _exposures(tests: list[EditionItem]) -> list[tuple[str, list[str]]]:
    """What to know of the papers of each test before it is sat, by the test's title; fresh ones are left out."""
    kept = [item for item in tests if item.exam is not None and item.exam.purpose != ExamPurpose.SELF_CHECK]
    found = exposures_of([(item.exam_id or 0, item.set_number or 0) for item in kept])
    titles = [item.title for item in kept]
    return [(title, one.sentences) for title, one in zip(titles, found, strict=True) if one.people or one.worn]


def _store(request: HttpRequest, form: SittingForm, sitting: Sitting) -> HttpResponse:
    data = form.cleaned_data
    save_sitting(
        sitting=sitting,
        actor=request.user,
        with_code=data["with_code"],
        invigilators=data["invigilators"],
        key_known=data["key_known"],
    )
    messages.success(request, _("The sitting has been saved."))
    return redirect("exams:sitting", sitting.pk)
