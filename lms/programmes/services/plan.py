"""The content of an edition if it were frozen now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.models import LessonPage, ModulePage, ProgrammePage
from lms.programmes.enums import ItemKind
from lms.programmes.models import ProgrammeItem
from lms.programmes.rules import plain
from quizzes.models import ExamQuestion


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item in its place. ``questions`` is what an exam asks now: (item version, points) in order."""

    kind: str
    title: str
    periods: int
    required: bool
    counts: bool
    weight: Decimal
    min_seconds: int
    lesson_id: int | None = None
    exam_id: int | None = None
    questions: tuple[tuple[int, str], ...] | None = None

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.kind).label)

    def as_json(self, set_number: int | None) -> dict[str, Any]:
        """Return the canonical form that goes into an edition's fingerprint."""
        return {
            "kind": str(self.kind),
            "title": self.title,
            "periods": self.periods,
            "required": self.required,
            "counts": self.counts,
            "weight": plain(self.weight),
            "min_seconds": self.min_seconds,
            "lesson": self.lesson_id,
            "exam": self.exam_id,
            "paper_set": set_number,  # the key is part of every fingerprint so far
        }


@dataclass(frozen=True, slots=True)
class PlannedModule:
    title: str
    kind: str
    kind_label: str
    items: tuple[PlannedItem, ...]

    @property
    def periods(self) -> int:
        return sum(item.periods for item in self.items)


@dataclass(frozen=True, slots=True)
class FreezeProblem:
    """A warning before freezing; a ``blocking`` one must be mended first."""

    code: str
    message: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    modules: tuple[PlannedModule, ...]
    problems: tuple[FreezeProblem, ...]

    @property
    def items(self) -> tuple[PlannedItem, ...]:
        return tuple(item for module in self.modules for item in module.items)


def _steplen() -> int:
    return int(LessonPage.steplen)


def collect(programme: ProgrammePage, *, min_seconds: int = 0) -> Plan:
    """Walk programme → published modules → published lessons in the order of the tree, with the planned items between.

    A planned item stands after its lesson; without one (or when that lesson is not published) at the end of its
    module. Five queries, whatever the size of the programme.
    """
    modules = list(ModulePage.objects.child_of(programme).order_by("path"))
    lessons_by_module: dict[str, list[LessonPage]] = defaultdict(list)
    lessons = list(LessonPage.objects.descendant_of(programme).defer("body", "objectives").order_by("path"))
    for lesson in lessons:
        lessons_by_module[lesson.path[: -_steplen()]].append(lesson)
    planned: dict[int, list[ProgrammeItem]] = defaultdict(list)
    rows = list(ProgrammeItem.objects.filter(programme=programme).select_related("exam").order_by("position", "id"))
    for row in rows:
        planned[row.module_id].append(row)
    questions: dict[int, list[tuple[int, str]]] = defaultdict(list)
    exam_ids = {row.exam_id for row in rows if row.exam_id}
    for exam_id, version, points in (
        ExamQuestion.objects.filter(exam_id__in=exam_ids)
        .order_by("exam_id", "position")
        .values_list("exam_id", "version_id", "points")
    ):
        questions[exam_id].append((version, plain(points)))

    built = []
    for module in modules:
        if not module.live:
            continue
        live = [lesson for lesson in lessons_by_module[module.path] if lesson.live]
        items = _items_of(live, planned[module.pk], questions, min_seconds)
        built.append(
            PlannedModule(
                title=module.title, kind=module.kind, kind_label=str(module.get_kind_display()), items=tuple(items)
            )
        )
    return Plan(tuple(built), tuple(_problems(built, programme, modules, lessons, planned)))


def _items_of(
    lessons: list[LessonPage],
    planned: list[ProgrammeItem],
    questions: dict[int, list[tuple[int, str]]],
    min_seconds: int,
) -> list[PlannedItem]:
    after: dict[int | None, list[PlannedItem]] = defaultdict(list)
    published = {lesson.pk for lesson in lessons}
    for row in planned:
        place = row.after_lesson_id if row.after_lesson_id in published else None
        after[place].append(
            PlannedItem(
                kind=row.kind,
                title=row.title,
                periods=row.periods,
                required=row.required,
                counts=row.counts,
                weight=row.weight,
                min_seconds=0,
                exam_id=row.exam_id,
                questions=tuple(questions[row.exam_id]) if row.exam_id else None,
            )
        )
    items = []
    for lesson in lessons:
        items.append(
            PlannedItem(
                kind=ItemKind.LESSON,
                title=lesson.title,
                periods=lesson.periods,
                required=True,
                counts=False,
                weight=Decimal(1),
                min_seconds=min_seconds,
                lesson_id=lesson.pk,
            )
        )
        items.extend(after[lesson.pk])
    return items + after[None]


def _problems(
    built: list[PlannedModule],
    programme: ProgrammePage,
    modules: list[ModulePage],
    lessons: list[LessonPage],
    planned: dict[int, list[ProgrammeItem]],
) -> list[FreezeProblem]:
    problems = []
    items = [item for module in built for item in module.items]
    if not any(item.kind == ItemKind.LESSON for item in items):
        problems.append(FreezeProblem("no_lesson", _("The programme has no published lesson.")))
    text = _("The module “%(title)s” has nothing in it.")
    problems += [FreezeProblem("empty_module", text % {"title": module.title}) for module in built if not module.items]
    text = _("The exam “%(title)s” has no questions.")
    problems += [
        FreezeProblem("empty_exam", text % {"title": item.title})
        for item in items
        if item.kind == ItemKind.EXAM and not item.questions
    ]
    return problems + _warnings(programme, modules, lessons, planned)


def _warnings(
    programme: ProgrammePage,
    modules: list[ModulePage],
    lessons: list[LessonPage],
    planned: dict[int, list[ProgrammeItem]],
) -> list[FreezeProblem]:
    warnings = []
    changed = [page for page in (programme, *modules, *lessons) if page.live and page.has_unpublished_changes]
    for page in changed:
        text = _("“%(title)s” has changes that are not published; the published text is taken.")
        warnings.append(FreezeProblem("unpublished_changes", text % {"title": page.title}, blocking=False))
    hidden = {module.path for module in modules if not module.live}
    drafts = [lesson for lesson in lessons if not lesson.live or lesson.path[: -_steplen()] in hidden]
    if drafts:
        text = ngettext(
            "%(count)d lesson is not published and stays out.",
            "%(count)d lessons are not published and stay out.",
            len(drafts),
        )
        warnings.append(FreezeProblem("drafts", text % {"count": len(drafts)}, blocking=False))
    for module in modules:
        if not module.live and planned[module.pk]:
            text = _("Exams and sessions of the unpublished module “%(title)s” stay out.")
            warnings.append(FreezeProblem("hidden_items", text % {"title": module.title}, blocking=False))
    return warnings
