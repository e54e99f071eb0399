"""Banks, and pairs of questions that are kept apart."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record
from lms.common.text import normalise
from lms.people.models import Unit
from quizzes.errors import BankError, ItemStateError
from quizzes.models import Item, ItemBank, ItemEnemy


@transaction.atomic
def create_bank(*, unit: Unit, name: str, actor: Any, code_prefix: str = "C") -> ItemBank:
    """Make an empty bank of ``unit``.

    Raises:
        BankError: no name, or the unit has a bank of this name.
    """
    try:
        with transaction.atomic():
            bank = ItemBank.objects.create(unit=unit, name=_name(name), code_prefix=normalise(code_prefix)[:12])
    except IntegrityError as error:
        raise _taken() from error
    record(actor=actor, action="quizzes.bank_created", target=f"bank:{bank.pk}", stream=f"bank:{bank.pk}")
    return bank


@transaction.atomic
def rename_bank(*, bank: ItemBank, name: str, actor: Any, code_prefix: str | None = None) -> None:
    """Rename a bank; raise :class:`BankError` when the name is empty or taken in the unit."""
    before, bank.name = bank.name, _name(name)
    if code_prefix is not None:
        bank.code_prefix = normalise(code_prefix)[:12]
    try:
        with transaction.atomic():
            bank.save(update_fields=["name", "code_prefix", "updated_at"])
    except IntegrityError as error:
        raise _taken() from error
    record(
        actor=actor,
        action="quizzes.bank_renamed",
        target=f"bank:{bank.pk}",
        data={"from": before, "to": bank.name},
        stream=f"bank:{bank.pk}",
    )


def keep_apart(*, item: Item, other: Item, reason: str = "", actor: Any = None) -> ItemEnemy:
    """Keep two questions of one bank out of one paper; said twice it stays one pair.

    Raises:
        ItemStateError: a question cannot be kept apart from itself or from one of another bank.
    """
    if item.pk == other.pk or item.bank_id != other.bank_id:
        raise ItemStateError(_("Choose another question of the same bank."))
    low, high = sorted((item, other), key=lambda one: one.pk)
    pair, _made = ItemEnemy.objects.get_or_create(
        item_low=low, item_high=high, defaults={"reason": normalise(reason)[:250], "created_by": actor}
    )
    return pair


def let_meet(*, item: Item, other_id: int) -> None:
    """Undo :func:`keep_apart`."""
    low, high = sorted((item.pk, other_id))
    ItemEnemy.objects.filter(item_low_id=low, item_high_id=high).delete()


def _name(name: str) -> str:
    clean = normalise(name)[:200]
    if not clean:
        raise BankError(_("Give the bank a name."), fields={"name": [str(_("Give the bank a name."))]})
    return clean


def _taken() -> BankError:
    said = _("The unit has a bank of this name already.")
    return BankError(said, fields={"name": [str(said)]})
