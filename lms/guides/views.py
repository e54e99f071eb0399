"""The guides, for everybody who is signed in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.guides.catalogue import BY_SLUG, ENTRIES
from lms.guides.reading import read_guide


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """Show all guides, those of the person's own work first."""
    own = [entry for entry in ENTRIES if entry.is_for(request.user)]
    others = [entry for entry in ENTRIES if entry not in own]
    return render(request, "guides/list.html", {"own": own, "others": others})


@require_safe
def guide_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one guide with its table of contents.

    Raises:
        Http404: there is no guide of this name.
    """
    if slug not in BY_SLUG:
        raise Http404
    return render(request, "guides/guide.html", {"guide": read_guide(slug)})
