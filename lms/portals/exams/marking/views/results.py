"""The answers of a session with where they stand and their points, on the page and as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.spreadsheets import Column, download, write_xlsx
from lms.common.text import fold
from lms.exams.enums import MarkingState, ScriptState
from lms.exams.models import Marking, Script
from lms.exams.queries.marking import criteria_of, released_names, session_scripts
from lms.exams.services.marking.sessions import gather
from lms.portals.exams.marking.views.common import find_session, short_stem

_PER_PAGE = 50


@require_safe
@never_cache
def scripts(request: HttpRequest, marking_session_id: int) -> HttpResponse:
    """Every answer: code, state, what each marker gave, final points; names only once they may be known."""
    session = find_session(request, marking_session_id)
    gather(session)
    found = session_scripts(session)
    state = request.GET.get("state", request.GET.get("trang-thai", ""))  # addresses kept from before say it so
    if state in ScriptState.values:
        found = found.filter(state=state)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    names = released_names(session)
    context = {
        "session": session,
        "page": page,
        "state": state,
        "states": [one for one in ScriptState.choices if one[0] != ScriptState.VOID],
        "rows": [(one, short_stem(one.version), names.get(one.attempt_id, ""), _given(one)) for one in page],
    }
    return render(request, "exams/marking/scripts.html", context)


def _given(script: Script) -> list[Marking]:
    """The finished markings in the order of the rounds."""
    done = [one for one in script.markings.all() if one.state == MarkingState.DONE]
    return sorted(done, key=lambda one: one.round)


@require_safe
@never_cache
def export(request: HttpRequest, marking_session_id: int) -> HttpResponse:
    """The marks as Excel, a row an answer; names only once they may be known."""
    session = find_session(request, marking_session_id)
    gather(session)
    names = released_names(session)
    columns = [
        Column(_("Code"), width=10),
        Column(_("Full name"), width=28),
        Column(_("Question"), width=48),
        Column(_("State"), width=16),
        Column(_("First marker"), width=24),
        Column(_("Points of the first"), "score", 12),
        Column(_("Second marker"), width=24),
        Column(_("Points of the second"), "score", 12),
        Column(_("Final points"), "score", 12),
        Column(_("Out of"), "score", 10),
        Column(_("Points by criterion"), width=40),
        Column(_("Settled by"), width=24),
        Column(_("Reason"), width=30),
    ]
    rows = [_row(one, names) for one in session_scripts(session)]
    name = "-".join(fold(f"{_('list of marks')} {session.exam.title} {session.name}").split())[:120].replace("/", "-")
    return download(write_xlsx(rows, columns, title=f"{session.exam.title} – {session.name}"), f"{name}.xlsx")


def _row(script: Script, names: dict[int, str]) -> list[Any]:
    done = {one.round: one for one in _given(script)}
    pairs = [done.get(number) for number in (1, 2)]
    given = [
        value for one in pairs for value in ((one.marker.get_full_name(), one.total) if one is not None else ("", None))
    ]
    titles = {one.id: one.title for one in criteria_of(script.version, script.worth)}
    return [
        str(script.code).zfill(3),
        names.get(script.attempt_id, ""),
        short_stem(script.version),
        script.get_state_display(),
        *given,
        script.points,
        script.worth,
        "; ".join(f"{titles.get(name, name)}: {value}" for name, value in script.criteria.items()),
        script.settled_by.get_full_name() if script.settled_by else "",
        script.reason,
    ]
