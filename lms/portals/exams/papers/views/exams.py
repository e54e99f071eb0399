"""Pages of exams: list, overview, rules."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.text import fold, whole_number
from lms.exams.queries.exposure import SetExposure, exposures_of, last_sets
from lms.portals.exams.papers.forms import ExamForm
from lms.portals.exams.papers.views.common import PAPER_ROLES, exam_context, find_exam_to_edit
from lms.portals.exams.papers.views.sets import sets_of
from lms.portals.shared import actor_of, require_role
from quizzes import policy
from quizzes.enums import QuestionSource
from quizzes.models import Exam
from quizzes.services.papers.draws import latest_draw, points_of, rules_of
from quizzes.services.papers.exams import create_exam, edit_exam

PER_PAGE = 30


@require_safe
def exam_list(request: HttpRequest) -> HttpResponse:
    """The exams whose papers the person makes."""
    require_role(request, PAPER_ROLES)
    found = Exam.objects.editable_by(request.user)
    if q := " ".join(request.GET.get("q", "").split())[:100]:
        titles = found.values_list("pk", "title")  # few: one exam serves many classes
        found = found.filter(pk__in=[pk for pk, title in titles if fold(q) in fold(title)])
    found = found.select_related("unit", "blueprint").annotate(
        question_count=Count("questions", distinct=True), last_set=Max("papers__set_number")
    )
    page = Paginator(found.order_by("-updated_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "exams/papers/list.html", {"page": page, "q": q, "key_waits": bool(policy.sets_sat_by(request.user))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def exam_new(request: HttpRequest) -> HttpResponse:
    """Make an exam; its questions come next."""
    require_role(request, PAPER_ROLES)
    initial = {}
    if (given := whole_number(request.GET.get("ma-tran", ""))) is not None:
        initial = {"source": QuestionSource.BLUEPRINT, "blueprint": given}
    form = ExamForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        exam = create_exam(exam=form.save(commit=False), actor=actor_of(request))
        return redirect(_questions_page(exam), exam.pk)
    context = {"form": form, "title": _("New exam")}
    return render(request, "exams/papers/form.html", context, status=422 if form.errors else 200)


def _questions_page(exam: Exam) -> str:
    return {
        QuestionSource.FIXED: "exams:exam-questions",
        QuestionSource.RANDOM: "exams:exam-rules",
    }.get(QuestionSource(exam.source), "exams:exam-draw")


@require_safe
def exam(request: HttpRequest, exam_id: int) -> HttpResponse:
    """An exam at a glance: what is done, what comes next, its sets of papers."""
    found = find_exam_to_edit(request, exam_id)
    made = latest_draw(found)
    questions = found.questions.aggregate(count=Count("pk"))["count"]
    context = exam_context(
        found,
        "overview",
        questions=questions,
        draw=made,
        draw_points=points_of(made) if made else None,
        rules=rules_of(found),
        sets=sets_of(found),
        exposure=_exposure(found),
        ready=bool(questions) if found.source == QuestionSource.FIXED else made is not None,
    )
    return render(request, "exams/papers/page.html", context)


def _exposure(exam: Exam) -> SetExposure | None:
    """Who has the last set of papers; ``None`` before there is one."""
    return next(iter(exposures_of(last_sets([exam.pk]))), None)


@require_http_methods(["GET", "HEAD", "POST"])
def exam_edit(request: HttpRequest, exam_id: int) -> HttpResponse:
    """Change the rules of an exam. Papers frozen before keep what they had."""
    found = find_exam_to_edit(request, exam_id)
    form = ExamForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        edit_exam(exam=found, changes=form.changes(), actor=actor_of(request))
        messages.success(request, _("The exam is saved. Freeze its papers again if they should change."))
        return redirect("exams:exam", found.pk)
    context = {"form": form, "title": _("Rules and print"), "exam": found, "exposure": _exposure(found)}
    return render(request, "exams/papers/form.html", context, status=422 if form.errors else 200)
