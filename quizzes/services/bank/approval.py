"""From draft to approved and retired. Every change of state is one conditional update and one row of history."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record
from lms.common.clock import now
from lms.notifications.services import notify
from lms.people.models import Membership
from quizzes.access import BANK_KEEPERS, BANK_MANAGERS
from quizzes.enums import ItemState
from quizzes.errors import ItemStateError
from quizzes.models import Item, ItemComment, ItemStateChange, ItemVersion
from quizzes.policy import page_of

SUBMITTED = "quizzes-item-submitted"
SUBMITTED_MANY = "quizzes-items-submitted"
APPROVED = "quizzes-item-approved"
RETURNED = "quizzes-item-returned"
COMMENTED = "quizzes-item-commented"


@transaction.atomic
def submit_item(*, item: Item, actor: Any, note: str = "", quiet: bool = False) -> None:
    """Hand a draft to the reviewers.

    Raises:
        ItemStateError: it is no draft any more.
    """
    version = _move(item, (ItemState.DRAFT,), ItemState.IN_REVIEW, actor=actor, note=note)
    if not quiet:
        notify(
            recipients=reviewer_ids(item, version),
            kind=SUBMITTED,
            params={"item": str(item), "bank": item.bank.name},
            text=note,
            url=page_of("item", item),
            sender=actor,
        )


@transaction.atomic
def withdraw_item(*, item: Item, actor: Any) -> None:
    """Take a question back from review before anybody decided."""
    _move(item, (ItemState.IN_REVIEW,), ItemState.DRAFT, actor=actor)


@transaction.atomic
def approve_item(*, item: Item, actor: Any, note: str = "", expected: int | None = None, quiet: bool = False) -> None:
    """Approve the version in review: new papers take it from now on.

    Args:
        expected: number of the version that the reviewer had before their eyes.

    Raises:
        ItemStateError: it is not in review, it was changed meanwhile, or ``actor`` wrote any of what is to be approved.
    """
    version = item.current
    if version is None or (expected is not None and version.number != expected):
        raise ItemStateError(_("The question was changed meanwhile. Look at it again."), code="version_conflict")
    if actor.pk in writers(item):
        raise ItemStateError(_("Nobody approves a question of their own."), code="own_item")
    _move(
        item,
        (ItemState.IN_REVIEW,),
        ItemState.APPROVED,
        actor=actor,
        note=note,
        approved_by=actor,
        approved_version=version,
    )
    record(
        actor=actor,
        action="quizzes.item_approved",
        target=f"item:{item.pk}",
        data={"version": version.number},
        stream=f"bank:{item.bank_id}",
    )
    if not quiet:
        _tell_author(item, APPROVED, actor, note)


@transaction.atomic
def request_changes(*, item: Item, actor: Any, note: str) -> None:
    """Give a question back to its author, saying what is to be changed.

    Raises:
        ItemStateError: it is not in review, or nothing was said.
    """
    if not note.strip():
        raise ItemStateError(_("Say what is to be changed."), fields={"note": [str(_("Say what is to be changed."))]})
    _move(item, (ItemState.IN_REVIEW,), ItemState.DRAFT, actor=actor, note=note)
    _tell_author(item, RETURNED, actor, note)


@transaction.atomic
def retire_item(*, item: Item, actor: Any, reason: str) -> None:
    """Take a question out of use, with the reason; exams that were given it keep it.

    Raises:
        ItemStateError: it is retired already, or no reason was given.
    """
    if not reason.strip():
        raise ItemStateError(_("Give the reason."), fields={"note": [str(_("Give the reason."))]})
    states = (ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.APPROVED)
    _move(item, states, ItemState.RETIRED, actor=actor, note=reason)
    record(
        actor=actor,
        action="quizzes.item_retired",
        target=f"item:{item.pk}",
        data={"reason": reason},
        stream=f"bank:{item.bank_id}",
    )


@transaction.atomic
def unretire_item(*, item: Item, actor: Any, note: str = "") -> None:
    """Bring a retired question back: approved when its current text had been approved, otherwise as a draft."""
    back = (
        ItemState.APPROVED
        if item.current_id is not None and item.approved_version_id == item.current_id
        else ItemState.DRAFT
    )
    _move(item, (ItemState.RETIRED,), back, actor=actor, note=note)


@transaction.atomic
def comment_item(*, item: Item, actor: Any, text: str) -> ItemComment:
    """Say something about the current version; everybody else who has a part in the question is told.

    Raises:
        ItemStateError: nothing was said.
    """
    if not text.strip():
        raise ItemStateError(_("Write your comment."), fields={"text": [str(_("Write your comment."))]})
    comment = ItemComment.objects.create(item=item, version=_current(item), author=actor, text=text.strip()[:4000])
    people = {item.author_id, *item.comments.values_list("author_id", flat=True)} - {None, actor.pk}
    notify(
        recipients=[pk for pk in people if pk is not None],
        kind=COMMENTED,
        params={"item": str(item)},
        text=comment.text,
        url=page_of("item", item),
        sender=actor,
    )
    return comment


def resolve_comment(*, comment: ItemComment, done: bool = True) -> None:
    """Mark a comment as dealt with, or open it again."""
    comment.resolved_at = now() if done else None
    comment.save(update_fields=["resolved_at"])


def writers(item: Item) -> set[int]:
    """Return who wrote anything of the text since it was last approved, and the question's author."""
    versions = ItemVersion.objects.filter(item=item)
    if item.approved_version is not None:
        versions = versions.filter(number__gt=item.approved_version.number)
    people = {item.author_id, *versions.values_list("author_id", flat=True)}
    return {pk for pk in people if pk is not None}


def reviewer_ids(item: Item, version: ItemVersion) -> list[int]:
    """Return whom to tell of a question in review: who keeps the bank; its nearest managers where nobody does."""
    path = item.bank.unit.path
    wrote = {item.author_id, version.author_id}
    keepers = Membership.objects.current().with_role(BANK_KEEPERS).filter(unit__path=path)
    found = set(keepers.values_list("user_id", flat=True)) - wrote
    if not found:
        managers = Membership.objects.current().with_role(BANK_MANAGERS).filter(unit__path=path)
        found = set(managers.values_list("user_id", flat=True)) - wrote
    return sorted(pk for pk in found if pk is not None)


def _current(item: Item) -> ItemVersion:
    if item.current is None:
        raise ItemStateError(_("The question has no text yet."))
    return item.current


def _move(item: Item, states: tuple[str, ...], to: str, *, actor: Any, note: str = "", **fields: Any) -> ItemVersion:
    """Change the state if it still is one of ``states`` and the text still is what ``item`` carries."""
    version = _current(item)
    before = Item.objects.filter(pk=item.pk).values_list("state", flat=True).get()
    changed = Item.objects.filter(pk=item.pk, state__in=states, current=version).update(
        state=to, updated_at=now(), **fields
    )
    if not changed:
        raise ItemStateError(
            _("This is not possible any more: the question is now “%(state)s”.") % {"state": ItemState(before).label}
        )
    ItemStateChange.objects.create(
        item=item, version=version, from_state=before, to_state=to, by=actor, note=note.strip()
    )
    item.state = to
    for name, value in fields.items():
        setattr(item, name, value)
    return version


def _tell_author(item: Item, kind: str, actor: Any, note: str) -> None:
    if item.author_id is not None and item.author_id != actor.pk:
        notify(
            recipients=[item.author_id],
            kind=kind,
            params={"item": str(item)},
            text=note,
            url=page_of("item", item),
            sender=actor,
        )
