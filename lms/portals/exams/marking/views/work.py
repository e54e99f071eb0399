"""The page on which one answer is marked. It works without scripts; ``marking.js`` saves while one types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.errors import DomainError
from lms.common.formats import number
from lms.exams.enums import MarkingState, ScriptState
from lms.exams.errors import MarkingError, StaleDraftError
from lms.exams.models import Marking
from lms.exams.queries.marking import Criterion, answer_html, criteria_of, other_markings, point_step
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft, take_back, total_of
from lms.portals.exams.marking.views.common import find_marking, short_stem
from quizzes.kinds.essay import count_words, text_from_html


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion on the page."""

    criterion: Criterion
    typed: str
    comment: str
    errors: list[str]


def lines_of(criteria: list[Criterion], draft: MarkingDraft, problems: dict[str, list[str]]) -> list[Line]:
    """Return the rows of the form."""
    return [
        Line(one, draft.points.get(one.id, ""), draft.comments.get(one.id, ""), problems.get(one.id, []))
        for one in criteria
    ]


def draft_of(marking: Marking) -> MarkingDraft:
    """Return what is kept, as it is typed."""
    points = {name: number(Decimal(value)) for name, value in marking.points.items()}
    return MarkingDraft(points, marking.comments, marking.comment, marking.note)


def draft_from(data: QueryDict, criteria: list[Criterion]) -> MarkingDraft:
    """Return what a form sent."""
    return MarkingDraft(
        points={one.id: data.get(f"diem-{one.id}", "") for one in criteria},
        comments={one.id: data.get(f"nhan-xet-{one.id}", "") for one in criteria},
        comment=data.get("nhan-xet", ""),
        note=data.get("ghi-chu", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def work(request: HttpRequest, marking_id: int) -> HttpResponse:
    """Mark one answer. The button's ``act`` says whether it is only saved or done."""
    try:
        marking = find_marking(request, marking_id)
    except MarkingError as error:
        messages.info(request, str(error))
        return redirect("exams:marking")
    criteria = criteria_of(marking.script.version, marking.script.worth)
    if request.method != "POST":
        return _page(request, marking, criteria, draft_of(marking), {})
    draft = draft_from(request.POST, criteria)
    try:
        saved = save_draft(
            marking=marking,
            draft=draft,
            version=_whole(request.POST.get("version")),
            writer=request.POST.get("writer", "")[:40],
            turn=_whole(request.POST.get("turn")),
        )
        if saved.problems:
            return _page(request, marking, criteria, draft, saved.problems, _("Some points cannot be taken."))
        if request.POST.get("act") == "finish":
            done = finish(marking=marking, version=saved.version)
            messages.success(request, _("%(code)s is done.") % {"code": marking.script.label})
            script = done.script
            place = reverse("exams:marking-next", args=[script.session_id])
            return redirect(f"{place}?cau={script.version_id}&sau={script.code}")
    except StaleDraftError as error:
        marking.version = error.current.version
        return _page(request, marking, criteria, draft, {}, str(error), theirs=error.current, status=409)
    except MarkingError as error:
        if error.code != "incomplete":
            messages.error(request, str(error))
            return redirect("exams:marking")
        return _page(request, marking, criteria, draft, error.fields, str(error))
    messages.success(request, _("Saved."))
    return redirect("exams:marking-work", marking.pk)


def _page(
    request: HttpRequest,
    marking: Marking,
    criteria: list[Criterion],
    draft: MarkingDraft,
    problems: dict[str, list[str]],
    error: str = "",
    *,
    theirs: Marking | None = None,
    status: int = 422,
) -> HttpResponse:
    script = marking.script
    html = answer_html(script)
    peers = Marking.objects.visible_to(request.user).alive()
    peers = peers.filter(script__session_id=script.session_id, script__version_id=script.version_id)
    states = list(peers.values_list("state", flat=True))
    open_states = (ScriptState.WAITING, ScriptState.READY, ScriptState.DIFFERS)
    context: dict[str, Any] = {
        "marking": marking,
        "script": script,
        "session": script.session,
        "learner": "" if script.session.anonymous else script.attempt.user.get_full_name(),
        "stem": script.version.stem,
        "short_stem": short_stem(script.version),
        "answer": html,
        "words": count_words(text_from_html(html)),
        "bounds": script.version.content,
        "model": script.version.key.get("model_html", ""),
        "lines": lines_of(criteria, draft, problems),
        "draft": draft,
        "total": total_of(marking.points),
        "step": point_step(criteria),
        "done": marking.state == MarkingState.DONE,
        "changeable": script.state in open_states and script.settled_by_id is None,
        "others": [(one, _told(one, criteria)) for one in other_markings(marking)],
        "finished": states.count(MarkingState.DONE),
        "whole": len(states),
        "error": error,
        "theirs": (theirs, _told(theirs, criteria)) if theirs else None,
        "texts": texts(),
    }
    return render(request, "exams/marking/work.html", context, status=status if error else 200)


def _told(marking: Marking, criteria: list[Criterion]) -> list[tuple[str, Decimal | None, str]]:
    """Return a marking as rows to read: criterion, points, comment."""
    return [
        (
            one.title,
            Decimal(marking.points[one.id]) if one.id in marking.points else None,
            marking.comments.get(one.id, ""),
        )
        for one in criteria
    ]


def texts() -> dict[str, str]:
    """Return the words of ``marking.js``."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving …"),
        "waiting": _("Not saved yet"),
        "offline": _("No network: kept on this machine"),
        "failed": _("The server does not answer: kept on this machine"),
        "stale": _("Changed in another window"),
        "signedOut": _("Signed out: kept on this machine"),
        "restored": _("What had not been saved was brought back."),
        "leave": _("Some of it has not been saved yet."),
    }


@require_POST
def change(request: HttpRequest, marking_id: int) -> HttpResponse:
    """Take a finished marking back to change it."""
    try:
        marking = find_marking(request, marking_id)
    except MarkingError as error:
        messages.info(request, str(error))
        return redirect("exams:marking")
    try:
        take_back(marking=marking)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("exams:marking-work", marking.pk)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
