"""The lecturer's first page: classes taught, and programmes open to writing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, QuerySet

from cms.models import ProgrammePage
from cms.queries import writable_programmes
from lms.classes.enums import ClassState
from lms.classes.models import ClassSession, Enrolment, TrainingClass
from lms.classes.queries import ClassFigures, figures_of
from lms.common.clock import now
from lms.portals.teacher.access import visible_classes
from lms.reports.people import behind

ENDED_PER_PAGE = 10
PROGRAMMES_SHOWN = 8
RUNNING = (ClassState.OPEN, ClassState.PLANNED)


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class with what its lecturer wants to know at a glance. ``average`` is the mean of the percents done."""

    training_class: TrainingClass
    figures: ClassFigures
    behind: int
    average: int
    session: ClassSession | None


@dataclass(frozen=True, slots=True)
class Home:
    running: list[ClassCard]
    ended: Page[TrainingClass]
    ended_figures: dict[int, ClassFigures]
    programmes: list[ProgrammePage]
    more_programmes: bool


def home(user: Any, *, page: str | None) -> Home:
    """Return the data of the lecturer's first page, in a number of queries that does not grow with the classes."""
    own: QuerySet[TrainingClass] = visible_classes(user).filter(is_staff=True)
    running = list(own.filter(state__in=RUNNING).order_by("state", "ends_on", "pk"))
    ended = Paginator(own.exclude(state__in=RUNNING).order_by("-ends_on", "-pk"), ENDED_PER_PAGE).get_page(page)
    programmes = list(
        writable_programmes(user)
        .select_related("unit")
        .order_by("-latest_revision_created_at", "pk")[: PROGRAMMES_SHOWN + 1]
    )
    figures = figures_of([one.pk for one in (*running, *ended.object_list)])
    return Home(
        running=_cards(running, figures),
        ended=ended,
        ended_figures=figures,
        programmes=programmes[:PROGRAMMES_SHOWN],
        more_programmes=len(programmes) > PROGRAMMES_SHOWN,
    )


def _cards(classes: list[TrainingClass], figures: dict[int, ClassFigures]) -> list[ClassCard]:
    ids = [one.pk for one in classes]
    if not ids:
        return []
    standing = {
        class_id: (behind_count, average or 0)
        for class_id, behind_count, average in Enrolment.objects.active()
        .filter(training_class_id__in=ids)
        .order_by()
        .values_list("training_class_id")
        .annotate(late=Count("pk", filter=behind()), mean=Avg("percent"))
    }
    sessions: dict[int, ClassSession] = {}
    for session in ClassSession.objects.filter(training_class_id__in=ids, ends_at__gte=now()).order_by("-starts_at"):
        sessions[session.training_class_id] = session
    return [
        ClassCard(
            training_class=one,
            figures=figures[one.pk],
            behind=standing.get(one.pk, (0, 0))[0],
            average=round(standing.get(one.pk, (0, 0))[1]),
            session=sessions.get(one.pk),
        )
        for one in classes
    ]
