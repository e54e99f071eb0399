"""A set of papers looked at from outside: are its keys balanced, and what changed since the set before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.engine.keys import KeyCheck, check_keys
from quizzes.kinds.base import held_options
from quizzes.models import Exam, ItemVersion, Paper
from quizzes.queries.papers.compiled import paper_key


@dataclass(frozen=True, slots=True)
class Changes:
    """Differences of a set from the one before, by item version; ``points`` are versions worth something else."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    points: tuple[int, ...]


def changes_between(before: Sequence[Paper], after: Sequence[Paper]) -> Changes:
    """Return what changed from one set to the next, whatever the order and the codes."""
    old, new = _points(before), _points(after)
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        points=tuple(sorted(one for one in new.keys() & old.keys() if new[one] != old[one])),
    )


def _points(papers: Sequence[Paper]) -> dict[int, str]:
    return {entry["version"]: entry["points"] for paper in papers for entry in paper.layout}


def key_check(papers: Sequence[Paper], exam: Exam) -> KeyCheck | None:
    """Check the key letters of the single-choice questions of a set; ``None`` when it has none or none was shuffled.

    Questions whose key cannot move count for nothing in the comparison of codes when they stand at the same place.
    """
    keys = {
        paper.code: [
            slot.key["correct"] for slot in paper_key(paper.pk, paper.seed).slots if slot.kind == "single_choice"
        ]
        for paper in papers
    }
    if not exam.shuffle_options or not any(keys.values()):
        return None
    versions = {entry["version"] for paper in papers for entry in paper.layout}
    contents = ItemVersion.objects.filter(pk__in=versions, kind="single_choice").values_list("content", "key")
    lengths = [len(content["options"]) for content, _key in contents]
    stuck = sum(
        any(
            held and option["id"] == key["correct"]
            for option, held in zip(content["options"], held_options(content), strict=True)
        )
        for content, key in contents
    )
    most = max(set(lengths), key=lengths.count)
    # Each question with another number of options, or a key that cannot move, may put the letters out by one.
    slack = 1 + stuck + sum(length != most for length in lengths)
    return check_keys(keys, options=most, slack=slack)
