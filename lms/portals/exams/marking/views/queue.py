"""Work that waits for a person: to be marked, to be settled, to be given out."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.exams.access import MARKING_ROLES
from lms.exams.enums import ScriptState
from lms.exams.models import MarkingSession, Script
from lms.exams.queries.giving_out import to_give_out
from lms.exams.queries.marking import next_marking, queue_of, state_counts
from lms.exams.services.marking.sessions import gather, gather_all
from lms.people.access import has_role
from lms.portals.exams.marking.views.common import require_marker, short_stem
from lms.portals.shared import actor_of

_PER_PAGE = 20
_SETTLE_SHOWN = 50


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The person's own queue by exam and question; for those who run exams also the sessions and what waits there."""
    require_marker(request)
    user = actor_of(request)
    gather_all(MarkingSession.objects.visible_to(user))
    runs = has_role(user, MARKING_ROLES)
    found = MarkingSession.objects.manageable_by(user).select_related("exam", "unit").order_by("-pk")
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    sessions = list(page.object_list)
    counts = state_counts(sessions)
    settle = Script.objects.manageable_by(user).alive().filter(state=ScriptState.DIFFERS)
    context = {
        "loads": [(load, short_stem(load.version)) for load in queue_of(user)],
        "runs": runs,
        "page": page,
        "sessions": [(one, _figures(counts[one.pk])) for one in sessions],
        "give_out": to_give_out(user) if runs else [],
        "settle": settle.select_related("session__exam", "version").order_by("session_id", "code")[:_SETTLE_SHOWN],
    }
    return render(request, "exams/marking/home.html", context)


def _figures(counts: dict[str, int]) -> dict[str, int]:
    done = counts[ScriptState.READY] + counts[ScriptState.RELEASED]
    return {**counts, "done": done, "whole": sum(counts.values()) - counts[ScriptState.VOID]}


@require_safe
@never_cache
def go_on(request: HttpRequest, marking_session_id: int) -> HttpResponse:
    """Lead to the next answer that waits: ``?cau=`` names the question, ``?sau=`` the code just done."""
    session = get_object_or_404(MarkingSession.objects.visible_to(request.user), pk=marking_session_id)
    gather(session)
    marking = next_marking(
        request.user,
        session_id=session.pk,
        version_id=_number(request.GET.get("cau")),
        after=_number(request.GET.get("sau")),
    )
    if marking is None:
        messages.success(request, _("You have marked everything here."))
        return redirect("exams:marking")
    return redirect("exams:marking-work", marking.pk)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None
