"""Questions out of a bank into a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lms.audit.services import record
from quizzes.formats import ParsedQuestion, Picture, WrittenFile
from quizzes.formats.canonical import canonical
from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.losses import short_name
from quizzes.formats.model import Loss
from quizzes.models import Item, Topic
from quizzes.services.imports.pictures import outgoing

MAX_ITEMS = 5_000


def export_items(*, item_ids: Sequence[int], form: str, actor: Any = None) -> WrittenFile:
    """Return the current versions of questions, in the given order, as a file, and what it could not say.

    Whoever calls has checked that the keys may be seen. With an ``actor`` the file is taken out of the house, which
    is recorded.
    """
    items = (
        Item.objects.filter(pk__in=item_ids, current__isnull=False)
        .select_related("current", "bank__unit")
        .prefetch_related("tags", "pictures")
        .in_bulk()
    )
    chosen = [items[pk] for pk in item_ids if pk in items]
    paths = _paths({item.bank_id for item in chosen})
    pictures: dict[str, Picture] = {}
    questions, gone = [], []
    for number, item in enumerate(chosen, start=1):
        question = _question(item, paths)
        names = outgoing(question, pictures, item)
        gone += [Loss(short_name(question, number), "loss_picture_gone", {"name": name}) for name in names]
        questions.append(question)
    written = OUT_FORMATS[form].write(questions, pictures)
    written.losses.extend(gone)
    if actor is not None and chosen:
        with transaction.atomic():
            record(
                actor=actor,
                action="quizzes.questions_exported",
                target=f"bank:{chosen[0].bank_id}",
                data={"format": form, "count": len(chosen)},
                stream=f"bank:{chosen[0].bank_id}",
            )
    return written


def _question(item: Item, paths: dict[int, list[str]]) -> ParsedQuestion:
    version = item.current
    assert version is not None
    return canonical(
        ParsedQuestion(
            kind=version.kind,
            stem=version.stem,
            content=dict(version.content),
            key=dict(version.key),
            feedback=dict(version.feedback),
            source=version.source,
            topic=list(paths.get(item.topic_id or 0, ())),
            level=item.level,
            tags=[tag.name for tag in item.tags.all()],
            code=item.code,
        )
    )


def _paths(bank_ids: set[int]) -> dict[int, list[str]]:
    """Return the names from the top to each topic of the banks."""
    topics = {topic.pk: topic for topic in Topic.objects.filter(bank_id__in=bank_ids)}
    found: dict[int, list[str]] = {}
    for pk, topic in topics.items():
        names, current = [topic.name], topic
        while current.parent_id in topics and len(names) < 20:
            current = topics[current.parent_id]
            names.insert(0, current.name)
        found[pk] = names
    return found
