"""Writing questions. A version is never changed: a correction is the next version."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lms.common.html import clean_html
from lms.common.text import fold, normalise
from quizzes.enums import ItemState, Level
from quizzes.errors import InvalidItemError, ItemStateError, VersionConflictError
from quizzes.kinds import get_kind
from quizzes.models import Item, ItemBank, ItemStateChange, ItemTag, ItemVersion, Topic
from quizzes.services.bank.pictures import check_pictures
from quizzes.services.bank.text_index import index_item

MAX_TAGS = 20
UNSAVEABLE = _("The question cannot be saved.")


@transaction.atomic
def create_item(
    *,
    bank: ItemBank,
    kind: str,
    stem: str,
    content: Mapping[str, Any],
    key: Mapping[str, Any],
    feedback: Mapping[str, Any] | None = None,
    source: str = "",
    author: Any = None,
    code: str = "",
    topic: Topic | None = None,
    level: str = Level.RECALL,
    state: str = ItemState.DRAFT,
    outcome: str = "",
    language: str = "vi",
    tags: Iterable[str] = (),
    token: uuid.UUID | None = None,
) -> Item:
    """Create a question with its first version.

    Without a ``code`` the bank gives the next of its own. With ``token`` a form sent twice makes one question: the
    second call returns the first one's.

    Raises:
        InvalidItemError: the text breaks a rule of its kind, or the bank has a question of this code.
    """
    if token is not None and (made := Item.objects.filter(form_token=token, bank=bank, author=author).first()):
        return made
    _check_topic(bank, topic)
    try:
        with transaction.atomic():
            item = Item.objects.create(
                bank=bank,
                kind=kind,
                code=code.strip() or next_code(bank),
                topic=topic,
                level=level,
                author=author,
                outcome=normalise(outcome)[:500],
                language=language,
                form_token=token,
            )
    except IntegrityError as error:
        # Of two forms sent at once the second waits for the first, and then finds what that has made.
        if token is not None and (made := Item.objects.filter(form_token=token, bank=bank, author=author).first()):
            return made
        raise InvalidItemError(
            UNSAVEABLE, fields={"code": [str(_("The bank has a question of this code."))]}
        ) from error
    version = save_version(
        item=item, kind=kind, stem=stem, content=content, key=key, feedback=feedback, source=source, author=author
    )
    if tags:
        set_tags(item=item, names=tags)
    if state != ItemState.DRAFT:
        item.state = state
        item.approved_version = version if state == ItemState.APPROVED else None
        item.save(update_fields=["state", "approved_version", "updated_at"])
    return item


def next_code(bank: ItemBank) -> str:
    """Return the bank's next free code (``C0012``); the bank's row is locked until the transaction ends."""
    while True:
        ItemBank.objects.filter(pk=bank.pk).update(last_number=F("last_number") + 1)
        prefix, number = ItemBank.objects.values_list("code_prefix", "last_number").get(pk=bank.pk)
        code = f"{prefix}{number:04d}"
        if not Item.objects.filter(bank=bank, code=code).exists():
            return code


@transaction.atomic
def save_version(
    *,
    item: Item,
    kind: str,
    stem: str,
    content: Mapping[str, Any],
    key: Mapping[str, Any],
    feedback: Mapping[str, Any] | None = None,
    source: str = "",
    author: Any = None,
    expected: int | None = None,
) -> ItemVersion:
    """Store the text as the item's next version and make it the current one.

    The same text as the current version gives that version back. Exams keep the version that they were given, and an
    approved version stays in use: the new one is a draft beside it.

    Args:
        expected: number of the version that the writer had before their eyes; ``None`` does not ask.

    Raises:
        InvalidItemError: the text breaks a rule of its kind; ``fields`` says where.
        VersionConflictError: somebody has saved another version since ``expected``.
        ItemStateError: the question is retired.
    """
    stem_html = clean_html(stem)
    if not stem_html:
        raise InvalidItemError(UNSAVEABLE, fields={"stem": [str(_("Write the question."))]})
    authored = get_kind(kind).clean_item(content, key, feedback or {})
    # Not joined: after waiting for the lock PostgreSQL sees the new pointer, but old rows of joined tables.
    locked = Item.objects.select_for_update().get(pk=item.pk)
    current = locked.current
    fields = {
        "kind": kind,
        "stem": stem_html,
        "content": authored.content,
        "key": authored.key,
        "feedback": authored.feedback,
        "source": source.strip(),
    }
    if current is not None and all(getattr(current, name) == value for name, value in fields.items()):
        return current
    shown = {name: fields[name] for name in ("stem", "content", "key", "feedback")}
    pictures = check_pictures(bank=locked.bank, fields=shown, author=author, item=locked)
    if locked.state == ItemState.RETIRED:
        raise ItemStateError(_("A retired question is not changed; bring it back first."))
    if expected is not None and current is not None and current.number != expected:
        raise VersionConflictError(
            _("%(name)s has saved version %(number)d meanwhile.")
            % {"name": current.author or _("Somebody"), "number": current.number},
            current=current,
        )
    version = ItemVersion.objects.create(
        item=locked, number=current.number + 1 if current else 1, author=author, **fields
    )
    if pictures:
        locked.pictures.add(*pictures)
    before, locked.state = locked.state, ItemState.DRAFT
    locked.current, locked.kind = version, kind
    locked.save(update_fields=["current", "kind", "state", "updated_at"])
    if before != ItemState.DRAFT:
        # what was approved, or is being reviewed, is another text
        ItemStateChange.objects.create(
            item=locked, version=version, from_state=before, to_state=ItemState.DRAFT, by=author
        )
    index_item(locked, version)
    item.current, item.kind, item.state, item.updated_at = version, kind, locked.state, locked.updated_at
    return version


@transaction.atomic
def describe_item(
    *,
    item: Item,
    topic: Topic | None,
    level: str,
    outcome: str,
    language: str,
    tags: Iterable[str],
    code: str | None = None,
) -> None:
    """Change what is said about a question: none of it is part of a version or asks for another approval.

    Raises:
        InvalidItemError: the topic is of another bank, or the code is taken.
    """
    _check_topic(item.bank, topic)
    item.topic, item.level, item.language = topic, level, language
    item.outcome = normalise(outcome)[:500]
    if code is not None and code.strip():
        item.code = code.strip()
    try:
        with transaction.atomic():
            item.save(update_fields=["topic", "level", "language", "outcome", "code", "updated_at"])
    except IntegrityError as error:
        raise InvalidItemError(
            UNSAVEABLE, fields={"code": [str(_("The bank has a question of this code."))]}
        ) from error
    set_tags(item=item, names=tags)
    if item.current is not None:
        index_item(item, item.current)


def set_tags(*, item: Item, names: Iterable[str]) -> None:
    """Give ``item`` exactly these tags of its bank, made where they are new; spellings without accents are one."""
    wanted: dict[str, str] = {}
    for name in names:
        if folded := fold(name)[:60]:
            wanted.setdefault(folded, normalise(name)[:60])
    wanted = dict(list(wanted.items())[:MAX_TAGS])
    known = {tag.folded: tag for tag in ItemTag.objects.filter(bank_id=item.bank_id, folded__in=wanted)}
    for folded, name in wanted.items():
        if folded not in known:
            known[folded], _made = ItemTag.objects.get_or_create(
                bank_id=item.bank_id, folded=folded, defaults={"name": name}
            )
    item.tags.set(known.values())


def _check_topic(bank: ItemBank, topic: Topic | None) -> None:
    if topic is not None and topic.bank_id != bank.pk:
        raise InvalidItemError(UNSAVEABLE, fields={"topic": [str(_("Choose a topic of this bank."))]})
