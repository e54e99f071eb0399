"""The beginning of every page of marking."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lms.exams.access import MARKERS
from lms.exams.errors import MarkingError
from lms.exams.models import Marking, MarkingSession, Script
from lms.exams.queries.marking import is_somebody_elses
from lms.people.access import has_role
from quizzes.engine.texts import plain_text
from quizzes.models import ItemVersion

STEM_WORDS = 24


def require_marker(request: HttpRequest) -> None:
    """404 for whoever has nothing to do with marking: no role for it, nothing to mark, nothing to settle."""
    if has_role(request.user, MARKERS) or MarkingSession.objects.visible_to(request.user).exists():
        return
    if not Script.objects.manageable_by(request.user).exists():
        raise Http404


def find_session(request: HttpRequest, session_id: int) -> MarkingSession:
    """A session that the person runs; else 404."""
    found = MarkingSession.objects.manageable_by(request.user).select_related("exam", "unit", "settler")
    return get_object_or_404(found, pk=session_id)


def find_marking(request: HttpRequest, marking_id: int) -> Marking:
    """One of the person's own markings.

    Raises:
        Http404: it is not there, or no business of the person's.
        MarkingError: ``passed_on``: while a page showed it another marker of the session got it, or it was taken out.
    """
    found = Marking.objects.visible_to(request.user).alive()
    rows = found.select_related("script__session__exam", "script__version", "script__attempt")
    if (marking := rows.filter(pk=marking_id).first()) is not None:
        return marking
    if request.method != "POST":  # a page of work sends; whoever only asks for the address of another one gets none
        raise Http404
    if not is_somebody_elses(request.user, marking_id):
        raise Http404
    raise MarkingError(
        _("You do not mark this answer any more: another marker has it, or it was taken out."), code="passed_on"
    )


def find_script(request: HttpRequest, script_id: int) -> Script:
    """An answer that the person may settle; else 404."""
    found = Script.objects.manageable_by(request.user).alive()
    return get_object_or_404(found.select_related("session__exam", "version", "attempt"), pk=script_id)


def short_stem(version: ItemVersion) -> str:
    """The question in one line."""
    return Truncator(plain_text(version.stem)).words(STEM_WORDS)
