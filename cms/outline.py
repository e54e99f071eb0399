"""The outline of a programme for the public."""

from __future__ import annotations

from typing import Any


def programme_outline(programme: Any) -> list[tuple[Any, list[Any]]]:
    """Return the published modules of a programme with their published lessons: titles and periods, no text."""
    from cms.models import LessonPage, ModulePage

    modules = ModulePage.objects.child_of(programme).live().order_by("path")
    lessons = LessonPage.objects.descendant_of(programme).live().defer("body", "objectives").order_by("path")
    by_module: dict[str, list[Any]] = {module.path: [] for module in modules}
    for lesson in lessons:
        parent = lesson.path[: -int(LessonPage.steplen)]
        if parent in by_module:
            by_module[parent].append(lesson)
    return [(module, by_module[module.path]) for module in modules]
