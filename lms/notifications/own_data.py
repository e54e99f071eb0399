"""Data of notifications about a person: for the person's own data, and when the person is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from lms.notifications.models import Notification

LABELS = {
    "at": gettext_lazy("at"),
    "notice": gettext_lazy("notification"),
    "text": gettext_lazy("message"),
    "read_at": gettext_lazy("read at"),
}


def notices(user: Any) -> list[dict[str, Any]]:
    """The notices in the person's list, newest first."""
    rows = Notification.objects.visible_to(user)
    return [{"at": row.created_at, "notice": row.sentence, "text": row.text, "read_at": row.read_at} for row in rows]


def erase(user: Any) -> dict[str, int]:
    """Delete the notices to the person, and the name from those that the person sent."""
    sent = 0
    for row in Notification.objects.filter(sender=user).iterator():
        row.params = {key: "…" if isinstance(value, str) else value for key, value in row.params.items()}
        row.sender = None
        row.save(update_fields=["params", "sender"])
        sent += 1
    received, _rows = Notification.objects.filter(recipient=user).delete()
    return {"notices_received": received, "notices_sent": sent}
