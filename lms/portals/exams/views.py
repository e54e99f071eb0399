"""The front door of the portal: it sends everybody to the first area that is theirs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lms.portals.exams.navigation import exams_menu


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first area of the person's menu; 404 for whoever has none."""
    entries = exams_menu(request)
    if not entries:
        raise Http404
    return redirect(entries[0].url)
