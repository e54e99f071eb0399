"""Forms that act once, however often and however closely together they are sent."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction

from lms.common.clock import now
from lms.people.models import SentForm, User

MAX_KEY = SentForm._meta.get_field("key").max_length or 0


def claim_form(*, user: User, key: str) -> bool:
    """Note that ``user`` sent the form ``key``, and return whether this was the first time.

    Of several requests at once one hears yes: the constraint decides. The note is committed before the form acts, so a
    form whose act fails is sent again as a new form.
    """
    try:
        with transaction.atomic():
            SentForm.objects.create(user=user, key=key, sent_at=now())
    except IntegrityError:
        return False
    return True


def forget_stale() -> int:
    """Delete notes of forms that no session can send any more, and return how many there were."""
    deleted, _rows = SentForm.objects.filter(sent_at__lt=now() - dt.timedelta(days=settings.SEN_SESSION_DAYS)).delete()
    return deleted
