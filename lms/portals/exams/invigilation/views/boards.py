"""The lists of sittings, the live board, the projector."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lms.common.clock import now
from lms.common.qr import qr_svg
from lms.exams.enums import FileDecision, SittingMode
from lms.exams.models import OfflineFile, Sitting
from lms.exams.queries.boards import STATES, Board, counts_of
from lms.exams.queries.boards import board as read_board
from lms.exams.queries.class_tests import attempts_shown_on
from lms.exams.queries.leaderboards import leaderboard
from lms.exams.services.guests import most_guests
from lms.portals.exams.invigilation.forms import ExtendForm, NoteForm, UploadForm
from lms.portals.exams.invigilation.views.common import find_sitting, require_invigilator, state_words


@require_safe
def sittings(request: HttpRequest) -> HttpResponse:
    """My sittings: those that run or come first, then those that are over."""
    require_invigilator(request)
    moment = now()
    mine = Sitting.objects.visible_to(request.user).select_related("exam", "unit", "training_class")
    coming = list(mine.filter(closes_at__gt=moment).order_by("opens_at", "pk")[:100])
    ended = mine.filter(closes_at__lte=moment).order_by("-opens_at", "-pk")
    past = Paginator(ended, 20).get_page(request.GET.get("page"))
    shown = [*coming, *past.object_list]
    counts = counts_of(shown)
    context = {
        "coming": [_line(one, counts, moment) for one in coming],
        "past": past,
        "past_lines": [_line(one, counts, moment) for one in past.object_list],
    }
    return render(request, "exams/invigilation/sittings.html", context)


def _line(sitting: Sitting, counts: dict[int, Any], moment: Any) -> dict[str, Any]:
    running = sitting.opens_at <= moment < sitting.closes_at
    return {
        "sitting": sitting,
        "counts": counts[sitting.pk],
        "class_name": sitting.training_class.name,
        "running": running,
    }


@require_safe
def board(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """One sitting as it stands, with everything an invigilator does."""
    sitting = find_sitting(request, sitting_id)
    files = OfflineFile.objects.filter(attempt__in=attempts_shown_on(sitting)).select_related("attempt__user")
    words = state_words()
    context = {
        "states": [(one, words[one]) for one in STATES],
        "events": sitting.events.select_related("actor", "attempt__user")[:50],
        "files": files.order_by("-pk")[:20],
        "most_guests": most_guests(sitting),
        "pending_files": files.filter(decision=FileDecision.PENDING).count(),
        "extend_form": ExtendForm(),
        "note_form": NoteForm(),
        "upload_form": UploadForm(),
        **_board_context(request, sitting),
    }
    return render(request, "exams/invigilation/board.html", context)


def _filters(request: HttpRequest) -> tuple[str, str]:
    state = request.GET.get("state", request.GET.get("trang-thai", ""))  # addresses kept from before say it so
    return (state if state in STATES else "", request.GET.get("q", "").strip()[:100])


def _board_context(request: HttpRequest, sitting: Sitting) -> dict[str, Any]:
    state, search = _filters(request)
    found = read_board(sitting, state=state, search=search)
    return {"board": found, "sitting": sitting, "state": state, "search": search, "moment": now()}


@require_safe
def rows(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Show the changing part of the board, for its polling; 304 while nothing has changed."""
    sitting = find_sitting(request, sitting_id)
    context = _board_context(request, sitting)
    found: Board = context["board"]
    etag = found.etag
    response: HttpResponse
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = render(request, "exams/invigilation/parts/live.html", context)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response


def join_url(request: HttpRequest, sitting: Sitting) -> str:
    """The address that learners type or scan."""
    if sitting.code:
        return request.build_absolute_uri(reverse("learner:join-code", args=[sitting.code]))
    return request.build_absolute_uri(reverse("learner:join"))


@require_safe
def projector(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """For the wall: clock, code, the way in, counts. No names."""
    sitting = find_sitting(request, sitting_id)
    address = join_url(request, sitting)
    context = {
        **_board_context(request, sitting),
        "join_url": address,
        "join_text": address.split("://", 1)[1].rstrip("/"),
        "qr": qr_svg(address, omitsize=True, border=2, dark="#000", light="#fff", svgclass="qr"),
    }
    return render(request, "exams/invigilation/projector.html", context)


@require_safe
def projector_figures(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The counts of the projector, for its polling."""
    return render(
        request,
        "exams/invigilation/parts/figures.html",
        _board_context(request, find_sitting(request, sitting_id)),
    )


@require_safe
def ranking(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The leaderboard of a quiz or contest."""
    sitting = find_sitting(request, sitting_id)
    if sitting.mode == SittingMode.EXAM and not sitting.leaderboard:
        raise Http404
    context = {"sitting": sitting, "places": leaderboard(sitting), "moment": now()}
    return render(request, "exams/invigilation/ranking.html", context)
