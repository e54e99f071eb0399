"""Issuing and revoking certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.certificates.codes import new_code
from lms.certificates.models import Certificate, Register, Revocation
from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.clock import now, today
from lms.common.errors import DomainError
from lms.notifications.services import notify
from lms.people.models import SensitiveProfile, Unit
from lms.programmes.queries import outline

REVOKED = "certificate_revoked"  # the kind of its notice
_BATCH = 500
# Kinds of units whose name is a place.
_PLACES = frozenset({"commune", "ward", "special_zone", "district", "province"})


def issue(*, enrolment: Enrolment, actor: Any = None, on: dt.date | None = None) -> Certificate:
    """Issue the certificate of a completed enrolment, once; a repeat returns the one that exists.

    ``on`` is the day of issue, today by default (a register kept on paper is entered with its own dates).

    Raises ``DomainError`` ``not_completed``.
    """
    return issue_many(enrolments=[enrolment], actor=actor, on={enrolment.pk: on} if on else None)[0]


def issue_many(
    *, enrolments: Sequence[Enrolment], actor: Any = None, on: Mapping[int, dt.date] | None = None
) -> list[Certificate]:
    """Issue certificates in the order given, all or none; those issued before are returned as they are.

    Numbers come from the locked row of the unit's register of the year, so they have no gap and no double. Every
    printed word is copied, so that no later change of a name or a unit reaches an issued certificate.

    Args:
        on: days of issue by enrolment id; today where there is none.

    Raises ``DomainError`` ``not_completed`` when one of the learners has not completed.
    """
    with transaction.atomic():
        locked = {
            enrolment.pk: enrolment
            for ids in batched([enrolment.pk for enrolment in enrolments], _BATCH)
            for enrolment in Enrolment.objects.select_related(
                "learner", "training_class__edition", "training_class__unit"
            )
            .select_for_update(of=("self",), no_key=True)
            .filter(pk__in=ids)
            .order_by("pk")
        }
        issued: dict[int, Certificate] = {}
        births: dict[int, dt.date | None] = {}
        for ids in batched(locked, _BATCH):
            issued |= {one.enrolment_id: one for one in Certificate.objects.filter(enrolment_id__in=ids)}
            learners = [locked[pk].learner_id for pk in ids]
            births |= dict(SensitiveProfile.objects.filter(user_id__in=learners).values_list("user_id", "birth_date"))
        registers: dict[tuple[int, int], Register] = {}
        surroundings: dict[int, tuple[str, str]] = {}
        new: list[Certificate] = []
        for given in enrolments:
            enrolment = locked[given.pk]
            if enrolment.pk in issued:
                continue
            if enrolment.status != EnrolmentStatus.COMPLETED:
                raise DomainError(_("This learner has not completed the class."), code="not_completed")
            day = (on or {}).get(enrolment.pk) or today()
            register = _take_number(registers, enrolment.training_class.unit, day.year)
            unit = enrolment.training_class.unit
            if unit.pk not in surroundings:
                surroundings[unit.pk] = _surroundings(unit)
            birth_date = births.get(enrolment.learner_id)
            certificate = _certificate(enrolment, register, day, birth_date, surroundings[unit.pk])
            issued[enrolment.pk] = certificate
            new.append(certificate)
        for register in registers.values():
            register.save(update_fields=["last_number"])
        Certificate.objects.bulk_create(new, batch_size=_BATCH)
        _record_issued(new, actor)
    return [issued[enrolment.pk] for enrolment in enrolments]


def issue_for_class(*, training_class: Any, actor: Any = None) -> int:
    """Issue to everyone who has completed the class, in the order of their names; returns how many were new."""
    waiting = list(
        Enrolment.objects.filter(
            training_class=training_class, status=EnrolmentStatus.COMPLETED, certificate__isnull=True
        ).order_by("learner__sort_key", "pk")
    )
    return len(issue_many(enrolments=waiting, actor=actor))


def _certificate(
    enrolment: Enrolment, register: Register, day: dt.date, birth_date: dt.date | None, surroundings: tuple[str, str]
) -> Certificate:
    training_class = enrolment.training_class
    place, superior = surroundings
    return Certificate(
        code=new_code(),
        register=register,
        number=register.last_number,
        number_text=f"{register.last_number:02d}/{register.year}/{settings.SEN_CERTIFICATE_SYMBOL}",
        enrolment=enrolment,
        holder_name=enrolment.learner.get_full_name() or enrolment.learner.username,
        birth_date=birth_date,
        programme_title=training_class.edition.title,
        class_name=training_class.name,
        starts_on=training_class.starts_on,
        ends_on=training_class.ends_on,
        periods=_periods(training_class.edition_id),
        score=enrolment.score,
        band=enrolment.band,
        issuer_name=training_class.unit.name,
        superior_name=superior,
        place=place,
        decision=training_class.recognition_decision,
        decided_on=training_class.recognised_on,
        letterhead=settings.SEN_CERTIFICATE_LETTERHEAD,
        signer_title=settings.SEN_CERTIFICATE_SIGNER_TITLE,
        issued_on=day,
    )


def _record_issued(new: Sequence[Certificate], actor: Any) -> None:
    """One entry a class, in the order of the classes' ids (streams are locked in a fixed order)."""
    by_class: dict[int, list[Certificate]] = {}
    for certificate in new:
        by_class.setdefault(certificate.enrolment.training_class_id, []).append(certificate)
    for class_id, certificates in sorted(by_class.items()):
        facts = [{"code": one.code, "number": one.number_text, "enrolment": one.enrolment_id} for one in certificates]
        single = len(certificates) == 1
        record(
            actor=actor,
            action="certificates.issued",
            target=f"certificate:{certificates[0].pk}" if single else f"class:{class_id}",
            data=facts[0] if single else {"certificates": facts},
            stream=f"class:{class_id}",
        )


def revoke(*, certificate: Certificate, reason: str, actor: Any) -> Revocation:
    """Revoke a certificate for a reason; its row and its number in the register stay as they were issued.

    The learner is told. Completion stays, and no other certificate is issued for the same enrolment.

    Raises ``DomainError``: ``reason_needed``, ``own_certificate`` (nobody revokes the own one), ``already_revoked``.
    """
    reason = reason.strip()
    if not reason:
        message = _("Say why the certificate is revoked.")
        raise DomainError(message, code="reason_needed", fields={"reason": [message]})
    with transaction.atomic():
        locked = (
            Certificate.objects.select_for_update(of=("self",), no_key=True)
            .select_related("enrolment")
            .get(pk=certificate.pk)
        )
        if locked.enrolment.learner_id == actor.pk:
            raise DomainError(_("You cannot revoke your own certificate."), code="own_certificate")
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
        notify(
            recipients=[locked.enrolment.learner_id],
            kind=REVOKED,
            params={"number": locked.number_text, "reason": revocation.reason},
            url=reverse("learner:certificates"),
        )
    return revocation


def _take_number(registers: dict[tuple[int, int], Register], unit: Unit, year: int) -> Register:
    """Return the unit's register with its next number taken; the row stays locked until the transaction ends."""
    key = (unit.pk, year)
    if key not in registers:
        Register.objects.get_or_create(unit=unit, year=year)
        registers[key] = Register.objects.select_for_update(no_key=True).get(unit=unit, year=year)
    registers[key].last_number += 1
    return registers[key]


def _surroundings(unit: Unit) -> tuple[str, str]:
    """The place where a unit issues papers, and the name of the unit above it."""
    above = list(unit.get_ancestors())[::-1]
    place = next((one.label for one in [unit, *above] if one.kind_id in _PLACES), "")
    return place, above[0].name if above else ""


def _periods(edition_id: int) -> int:
    return sum(item.periods for module in outline(edition_id) for item in module.items)
