"""Session items follow attendance; they are not read."""

from __future__ import annotations

from collections.abc import Collection

from lms.common.clock import now
from lms.programmes.enums import ItemKind
from lms.progress.models import ItemProgress, ItemState

_BATCH = 1000


def mirror_sessions(*, enrolment_ids: Collection[int], attended: Collection[tuple[int, int]]) -> None:
    """Make the session items of the enrolments done exactly where ``attended`` (enrolment, item) says so.

    The one place where "done" is taken back: a presence entered by mistake was never attendance. Joins the caller's
    transaction and sends no signal: the caller refreshes all the standings together.
    """
    present = set(
        ItemProgress.objects.filter(enrolment_id__in=enrolment_ids, item__kind=ItemKind.SESSION).values_list(
            "enrolment_id", "item_id"
        )
    )
    moment = now()
    ItemProgress.objects.bulk_create(
        [
            ItemProgress(
                enrolment_id=enrolment_id,
                item_id=item_id,
                state=ItemState.DONE,
                started_at=moment,
                updated_at=moment,
                done_at=moment,
            )
            for enrolment_id, item_id in sorted(set(attended) - present)
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    for item_id in {item for _enrolment, item in present - set(attended)}:
        gone = [enrolment for enrolment, item in present - set(attended) if item == item_id]
        ItemProgress.objects.filter(item_id=item_id, enrolment_id__in=gone).delete()
