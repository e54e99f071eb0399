"""Rows of another unit, named where own ones are expected: in bodies, and below an own class or bank in an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lms.people.enums import Role
from quizzes.enums import ItemState
from quizzes.models import Item
from quizzes.services.bank.topics import add_topic
from tests.architecture.write_matrix import WRITES
from tests.factories.cast import Cast
from tests.factories.classes import make_session
from tests.factories.learning import make_study
from tests.factories.papers import make_blueprint
from tests.factories.people import grant, make_user
from tests.factories.quizzes import make_bank, make_item


@dataclass(frozen=True)
class Foreign:
    """A body that names a foreign row, sent by somebody who may use the address; ``control`` names an own one."""

    key: str
    about: str
    person: str
    body: dict[str, Any]
    control: dict[str, Any]


def _instead(key: str, name: str, foreign: Any, own: Any, person: str = "exam_officer", about: str = "") -> Foreign:
    """The body of the matrix, with one value foreign and, as the control, own."""
    body = WRITES[key].body
    return Foreign(key, about or name, person, {**body, name: foreign}, {**body, name: own})


def _rows(topic: str) -> list[dict[str, Any]]:
    return [{"count": 1, "points": "1", "topic": topic}]


FOREIGN = [
    _instead("post api:items-bulk", "topic", "$foreign_topic_id", "$topic_id"),
    _instead("post api:items-bulk", "items", ["$foreign_item_id"], ["$bank_item_id"]),
    Foreign(
        "post api:items-bulk", "bank", "exam_officer",
        {"do": "move", "items": ["$bank_item_id"], "bank": "$foreign_bank_id"},
        {"do": "move", "items": ["$bank_item_id"], "bank": "$second_bank_id"},
    ),
    _instead("post api:bank-topics", "parent", "$foreign_topic_id", "$topic_id"),
    _instead("post api:bank-items", "topic", "$foreign_topic_id", "$topic_id"),
    _instead("put api:item", "topic", "$foreign_topic_id", "$topic_id"),
    _instead("post api:blueprints", "unit", "$foreign_unit_id", "$unit_id"),
    _instead("post api:blueprints", "bank", "$foreign_bank_id", "$bank_id"),
    _instead("post api:blueprints", "rows", _rows("$foreign_topic_id"), _rows("$topic_id")),
    Foreign(
        "post office:plan", "programme", "registrar",
        {"act": "save", "$foreign_plan_classes": "1", "$foreign_plan_learners": "20"},
        {"act": "save", "$own_plan_classes": "1", "$own_plan_learners": "20"},
    ),
    _instead("post api:exams", "unit", "$foreign_unit_id", "$unit_id"),
    _instead("patch api:exam-rules", "unit", "$foreign_unit_id", "$unit_id"),
    _instead("patch api:exam-rules", "blueprint", "$foreign_blueprint_id", "$blueprint_id"),
    _instead(
        "put api:exam-questions", "questions",
        [{"item": "$foreign_item_id", "points": "1"}], [{"item": "$approved_item_id", "points": "1"}],
    ),
]  # fmt: skip


def foreign_rows(cast: Cast) -> dict[str, object]:
    """Make rows of another unit, and further own ones for the controls; return them by name."""
    unit = cast.other_centre
    officer = make_user("Người lạ", unit=unit)
    grant(officer, Role.EXAM_OFFICER, unit)
    bank = make_bank(unit)
    topic = add_topic(bank=bank, name="Chủ đề lạ")
    item = make_item(bank, topic=topic, author=officer)
    study = make_study(unit=unit, sessions=1, full_name="Người Lạ Học")
    own_bank = make_bank(cast.centre)
    return {
        "foreign_unit_id": unit.pk,
        "foreign_bank_id": bank.pk,
        "foreign_topic_id": topic.pk,
        "foreign_item_id": item.pk,
        "foreign_blueprint_id": make_blueprint(unit).pk,
        "foreign_enrolment_id": study.enrolment.pk,
        "foreign_session_id": make_session(study.training_class).pk,
        "foreign_exam_item_id": study.items("exam")[0].pk,
        "foreign_plan_classes": f"classes-{study.edition.programme_id}",
        "foreign_plan_learners": f"learners-{study.edition.programme_id}",
        "own_plan_classes": f"classes-{cast.study.edition.programme_id}",
        "own_plan_learners": f"learners-{cast.study.edition.programme_id}",
        "second_bank_id": own_bank.pk,
        "approved_item_id": Item.objects.filter(bank__unit=cast.centre, state=ItemState.APPROVED).first().pk,
    }


#: Arguments that name something inside what another argument of the address names -> the foreign row.
INSIDE = {
    "enrolment_id": "foreign_enrolment_id",
    "session_id": "foreign_session_id",
    "topic_id": "foreign_topic_id",
    "exam_item_id": "foreign_exam_item_id",
}
