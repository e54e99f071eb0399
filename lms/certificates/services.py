"""Issuing and revoking certificates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.certificates.codes import new_code
from lms.certificates.models import Certificate, Register, Revocation
from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.clock import now, today
from lms.common.errors import DomainError
from lms.people.models import SensitiveProfile, Unit
from lms.programmes.queries import outline

# Kinds of units whose name is a place.
_PLACES = frozenset({"commune", "ward", "special_zone", "district", "province"})


def issue(*, enrolment: Enrolment, actor: Any = None, on: dt.date | None = None) -> Certificate:
    """Issue the certificate of a completed enrolment, once; a repeat returns the one that exists.

    The number comes from the locked row of the unit's register of the year, so numbers have no gap and no double.
    Every printed word is copied, so that no later change of a name or a unit reaches an issued certificate.
    ``on`` is the day of issue, today by default (a register kept on paper is entered with its own dates).

    Raises ``DomainError`` ``not_completed``.
    """
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.select_related("learner", "training_class__edition", "training_class__unit")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=enrolment.pk)
        )
        issued = Certificate.objects.filter(enrolment=enrolment).first()
        if issued is not None:
            return issued
        if enrolment.status != EnrolmentStatus.COMPLETED:
            raise DomainError(_("This learner has not completed the class."), code="not_completed")
        training_class = enrolment.training_class
        unit = training_class.unit
        issued_on = on or today()
        register = _next_number(unit, issued_on.year)
        place, superior = _surroundings(unit)
        certificate = Certificate(
            code=new_code(),
            register=register,
            number=register.last_number,
            number_text=f"{register.last_number:02d}/{register.year}/{settings.SEN_CERTIFICATE_SYMBOL}",
            enrolment=enrolment,
            holder_name=enrolment.learner.get_full_name() or enrolment.learner.username,
            birth_date=SensitiveProfile.objects.filter(user_id=enrolment.learner_id)
            .values_list("birth_date", flat=True)
            .first(),
            programme_title=training_class.edition.title,
            class_name=training_class.name,
            starts_on=training_class.starts_on,
            ends_on=training_class.ends_on,
            periods=_periods(training_class.edition_id),
            score=enrolment.score,
            band=enrolment.band,
            issuer_name=unit.name,
            superior_name=superior,
            place=place,
            decision=training_class.recognition_decision,
            decided_on=training_class.recognised_on,
            letterhead=settings.SEN_CERTIFICATE_LETTERHEAD,
            signer_title=settings.SEN_CERTIFICATE_SIGNER_TITLE,
            issued_on=issued_on,
        )
        certificate.save(force_insert=True)
        record(
            actor=actor,
            action="certificates.issued",
            target=f"certificate:{certificate.pk}",
            data={"code": certificate.code, "number": certificate.number_text, "enrolment": enrolment.pk},
            stream=f"class:{training_class.pk}",
        )
    return certificate


def issue_for_class(*, training_class: Any, actor: Any = None) -> int:
    """Issue to everyone who has completed the class, in the order of their names; returns how many were new."""
    waiting = (
        Enrolment.objects.filter(
            training_class=training_class, status=EnrolmentStatus.COMPLETED, certificate__isnull=True
        )
        .select_related("learner")
        .order_by("learner__sort_key", "pk")
    )
    with transaction.atomic():
        issued = [issue(enrolment=enrolment, actor=actor) for enrolment in waiting]
    return len(issued)


def revoke(*, certificate: Certificate, reason: str, actor: Any) -> Revocation:
    """Take a certificate back, by whom and why; the certificate's row and the register keep it as issued.

    Raises ``DomainError``: ``reason_needed``, ``already_revoked``.
    """
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why the certificate is revoked."), code="reason_needed")
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",), no_key=True).get(pk=certificate.pk)
        if Revocation.objects.filter(certificate=locked).exists():
            raise DomainError(_("This certificate has been revoked already."), code="already_revoked")
        revocation = Revocation(certificate=locked, at=now(), actor=actor, reason=reason[:250])
        revocation.save(force_insert=True)
        record(
            actor=actor,
            action="certificates.revoked",
            target=f"certificate:{locked.pk}",
            data={"code": locked.code, "number": locked.number_text, "reason": revocation.reason},
            stream=f"class:{locked.enrolment.training_class_id}",
        )
    return revocation


def _next_number(unit: Unit, year: int) -> Register:
    """Take the next number of the register; its row stays locked until the transaction ends."""
    Register.objects.get_or_create(unit=unit, year=year)
    register = Register.objects.select_for_update(no_key=True).get(unit=unit, year=year)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return register


def _surroundings(unit: Unit) -> tuple[str, str]:
    """The place where a unit issues papers, and the name of the unit above it."""
    above = list(unit.get_ancestors())[::-1]
    place = next((one.label for one in [unit, *above] if one.kind_id in _PLACES), "")
    return place, above[0].name if above else ""


def _periods(edition_id: int) -> int:
    return sum(item.periods for module in outline(edition_id) for item in module.items)
