"""Reads of the curriculum that other apps need."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from cms.access import ancestor_paths
from cms.models import (
    HomePage,
    LessonPage,
    NewsIndexPage,
    NewsPage,
    ProgrammeIndexPage,
    ProgrammePage,
    UnitCollection,
)
from cms.rendering import LessonHtml, plain_text, render_lesson
from lms.common.prepared import prepared
from lms.common.text import fold, normalise

# What anybody may link to.
PUBLIC_TYPES = (HomePage, ProgrammeIndexPage, NewsIndexPage, NewsPage)
DAY = 24 * 60 * 60


def explorable_pages(user: Any) -> Any:
    """Return the pages that ``user`` may see in Wagtail: those of own programmes, and the way down to them."""
    policy = policy_registry.get_by_type(Page)
    if not user.is_superuser and not policy.get_cached_permissions_for_user(user):
        return Page.objects.none()
    return policy.explorable_instances(user)


def choosable_pages(user: Any) -> Any:
    """Return the pages that ``user`` may link to: the explorable ones and the public site around them."""
    public = Page.objects.live().type(*PUBLIC_TYPES)
    return explorable_pages(user) | public | Page.objects.filter(depth=1)


def writable_pages(user: Any) -> Any:
    """Return the pages that ``user`` may work on in Wagtail."""
    policy = policy_registry.get_by_type(Page)
    if not user.is_superuser and not policy.get_cached_permissions_for_user(user):
        return Page.objects.none()
    return policy.instances_user_has_any_permission_for(user, {"add", "change", "publish"})


def writable_programmes(user: Any) -> Any:
    """Return the programmes that ``user`` may work on in Wagtail."""
    return ProgrammePage.objects.filter(pk__in=writable_pages(user).order_by().values("pk"))


@prepared
def _published(lesson: Any) -> QuerySet[LessonPage, tuple[dt.datetime | None, int | None]]:
    lessons = LessonPage.objects.filter(pk=lesson, live=True).order_by()
    return lessons.values_list("last_published_at", "live_revision_id")


def lesson_html(lesson_id: int, request: Any = None) -> LessonHtml:
    """Return a published lesson ready for the reader, cached per publication and language.

    One query when warm. Whoever calls has checked that the reader may see the lesson; nothing here knows who asks
    (``request`` is accepted for callers that have one and is not used).

    :raises LessonPage.DoesNotExist: no such lesson, or it is not published (any more).
    """
    found = _published.first(lesson=lesson_id)
    if found is None:
        raise LessonPage.DoesNotExist(f"No published lesson {lesson_id}")
    at, revision = found
    stamp = f"{at.timestamp() if at else 0}:{revision}"
    key = f"cms:lesson:{lesson_id}:{get_language()}:{stamp}"
    cached: LessonHtml | None = cache.get(key)
    if cached is None:
        cached = render_lesson(LessonPage.objects.get(pk=lesson_id))
        cache.set(key, cached, timeout=DAY)
    return cached


def pages_using(file: Any) -> list[int]:
    """Return the ids of the pages whose saved text or fields refer to ``file``, an image or a document."""
    references = ReferenceIndex.get_references_to(file).filter(
        base_content_type=ReferenceIndex._get_base_content_type(Page)
    )
    return sorted({int(pk) for pk in references.values_list("object_id", flat=True)})


def serves_unit(image: Any, unit: Any) -> bool:
    """Whether the library keeps ``image`` for ``unit`` or for one above it."""
    return UnitCollection.objects.filter(
        collection=image.collection_id, unit__path__in=ancestor_paths(unit.path)
    ).exists()


def is_used(file: Any) -> bool:
    """Whether a saved page, or anything else in the reference index, shows or links ``file``."""
    return ReferenceIndex.get_references_to(file).exists()


def lessons_using(file: Any) -> list[int]:
    """Return the ids of the published lessons that show or link ``file``."""
    lessons = LessonPage.objects.filter(pk__in=pages_using(file), live=True)
    return list(lessons.order_by("pk").values_list("pk", flat=True))


def on_public_page(file: Any) -> bool:
    """Whether ``file`` stands on a published page of the public site."""
    public = (*PUBLIC_TYPES, ProgrammePage)
    return Page.objects.live().type(*public).filter(pk__in=pages_using(file)).exists()


def search_public(text: str, limit: int = 200) -> list[Any]:
    """Return published programmes and news that hold the words of ``text``, with or without accents.

    Those that hold it as it was typed, accents and all, come first; else in the order of relevance.
    """
    if not fold(text):
        return []
    hits: list[Any] = []
    for model in (ProgrammePage, NewsPage):
        hits += list(model.objects.live().search(text)[:limit])
    typed = normalise(text).casefold()
    return sorted(hits, key=lambda page: typed not in _words(page).casefold())


def _words(page: Any) -> str:
    body = plain_text(page.body) if isinstance(page, NewsPage) else ""
    return normalise(f"{page.title} {page.summary} {body}")
