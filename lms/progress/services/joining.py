"""Coming in by the code of a sitting: a hall quiz, an open contest."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.classes.enums import EnrolmentStatus
from lms.classes.errors import AlreadyEnrolled
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services.enrolments import enrol
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.models import User
from lms.people.services.accounts import create_person
from lms.people.services.throttling import fail, paused_until
from lms.progress.services.admissions import CODES, code_key
from quizzes.engine.admission import clean_code
from quizzes.enums import SignUp
from quizzes.models import Sitting


def find_sitting(*, code: str, user: Any) -> Sitting | None:
    """Return the sitting of a code that ``user`` may know about, ``None`` for a wrong one.

    Whoever is signed in may come in by any code that was shown to them, and has a limited number of wrong ones.
    A stranger learns only of sittings that are open to everybody: their codes stand on a wall anyway.

    Raises:
        DomainError: ``code_throttled`` after too many wrong codes of one account.
    """
    signed_in = getattr(user, "is_authenticated", False)
    if signed_in and paused_until([code_key(user.pk)]) is not None:
        raise DomainError(_("Too many wrong codes. Please wait a few minutes."), code="code_throttled")
    typed = clean_code(code)
    found = Sitting.objects.select_related("exam").filter(code=typed).first() if typed else None
    if found is None and signed_in:
        fail(code_key(user.pk), CODES)
    if found is not None and not signed_in and found.sign_up != SignUp.OPEN:
        return None
    return found


def join(*, sitting: Sitting, user: User) -> Enrolment:
    """Return the person's enrolment in the class that sits, made now where the sitting lets others in.

    Raises:
        DomainError: ``not_enrolled`` (only learners of the class may come in), ``closed``, and what enrolling raises.
    """
    training_class = TrainingClass.objects.select_related("edition").get(pk=sitting.group_id)
    enrolment = (
        Enrolment.objects.own(user)
        .filter(training_class=training_class)
        .select_related("training_class__edition")
        .first()
    )
    if enrolment is not None:
        return enrolment
    if sitting.sign_up == SignUp.ENROLLED:
        raise DomainError(_("Only learners of the class can sit this test."), code="not_enrolled")
    if sitting.closes_at <= now():
        raise DomainError(_("This test can no longer be started."), code="closed")
    try:
        made = enrol(training_class=training_class, learner=user, actor=user)
    except AlreadyEnrolled:  # the same person pressed twice
        made = Enrolment.objects.get(training_class=training_class, learner=user)
    if made.status == EnrolmentStatus.WITHDRAWN:
        raise DomainError(_("You have been withdrawn from this class."), code="withdrawn")
    return Enrolment.objects.select_related("training_class__edition").get(pk=made.pk)


@transaction.atomic
def sign_up(*, sitting: Sitting, full_name: str, organisation: str) -> User:
    """Make an account without a password for somebody who gives a name, where the sitting is open to everybody.

    The account lives in the browser's session; who wants to keep it is given an activation code by the office of
    the class's unit, which is the person's home from then on.

    Raises:
        DomainError: ``closed`` (the sitting is not open to everybody, or over), and what making an account raises.
    """
    moment = now()
    if sitting.sign_up != SignUp.OPEN or not sitting.opens_at <= moment < sitting.closes_at:
        raise DomainError(_("Nobody can sign up here now."), code="closed")
    home = TrainingClass.objects.select_related("unit").get(pk=sitting.group_id).unit
    return create_person(full_name=full_name, organisation=organisation, unit=home, actor=None)
