"""The same change for many questions at once: what may be done is done, the rest is named with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.notifications.services import notify
from quizzes.enums import Level
from quizzes.errors import ItemStateError
from quizzes.models import Item, ItemBank, ItemEnemy, Topic
from quizzes.policy import page_of
from quizzes.services.bank import approval
from quizzes.services.bank.items import next_code, set_tags
from quizzes.services.bank.text_index import index_item

MOST = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question for which the change was refused, and why."""

    item: Item
    reason: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """``undo`` is what :func:`restore` takes to put back what was changed; empty where nothing can be."""

    done: list[Item] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)


def _each(items: Iterable[Item], change: Callable[[Item], None]) -> BulkResult:
    result = BulkResult()
    for item in items:
        try:
            with transaction.atomic():
                change(item)
        except DomainError as error:
            result.refused.append(Refusal(item, str(error)))
        else:
            result.done.append(item)
    return result


@transaction.atomic
def describe_items(
    *,
    items: Iterable[Item],
    topic: Topic | None = None,
    level: str = "",
    outcome: str | None = None,
    add_tags: Iterable[str] = (),
    drop_tags: Iterable[str] = (),
) -> BulkResult:
    """Give questions a topic, a level, an outcome or tags; what is not named stays as it is."""
    before: dict[str, Any] = {}
    add, drop = list(add_tags), {tag.casefold() for tag in drop_tags}

    def change(item: Item) -> None:
        if topic is not None and topic.bank_id != item.bank_id:
            raise ItemStateError(_("The topic belongs to another bank."))
        tags = [tag.name for tag in item.tags.all()]
        before[str(item.pk)] = {
            "topic": item.topic_id,
            "level": item.level,
            "outcome": item.outcome,
            "tags": tags,
        }
        if topic is not None:
            item.topic = topic
        if level in Level.values:
            item.level = level
        if outcome is not None:
            item.outcome = outcome[:500]
        item.save(update_fields=["topic", "level", "outcome", "updated_at"])
        if add or drop:
            set_tags(item=item, names=[*(tag for tag in tags if tag.casefold() not in drop), *add])
        if outcome is not None:
            _index(item)

    result = _each(items, change)
    done = {str(item.pk) for item in result.done}
    result.undo.update({"kind": "describe", "items": {pk: old for pk, old in before.items() if pk in done}})
    return result


@transaction.atomic
def move_items(*, items: Iterable[Item], bank: ItemBank, topic: Topic | None = None, actor: Any) -> BulkResult:
    """Move questions to another bank. Tags go along; pairs kept apart are loosened, for they hold in one bank only."""
    before: dict[str, Any] = {}

    def change(item: Item) -> None:
        if item.bank_id == bank.pk:
            raise ItemStateError(_("It is in this bank already."))
        names = [tag.name for tag in item.tags.all()]
        pairs = ItemEnemy.objects.filter(Q(item_low=item) | Q(item_high=item))
        before[str(item.pk)] = {
            "bank": item.bank_id,
            "topic": item.topic_id,
            "code": item.code,
            "enemies": [[pair.item_low_id, pair.item_high_id, pair.reason] for pair in pairs],
        }
        left = item.bank_id
        item.bank, item.topic = bank, topic
        if Item.objects.filter(bank=bank, code=item.code).exists():
            item.code = next_code(bank)
        try:
            with transaction.atomic():
                item.save(update_fields=["bank", "topic", "code", "updated_at"])
        except IntegrityError as error:
            raise ItemStateError(_("The bank has a question of this code.")) from error
        set_tags(item=item, names=names)
        pairs.delete()
        _index(item)
        _note_move(item, left, actor)

    result = _each(items, change)
    done = {str(item.pk) for item in result.done}
    result.undo.update({"kind": "move", "items": {pk: old for pk, old in before.items() if pk in done}})
    return result


@transaction.atomic
def submit_items(*, items: Iterable[Item], actor: Any) -> BulkResult:
    """Hand drafts to the reviewers, who get one notice a bank."""
    result = _each(items, lambda item: approval.submit_item(item=item, actor=actor, quiet=True))
    told: dict[int, tuple[Item, set[int], int]] = {}
    for item in result.done:
        if item.current is not None:
            first, people, count = told.get(item.bank_id, (item, set(), 0))
            told[item.bank_id] = (first, people | set(approval.reviewer_ids(item, item.current)), count + 1)
    for first, people, count in told.values():
        notify(
            recipients=people,
            kind=approval.SUBMITTED_MANY,
            params={"count": count, "bank": first.bank.name},
            url=page_of("item", first),
            sender=actor,
        )
    return result


@transaction.atomic
def approve_items(*, items: Iterable[Item], actor: Any, seen: Mapping[int, int] | None = None) -> BulkResult:
    """Approve what is in review and was written by others; ``seen`` are the versions that were on the screen."""
    known = seen or {}
    return _each(items, lambda item: approval.approve_item(item=item, actor=actor, expected=known.get(item.pk)))


@transaction.atomic
def retire_items(*, items: Iterable[Item], actor: Any, reason: str) -> BulkResult:
    """Take questions out of use; bringing them back undoes it."""
    result = _each(items, lambda item: approval.retire_item(item=item, actor=actor, reason=reason))
    result.undo.update({"kind": "retire", "items": {str(item.pk): {} for item in result.done}})
    return result


@transaction.atomic
def restore(
    *, items: Iterable[Item], undo: dict[str, Any], actor: Any, banks: Collection[int] | None = None
) -> BulkResult:
    """Put back what a bulk change had changed, for those of its questions that ``items`` still holds.

    Questions that were moved go back to those of ``banks`` alone (``None``: any). A code that another question has
    taken meanwhile is replaced by the bank's next; pairs kept apart are kept apart again.
    """

    def change(item: Item) -> None:
        old = undo["items"].get(str(item.pk))
        if old is None:
            raise ItemStateError(_("It was not changed."))
        if undo["kind"] == "retire":
            approval.unretire_item(item=item, actor=actor)
        elif undo["kind"] == "move":
            _move_back(item, old, banks, actor)
        else:
            outcome, tags = item.outcome, {tag.name for tag in item.tags.all()}
            item.topic, item.level, item.outcome = _topic(old, item.bank_id), old["level"], old["outcome"]
            item.save(update_fields=["topic", "level", "outcome", "updated_at"])
            if tags != set(old["tags"]):
                set_tags(item=item, names=old["tags"])
            if outcome != item.outcome:
                _index(item)

    result = _each(items, change)
    pairs = [pair for item in result.done for pair in undo["items"][str(item.pk)].get("enemies", ())]
    for low, high, reason in pairs:
        if len(set(Item.objects.filter(pk__in=[low, high]).values_list("bank_id", flat=True))) == 1:
            ItemEnemy.objects.get_or_create(item_low_id=low, item_high_id=high, defaults={"reason": reason})
    return result


def _move_back(item: Item, old: dict[str, Any], banks: Collection[int] | None, actor: Any) -> None:
    bank = ItemBank.objects.filter(pk=old["bank"]).first()
    if bank is None or (banks is not None and bank.pk not in banks):
        raise ItemStateError(_("You may not do this with this question."))
    names, left = [tag.name for tag in item.tags.all()], item.bank_id
    taken = Item.objects.filter(bank=bank, code=old["code"]).exclude(pk=item.pk)
    item.bank, item.topic = bank, _topic(old, bank.pk)
    item.code = next_code(bank) if old["code"] and taken.exists() else old["code"]
    item.save(update_fields=["bank", "code", "topic", "updated_at"])
    set_tags(item=item, names=names)
    _index(item)
    _note_move(item, left, actor)


def _note_move(item: Item, left: int, actor: Any) -> None:
    record(
        actor=actor,
        action="quizzes.item_moved",
        target=f"item:{item.pk}",
        data={"from": left, "to": item.bank_id},
        stream=f"bank:{item.bank_id}",
    )


def _topic(old: dict[str, Any], bank_id: int) -> Topic | None:
    return Topic.objects.filter(pk=old["topic"], bank_id=bank_id).first() if old["topic"] else None


def _index(item: Item) -> None:
    """Let search find the question by its new code and outcome."""
    if item.current is not None:
        index_item(item, item.current)
