"""Keeps the sums of units honest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lms.classes.services.tallies import register_proof
from lms.classes.signals import plan_approved, tally_moved
from lms.people.signals import heirs_changed
from lms.reports.services.planning import prove_plans, sum_year, sum_years_of
from lms.reports.services.proofs import prove_sums
from lms.reports.services.settling import mark_class, mark_units


def connect() -> None:
    """Listen to moved tallies and changed heirs, and prove the sums with the tallies; called once at start-up."""
    tally_moved.connect(_tally_moved, dispatch_uid="reports.tally_moved")
    heirs_changed.connect(_heirs_changed, dispatch_uid="reports.heirs_changed")
    plan_approved.connect(_plan_approved, dispatch_uid="reports.plan_approved")
    register_proof(prove_sums)
    register_proof(prove_plans)


def _tally_moved(sender: Any, class_id: int, **kwargs: Any) -> None:
    mark_class(class_id)


def _heirs_changed(sender: Any, unit_ids: Collection[int], **kwargs: Any) -> None:
    mark_units(unit_ids)
    sum_years_of(unit_ids)


def _plan_approved(sender: Any, year: int, **kwargs: Any) -> None:
    sum_year(year)
