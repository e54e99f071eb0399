"""Taking attendance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.attendance.models import AttendanceStatus
from lms.attendance.services import mark_attendance
from lms.common.errors import DomainError
from lms.portals.teacher.forms import read_marks
from lms.portals.teacher.queries import attendance as queries
from lms.portals.teacher.views.common import ATTENDANCE, find_class, find_class_to_act, page

# What the last save changed, kept in the person's session so that it can be taken back once.
UNDO = "teacher_attendance_undo"


@require_safe
@never_cache
def sessions(request: HttpRequest, class_id: int) -> HttpResponse:
    """The sessions of the timetable with who was there."""
    training_class = find_class(request, class_id)
    lines = queries.session_lines(training_class, request.user)
    waiting = next((line for line in lines if line.waiting), None)
    context = page(
        request, training_class, ATTENDANCE, lines=lines, waiting=waiting, fixed=queries.fixed(training_class)
    )
    return render(request, "teacher/attendance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheet(request: HttpRequest, class_id: int, session_id: int) -> HttpResponse:
    """The sheet of one session: who was there."""
    find = find_class_to_act if request.method == "POST" else find_class
    training_class = find(request, class_id)
    found = queries.sheet(training_class, request.user, session_id=session_id, page=request.GET.get("page"))
    if found is None:
        raise Http404
    if request.method == "POST":
        _save(request, found)
        return redirect(request.get_full_path())
    fixed = queries.fixed(training_class)
    undo = request.session.get(UNDO) or {}
    context = page(
        request,
        training_class,
        ATTENDANCE,
        sheet=found,
        presences=AttendanceStatus.choices,
        fixed=fixed,
        undo=len(undo["before"]) if undo.get("session") == session_id and not fixed else 0,
        counts=[
            (value, label, sum(row.presence == value for row in found.rows))
            for value, label in AttendanceStatus.choices
        ],
    )
    return render(request, "teacher/sheet.html", context)


def _save(request: HttpRequest, found: queries.Sheet) -> None:
    marks = read_marks(request.POST, [row.enrolment.pk for row in found.rows])
    before = {row.enrolment.pk: row.presence or None for row in found.rows}
    try:
        changed = mark_attendance(session=found.session, marks=marks, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return
    request.session[UNDO] = {
        "session": found.session.pk,
        "before": {str(pk): before[pk] for pk, presence in marks.items() if before[pk] != presence},
        "after": {str(pk): presence for pk, presence in marks.items() if before[pk] != presence},
    }
    words = ngettext("Attendance of %(count)d learner saved.", "Attendance of %(count)d learners saved.", changed)
    messages.success(request, words % {"count": changed})


@require_POST
def undo(request: HttpRequest, class_id: int, session_id: int) -> HttpResponse:
    """Take the last save back, where nobody has changed it since."""
    training_class = find_class_to_act(request, class_id)
    found = queries.sheet(training_class, request.user, session_id=session_id)
    if found is None:
        raise Http404
    kept: dict[str, Any] = request.session.get(UNDO) or {}
    if kept.get("session") == session_id:
        after = {int(pk): presence for pk, presence in kept["after"].items()}
        standing = queries.presence_of(found.session, list(after))
        marks = {int(pk): presence for pk, presence in kept["before"].items() if standing[int(pk)] == after[int(pk)]}
        try:
            mark_attendance(session=found.session, marks=marks, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Taken back."))
        del request.session[UNDO]
    return redirect("teacher:attendance-sheet", class_id, session_id)
