"""The one way to tell a person something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from lms.common.clock import now
from lms.notifications.kinds import UnknownNotificationKindError, is_known
from lms.notifications.models import Notification


def notify(
    *,
    recipients: Iterable[int],
    kind: str,
    params: dict[str, Any] | None = None,
    text: str = "",
    url: str = "",
    sender: Any | None = None,
) -> int:
    """Put a notice into the list of each of ``recipients`` (user ids) and return how many got it.

    Args:
        kind: a kind registered with :func:`lms.notifications.kinds.register`.
        params: what fills the kind's sentence.
        text: a person's own words, shown as they are.
        url: where the notice leads, a path of this site.

    Raises:
        UnknownNotificationKindError: nobody registered ``kind``.
        ValueError: ``url`` leads to another site.
    """
    if not is_known(kind):
        raise UnknownNotificationKindError(kind)
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError(f"a notice leads to a path of this site, not to {url!r}")
    with transaction.atomic():
        people = get_user_model()._default_manager.filter(pk__in=set(recipients), is_active=True)
        notices = [
            Notification(recipient_id=pk, sender=sender, kind=kind, params=params or {}, text=text, url=url)
            for pk in people.order_by("pk").values_list("pk", flat=True)
        ]
        Notification.objects.bulk_create(notices, batch_size=1000)
    return len(notices)


def mark_read(*, user: Any, ids: Iterable[int] | None = None) -> int:
    """Mark notices of ``user`` as read (all when ``ids`` is ``None``) and return how many changed."""
    notices = Notification.objects.visible_to(user).unread()
    if ids is not None:
        notices = notices.filter(pk__in=list(ids))
    return notices.update(read_at=now())
