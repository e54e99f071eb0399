"""The outline of a class as its staff see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cms.queries import writable_programmes
from lms.classes.models import ClassItem, TrainingClass
from lms.programmes.queries import OutlineItem, OutlineModule, outline


@dataclass(frozen=True, slots=True)
class ItemLine:
    item: OutlineItem
    opens_at: dt.datetime | None
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    module: OutlineModule
    lines: list[ItemLine]


@dataclass(frozen=True, slots=True)
class ClassOutline:
    """``may_edit`` says whether the lessons open in Wagtail for this person."""

    sections: list[Section]
    may_edit: bool


def may_edit_lessons(training_class: TrainingClass, user: Any) -> bool:
    """Whether ``user`` may work on the programme's lessons in Wagtail."""
    return bool(writable_programmes(user).filter(pk=training_class.edition.programme_id).exists())


def class_outline(training_class: TrainingClass, user: Any) -> ClassOutline:
    """Modules with their items and the dates set for this class."""
    dates = {
        item_id: (opens_at, due_at)
        for item_id, opens_at, due_at in ClassItem.objects.filter(training_class=training_class).values_list(
            "item_id", "opens_at", "due_at"
        )
    }
    sections = [
        Section(module, [ItemLine(item, *dates.get(item.id, (None, None))) for item in module.items])
        for module in outline(training_class.edition_id)
    ]
    return ClassOutline(sections, may_edit_lessons(training_class, user))


def neighbours(
    training_class: TrainingClass, item_id: int
) -> tuple[OutlineItem | None, OutlineItem, OutlineItem | None]:
    """The lesson before, this lesson and the one after it.

    Raises:
        LookupError: the class has no such lesson.
    """
    lessons = [item for module in outline(training_class.edition_id) for item in module.items if item.lesson_id]
    for place, item in enumerate(lessons):
        if item.id == item_id:
            before = lessons[place - 1] if place else None
            return before, item, lessons[place + 1] if place + 1 < len(lessons) else None
    raise LookupError(item_id)
