"""The topics of a bank in the order of their tree."""

from __future__ import annotations

from quizzes.models import Topic


def topic_rows(bank_id: int) -> list[tuple[int, str, int]]:
    """Return the topics of a bank, parents before children: id, name, depth."""
    children: dict[int | None, list[Topic]] = {}
    for topic in Topic.objects.filter(bank_id=bank_id).order_by("position", "pk"):
        children.setdefault(topic.parent_id, []).append(topic)
    rows: list[tuple[int, str, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for topic in children.get(parent, ()):
            rows.append((topic.pk, topic.name, depth))
            walk(topic.pk, depth + 1)

    walk(None, 0)
    return rows
