"""The questions that an exam asked, and what was found to be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from quizzes.models import Exam, ItemVersion, KeyCorrection, Paper


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A version that stands on the exam's papers, with the correction in force."""

    position: int
    version: ItemVersion
    points: Decimal
    correction: KeyCorrection | None


def asked_questions(exam: Exam) -> list[AskedQuestion]:
    """Return every version on any paper of the exam, in the order of its current list; those taken off it come last."""
    points: dict[int, Decimal] = {}
    for layout in Paper.objects.filter(exam=exam).order_by("-set_number", "pk").values_list("layout", flat=True):
        for entry in layout:
            points.setdefault(entry["version"], Decimal(entry["points"]))
    versions = ItemVersion.objects.select_related("item").in_bulk(list(points))
    places = dict(exam.questions.values_list("version_id", "position"))
    corrections = {row.version_id: row for row in KeyCorrection.objects.filter(exam=exam).order_by("number")}
    order = sorted(points, key=lambda pk: (places.get(pk, 10_000), pk))
    return [
        AskedQuestion(number, versions[pk], points[pk], corrections.get(pk)) for number, pk in enumerate(order, start=1)
    ]
