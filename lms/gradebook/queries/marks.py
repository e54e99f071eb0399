"""The marks that people give: for what, and the rows of the ledger of one learner and item."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from lms.classes.models import Enrolment
from lms.gradebook.fold import round_mark
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from quizzes.enums import ExamPurpose


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A row of the ledger as people read it. ``on_ten`` is the mark on 10; a row that is replaced counts no more."""

    entry: LedgerEntry
    on_ten: Decimal
    replaced: bool

    @property
    def in_force(self) -> bool:
        """Whether the row is a mark that counts, and may be corrected."""
        return not self.replaced and self.entry.source != LedgerSource.VOID


def items_with_marks(edition_id: int) -> QuerySet[EditionItem]:
    """The items of an edition that people give marks for: tests and essays, but no self-checks."""
    items = EditionItem.objects.filter(edition_id=edition_id, kind__in=[ItemKind.EXAM, ItemKind.ESSAY])
    return items.exclude(counts=False, exam__purpose=ExamPurpose.SELF_CHECK)


def marks_given(enrolment: Enrolment, item_id: int) -> list[GivenMark]:
    """The rows of the ledger of one learner and item with the people who gave them, the oldest first. One query."""
    rows = LedgerEntry.objects.filter(enrolment=enrolment, item_id=item_id).select_related("actor").order_by("pk")
    entries = list(rows)
    replaced = {entry.replaces_id for entry in entries}
    return [given_mark(entry, replaced=entry.pk in replaced) for entry in entries]


def given_mark(entry: LedgerEntry, *, replaced: bool = False) -> GivenMark:
    """Return a row of the ledger with its mark on 10."""
    return GivenMark(entry, round_mark(entry.points * 10 / entry.max_points), replaced)
