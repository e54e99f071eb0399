"""Annual plans: who draws up, who approves, what reports count."""

from __future__ import annotations

import pytest

from lms.audit.models import AuditEntry
from lms.classes.enums import PlanState
from lms.classes.errors import PlanError
from lms.classes.models import AnnualPlan
from lms.classes.services.plans import approve_plan, return_plan, set_lines, submit_plan, withdraw_plan
from lms.classes.services.tallies import run_proofs
from lms.common.clock import today
from lms.people.services.reform import dissolve
from lms.reports.models import UnitPlan
from lms.reports.queries import Filters, rollup
from lms.reports.rollup import Planned
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_edition, make_programme_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    root = make_unit(name="Trung ương", kind="central")
    province = make_unit(root, "Tỉnh Một", "province")
    centre, other = make_unit(province, "Trung tâm Một"), make_unit(province, "Trung tâm Hai")
    party = make_edition(make_programme_page(root, title="Đảng viên mới"))
    cadres = make_edition(make_programme_page(root, title="Công tác dân vận"))
    return root, province, centre, other, party, cadres, make_user()


def approved(unit, year, lines, actor):
    plan = set_lines(unit=unit, year=year, lines=lines, actor=actor)
    submit_plan(plan=plan, actor=actor)
    approve_plan(plan=plan, actor=actor)
    return plan


def plans_by(unit, group, **filters):
    return {row.label: (row.plan.classes, row.plan.learners) for row in
            rollup(unit=unit, filters=Filters(**filters), group_by=group).rows if row.plan}  # fmt: skip


def test_only_an_approved_plan_counts_and_a_change_counts_when_it_is_approved(world):
    _root, _province, centre, _other, party, _cadres, actor = world
    plan = set_lines(unit=centre, year=2026, lines={party.programme_id: (4, 200)}, actor=actor)
    assert rollup(unit=centre, filters=Filters()).plan is None
    submit_plan(plan=plan, actor=actor)
    assert rollup(unit=centre, filters=Filters()).plan is None
    approve_plan(plan=plan, actor=actor)
    assert rollup(unit=centre, filters=Filters()).plan == Planned(4, 200)
    plan = set_lines(unit=centre, year=2026, lines={party.programme_id: (6, 300)}, actor=actor)
    assert (plan.state, rollup(unit=centre, filters=Filters()).plan) == (PlanState.DRAFT, Planned(4, 200))
    submit_plan(plan=plan, actor=actor)
    approve_plan(plan=plan, actor=actor)
    assert rollup(unit=centre, filters=Filters()).plan == Planned(6, 300)
    entries = AuditEntry.objects.filter(target=f"plan:{plan.pk}").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == [
        "plans.changed", "plans.submitted", "plans.approved", "plans.changed", "plans.submitted", "plans.approved",
    ]  # fmt: skip


def test_states_that_do_not_allow_an_act_refuse_it(world):
    _root, _province, centre, _other, party, _cadres, actor = world
    line = {party.programme_id: (4, 200)}
    plan = set_lines(unit=centre, year=2026, lines=line, actor=actor)
    for act in (approve_plan, withdraw_plan):
        with pytest.raises(PlanError):
            act(plan=plan, actor=actor)
    submit_plan(plan=plan, actor=actor)
    with pytest.raises(PlanError):
        set_lines(unit=centre, year=2026, lines={party.programme_id: (5, 200)}, actor=actor)
    with pytest.raises(PlanError) as refused:
        return_plan(plan=plan, note=" ", actor=actor)
    assert refused.value.code == "no_note"
    return_plan(plan=plan, note="Thêm lớp", actor=actor)
    assert (plan.state, plan.note) == (PlanState.RETURNED, "Thêm lớp")
    empty = set_lines(unit=centre, year=2027, lines={party.programme_id: (0, 0)}, actor=actor)
    with pytest.raises(PlanError) as refused:
        submit_plan(plan=empty, actor=actor)
    assert refused.value.code == "plan_empty"


@pytest.mark.parametrize("figures", [(-1, 0), (0, 5), (1, -1), (10**6, 1)])
def test_figures_that_cannot_be_are_refused(world, figures):
    with pytest.raises(PlanError) as refused:
        set_lines(unit=world[2], year=2026, lines={world[4].programme_id: figures}, actor=None)
    assert (refused.value.code, AnnualPlan.objects.count()) == ("plan_invalid", 0)


def test_plans_add_up_over_the_tree_and_follow_heirs(world):
    root, province, centre, other, party, cadres, actor = world
    approved(centre, 2026, {party.programme_id: (4, 200), cadres.programme_id: (1, 40)}, actor)
    approved(centre, 2025, {party.programme_id: (2, 100)}, actor)
    approved(province, 2026, {party.programme_id: (1, 30)}, actor)
    assert plans_by(root, "unit", year=2026) == {"Tỉnh Một": (6, 270)}
    assert plans_by(province, "unit", year=2026) == {"Tỉnh Một": (1, 30), "Trung tâm Một": (5, 240)}
    assert plans_by(root, "programme", year=2026) == {"Công tác dân vận": (1, 40), "Đảng viên mới": (5, 230)}
    assert plans_by(root, "year") == {"2026": (6, 270), "2025": (2, 100)}
    assert plans_by(root, "year", module_kind="theory") == {}
    dissolve(unit=centre, on=today(), successors=[other], actor=actor)
    assert plans_by(province, "unit", year=2026) == {"Tỉnh Một": (1, 30), "Trung tâm Hai": (5, 240)}
    assert plans_by(province, "unit", year=2026, tree="then") == {"Tỉnh Một": (1, 30), "Trung tâm Một": (5, 240)}
    assert run_proofs() == []
    UnitPlan.objects.filter(unit=root, moved=False).update(classes=99)
    assert len(run_proofs(fix=True)) == 2
    assert run_proofs() == []


def test_the_percentage_is_of_classes_held_and_of_learners_who_stayed(world):
    _root, _province, centre, _other, party, _cadres, actor = world
    year = today().year
    approved(centre, year, {party.programme_id: (4, 3)}, actor)
    training_class = make_class(centre, party)
    make_enrolment(training_class)
    make_enrolment(training_class, status="withdrawn")
    row = rollup(unit=centre, filters=Filters(year=year), group_by="programme").rows[0]
    assert (row.plan, str(row.classes_percent), str(row.learners_percent)) == (Planned(4, 3), "25.0", "33.3")
