"""Noting who was shown a key, and counting how far questions have spread, for those who choose and draw them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max

from lms.common.clock import now
from lms.exams.models import Attempt, AttemptResult
from quizzes.models import ItemExposure, Paper

#: Rows of slow transactions may appear after later ones.
_OVERLAP = dt.timedelta(minutes=15)


def note_key_shown(*, attempt: Attempt) -> None:
    """Write down that the learner of ``attempt`` sees its key now. The first time counts; a repeat costs nothing."""
    if attempt.key_shown_at is not None:
        return
    attempt.key_shown_at = now()
    Attempt.objects.filter(pk=attempt.pk, key_shown_at__isnull=True).update(key_shown_at=attempt.key_shown_at)


def refresh_exposures() -> int:
    """Count the exams anew whose tests were handed in, or whose keys were shown, since the last count; return how many.

    A task runs it every few minutes; safe to repeat.
    """
    last = ItemExposure.objects.aggregate(last=Max("counted_at"))["last"]
    graded, shown = AttemptResult.objects.all(), Attempt.objects.filter(key_shown_at__isnull=False)
    if last is not None:
        graded, shown = graded.filter(graded_at__gt=last - _OVERLAP), shown.filter(key_shown_at__gt=last - _OVERLAP)
    stale = set(graded.order_by().values_list("attempt__exam_id", flat=True).distinct())
    stale |= set(shown.order_by().values_list("exam_id", flat=True).distinct())
    for exam_id in sorted(stale):
        count_exposure(exam_id)
    return len(stale)


def count_exposure(exam_id: int) -> None:
    """Count how often each question version of an exam was asked and its key shown, by paper code."""
    moment = now()
    papers = {
        paper: (asked, shown, last)
        for paper, asked, shown, last in Attempt.objects.filter(exam_id=exam_id)
        .order_by()
        .values("paper_id")
        .annotate(asked=Count("pk"), shown=Count("key_shown_at"), last=Max("key_shown_at"))
        .values_list("paper_id", "asked", "shown", "last")
    }
    rows: dict[int, ItemExposure] = {}
    for paper, layout in Paper.objects.filter(pk__in=papers).values_list("pk", "layout").iterator(chunk_size=100):
        asked, shown, last = papers[paper]
        for entry in layout:
            empty = ItemExposure(exam_id=exam_id, version_id=entry["version"], asked=0, shown=0, counted_at=moment)
            row = rows.setdefault(entry["version"], empty)
            row.asked += asked
            row.shown += shown
            row.last_shown_at = max((one for one in (row.last_shown_at, last) if one is not None), default=None)
    with transaction.atomic():
        ItemExposure.objects.filter(exam_id=exam_id).delete()
        ItemExposure.objects.bulk_create(rows.values())
