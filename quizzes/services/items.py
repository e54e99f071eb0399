"""Writing questions. A version is never changed: a correction is the next version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lms.common.html import clean_html
from quizzes.enums import ItemState, Level
from quizzes.errors import InvalidItemError
from quizzes.kinds import get_kind
from quizzes.models import Item, ItemBank, ItemVersion, Topic


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
) -> Item:
    """Create a question with its first version.

    Raises:
        InvalidItemError: the text breaks a rule of its kind, or the bank has a question of this code.
    """
    try:
        with transaction.atomic():
            item = Item.objects.create(
                bank=bank, kind=kind, code=code, topic=topic, level=level, state=state, author=author
            )
    except IntegrityError as error:
        raise InvalidItemError(
            _("The question cannot be saved."), fields={"code": [str(_("The bank has a question of this code."))]}
        ) from error
    save_version(
        item=item, kind=kind, stem=stem, content=content, key=key, feedback=feedback, source=source, author=author
    )
    return item


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
) -> ItemVersion:
    """Store the text as the item's next version and make it the current one.

    The same text as the current version gives that version back. Exams keep the version that they were given.

    Raises:
        InvalidItemError: the text breaks a rule of its kind; ``fields`` says where.
    """
    stem_html = clean_html(stem)
    if not stem_html:
        raise InvalidItemError(_("The question cannot be saved."), fields={"stem": [str(_("Write the question."))]})
    authored = get_kind(kind).clean_item(content, key, feedback or {})
    locked = Item.objects.select_for_update(of=("self",)).select_related("current").get(pk=item.pk)
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
    version = ItemVersion.objects.create(
        item=locked, number=current.number + 1 if current else 1, author=author, **fields
    )
    locked.current, locked.kind = version, kind
    changed = ["current", "kind", "updated_at"]
    if current is not None and locked.state == ItemState.APPROVED:
        # what was approved was the old text
        locked.state, locked.approved_by = ItemState.DRAFT, None
        changed += ["state", "approved_by"]
    locked.save(update_fields=changed)
    item.current, item.kind, item.state, item.approved_by = version, kind, locked.state, locked.approved_by
    return version
