"""Correcting a question after it was asked: what it would change, then doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.errors import DomainError
from lms.exams.queries.corrections import asked_questions
from lms.exams.services import regrading as regrade
from lms.portals.exams.regrading.forms import CorrectionForm
from quizzes.enums import CorrectionRule
from quizzes.models import Exam


def _find_exam(request: HttpRequest, exam_id: int) -> Exam:
    return get_object_or_404(Exam.objects.correctable_by(request.user), pk=exam_id)


@require_safe
def questions(request: HttpRequest, exam_id: int) -> HttpResponse:
    """The questions that were asked, with what has been corrected."""
    exam = _find_exam(request, exam_id)
    context = {
        "exam": exam,
        "questions": asked_questions(exam),
        "corrections": exam.corrections.select_related("actor").order_by("-number"),
    }
    return render(request, "exams/regrading/questions.html", context)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, exam_id: int, version_id: int) -> HttpResponse:
    """Choose what is done about one question, see whose result changes, do it."""
    exam = _find_exam(request, exam_id)
    asked = next((one for one in asked_questions(exam) if one.version.pk == version_id), None)
    if asked is None:
        raise Http404
    form = CorrectionForm(request.POST or None, version=asked.version)
    found = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        rule = CorrectionRule(data["rule"])
        try:
            if request.POST.get("act") == "carry-out":
                done = regrade.carry_out(
                    exam=exam,
                    version=asked.version,
                    rule=rule,
                    corrected=data["corrected"],
                    reason=data["reason"],
                    actor=request.user,
                )
                words = ngettext("%(count)s result was corrected.", "%(count)s results were corrected.", done.changed)
                messages.success(request, words % {"count": done.changed})
                return redirect("exams:regrade", exam.pk)
            found = regrade.preview(exam=exam, version=asked.version, rule=rule, corrected=data["corrected"])
        except DomainError as error:
            form.add_error(None, str(error) or _("This cannot be done."))
    context = {"exam": exam, "asked": asked, "form": form, "preview": found}
    return render(request, "exams/regrading/question.html", context, status=422 if form.errors else 200)
