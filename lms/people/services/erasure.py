"""Erasing what is kept about a person, where the law lets a record be erased (docs/adr/0019)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from lms.audit.services import record
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.formats import moment
from lms.people.erasure import Kept, blockers, erase_elsewhere, kept
from lms.people.models import (
    ActivationCode,
    ApiToken,
    ErasureRequest,
    ErasureState,
    Membership,
    Profile,
    SensitiveProfile,
    User,
    UserSession,
)
from lms.people.signals import erasure_asked, erasure_refused

# What stands in the place of the name, in lists and on the record; data, so in the language of the field.
PSEUDONYM = "Người đã xoá"

ERASED: tuple[str | Promise, ...] = (
    gettext_lazy("Name, username, e-mail and phone"),
    gettext_lazy("Position, Party cell and unit"),
    gettext_lazy("Date of birth, gender, ethnicity, hometown, citizen ID, Party card and date of admission"),
    gettext_lazy("Password, second factor, codes and API tokens: nobody can sign in any more"),
    gettext_lazy("Notices in the product"),
)


class ErasureError(DomainError):
    """``already_asked``, ``not_open``, ``not_allowed``, ``own_request``, ``blocked`` or ``no_reason``."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview of erasing: what goes, what stays and why, what prevents it."""

    erased: tuple[str | Promise, ...]
    kept: list[Kept]
    blockers: list[str]


def ask(*, user: User, actor: User, reason: str = "") -> ErasureRequest:
    """Ask for the erasure of ``user``: by the person, or by a manager of the home unit who holds the person's letter.

    Raises:
        ErasureError: ``no_reason`` (a manager names the letter), ``not_allowed``, or ``already_asked``.
    """
    if actor.pk != user.pk and not reason.strip():
        raise ErasureError(_("Name the letter in which the person asks."), code="no_reason")
    try:
        with transaction.atomic():
            if actor.pk != user.pk:
                _refuse_strangers(user, actor)
            request = ErasureRequest.objects.create(user=user, asked_by=actor, asked_at=now(), reason=reason.strip())
            record(actor=actor, action="people.erasure_asked", target=f"user:{user.pk}", data={"request": request.pk})
            erasure_asked.send(sender=ErasureRequest, request=request)
    except IntegrityError as error:
        raise ErasureError(_("This is asked for already."), code="already_asked") from error
    return request


def withdraw(*, user: User) -> bool:
    """Take the own request back; whether there was one."""
    rows = ErasureRequest.objects.open().filter(user=user)
    return bool(rows.update(state=ErasureState.WITHDRAWN, decided_by=user, decided_at=now()))


def preview(user: User) -> Preview:
    """Return what erasing ``user`` would do today."""
    return Preview(ERASED, kept(user), blockers(user))


def refuse(*, request: ErasureRequest, actor: User, reason: str) -> None:
    """Refuse a request with a reason that the person reads.

    Raises:
        ErasureError: ``no_reason``, ``not_allowed``, or ``not_open``.
    """
    with transaction.atomic():
        _decide(request, actor, reason, ErasureState.REFUSED)
        _refuse_strangers(request.user, actor)
        record(
            actor=actor,
            action="people.erasure_refused",
            target=f"user:{request.user_id}",
            data={"request": request.pk, "reason": reason.strip()},
        )
        erasure_refused.send(sender=ErasureRequest, request=request)


def carry_out(*, request: ErasureRequest, actor: User, reason: str) -> dict[str, int]:
    """Erase for ever. Who entered a person's letter does not decide on it: a second manager does.

    Returns:
        How much of what was erased.

    Raises:
        ErasureError: ``no_reason``, ``not_allowed``, ``own_request``, ``not_open``, or ``blocked`` with the
            sentences in ``fields["blockers"]``.
    """
    if actor.pk in {request.user_id, request.asked_by_id}:
        raise ErasureError(_("Somebody else has to carry this out."), code="own_request")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=request.user_id)
        if not ErasureRequest.objects.open().filter(pk=request.pk).exists():
            raise _decided_before(request, actor)  # an erased person has no unit any more: nobody would be allowed
        _refuse_strangers(user, actor)
        standing = blockers(user)
        if standing:
            raise ErasureError(_("This cannot be erased yet."), code="blocked", fields={"blockers": standing})
        _decide(request, actor, reason, ErasureState.DONE)
        counts = _erase(user)
        record(
            actor=actor,
            action="people.erased",
            target=f"user:{user.pk}",
            data={"request": request.pk, "reason": reason.strip(), **counts},
        )
    return counts


def erase_guest(*, user: User) -> None:
    """Close and erase the account of a guest, as was said when the name was given; nobody decides about it.

    Raises:
        ErasureError: ``not_allowed``: the account is no guest's.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_guest:
            raise ErasureError(_("This account is no guest's."), code="not_allowed")
        if locked.erased_at is None:
            counts = _erase(locked)
            record(actor=None, action="people.guest_erased", target=f"user:{user.pk}", data=counts)


def own_blockers(user: Any) -> list[str]:
    """Roles that are still in force: whoever acts for a unit is named in its records."""
    found = []
    if user.is_superuser:
        found.append(_("The account administers the installation."))
    if Membership.objects.current().filter(user=user).exists():
        found.append(_("The person still holds a role. End the roles first."))
    return found


def _erase(user: User) -> dict[str, int]:
    counts = {}
    for name, rows in {
        "sensitive": SensitiveProfile.objects.filter(user=user),
        "activation_codes": ActivationCode.objects.filter(user=user),
        "factors": Authenticator.objects.filter(user=user),
        "identities": SocialAccount.objects.filter(user=user),
        "confirmed_emails": EmailAddress.objects.filter(user=user),
        "tokens": ApiToken.objects.filter(user=user),
        "sessions": UserSession.objects.filter(user=user),
        "preferences": UserProfile.objects.filter(user=user),
    }.items():
        counts[name], _rows = rows.delete()
    Profile.objects.filter(user=user).update(position="", organisation="", unit=None)
    ErasureRequest.objects.filter(user=user).update(reason="")
    _forget_labels(user)
    counts |= erase_elsewhere(user)
    user.username = f"da-xoa-{user.pk}"
    user.email = user.phone = None
    user.family_name = user.middle_name = user.own_sort_key = ""
    user.given_name = PSEUDONYM
    user.is_active = user.is_staff = user.must_change_password = False
    user.last_login = None
    user.session_epoch += 1
    user.erased_at = now()
    user.set_unusable_password()
    user.groups.clear()
    user.save()
    return counts


def _forget_labels(user: User) -> None:
    """Wagtail's own log keeps the names of the rows it tells of."""
    memberships = Membership.objects.filter(user=user).values_list("pk", flat=True)
    for model, keys in ((User, [user.pk]), (Membership, list(memberships))):
        kind = ContentType.objects.get_for_model(model)
        rows = ModelLogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
        rows.update(label=PSEUDONYM)


def _decide(request: ErasureRequest, actor: User, reason: str, state: ErasureState) -> None:
    if not reason.strip():
        raise ErasureError(_("Give the reason."), code="no_reason")
    done = ErasureRequest.objects.open().filter(pk=request.pk)
    if not done.update(state=state, decided_by=actor, decided_at=now(), decision=reason.strip()):
        raise _decided_before(request, actor)


def _decided_before(request: ErasureRequest, actor: User) -> ErasureError:
    """Say who decided and when: whoever may decide sees the request and its answer."""
    row = ErasureRequest.objects.select_related("decided_by").get(pk=request.pk)
    facts = {
        "state": row.get_state_display(),
        "name": _("you") if row.decided_by_id == actor.pk else row.decided_by or "–",
        "moment": moment(row.decided_at),
    }
    said = _("This request has been decided already: %(state)s, by %(name)s on %(moment)s.")
    return ErasureError(said % facts, code="not_open")


def _refuse_strangers(user: User, actor: User) -> None:
    """Read the roles and the home anew: what a page showed a moment ago may have ended."""
    actor = User.objects.get(pk=actor.pk)
    if not User.objects.editable_by(actor).filter(pk=user.pk).exists():
        raise ErasureError(_("This person is outside your units."), code="not_allowed")
