"""The tree of a bank's topics."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from lms.common.text import normalise
from quizzes.errors import TopicError
from quizzes.models import Item, ItemBank, Topic

MAX_DEPTH = 6
MAX_TOPICS = 1000
NAME_LENGTH = 250
_INDENT = re.compile(r"^([ \t]*+)(?:[-*•+]\s++)?(.*)$")


@transaction.atomic
def add_topic(*, bank: ItemBank, name: str, parent: Topic | None = None) -> Topic:
    """Add a topic as the last one under ``parent``.

    Raises:
        TopicError: no name, a name that is there already, a parent of another bank, or too deep a tree.
    """
    clean = _clean_name(name)
    if parent is not None and parent.bank_id != bank.pk:
        raise TopicError(_("This topic belongs to another bank."))
    siblings = Topic.objects.filter(bank=bank, parent=parent)
    if siblings.filter(name=clean).exists():
        raise _taken()
    if parent is not None and depth(parent) >= MAX_DEPTH:
        raise TopicError(_("A tree of topics is at most %(count)d levels deep.") % {"count": MAX_DEPTH})
    last = siblings.order_by("-position").values_list("position", flat=True).first()
    return Topic.objects.create(bank=bank, parent=parent, name=clean, position=0 if last is None else last + 1)


@transaction.atomic
def rename_topic(*, topic: Topic, name: str) -> None:
    """Rename a topic; raise :class:`TopicError` when the name is empty or taken beside it."""
    clean = _clean_name(name)
    beside = Topic.objects.filter(bank_id=topic.bank_id, parent_id=topic.parent_id).exclude(pk=topic.pk)
    if beside.filter(name=clean).exists():
        raise _taken()
    topic.name = clean
    topic.save(update_fields=["name"])


@transaction.atomic
def place_topic(*, topic: Topic, parent: Topic | None, before: Topic | None = None) -> None:
    """Put ``topic`` under ``parent``, before ``before`` or last.

    Raises:
        TopicError: under itself, into another bank, beside one of the same name, or too deep.
    """
    ItemBank.objects.select_for_update().get(pk=topic.bank_id)
    if parent is not None:
        if parent.bank_id != topic.bank_id:
            raise TopicError(_("This topic belongs to another bank."))
        if topic.pk in {node.pk for node in _line(parent)}:
            raise TopicError(_("A topic cannot stand under itself."))
        if depth(parent) + _height(topic) > MAX_DEPTH:
            raise TopicError(_("A tree of topics is at most %(count)d levels deep.") % {"count": MAX_DEPTH})
    beside = list(Topic.objects.filter(bank_id=topic.bank_id, parent=parent).exclude(pk=topic.pk))
    if any(node.name == topic.name for node in beside):
        raise _taken()
    index = next((i for i, node in enumerate(beside) if before is not None and node.pk == before.pk), len(beside))
    topic.parent = parent
    topic.save(update_fields=["parent"])
    beside.insert(index, topic)
    for position, node in enumerate(beside):
        if node.position != position:
            node.position = position
            node.save(update_fields=["position"])


def shift_topic(*, topic: Topic, step: int) -> None:
    """Move ``topic`` among its siblings: -1 up, 1 down; at the end nothing happens."""
    beside = list(Topic.objects.filter(bank_id=topic.bank_id, parent_id=topic.parent_id))
    index = next(i for i, node in enumerate(beside) if node.pk == topic.pk)
    target = index + step
    if not 0 <= target < len(beside):
        return
    after = target + 1 if step > 0 else target
    place_topic(topic=topic, parent=topic.parent, before=beside[after] if after < len(beside) else None)


@transaction.atomic
def remove_topic(*, topic: Topic, target: Topic | None = None) -> int:
    """Delete a topic; its questions and the topics below go to ``target``. Returns how many questions moved.

    Raises:
        TopicError: something is in it and no target was given, the target lies in it, two names would meet, or a
            blueprint asks for it.
    """
    inside = subtree_ids(topic)
    if target is not None and (target.bank_id != topic.bank_id or target.pk in inside):
        raise TopicError(_("Choose a topic outside the one that is deleted."))
    children = list(Topic.objects.filter(parent=topic))
    if target is None and (children or Item.objects.filter(topic=topic).exists()):
        raise TopicError(_("The topic is not empty. Choose where its questions go."), code="topic_not_empty")
    moved = Item.objects.filter(topic=topic).update(topic=target) if target is not None else 0
    for child in children:
        place_topic(topic=child, parent=target)
    try:
        topic.delete()
    except ProtectedError as error:
        raise TopicError(_("A blueprint asks for this topic; it cannot be deleted."), code="topic_in_use") from error
    return moved


@transaction.atomic
def import_topics(*, bank: ItemBank, text: str, parent: Topic | None = None) -> int:
    """Add the topics of a pasted list, one a line, deeper by indentation; returns how many are new.

    Raises:
        TopicError: too many, or a line that cannot be a topic; the sentence names the line.
    """
    made = 0
    levels: list[tuple[int, Topic]] = []
    for number, line in enumerate(text.expandtabs(4).splitlines(), start=1):
        match = _INDENT.match(line)
        name = normalise(match.group(2)) if match else ""
        if not name:
            continue
        if made >= MAX_TOPICS:
            raise TopicError(_("A list holds at most %(count)d topics.") % {"count": MAX_TOPICS})
        indent = len(match.group(1)) if match else 0
        while levels and levels[-1][0] >= indent:
            levels.pop()
        above = levels[-1][1] if levels else parent
        found = Topic.objects.filter(bank=bank, parent=above, name=name).first()
        if found is None:
            try:
                found = add_topic(bank=bank, name=name, parent=above)
            except TopicError as error:
                raise TopicError(_("Line %(line)d: %(error)s") % {"line": number, "error": error}) from error
            made += 1
        levels.append((indent, found))
    return made


def depth(topic: Topic) -> int:
    """Return how deep a topic stands, 1 for the top."""
    return len(_line(topic))


def subtree_ids(topic: Topic) -> set[int]:
    """Return the ids of ``topic`` and all below it, by one query."""
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in Topic.objects.filter(bank_id=topic.bank_id).values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    found, waiting = set(), [topic.pk]
    while waiting:
        pk = waiting.pop()
        found.add(pk)
        waiting.extend(children.get(pk, ()))
    return found


def _height(topic: Topic) -> int:
    return 1 + max((_height(child) for child in Topic.objects.filter(parent=topic)), default=0)


def _line(topic: Topic) -> list[Topic]:
    line = [topic]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def _clean_name(name: str) -> str:
    clean = normalise(name)
    if not clean:
        raise TopicError(_("Give the topic a name."), fields={"name": [str(_("Give the topic a name."))]})
    if len(clean) > NAME_LENGTH:
        raise TopicError(_("The name is too long: at most %(count)d letters.") % {"count": NAME_LENGTH})
    return clean


def _taken() -> TopicError:
    said = _("There is a topic of this name at this place already.")
    return TopicError(said, fields={"name": [str(said)]})
