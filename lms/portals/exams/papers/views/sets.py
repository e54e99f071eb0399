"""Freezing papers, and a set of papers: its codes, the check of its keys, what changed since the set before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.exams.queries.exposure import exposures_of
from lms.portals.exams.papers.views.common import exam_context, find_exam_to_edit, find_set
from lms.portals.shared import actor_of
from quizzes.errors import DrawImpossibleError, ExamEmptyError, PaperCodesError
from quizzes.models import Exam, ItemVersion
from quizzes.queries.bank.versions import short_text
from quizzes.queries.papers.sets import changes_between, key_check
from quizzes.services.papers.freezing import freeze_papers


def sets_of(exam: Exam) -> list[dict[str, Any]]:
    """Return the sets of an exam, the newest first: number, codes, when, attempts on them."""
    found: Any = (
        exam.papers.order_by()
        .values("set_number")
        .annotate(codes=Count("pk", distinct=True), made=Max("created_at"), tries=Count("attempts", distinct=True))
        .order_by("-set_number")
    )
    return list(found)


@require_POST
def freeze(request: HttpRequest, exam_id: int) -> HttpResponse:
    """Freeze the papers; when nothing changed, the last set stays, unless a new one is asked for (``anew``)."""
    found = find_exam_to_edit(request, exam_id)
    before = found.papers.aggregate(last=Max("set_number"))["last"]
    try:
        number = freeze_papers(exam=found, actor=actor_of(request), anew=request.POST.get("anew") == "1")
    except DrawImpossibleError as error:
        messages.error(request, " ".join([str(error), *error.reasons]))
        return redirect("exams:exam-draw", found.pk)
    except (ExamEmptyError, PaperCodesError) as error:
        messages.error(request, str(error))
        return redirect("exams:exam", found.pk)
    if number == before:
        messages.info(request, _("Nothing has changed: the last set of papers still holds."))
    else:
        messages.success(request, _("The papers are frozen."))
    return redirect("exams:paper-set", found.pk, number)


@require_safe
def paper_set(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """The papers of a set with their files."""
    found = find_exam_to_edit(request, exam_id)
    papers = find_set(found, number)
    earlier = list(found.papers.filter(set_number=number - 1).order_by("pk"))
    changes = changes_between(earlier, papers) if earlier else None
    texts: dict[int, str] = {}
    if changes:
        wanted = {*changes.added, *changes.removed, *changes.points}
        texts = {pk: short_text(version) for pk, version in ItemVersion.objects.in_bulk(wanted).items()}
    context = exam_context(
        found,
        "sets",
        number=number,
        papers=papers,
        exposure=exposures_of([(found.pk, number)])[0],
        check=key_check(papers, found),
        changes=changes,
        added=[texts.get(one, "") for one in changes.added] if changes else [],
        removed=[texts.get(one, "") for one in changes.removed] if changes else [],
        repriced=[texts.get(one, "") for one in changes.points] if changes else [],
    )
    return render(request, "exams/papers/set.html", context)
