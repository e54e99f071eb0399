"""Views of the public site that are not pages of the tree."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.queries import search_public

PAGE_SIZE = 10
LONGEST_QUERY = 100


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search of programmes and news, with and without accents."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    page = Paginator(search_public(query), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cms/search.html", {"query": query, "page_of_results": page})
