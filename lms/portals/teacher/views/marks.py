"""The marks of one learner in one item: what was given, entering a mark by hand, correcting one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.common.errors import DomainError
from lms.completion.services.marks import correct_mark, enter_mark
from lms.gradebook.queries import GivenMark, items_with_marks, marks_given
from lms.portals.shared import take_errors
from lms.portals.teacher.forms import CorrectionForm, MarkForm
from lms.portals.teacher.queries.learners import enrolment_in
from lms.portals.teacher.views.common import PROGRESS, find_class, page
from lms.programmes.models import EditionItem

_FIXED = frozenset({ClassState.RECOGNISED, ClassState.CANCELLED})
# Refusals after which no form is left to show.
_CLOSED = frozenset({"class_recognised", "not_active", "annulled"})


def _find_item_to_mark(
    request: HttpRequest, class_id: int, enrolment_id: int, item_id: int
) -> tuple[TrainingClass, Enrolment, EditionItem]:
    """Return the class, the learner's place in it and the item with a mark, or raise 404."""
    training_class = find_class(request, class_id)
    enrolment = enrolment_in(training_class, request.user, enrolment_id)
    if enrolment is None:
        raise Http404
    items = items_with_marks(training_class.edition_id).select_related("exam")
    return training_class, enrolment, get_object_or_404(items, pk=item_id)


def _may_grade(request: HttpRequest, enrolment: Enrolment) -> bool:
    return Enrolment.objects.gradable_by(request.user).filter(pk=enrolment.pk).exists()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest, class_id: int, enrolment_id: int, item_id: int) -> HttpResponse:
    """Show every mark given for the item, and enter one by hand.

    What was typed stays when somebody else gave a mark meanwhile: the page then shows that mark above it.
    """
    training_class, enrolment, item = _find_item_to_mark(request, class_id, enrolment_id, item_id)
    may_grade = _may_grade(request, enrolment)
    if request.method == "POST" and not may_grade:
        raise Http404
    given = marks_given(enrolment, item.pk)
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            enter_mark(
                enrolment=enrolment,
                item=item,
                points=data["points"],
                reason=data["reason"],
                seen=data["seen"],
                actor=request.user,
            )
        except DomainError as error:
            if error.code in _CLOSED:
                messages.error(request, str(error))
                return redirect("teacher:marks", class_id, enrolment_id, item_id)
            take_errors(form, error)
            given = marks_given(enrolment, item.pk)
        else:
            messages.success(request, _("The mark is entered. The learner is told."))
            return redirect("teacher:marks", class_id, enrolment_id, item_id)
    context = page(
        request,
        training_class,
        PROGRESS,
        enrolment=enrolment,
        item=item,
        given=given,
        newest=given[-1].entry.pk if given else 0,
        may_grade=may_grade,
        fixed=training_class.state in _FIXED,
        form=form,
    )
    return render(request, "teacher/marks.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, class_id: int, enrolment_id: int, item_id: int, entry_id: int) -> HttpResponse:
    """Correct one mark, with the reason.

    A mark that somebody else corrected meanwhile leads back to the marks, where the newer one is.
    """
    training_class, enrolment, item = _find_item_to_mark(request, class_id, enrolment_id, item_id)
    if not _may_grade(request, enrolment):
        raise Http404
    found = next((one for one in marks_given(enrolment, item.pk) if one.entry.pk == entry_id), None)
    if found is None:
        raise Http404
    form = CorrectionForm(request.POST or None, most=found.entry.max_points)
    if request.method == "POST" and form.is_valid() and _corrected(request, found, form):
        return redirect("teacher:marks", class_id, enrolment_id, item_id)
    if request.method != "POST" and not (found.in_force and training_class.state not in _FIXED):
        if found.replaced:
            messages.info(request, _("This mark has been corrected already. Look at the newer one."))
        return redirect("teacher:marks", class_id, enrolment_id, item_id)
    context = page(
        request, training_class, PROGRESS, enrolment=enrolment, item=item, found=found, entry=found.entry, form=form
    )
    return render(request, "teacher/mark_correct.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, found: GivenMark, form: CorrectionForm) -> bool:
    """Whether the page is done with: the mark is corrected, or somebody else did it before."""
    data = form.cleaned_data
    try:
        correct_mark(entry=found.entry, points=data["points"], reason=data["reason"], actor=request.user)
    except DomainError as error:
        if error.code in _CLOSED:
            messages.error(request, str(error))
            return True
        if error.code == "already_replaced":
            said = _("%(error)s Yours is not saved: %(points)s, “%(reason)s”.")
            messages.warning(
                request, said % {"error": error, "points": form["points"].value(), "reason": data["reason"]}
            )
            return True
        take_errors(form, error)
        return False
    messages.success(request, _("The mark is corrected. The learner is told."))
    return True
