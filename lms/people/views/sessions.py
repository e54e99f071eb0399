"""The list of own sessions, and signing out elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.people.agents import browser_and_system
from lms.people.models import User, UserSession
from lms.people.services import sessions
from lms.people.views.proofs import needs_proof


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Every session: browser, address, since when, when last seen."""
    here = request.session.session_key
    rows = [
        (row, sessions.number_of(row), browser_and_system(row.agent), row.session_key == here)
        for row in UserSession.objects.own(request.user)
    ]
    rows.sort(key=lambda row: not row[3])
    return render(request, "people/sessions.html", {"rows": rows, "others": sum(not row[3] for row in rows)})


@never_cache
@require_POST
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Sign out at one place."""
    here = UserSession.objects.own(request.user).filter(session_key=request.session.session_key)
    if any(sessions.number_of(row) == number for row in here):
        raise Http404  # signing out here has a button of its own
    if sessions.end_session(user=_person(request), number=number, keep=request.session.session_key):
        messages.success(request, _("Signed out there."))
    else:
        messages.info(request, _("Nobody is signed in there any more."))
    return redirect("profile-sessions")


@never_cache
@require_POST
@needs_proof
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here; programs with tokens too."""
    sessions.end_others(request=request, user=_person(request))
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("profile-sessions")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
