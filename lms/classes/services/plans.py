"""Annual plans: drawn up by a unit, approved by the level above.

draft → submitted → approved, or returned with a note. A change to an approved plan makes it a draft again; the figures
approved before go on counting until the change is approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.enums import PlanState
from lms.classes.errors import PlanError
from lms.classes.models import AnnualPlan, PlanLine
from lms.classes.signals import plan_approved
from lms.common.clock import now
from lms.people.models import Unit

MOST_CLASSES, MOST_LEARNERS = 100_000, 10_000_000
Figures = tuple[int, int]  # classes, learners


def set_lines(*, unit: Unit, year: int, lines: Mapping[int, Figures], actor: Any) -> AnnualPlan:
    """Write planned classes and learners by programme id; other programmes stay as they are.

    The plan is made when the unit has none for the year. Nothing is written or recorded when nothing differs.

    Raises:
        PlanError: ``plan_state`` while the plan lies with the level above, ``plan_invalid`` for figures that cannot be.
    """
    for classes, learners in lines.values():
        if not (0 <= classes <= MOST_CLASSES and 0 <= learners <= MOST_LEARNERS) or (learners and not classes):
            raise PlanError(_("Give whole numbers; learners need at least one class."), code="plan_invalid")
    with transaction.atomic():
        AnnualPlan.objects.get_or_create(unit=unit, year=year)
        plan = AnnualPlan.objects.select_for_update().get(unit=unit, year=year)
        _require(plan, {PlanState.DRAFT, PlanState.RETURNED, PlanState.APPROVED})
        before = {line.programme_id: (line.classes, line.learners) for line in plan.lines.all()}
        changed = {pk: figures for pk, figures in lines.items() if before.get(pk, (0, 0)) != figures}
        if not changed:
            return plan
        PlanLine.objects.bulk_create(
            [PlanLine(plan=plan, programme_id=pk, classes=one, learners=two) for pk, (one, two) in changed.items()],
            update_conflicts=True,
            unique_fields=["plan", "programme"],
            update_fields=["classes", "learners"],
        )
        if plan.state == PlanState.APPROVED:
            plan.state = PlanState.DRAFT
            plan.save(update_fields=["state", "updated_at"])
        data = {str(pk): [before.get(pk, (0, 0)), figures] for pk, figures in changed.items()}
        _record(actor, "plans.changed", plan, lines=data)
    return plan


def submit_plan(*, plan: AnnualPlan, actor: Any) -> None:
    """Send the plan to the level above.

    Raises:
        PlanError: ``plan_empty``, or ``plan_state`` for one that lies there already.
    """
    with transaction.atomic():
        row = _locked(plan, {PlanState.DRAFT, PlanState.RETURNED})
        planned = row.lines.filter(classes__gt=0).exists()
        if not (planned or row.lines.filter(approved_classes__gt=0).exists()):
            raise PlanError(_("Nothing is planned yet."), code="plan_empty")
        _move(row, PlanState.SUBMITTED, submitted_at=now())
        _record(actor, "plans.submitted", row)
    plan.refresh_from_db()


def approve_plan(*, plan: AnnualPlan, actor: Any) -> None:
    """Approve a submitted plan: from now on reports measure against it.

    Raises:
        PlanError: it is not submitted.
    """
    with transaction.atomic():
        row = _locked(plan, {PlanState.SUBMITTED})
        row.lines.update(approved_classes=F("classes"), approved_learners=F("learners"))
        _move(row, PlanState.APPROVED, approved_at=now(), note="")
        figures = {str(line.programme_id): [line.classes, line.learners] for line in row.lines.all()}
        _record(actor, "plans.approved", row, lines=figures)
        plan_approved.send(sender=AnnualPlan, year=row.year)
    plan.refresh_from_db()


def return_plan(*, plan: AnnualPlan, note: str, actor: Any) -> None:
    """Give a submitted plan back with what should change.

    Raises:
        PlanError: it is not submitted, or there is no note (``no_note``).
    """
    if not note.strip():
        raise PlanError(_("Say what should change."), code="no_note", fields={"note": [_("Say what should change.")]})
    with transaction.atomic():
        row = _locked(plan, {PlanState.SUBMITTED})
        _move(row, PlanState.RETURNED, note=note.strip())
        _record(actor, "plans.returned", row, note=note.strip())
    plan.refresh_from_db()


def withdraw_plan(*, plan: AnnualPlan, actor: Any) -> None:
    """Take a submitted plan back before it is decided.

    Raises:
        PlanError: it is not submitted any more.
    """
    with transaction.atomic():
        row = _locked(plan, {PlanState.SUBMITTED})
        _move(row, PlanState.DRAFT)
        _record(actor, "plans.withdrawn", row)
    plan.refresh_from_db()


def _locked(plan: AnnualPlan, states: set[PlanState]) -> AnnualPlan:
    row = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    _require(row, states)
    return row


def _require(plan: AnnualPlan, states: set[PlanState]) -> None:
    if plan.state not in states:
        label = PlanState(plan.state).label
        raise PlanError(_("The plan is in the state “%(state)s”, which does not allow this.") % {"state": label})


def _move(plan: AnnualPlan, state: PlanState, **fields: Any) -> None:
    plan.state = state
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save(update_fields=["state", "updated_at", *fields])


def _record(actor: Any, action: str, plan: AnnualPlan, **data: Any) -> None:
    facts = {"unit": plan.unit_id, "year": plan.year} | data
    record(actor=actor, action=action, target=f"plan:{plan.pk}", data=facts, stream=f"unit:{plan.unit_id}")
