"""A centre of before the reform with its heir, and the annual plans of this year and the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from lms.classes.services.plans import approve_plan, return_plan, set_lines, submit_plan
from lms.common.clock import today
from lms.people.models import Unit, User
from lms.people.services.reform import dissolve
from lms.people.services.units import create_unit
from lms.programmes.models import Edition
from lms.reports.queries import held_by

FORMER_NAME = "Trung tâm chính trị quận Ninh Kiều"


def load_former_centre(home: Unit, actor: User) -> Unit:
    """A district's centre that ended in the middle of last year and left its classes to the home centre."""
    former = create_unit(
        parent=home.get_parent(),
        name=FORMER_NAME,
        short_name="TTCT quận Ninh Kiều",
        kind="centre",
        code="NK-2025",
        valid_from=dt.date(1997, 4, 1),
        actor=actor,
    )
    ended = dt.date(today().year - 1, 7, 1)
    dissolve(unit=former, on=ended, successors=[home], decision="412-QĐ/TU", actor=actor)
    return former


def load_plans(units: Sequence[Unit], *, home: Unit, editions: Collection[Edition], actor: User) -> None:
    """Plans of the units: most of them approved, of this year one waits and one is returned."""
    programmes = [edition.programme_id for edition in editions]
    for back in (0, 1):
        year = today().year - back
        for number, unit in enumerate(units):
            plan = set_lines(unit=unit, year=year, lines=_lines(unit, year, programmes, number), actor=actor)
            submit_plan(plan=plan, actor=actor)
            if unit.pk == home.pk or back or number % 9 not in (3, 5):
                approve_plan(plan=plan, actor=actor)
            elif number % 9 == 5:
                return_plan(plan=plan, note="Đề nghị bổ sung ít nhất một lớp bồi dưỡng đảng viên mới.", actor=actor)


def _lines(unit: Unit, year: int, programmes: Sequence[int], number: int) -> Mapping[int, tuple[int, int]]:
    """A little more than what was held, and at least one class of the first programme."""
    held = held_by(unit=unit, year=year)
    lines = {}
    for index, programme in enumerate(programmes):
        classes = held[programme][1][0] if programme in held else 0
        classes += (number + index) % 2 if classes or index else 1
        if classes:
            lines[programme] = classes, classes * (35 + 5 * (number % 3))
    return lines
