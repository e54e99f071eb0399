"""A lecturer's words to learners of a class."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.models import AuditEntry
from lms.audit.services import record
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.queries import MESSAGE_SENT
from lms.common.errors import DomainError
from lms.notifications.services import notify

MESSAGE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The outcome of a message: ``sent`` learners have it; ``repeated`` when it had gone out before."""

    sent: int
    repeated: bool


def message_learners(
    *,
    training_class: TrainingClass,
    enrolment_ids: Collection[int],
    text: str,
    token: uuid.UUID,
    actor: Any,
    url: str = "",
) -> SentMessage:
    """Send ``text`` to learners of the class, once for each ``token``.

    Args:
        enrolment_ids: whose learners get it; all must be in the class and not withdrawn.
        token: made with the form: a form sent twice sends one message.
        url: where the notice leads.

    Raises:
        DomainError: ``empty_message``, ``long_message``, ``no_recipients``, ``foreign_enrolment``.
    """
    text = text.strip()
    if not text:
        raise DomainError(_("Write the message."), code="empty_message", fields={"text": [_("Write the message.")]})
    if len(text) > MESSAGE_LENGTH:
        problem = _("The message is too long: at most %(count)d letters.") % {"count": MESSAGE_LENGTH}
        raise DomainError(problem, code="long_message", fields={"text": [problem]})
    wanted = set(enrolment_ids)
    if not wanted:
        raise DomainError(_("Choose at least one learner."), code="no_recipients")
    target = f"message:{token}"
    with transaction.atomic():
        # The class row is the lock: a second click waits here and then finds the first one's entry.
        TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        before = AuditEntry.objects.filter(target=target, action=MESSAGE_SENT).values_list("data", flat=True).first()
        if before is not None:
            return SentMessage(before["sent"], repeated=True)
        learners = dict(
            Enrolment.objects.active()
            .filter(training_class=training_class, pk__in=wanted)
            .values_list("pk", "learner_id")
        )
        if len(learners) != len(wanted):
            raise DomainError(_("A learner on this list is not in the class."), code="foreign_enrolment")
        sent = notify(
            recipients=learners.values(),
            kind="message",
            params={"sender": str(actor), "class": training_class.name},
            text=text,
            url=url,
            sender=actor,
        )
        record(
            actor=actor,
            action=MESSAGE_SENT,
            target=target,
            data={"text": text, "enrolments": sorted(learners), "sent": sent},
            stream=f"class:{training_class.pk}",
        )
    return SentMessage(sent, repeated=False)
