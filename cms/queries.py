"""Reads of the curriculum that other apps need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wagtail.permissions import policy_registry

from cms.models import BasePage, HomePage, NewsIndexPage, NewsPage, ProgrammeIndexPage, ProgrammePage

# What anybody may link to.
PUBLIC_TYPES = (HomePage, ProgrammeIndexPage, NewsIndexPage, NewsPage)


def explorable_pages(user: Any) -> Any:
    """Return the pages that ``user`` may see in Wagtail: those of own programmes, and the way down to them."""
    policy = policy_registry.get_by_type(BasePage)
    if not user.is_superuser and not policy.get_cached_permissions_for_user(user):
        return BasePage.objects.none()
    return policy.explorable_instances(user)


def choosable_pages(user: Any) -> Any:
    """Return the pages that ``user`` may link to: the explorable ones and the public site around them."""
    public = BasePage.objects.live().type(*PUBLIC_TYPES)
    return explorable_pages(user) | public | BasePage.objects.filter(depth=1)


def writable_programmes(user: Any) -> Any:
    """Return the programmes that ``user`` may work on in Wagtail."""
    policy = policy_registry.get_by_type(BasePage)
    if not user.is_superuser and not policy.get_cached_permissions_for_user(user):
        return ProgrammePage.objects.none()
    allowed = policy.instances_user_has_any_permission_for(user, {"add", "change", "publish"})
    return ProgrammePage.objects.filter(pk__in=allowed.order_by().values("pk"))


@dataclass(frozen=True, slots=True)
class TocEntry:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class LessonHtml:
    """A lesson ready to be shown."""

    title: str
    html: str
    toc: tuple[TocEntry, ...]
    reading_minutes: int
    version: str


def lesson_html(lesson_id: int, request: Any = None) -> LessonHtml:
    """Render the published lesson."""
    from django.utils.safestring import mark_safe

    from cms.models import LessonPage

    page = LessonPage.objects.live().get(pk=lesson_id)
    html = mark_safe(page.body.render_as_block())  # noqa: S308
    return LessonHtml(page.title, html, (), page.reading_minutes, str(page.last_published_at))
