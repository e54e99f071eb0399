"""Coming in by the code of a sitting: a hall quiz, an open contest.

Learners of the class that sits come in as learners. Everybody else whom the sitting lets in becomes its *guest*
(:mod:`lms.exams.services.guests`): the test of this sitting, its result and the ranking, and nothing of the class.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.exams.engine.admission import Admission, Personal, StartRefusedError, admission, choose_sitting, clean_code
from lms.exams.enums import SignUp
from lms.exams.errors import GuestRefusedError
from lms.exams.models import Attempt, Sitting, SittingGuest
from lms.exams.services import attempts, guests
from lms.exams.services.admission import CODES, code_key, refusal_of
from lms.people.models import User
from lms.people.services.throttling import Limit, fail, key_for, paused_until
from lms.programmes.models import EditionItem
from quizzes.models import Exam

# Wrong codes of sittings from one address, whoever sends them: a hall of 500 shares it, and each may err.
STRANGERS = Limit(600, dt.timedelta(minutes=10), dt.timedelta(minutes=1))
# Wrong personal codes from one address; a right one is one of 63 billion.
RETURNS = Limit(100, dt.timedelta(minutes=10), dt.timedelta(minutes=5))


def find_sitting(*, code: str, user: Any, address: str = "") -> Sitting | None:
    """Return the sitting of a code that ``user`` may know about, ``None`` for a wrong one.

    Whoever is signed in may come in by any code that was shown to them, and has a limited number of wrong ones.
    A stranger learns only of sittings that are open to everybody: their codes stand on a wall anyway. Wrong codes of
    strangers and guests are counted by address: a new name gives no new tries.

    Raises:
        DomainError: ``code_throttled`` after too many wrong codes of one account or address.
    """
    known = getattr(user, "is_authenticated", False) and not user.is_guest
    key = code_key(user.pk) if known else key_for("exam_code_from", address)
    if paused_until([key]) is not None:
        raise DomainError(_("Too many wrong codes. Please wait a few minutes."), code="code_throttled")
    typed = clean_code(code)
    found = Sitting.objects.select_related("exam").filter(code=typed).first() if typed else None
    if found is None:
        fail(key, CODES if known else STRANGERS)
    if found is not None and not known and found.sign_up != SignUp.OPEN and not _is_own(found, user):
        return None
    return found


def _is_own(sitting: Sitting, user: Any) -> bool:
    return SittingGuest.objects.own(user).filter(sitting=sitting).exists()


def own_enrolment(*, sitting: Sitting, user: User) -> Enrolment | None:
    """Return the person's enrolment in the class that sits; ``None`` for everybody else."""
    enrolments = Enrolment.objects.own(user).filter(training_class_id=sitting.training_class_id)
    return enrolments.select_related("training_class__edition").first()


def join(*, sitting: Sitting, user: User) -> SittingGuest:
    """Return the place of somebody with an account who is no learner of the class, made now where that is allowed.

    Raises:
        DomainError: ``not_enrolled`` (only learners of the class may come in).
        GuestRefusedError: ``closed``, ``guests_closed``, ``full``.
    """
    if sitting.sign_up == SignUp.ENROLLED:
        raise DomainError(_("Only learners of the class can sit this test."), code="not_enrolled")
    return guests.join(sitting=sitting, user=user)


def sign_up(*, sitting: Sitting, full_name: str, organisation: str, device: str, address: str) -> SittingGuest:
    """Let somebody in who gives a name.

    Raises:
        GuestRefusedError: ``closed``, ``guests_closed``, ``full``, ``too_many`` (names from one address).
        DomainError: what making an account raises.
    """
    key = key_for("guest_from", address)
    if paused_until([key]) is not None:
        raise GuestRefusedError(
            _("Very many people come in from here at once. Please try again in a minute."), code="too_many"
        )
    guest, made = guests.sign_up(sitting=sitting, full_name=full_name, organisation=organisation, device=device)
    if made:
        fail(key, Limit(settings.SEN_GUESTS_PER_ADDRESS, dt.timedelta(minutes=5), dt.timedelta(minutes=1)))
    return guest


def come_back(*, code: str, address: str) -> SittingGuest:
    """Return the guest whose personal code this is.

    Raises:
        DomainError: ``code_throttled`` after too many wrong ones from one address, ``code_wrong``.
    """
    key = key_for("guest_code_from", address)
    if paused_until([key]) is not None:
        raise DomainError(_("Too many wrong codes. Please wait a few minutes."), code="code_throttled")
    found = guests.find_by_code(code)
    if found is None:
        fail(key, RETURNS)
        raise DomainError(
            _("This personal code is wrong. Look at what you wrote down, or ask the invigilator for a new one."),
            code="code_wrong",
        )
    return found


def start_for_guest(*, guest: SittingGuest, device: str = "") -> Attempt:
    """Start the sitting's test for a guest, or resume the open attempt. The place is the permission: no code is asked.

    Raises:
        DomainError: ``class_closed``; ``not_open``, ``closed``, ``late``
            (:class:`~lms.exams.errors.SittingRefusedError`), and what the exam's own rules raise.
    """
    sitting = guest.sitting
    item = EditionItem.objects.get(pk=sitting.item_id)
    if item.exam_id != sitting.exam_id or item.set_number is None:
        raise DomainError(_("This item is not a test."), code="wrong_kind")

    def admit(exam: Exam) -> Admission:
        if not _class_is_open(sitting):
            raise DomainError(_("This class has ended."), code="class_closed")
        place = guests.place_of(sitting)
        try:
            choose_sitting(
                [place], code=sitting.code, moment=now(), personal=Personal(), late_minutes=exam.late_minutes
            )
        except StartRefusedError as refused:
            raise refusal_of(refused) from refused
        return admission(place, Personal())

    return attempts.start(
        user=guest.user,
        exam_id=sitting.exam_id,
        set_number=item.set_number,
        guest_id=guest.pk,
        item_id=sitting.item_id,
        admit=admit,
        device=device,
    )


def _class_is_open(sitting: Sitting) -> bool:
    return TrainingClass.objects.filter(pk=sitting.training_class_id, state=ClassState.OPEN).exists()
