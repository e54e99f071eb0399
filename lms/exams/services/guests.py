"""Guests of a sitting: coming in, coming back by a personal code, the invigilator's switch, the end."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from lms.common.clock import now as clock_now
from lms.common.text import normalise
from lms.exams.engine.admission import CLOSED, LATE, Personal, SittingRules, StartRefusedError, choose_sitting
from lms.exams.enums import SignUp, SittingEventKind
from lms.exams.errors import GuestRefusedError
from lms.exams.models import Attempt, Sitting, SittingGuest
from lms.exams.services.sittings import note_event
from lms.people.codes import ALPHABET, LENGTH, hash_code, possible_hashes, readable
from lms.people.models import User
from lms.people.services.accounts import PersonData, create_people
from lms.people.services.erasure import erase_guest
from lms.people.services.sessions import end_all

_TRIES = 5
_SWEEP = 500


def most_guests(sitting: Sitting) -> int:
    """Return how many guests the sitting lets in."""
    return settings.SEN_SITTING_GUESTS if sitting.max_guests is None else sitting.max_guests


def place_of(sitting: Sitting) -> SittingRules:
    """Return the sitting as the rules of admission see it."""
    return SittingRules(
        sitting.pk,
        sitting.opens_at,
        sitting.closes_at,
        sitting.needs_opening,
        sitting.opened_at,
        sitting.stopped_at,
        sitting.code,
        sitting.late_minutes,
        sitting.cut_at_close,
    )


def why_no_guests(sitting: Sitting) -> str:
    """Return why nobody new is let in now, as a code: ``closed``, ``guests_closed``, ``full``; "" when they are.

    Somebody who would never be let start is not let in either: no account is made for nothing. Waiting for the
    invigilator's word is no reason.
    """
    moment = clock_now()
    if sitting.sign_up == SignUp.ENROLLED or not sitting.opens_at <= moment < sitting.closes_at:
        return "closed"
    try:
        choose_sitting(
            [place_of(sitting)],
            code=sitting.code,
            moment=moment,
            personal=Personal(),
            late_minutes=sitting.exam.late_minutes,
        )
    except StartRefusedError as refusal:
        if refusal.code in {CLOSED, LATE}:
            return "closed"
    if not sitting.accepts_guests:
        return "guests_closed"
    return "full" if sitting.guest_count >= most_guests(sitting) else ""


def refusal_sentence(code: str) -> str:
    """Return what a person reads who is not let in."""
    return {
        "closed": _("Nobody can come in here any more."),
        "guests_closed": _("The invigilator lets nobody new in now. Ask at the desk."),
        "full": _("All places of this sitting are taken. Ask at the desk."),
    }[code]


def _refuse(code: str) -> GuestRefusedError:
    return GuestRefusedError(refusal_sentence(code), code=code)


def name_key(full_name: str) -> str:
    """Return a name as two are compared: without regard to case and spaces, with its accents."""
    return normalise(full_name).casefold()[:250]


def sign_up(*, sitting: Sitting, full_name: str, organisation: str, device: str) -> tuple[SittingGuest, bool]:
    """Let somebody in who gives a name, with an account for this sitting only.

    The same name in the same browser again is the same guest. Returns the guest, and whether it was made now.

    Args:
        sitting: with its exam.
        full_name: validated.
        organisation: as typed.
        device: the browser's mark.

    Raises:
        GuestRefusedError: ``closed``, ``guests_closed``, ``full``; nothing was made.
        DomainError: what making an account raises.
    """
    if sitting.sign_up != SignUp.OPEN:
        raise _refuse("closed")
    key = name_key(full_name)
    again = SittingGuest.objects.filter(sitting=sitting, device=device, name_key=key, user__is_active=True)
    if device and (found := again.select_related("user").first()):
        return found, False
    if code := why_no_guests(sitting):
        raise _refuse(code)
    try:
        with transaction.atomic():
            user = _make_account(full_name, organisation)
            guest = SittingGuest.objects.create(sitting=sitting, user=user, device=device, name_key=key)
            _give_code(guest)
            _take_place(sitting)
    except IntegrityError:  # the same person pressed twice
        found = again.select_related("user").first()
        if found is None:
            raise
        return found, False
    return guest, True


def _make_account(full_name: str, organisation: str) -> User:
    # A name of its own kind: people's own usernames stay free, and nobody guesses it.
    username = f"khach.{secrets.token_hex(8)}"
    person = PersonData(full_name, username=username, organisation=organisation, guest=True)
    return create_people([person], actor=None)[0]


def join(*, sitting: Sitting, user: User) -> SittingGuest:
    """Let somebody in who has an account, without making a learner of the class; a second time changes nothing.

    Raises:
        GuestRefusedError: ``closed``, ``guests_closed``, ``full``.
    """
    known = SittingGuest.objects.filter(sitting=sitting, user=user)
    if found := known.first():
        return found
    if code := why_no_guests(sitting):
        raise _refuse(code)
    try:
        with transaction.atomic():
            guest = SittingGuest.objects.create(sitting=sitting, user=user)
            _take_place(sitting)
    except IntegrityError:
        return known.get()
    return guest


def _take_place(sitting: Sitting) -> None:
    """Count one guest more, inside the caller's transaction: exact, whoever comes in at the same moment."""
    free = Sitting.objects.filter(pk=sitting.pk, accepts_guests=True, guest_count__lt=most_guests(sitting))
    if not free.update(guest_count=F("guest_count") + 1):
        sitting.refresh_from_db(fields=["accepts_guests", "guest_count"])
        raise _refuse("full" if sitting.accepts_guests else "guests_closed")


# --- personal codes ---------------------------------------------------------------------------------------------


def _derive(guest: SittingGuest, secret: str) -> str:
    """Return the code that a secret gives this guest. It is worked out, so that no table holds it."""
    message = f"guest:{guest.pk}:{guest.code_number}".encode()
    number = int.from_bytes(hmac.new(b"sen.guest:" + secret.encode(), message, hashlib.sha256).digest())
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def code_of(guest: SittingGuest) -> str:
    """Return the personal code as it is written down (``ACDEF-34679``), for the guest's own eyes; "" for none."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = _derive(guest, secret)
        if guest.code_digest and hmac.compare_digest(hash_code(code, secret=secret), guest.code_digest):
            return readable(code)
    return ""


def _give_code(guest: SittingGuest) -> None:
    """Give the guest a code that nobody else has; the one before no longer holds."""
    for _try in range(_TRIES):
        guest.code_number += 1
        guest.code_digest = hash_code(_derive(guest, settings.SECRET_KEY))
        try:
            with transaction.atomic():
                guest.save(update_fields=["code_number", "code_digest", "updated_at"])
        except IntegrityError:  # another guest has it
            continue
        return
    raise GuestRefusedError(_("No free code was found. Please try again."), code="no_code")


def find_by_code(code: str) -> SittingGuest | None:
    """Return the guest whose personal code this is, as long as the account is open."""
    found = SittingGuest.objects.filter(code_digest__in=possible_hashes(code), user__is_active=True)
    return found.select_related("user", "sitting").first()


@transaction.atomic
def renew_personal_code(*, guest: SittingGuest, actor: Any) -> str:
    """Give a guest who has lost the code a new one, and return it; what was noted before no longer works.

    Whoever came in by the old code, or in the browser in which the name was given, is out: every session ends, and
    the name alone opens the place no more there. The answers that reached the server stay.

    Raises:
        GuestRefusedError: ``has_account``: the person signs in with a password.
    """
    locked = SittingGuest.objects.select_for_update(of=("self",)).select_related("user", "sitting").get(pk=guest.pk)
    if not locked.user.is_guest or not locked.user.is_active:
        raise GuestRefusedError(_("This person has an account and signs in with it."), code="has_account")
    _give_code(locked)
    locked.device = ""
    locked.save(update_fields=["device"])
    end_all(user=locked.user)
    event = note_event(
        sitting=locked.sitting,
        kind=SittingEventKind.GUEST_CODE,
        actor=actor,
        data={"guest": locked.pk, "learner": locked.user_id},
    )
    # The name stands in the log alone, where it can be erased; the audit entry names the row.
    event.text = str(locked.user)
    event.save(update_fields=["text"])
    return code_of(locked)


@transaction.atomic
def accept_guests(*, sitting: Sitting, accepts: bool, actor: Any) -> bool:
    """Let new guests in, or no more; who is in goes on. Returns whether that changed anything."""
    changed = Sitting.objects.filter(pk=sitting.pk, accepts_guests=not accepts).update(accepts_guests=accepts)
    if changed:
        kind = SittingEventKind.GUESTS_OPEN if accepts else SittingEventKind.GUESTS_CLOSED
        note_event(sitting=sitting, kind=kind, actor=actor)
        sitting.accepts_guests = accepts
    return bool(changed)


# --- the end -----------------------------------------------------------------------------------------------------


def expire_guests(now: dt.datetime | None = None) -> int:
    """Close and erase the accounts of guests whose sitting ended ``SEN_GUEST_DAYS`` ago; return how many.

    Answers, results, receipts and statistics stay as they are, without the name. One transaction each; safe to repeat.
    """
    limit = (now or clock_now()) - dt.timedelta(days=settings.SEN_GUEST_DAYS)
    at_work = Attempt.objects.open().filter(user_id=OuterRef("user_id"))
    over = SittingGuest.objects.filter(
        ~Exists(at_work),
        Q(user__erased_at__isnull=True),
        user__is_guest=True,
        sitting__closes_at__lt=limit,
    ).select_related("user")
    done = 0
    while due := list(over.order_by("pk")[:_SWEEP]):
        for guest in due:
            erase_guest(user=guest.user)  # takes the place's name and code with it
            done += 1
    return done
