"""Settling an answer that two markers see differently, and taking a released one up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.errors import DomainError
from lms.exams.enums import MarkingState, ScriptState
from lms.exams.errors import MarkingError
from lms.exams.models import MarkingSession, Script
from lms.exams.queries.marking import answer_html, criteria_of, point_step
from lms.exams.services.marking.release import give_back, settle_script
from lms.exams.services.marking.work import MarkingDraft
from lms.portals.exams.marking.views.common import find_script, short_stem
from lms.portals.exams.marking.views.work import _told, draft_from, lines_of
from lms.portals.shared import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settle(request: HttpRequest, script_id: int) -> HttpResponse:
    """Both markings side by side; the person gives the final points with a reason."""
    script = find_script(request, script_id)
    criteria = criteria_of(script.version, script.worth)
    draft, problems, error, reason = MarkingDraft(), {}, "", script.reason
    if request.method == "POST":
        draft, reason = draft_from(request.POST, criteria), request.POST.get("reason", "")
        try:
            settle_script(
                script=script, points=draft.points, reason=reason, actor=actor_of(request), comment=draft.comment
            )
        except MarkingError as refused:
            problems, error = refused.fields, str(refused)
        else:
            messages.success(request, _("%(code)s is settled.") % {"code": script.label})
            return _onwards(request, script)
    html = answer_html(script)
    done = script.markings.filter(state=MarkingState.DONE).select_related("marker").order_by("round")
    context: dict[str, Any] = {
        "script": script,
        "session": script.session,
        "stem": script.version.stem,
        "short_stem": short_stem(script.version),
        "answer": html,
        "model": script.version.key.get("model_html", ""),
        "markings": [(one, _told(one, criteria)) for one in done],
        "lines": lines_of(criteria, draft, problems),
        "draft": draft,
        "reason": reason,
        "reason_errors": problems.get("reason", []),
        "step": point_step(criteria),
        "error": error,
        "open": script.state == ScriptState.DIFFERS,
        "runs": _runs(request, script),
    }
    return render(request, "exams/marking/settle.html", context, status=422 if error else 200)


def _runs(request: HttpRequest, script: Script) -> bool:
    return MarkingSession.objects.manageable_by(request.user).filter(pk=script.session_id).exists()


def _onwards(request: HttpRequest, script: Script) -> HttpResponse:
    """Lead to the next answer to settle, then back to the session or the queue."""
    waiting = Script.objects.manageable_by(request.user).alive()
    following = waiting.filter(session_id=script.session_id, state=ScriptState.DIFFERS).order_by("version_id", "code")
    if (one := following.first()) is not None:
        return redirect("exams:marking-settle", one.pk)
    if _runs(request, script):
        return redirect("exams:marking-session", script.session_id)
    return redirect("exams:marking")


@require_POST
def take_up(request: HttpRequest, script_id: int) -> HttpResponse:
    """Take a released answer up again, with a reason; the result stands until it is released anew."""
    script = find_script(request, script_id)
    try:
        give_back(script=script, reason=request.POST.get("reason", ""), actor=actor_of(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("exams:marking-settle", script.pk)
    messages.success(request, _("Give the new points, then release the results again."))
    return redirect("exams:marking-settle", script.pk)
