"""Making questions of the bank out of the good questions of a file, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from lms.audit.services import record
from lms.common.text import fold, normalise
from quizzes.enums import ImportedState, ItemState, Level
from quizzes.errors import InvalidItemError
from quizzes.formats import ParsedQuestion
from quizzes.formats.model import ERROR
from quizzes.kinds import get_kind
from quizzes.models import ImportedQuestion, Item, ItemBank, ItemTag, ItemVersion, QuestionImport, Topic
from quizzes.services.bank.pictures import check_pictures, link_pictures
from quizzes.services.bank.text_index import index_new_items
from quizzes.services.bank.topics import MAX_DEPTH, NAME_LENGTH
from quizzes.services.imports.pictures import Pictures
from quizzes.services.imports.reading import fill_row

_BATCH = 500


@transaction.atomic
def commit_import(*, batch: QuestionImport, actor: Any, ids: Collection[int] | None = None) -> int:
    """Make drafts of the waiting questions without errors; returns how many.

    The rest stays as it is. A second call makes nothing twice: what has become a question waits no longer.

    Args:
        ids: only these rows of the file; ``None`` takes all that are good.
    """
    bank = ItemBank.objects.select_for_update().get(pk=batch.bank_id)
    QuestionImport.objects.touch(batch.pk)
    rows = batch.questions.select_for_update(of=("self",)).filter(state=ImportedState.WAITING, broken=False)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    waiting = list(rows.order_by("position"))
    if not waiting:
        return 0
    good = _prepare(batch, bank, waiting)
    items = _create(bank, actor, good)
    for (row, _question), item in zip(good, items, strict=True):
        row.item = item
    made = [row for row, _question in good]
    ImportedQuestion.objects.bulk_update(made, ["item"], batch_size=_BATCH)
    for start in range(0, len(made), _BATCH):
        done = ImportedQuestion.objects.filter(pk__in=[row.pk for row in made[start : start + _BATCH]])
        done.update(state=ImportedState.IMPORTED)
    if items:
        record(
            actor=actor,
            action="quizzes.questions_imported",
            target=f"bank:{bank.pk}",
            data={"file": batch.name, "format": batch.format, "count": len(items)},
            stream=f"bank:{bank.pk}",
        )
    return len(items)


def _prepare(
    batch: QuestionImport, bank: ItemBank, rows: Sequence[ImportedQuestion]
) -> list[tuple[ImportedQuestion, ParsedQuestion]]:
    """Put the pictures in their places and check once more; what fails stays, with its error."""
    pictures = Pictures(batch, bank)
    good: list[tuple[ImportedQuestion, ParsedQuestion]] = []
    failed: list[ImportedQuestion] = []
    for row in rows:
        question = ParsedQuestion.from_json(row.data)
        try:
            pictures.place(question)
            authored = get_kind(question.kind).clean_item(question.content, question.key, question.feedback)
            check_pictures(bank=bank, fields=_shown(question), author=batch.created_by)
        except InvalidItemError as error:
            kept = ParsedQuestion.from_json(row.data)
            sentences = [sentence for field in error.fields.values() for sentence in field] or [str(error)]
            kept.doubt("invalid", ERROR, text=" ".join(dict.fromkeys(sentences)))
            fill_row(row, kept)
            failed.append(row)
            continue
        question.content, question.key, question.feedback = authored.content, authored.key, authored.feedback
        good.append((row, question))
    ImportedQuestion.objects.bulk_update(failed, ["data", "broken", "doubtful"], batch_size=_BATCH)
    return good


def _create(bank: ItemBank, actor: Any, good: Sequence[tuple[ImportedQuestion, ParsedQuestion]]) -> list[Item]:
    topics = _Topics(bank)
    codes = _codes(bank, [question.code for _row, question in good])
    items = Item.objects.bulk_create(
        [
            Item(
                bank=bank,
                kind=question.kind,
                code=code,
                topic=row.topic if row.topic_id else topics.at(question.topic),
                level=row.level or question.level or Level.RECALL,
                state=ItemState.DRAFT,
                author=actor,
            )
            for (row, question), code in zip(good, codes, strict=True)
        ],
        batch_size=_BATCH,
    )
    versions = ItemVersion.objects.bulk_create(
        [
            ItemVersion(
                item=item,
                number=1,
                kind=question.kind,
                stem=question.stem,
                content=question.content,
                key=question.key,
                feedback=question.feedback,
                source=question.source.strip()[:300],
                author=actor,
            )
            for item, (_row, question) in zip(items, good, strict=True)
        ],
        batch_size=_BATCH,
    )
    for item, version in zip(items, versions, strict=True):
        item.current = version
    _set_current(items)
    link_pictures([(item, _shown(question)) for item, (_row, question) in zip(items, good, strict=True)])
    index_new_items(list(zip(items, versions, strict=True)))
    _tag(bank, [(item, question.tags) for item, (_row, question) in zip(items, good, strict=True)])
    return items


def _shown(question: ParsedQuestion) -> dict[str, Any]:
    """The parts of a question that may show pictures."""
    return {
        "stem": question.stem,
        "content": question.content,
        "key": question.key,
        "feedback": question.feedback,
    }


def _set_current(items: Sequence[Item]) -> None:
    """Let new questions point at their only versions: one statement for many, which finds the version itself."""
    only = ItemVersion.objects.filter(item=OuterRef("pk")).values("pk")[:1]
    for start in range(0, len(items), _BATCH):
        found = Item.objects.filter(pk__in=[item.pk for item in items[start : start + _BATCH]])
        found.update(current=Subquery(only))


def _codes(bank: ItemBank, wanted: Sequence[str]) -> list[str]:
    """Return a free code for each: the file's own where the bank has no such yet, else the bank's next."""
    taken = set(Item.objects.filter(bank=bank).exclude(code="").values_list("code", flat=True))
    prefix, last = ItemBank.objects.values_list("code_prefix", "last_number").get(pk=bank.pk)
    number = last
    codes = []
    for code in wanted:
        clean = code.strip()
        if not clean or clean in taken:
            number += 1
            while f"{prefix}{number:04d}" in taken:
                number += 1
            clean = f"{prefix}{number:04d}"
        taken.add(clean)
        codes.append(clean)
    ItemBank.objects.filter(pk=bank.pk).update(last_number=F("last_number") + (number - last))
    return codes


class _Topics:
    """The topics of a bank by their names, made where a file names new ones."""

    def __init__(self, bank: ItemBank) -> None:
        self.bank = bank
        self.known: dict[tuple[int | None, str], Topic] = {}
        self.count: dict[int | None, int] = {}
        for topic in Topic.objects.filter(bank=bank):
            self.known[topic.parent_id, fold(topic.name)] = topic
            self.count[topic.parent_id] = max(self.count.get(topic.parent_id, 0), topic.position + 1)

    def at(self, path: Iterable[str]) -> Topic | None:
        """Return the topic at the end of a path of names."""
        found: Topic | None = None
        for name in list(path)[:MAX_DEPTH]:
            clean = normalise(name)[:NAME_LENGTH]
            if not clean:
                continue
            place = (found.pk if found else None, fold(clean))
            if place not in self.known:
                position = self.count.get(place[0], 0)
                self.known[place] = Topic.objects.create(bank=self.bank, parent=found, name=clean, position=position)
                self.count[place[0]] = position + 1
            found = self.known[place]
        return found


def _tag(bank: ItemBank, pairs: Sequence[tuple[Item, list[str]]]) -> None:
    names = {fold(name)[:60]: normalise(name)[:60] for _item, tags in pairs for name in tags if fold(name)}
    if not names:
        return
    known = {tag.folded: tag for tag in ItemTag.objects.filter(bank=bank, folded__in=names)}
    missing = [ItemTag(bank=bank, folded=folded, name=name) for folded, name in names.items() if folded not in known]
    known |= {tag.folded: tag for tag in ItemTag.objects.bulk_create(missing)}
    through = Item.tags.through
    rows = {(item.pk, known[fold(name)[:60]].pk) for item, tags in pairs for name in tags if fold(name)}
    through.objects.bulk_create(
        [through(item_id=item, itemtag_id=tag) for item, tag in sorted(rows)], batch_size=_BATCH
    )
