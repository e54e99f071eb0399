"""The test page of learners. It works page by page without JavaScript; the modules in static/attempts/js take over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.common.clock import now
from lms.common.qr import qr_svg
from lms.common.text import whole_number
from lms.exams import presentation
from lms.exams.device_cookie import device_of, known_device, remember_device
from lms.exams.engine.admission import first_slot_of_page
from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError, AttemptTakenOverError, InvalidResponsesError, PageLeftError
from lms.exams.models import Attempt
from lms.exams.queries import is_overdue, kept_responses, result_payload, review, review_state
from lms.exams.queries.receipts import verified_receipt
from lms.exams.services.attempts import claim, settle, submit
from lms.exams.services.devices import leave_pages, require_device
from lms.exams.services.exposure import note_key_shown
from lms.exams.services.responses import IncomingResponse, save
from quizzes import policy
from quizzes.enums import Review
from quizzes.queries.papers.compiled import answer_sheet

# How many flags a cookie may name.
MAX_FLAGS = 200


def _find_attempt(request: HttpRequest, attempt_id: int) -> Attempt:
    """Return the caller's attempt, handed in first when its time is up; otherwise 404."""
    return settle(
        get_object_or_404(Attempt.objects.visible_to(request.user).select_related("exam", "paper"), pk=attempt_id)
    )


def _is_guest(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_guest", False))


@never_cache
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Show one page of questions, or the list of all before handing in (``?cau=nop``); a POST keeps the answers.

    Whoever opens the page works on the attempt from now on: a device that had it before is told so.
    """
    current = _find_attempt(request, attempt_id)
    if current.state != AttemptState.OPEN:
        return redirect("attempts:result", attempt_id)
    if request.method == "POST":
        return _keep(request, current)
    claim(attempt=current, device=device_of(request))
    kept = kept_responses(current)
    flags = _flags(request, current)
    page = presentation.exam_page(current, kept=kept, flags=flags, step=request.GET.get("cau", ""), moment=now())
    context = {"page": page, "texts": presentation.texts(guest=_is_guest(request))}
    return remember_device(request, render(request, "attempts/page.html", context))


def _keep(request: HttpRequest, current: Attempt) -> HttpResponse:
    """Keep the answers of a form without JavaScript, then go where its button says."""
    sheet = answer_sheet(current.paper_id, current.paper.seed)
    try:
        slot, seen = int(request.POST["slot"]), int(request.POST.get("seq", 0))
        sheet[slot]
    except (KeyError, ValueError):
        return HttpResponseBadRequest(_("The paper has no question of this number."))
    button, _colon, named = request.POST.get("act", "").partition(":")
    wanted = whole_number(named)
    if wanted is not None and wanted in sheet:
        slot = wanted
    first = first_slot_of_page(slot, current.page_size)
    page = [one for one in sheet if first <= one < first + current.page_size]
    # Later than what the form had seen and than any clock-based sequence of another device.
    seq = max(int(now().timestamp() * 1000), seen + 1)
    try:
        require_device(current, device_of(request))
        batch = _form_answers(request, current, page, slot if button == "clear" else 0, seq)
        if batch:
            save(attempt_id=current.pk, user_id=current.user_id, responses=batch, device=device_of(request))
        if button == "next" and current.one_way:
            leave_pages(attempt_id=current.pk, from_slot=first + current.page_size)
    except AttemptClosedError as error:
        messages.warning(request, str(error))
        return redirect("attempts:result", current.pk)
    except (AttemptTakenOverError, PageLeftError) as error:
        messages.error(request, str(error))
        return redirect("attempts:attempt", current.pk)
    except InvalidResponsesError as error:
        messages.error(request, " ".join(sentence for one in page for sentence in error.fields.get(str(one), [])))
        button = ""
    target = _target(button, slot, first, current.page_size, len(sheet))
    response = redirect(f"{reverse('attempts:attempt', args=[current.pk])}?cau={target}")
    if button == "flag":
        flags = _flags(request, current) ^ {slot}
        response.set_cookie(
            presentation.flag_cookie(current),
            "-".join(map(str, sorted(flags))),
            path=reverse("attempts:attempt", args=[current.pk]),
            max_age=7 * 24 * 3600,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return remember_device(request, response)


def _form_answers(
    request: HttpRequest, current: Attempt, page: list[int], cleared: int, seq: int
) -> list[IncomingResponse]:
    """Return the answers of a page's form; a question that has none and had none is left out."""
    sheet = answer_sheet(current.paper_id, current.paper.seed)
    had = {row["slot"]: row["answer"] for row in kept_responses(current)} if len(page) > 1 else {}
    batch = []
    for slot in page:
        kind = sheet[slot].kind
        answer = None if slot == cleared else kind.read_form(request.POST, f"q{slot}", sheet[slot].lookup)
        if len(page) == 1 or answer != had.get(slot):
            batch.append(IncomingResponse(slot, answer, seq))
    return batch


def _target(button: str, slot: int, first: int, size: int, last: int) -> str | int:
    """Return the step that the pressed button leads to: the next page, the one before, a question, or the list."""
    if button == "next":
        return first + size if first + size <= last else presentation.CHECK
    if button == "previous":
        return max(1, first - size)
    if button == presentation.CHECK:
        return presentation.CHECK
    return slot


def _flags(request: HttpRequest, current: Attempt) -> set[int]:
    """Return the questions flagged on this device; the browser's modules share the cookie."""
    raw = request.COOKIES.get(presentation.flag_cookie(current), "")
    return {slot for part in raw.split("-")[:MAX_FLAGS] if (slot := whole_number(part)) is not None}


@never_cache
@require_POST
def hand_in(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Hand in and show the result. A repeat shows it again."""
    current = get_object_or_404(Attempt.objects.visible_to(request.user), pk=attempt_id)
    try:
        if current.state == AttemptState.OPEN and not is_overdue(current):
            require_device(current, device_of(request))
        submit(attempt=current)
    except AttemptTakenOverError as error:
        messages.error(request, str(error))
        return redirect("attempts:attempt", attempt_id)
    except AttemptClosedError as error:
        messages.warning(request, str(error))
    return redirect("attempts:result", attempt_id)


@never_cache
@require_GET
def result(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Show the outcome, and as much of the review as the exam's rules allow now."""
    current = _find_attempt(request, attempt_id)
    if current.state == AttemptState.OPEN:
        return redirect("attempts:attempt", attempt_id)
    level, held = review_state(current)
    if level == Review.KEY:
        note_key_shown(attempt=current)
    context: dict[str, Any] = {
        "attempt": current,
        "level": level,
        "outcome": result_payload(current, level),
        "return_url": policy.page_of("attempt_return", current),
        "is_guest": current.is_guests,
        "later": presentation.later_level(current, level),
        "key_held": held,
        "questions": presentation.review_questions(review(current, level, held=held)),
        "with_key": level == Review.KEY,
        "unsent": presentation.unsent_config(current, now(), device=known_device(request)),
    }
    return render(request, "attempts/result.html", context)


@never_cache
@require_GET
def receipt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """The receipt of a hand-in, for the printer: what anybody can check at :func:`verify`."""
    current = _find_attempt(request, attempt_id)
    if not current.receipt:
        return redirect("attempts:attempt", attempt_id)
    address = request.build_absolute_uri(reverse("attempts:verify", args=[current.pk, current.receipt]))
    context = {
        "attempt": current,
        "answered": sum(row["answer"] is not None for row in kept_responses(current)),
        "address": address,
        "qr": qr_svg(address, omitsize=True, border=2, svgclass="qr"),
    }
    return render(request, "attempts/receipt.html", context)


@login_not_required
@never_cache
@require_GET
def verify(request: HttpRequest, attempt_id: int, receipt: str) -> HttpResponse:
    """Say whether a receipt is what the server has, to anybody who holds it. Names nobody, shows no answer."""
    found = verified_receipt(attempt_id, receipt)
    return render(request, "attempts/verify.html", {"found": found}, status=200 if found else 404)
