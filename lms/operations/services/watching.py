"""Watching the installation: incidents begin and end here, and administrators are told of both once."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import mailers
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lms.audit.services import record
from lms.common import clock, health
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.health import Finding, degraded
from lms.common.steady_clock import STEP
from lms.exams.queries.attempts import overdue_since
from lms.exams.services.attempts import expire_due
from lms.notifications.services import notify
from lms.operations.models import Incident, Turn
from lms.operations.queries import OVERDUE, apart_from_database, node
from lms.operations.words import title_of
from lms.people.models import User
from lms.people.queries import administrators

logger = logging.getLogger(__name__)

EVERY = dt.timedelta(seconds=55)
#: An incident is over when nothing was seen of it for so long: what comes and goes is told once.
QUIET = dt.timedelta(minutes=3)
AGREES = 60.0


class NothingToConfirmError(DomainError):
    """The incident is over, or of a kind that nobody confirms."""

    code = "nothing_to_confirm"


def hand_in_if_nobody_does() -> int:
    """Hand in attempts that are overdue for so long that no worker seems to; return how many.

    Costs one look-up by index while workers live, and may run anywhere at any time.
    """
    return expire_due() if overdue_since(OVERDUE).exists() else 0


def take_turn(name: str, every: dt.timedelta = EVERY) -> bool:
    """Whether the caller is the one of all nodes to do ``name`` now.

    A turn from the future, of a node whose clock was wrong, holds nobody up.
    """
    moment = now()
    turns = Turn.objects.filter(pk=name)
    if turns.filter(Q(at__lte=moment - every) | Q(at__gt=moment + every)).update(at=moment):
        return True
    if turns.exists():
        return False
    try:
        with transaction.atomic():
            Turn(pk=name, at=moment).save(force_insert=True)
    except IntegrityError:
        return False  # another node was quicker
    return True


def look(more: dict[str, Finding] | None = None) -> list[Incident]:
    """Look at every part, begin and end incidents; return those that changed.

    What all nodes share is looked at by one of them a minute. ``more`` are findings of the caller's own.
    """
    _settle_clock()
    found = health.look() | (more or {})
    local = {part.name for part in health.parts() if part.local}
    shared = take_turn("look")
    changed = [_note(name, node(), finding) for name, finding in found.items() if name in local]
    if shared:
        changed += [_note(name, "", finding) for name, finding in found.items() if name not in local]
    return [incident for incident in changed if incident]


def _note(part: str, place: str, finding: Finding) -> Incident | None:
    moment = now()
    still = Incident.objects.open().filter(part=part, node=place)
    if finding.ok:
        with transaction.atomic():
            over = still.filter(seen_at__lte=moment - QUIET).first()
            if over is None or not still.filter(pk=over.pk).update(ended_at=moment):
                return None
            _tell("incident_over", over)
        logger.warning("over: %s", title_of(part, over.code))
        return over
    if still.update(seen_at=moment, code=finding.code, facts=finding.facts):
        return None
    incident = Incident(part=part, node=place, code=finding.code, facts=finding.facts, began_at=moment, seen_at=moment)
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
            _tell("incident_began", incident)
    except IntegrityError:
        return None  # another node was quicker
    logger.error("incident: %s %s", title_of(part, finding.code), finding.facts)
    return incident


def _tell(kind: str, incident: Incident) -> None:
    with override(settings.LANGUAGE_CODE):
        title = title_of(incident.part, incident.code)
    if incident.node:
        title = f"{title} ({incident.node})"
    try:
        url = reverse("office:system")
    except NoReverseMatch:
        url = ""  # an installation without that portal
    notify(recipients=administrators(), kind=kind, params={"title": title}, url=url)


def confirm_clock(*, incident: Incident, actor: User) -> None:
    """Say that the machine's clock is right after a leap; its node follows it within a minute.

    Raises:
        NothingToConfirmError: it is over meanwhile, or no leap of a clock.
    """
    with transaction.atomic():
        leap = Incident.objects.open().filter(pk=incident.pk, part="clock", code="step", confirmed_at__isnull=True)
        if not leap.update(confirmed_at=now(), confirmed_by=actor):
            raise NothingToConfirmError(_("This is over already, or was confirmed."))
        data = {"node": incident.node, **incident.facts}
        record(actor=actor, action="operations.clock_confirmed", target=f"incident:{incident.pk}", data=data)


def _settle_clock() -> None:
    """Follow a leap of this machine's clock that is known to be right; keep what is believed for later processes."""
    steady = clock.steady()
    if steady is None:
        return
    step = steady.step
    if step and (_confirmed(step) or _database_agrees()):
        steady.accept()
        logger.warning("The clock's leap of %.0f s was confirmed; it is followed.", step)
    steady.keep()


def _confirmed(step: float) -> bool:
    """Whether an administrator confirmed this very leap."""
    leap = Incident.objects.open().filter(part="clock", node=node(), confirmed_at__isnull=False).first()
    return leap is not None and abs(60 * leap.facts.get("minutes", 0) - step) <= STEP


def _database_agrees() -> bool:
    """Whether a database on another machine tells the same time as this machine's clock."""
    apart = apart_from_database()
    return apart is not None and abs(apart) <= AGREES


def check_mail() -> Finding:
    """Connect to the mail server and sign in, sending nothing."""
    if not settings.SEN_SMTP_HOST:
        return health.OK
    connection: Any = mailers.default
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        return degraded("unreachable", error=str(error)[:200])
    return health.OK
