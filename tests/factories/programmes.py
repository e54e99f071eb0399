"""Programmes as pages, and editions as rows."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from django.utils.text import slugify

from cms.models import LessonPage, ModulePage, ProgrammePage
from cms.services.site import ensure_site
from lms.common.clock import now
from lms.common.text import fold
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, EditionItem, EditionModule

MODULES = (("theory", "Lý luận", ("Bài 1", "Bài 2")),)


def publish(page):
    """Give ``page`` a revision and publish it; return it fresh."""
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _slug(parent, title):
    base = slugify(fold(title)) or "trang"
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def make_lesson_page(module, *, title="Bài 1", text="Nội dung bài học.", live=True, **fields):
    """A lesson with one paragraph, published unless ``live`` is false."""
    fields.setdefault("body", [{"type": "text", "value": f"<p>{text}</p>"}])
    lesson = LessonPage(title=title, slug=_slug(module, title), live=False, **fields)
    module.add_child(instance=lesson)
    if live:
        return publish(lesson)
    lesson.save_revision()
    return lesson


def make_module_page(programme, *, kind="theory", title="Lý luận", lessons=(), live=True):
    module = ModulePage(title=title, kind=kind, slug=_slug(programme, title), live=False)
    programme.add_child(instance=module)
    if live:
        publish(module)
    for lesson in lessons:
        make_lesson_page(module, title=lesson)
    return module


def make_programme_page(unit, *, title="Bồi dưỡng nhận thức về Đảng", modules=MODULES, live=True, **fields):
    """A published programme of ``unit``; ``modules`` = (kind, title, lesson titles) each."""
    index = ensure_site(name="Sen").programmes
    programme = ProgrammePage(title=title, slug=_slug(index, title), unit=unit, live=False, **fields)
    index.add_child(instance=programme)
    if live:
        publish(programme)
    for kind, module_title, lessons in modules:
        make_module_page(programme, kind=kind, title=module_title, lessons=lessons)
    return programme


def make_edition(
    programme=None, *, unit=None, exams=(), sessions=(), actor=None, lesson_fields=None, exam_fields=None, **fields
):
    """An edition written row by row from the programme's pages, at the end of its last module ``exams`` = (exam,
    set_number) pairs and ``sessions`` = titles. Without a programme one is made for ``unit``.
    """
    programme = programme or make_programme_page(unit)
    number = Edition.objects.filter(programme=programme).count() + 1
    fields = {
        "number": number,
        "title": programme.title,
        "frozen_at": now(),
        "frozen_by": actor,
        "digest": hashlib.sha256(f"{programme.pk}/{number}".encode()).hexdigest(),
        **fields,
    }
    edition = Edition.objects.create(programme=programme, **fields)
    position = 0
    module = None
    for place, page in enumerate(ModulePage.objects.child_of(programme).order_by("path"), start=1):
        module = EditionModule.objects.create(edition=edition, position=place, title=page.title, kind=page.kind)
        for lesson in LessonPage.objects.child_of(page).live().order_by("path"):
            position += 1
            EditionItem.objects.create(
                edition=edition,
                module=module,
                position=position,
                kind=ItemKind.LESSON,
                title=lesson.title,
                periods=lesson.periods,
                lesson=lesson,
                **(lesson_fields or {}),
            )
    for exam, set_number in exams:
        position += 1
        EditionItem.objects.create(
            edition=edition,
            module=module,
            position=position,
            kind=ItemKind.EXAM,
            title=exam.title,
            exam=exam,
            set_number=set_number,
            **{"counts": True, "weight": Decimal(1), **(exam_fields or {})},
        )
    for title in sessions:
        position += 1
        EditionItem.objects.create(
            edition=edition, module=module, position=position, kind=ItemKind.SESSION, title=title, periods=4
        )
    return edition
