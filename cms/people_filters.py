"""Whose names Wagtail's lists and reports of pages offer to filter by: of the pages that the asker works on.

Wagtail 8.0 offers everybody who ever wrote, locked or handed in a page, in whatever programme.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet
from wagtail.models import Page, PageLogEntry, WorkflowState

from cms.queries import writable_pages
from lms.people.models import User


def owners(request: HttpRequest) -> Any:
    """Return who owns a page that the asker works on."""
    return User.objects.filter(pk__in=writable_pages(request.user).order_by().values("owner"))


def editors(request: HttpRequest) -> Any:
    """Return who edited a page that the asker works on."""
    pages = writable_pages(request.user).order_by().values("pk")
    entries = PageLogEntry.objects.filter(action="wagtail.edit", page__in=pages).order_by()
    return User.objects.filter(pk__in=entries.values("user"))


def lockers(request: HttpRequest) -> Any:
    """Return who locked a page that the asker works on."""
    locked = writable_pages(request.user).order_by().filter(locked_by__isnull=False)
    return User.objects.filter(pk__in=locked.values("locked_by"))


def requesters(request: HttpRequest) -> Any:
    """Return who handed in a page that the asker works on."""
    ids = writable_pages(request.user).order_by().values_list(Cast("pk", output_field=CharField()), flat=True)
    kind = ContentType.objects.get_for_model(Page)
    states = WorkflowState.objects.filter(base_content_type=kind, object_id__in=ids).order_by()
    return User.objects.filter(pk__in=states.values("requested_by"))


def narrow() -> None:
    """Put these in place of Wagtail's; every set of filters that is built on Wagtail's takes them over."""
    PageFilterSet.base_filters["owner"].queryset = owners
    PageFilterSet.base_filters["edited_by"].queryset = editors
    LockedPagesReportFilterSet.base_filters["locked_by"].queryset = lockers
    WorkflowReportFilterSet.base_filters["requested_by"].queryset = requesters
