"""The list of one's notices."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lms.common.outage import noted_if_possible
from lms.notifications.models import Notification
from lms.notifications.queries import unread_count
from lms.notifications.services import mark_read

PAGE = 20


@require_GET
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, the newest first."""
    found = Notification.objects.visible_to(request.user).select_related("sender")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page, "unread": unread_count(request.user)})


@require_GET
@never_cache
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice leads; it counts as read then."""
    notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    with noted_if_possible("a notice was read"):
        mark_read(user=request.user, ids=[pk])
    return redirect(notice.url or "notifications")


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read."""
    get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_read(user=request.user, ids=[pk])
    return redirect("notifications")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    mark_read(user=request.user)
    return redirect("notifications")
