"""What people may come across on pages open to them: rows of other units, of the unit above, half-done ones."""

from __future__ import annotations

from lms.classes.enums import PlanState
from lms.classes.models import AnnualPlan
from lms.common.clock import today
from lms.exams.enums import ScriptState
from lms.exams.models import Script, Sitting
from lms.people.enums import Role
from quizzes.enums import ItemState
from quizzes.models import Item
from quizzes.services.bank.items import save_version
from tests.architecture.write_foreign import foreign_rows
from tests.factories.cast import Cast
from tests.factories.marking import make_essay_exam, make_marking, make_written
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.people import grant, make_user
from tests.factories.quizzes import make_bank, make_item
from tests.factories.sittings import make_sitting


def rows_around(cast: Cast) -> dict[str, object]:
    """Make rows of a foreign unit, a bank of the unit above with unfinished questions, and what waits to be settled.

    Returns rows of the foreign unit, and further ones to look at, by name.
    """
    foreign = foreign_rows(cast)
    keeper = make_user("Người giữ kho", unit=cast.province)
    grant(keeper, Role.EXAM_OFFICER, cast.province)
    for unit in (cast.province, cast.other_centre):
        bank = make_bank(unit)
        make_item(bank, author=keeper)
        make_item(bank, author=keeper, state=ItemState.DRAFT)
        make_item(bank, author=keeper, state=ItemState.RETIRED)
        newer = make_item(bank, author=keeper)
        old = newer.current
        save_version(item=newer, kind=newer.kind, stem="Bản mới?", content=old.content, key=old.key, author=keeper)
    make_drawn_exam(make_blueprint(cast.other_centre))
    for unit, enrolment in ((cast.centre, cast.enrolment), (cast.other_centre, cast.other_class.enrolments.get())):
        essays = make_essay_exam(unit)
        make_written(essays, enrolment.pk, user=enrolment.learner)
        markers = [make_user(unit=unit), make_user(unit=unit)]
        marking = make_marking(essays, markers, group=enrolment.training_class_id, rounds=2)
        Script.objects.filter(session=marking).update(state=ScriptState.DIFFERS)
    other = make_sitting(cast.study, code="SEN678")
    Sitting.objects.filter(pk=other.pk).update(unit=cast.other_centre, training_class_id=cast.other_class.pk)
    plan = AnnualPlan.objects.create(unit=cast.centre, year=today().year + 1, state=PlanState.SUBMITTED)
    return foreign | {
        "foreign_unit_id": cast.other_centre.pk,
        "year_of_a_submitted_plan": plan.year,
        "shared_item_id": Item.objects.filter(bank__unit=cast.province, state=ItemState.APPROVED).first().pk,
    }
