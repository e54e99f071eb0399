"""The test page of learners. It works page by page without JavaScript; the modules in static/quizzes/js take over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.common.clock import now
from quizzes import policy, presentation
from quizzes.enums import AttemptState, Review
from quizzes.errors import AttemptClosed, InvalidResponsesError
from quizzes.models import Attempt
from quizzes.queries import answer_sheet, kept_responses, result_payload, review, review_level
from quizzes.services.attempts import settle, submit
from quizzes.services.responses import IncomingResponse, save

# How many flags a cookie may name.
MAX_FLAGS = 200


def _own(request: HttpRequest, attempt_id: int) -> Attempt:
    """Return the caller's attempt, handed in first when its time is up; otherwise 404."""
    return settle(
        get_object_or_404(Attempt.objects.visible_to(request.user).select_related("exam", "paper"), pk=attempt_id)
    )


@never_cache
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Show one question, or the list of all before handing in (``?cau=nop``); a POST keeps the answer."""
    current = _own(request, attempt_id)
    if current.state != AttemptState.OPEN:
        return redirect("quizzes:result", attempt_id)
    if request.method == "POST":
        return _keep(request, current)
    kept = kept_responses(current)
    flags = _flags(request, current)
    page = presentation.exam_page(current, kept=kept, flags=flags, step=request.GET.get("cau", ""), moment=now())
    return render(request, "quizzes/attempt/page.html", {"page": page, "texts": presentation.texts()})


def _keep(request: HttpRequest, current: Attempt) -> HttpResponse:
    """Keep the answer of a form without JavaScript, then go where its button says."""
    sheet = answer_sheet(current.paper_id, current.paper.seed)
    try:
        slot, seen = int(request.POST["slot"]), int(request.POST.get("seq", 0))
        question = sheet[slot]
    except (KeyError, ValueError):
        return HttpResponseBadRequest(_("The paper has no question of this number."))
    button = request.POST.get("di", "")
    answer = None if button == "xoa" else question.kind.read_form(request.POST, f"q{slot}", question.lookup)
    # Later than what the form had seen and than any clock-based sequence of another device.
    seq = max(int(now().timestamp() * 1000), seen + 1)
    try:
        save(attempt_id=current.pk, user_id=current.user_id, responses=[IncomingResponse(slot, answer, seq)])
    except AttemptClosed as error:
        messages.warning(request, str(error))
        return redirect("quizzes:result", current.pk)
    except InvalidResponsesError as error:
        messages.error(request, " ".join(error.fields.get(str(slot), [str(error)])))
        button = ""
    response = redirect(f"{reverse('quizzes:attempt', args=[current.pk])}?cau={_target(button, slot, len(sheet))}")
    if button == "co":
        flags = _flags(request, current) ^ {slot}
        response.set_cookie(
            presentation.flag_cookie(current),
            "-".join(map(str, sorted(flags))),
            path=reverse("quizzes:attempt", args=[current.pk]),
            max_age=7 * 24 * 3600,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


def _target(button: str, slot: int, last: int) -> str | int:
    """Return the step that the pressed button leads to: the next, the one before, a number, or the list."""
    if button == "tiep":
        return slot + 1 if slot < last else presentation.CHECK
    if button == "truoc":
        return max(1, slot - 1)
    if button == presentation.CHECK:
        return presentation.CHECK
    return slot


def _flags(request: HttpRequest, current: Attempt) -> set[int]:
    """Return the questions flagged on this device; the browser's modules share the cookie."""
    raw = request.COOKIES.get(presentation.flag_cookie(current), "")
    return {int(part) for part in raw.split("-")[:MAX_FLAGS] if part.isascii() and part.isdigit()}


@never_cache
@require_POST
def hand_in(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Hand in and show the result. A repeat shows it again."""
    current = get_object_or_404(Attempt.objects.visible_to(request.user), pk=attempt_id)
    try:
        submit(attempt=current)
    except AttemptClosed as error:
        messages.warning(request, str(error))
    return redirect("quizzes:result", attempt_id)


@never_cache
@require_GET
def result(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Show the outcome, and as much of the review as the exam's rules allow now."""
    current = _own(request, attempt_id)
    if current.state == AttemptState.OPEN:
        return redirect("quizzes:attempt", attempt_id)
    level = review_level(current)
    context: dict[str, Any] = {
        "attempt": current,
        "level": level,
        "outcome": result_payload(current, level),
        "return_url": policy.return_url(current),
        "later": presentation.later_level(current, level),
        "questions": presentation.review_questions(review(current, level)),
        "with_key": level == Review.KEY,
    }
    return render(request, "quizzes/attempt/result.html", context)
