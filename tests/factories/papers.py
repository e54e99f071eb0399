"""Banks large enough to draw from, blueprints, drawn exams."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lms.people.models import Unit, User
from quizzes.enums import Level, QuestionSource
from quizzes.models import Blueprint, Exam, Item, ItemBank, Topic
from quizzes.queries.papers.stock import RowSpec
from quizzes.services.papers.blueprints import create_blueprint
from tests.factories.quizzes import make_bank, make_exam_unit, make_item, make_learner
from tests.quizzes.kinds import SAMPLES


def make_topics(bank: ItemBank, *names: str) -> list[Topic]:
    """Topics of the bank, in this order."""
    return [Topic.objects.create(bank=bank, name=name, position=index) for index, name in enumerate(names)]


def make_stock(
    bank: ItemBank, topics: list[Topic], *, levels: tuple[str, ...] = (Level.RECALL, Level.APPLY), each: int = 6
) -> list[Item]:
    """``each`` approved single-choice items for every topic and level."""
    return [
        make_item(bank, topic=topic, level=level, correct="abcd"[number % 4])
        for topic in topics
        for level in levels
        for number in range(each)
    ]


def make_blueprint(
    unit: Unit | None = None,
    *,
    counts: int = 2,
    each: int = 6,
    name: str = "",
    actor: User | None = None,
    **fields: Any,
) -> Blueprint:
    """Two topics × two levels of single choice, ``counts`` of each, from a bank with ``each`` items for every cell."""
    unit = unit or make_exam_unit()
    bank = make_bank(unit)
    topics = make_topics(bank, "Lịch sử Đảng", "Điều lệ Đảng")
    make_stock(bank, topics, each=each)
    rows = [
        RowSpec(topic.pk, level, "single_choice", counts, Decimal("0.5"), f"Nêu được {topic.name}")
        for topic in topics
        for level in (Level.RECALL, Level.APPLY)
    ]
    return create_blueprint(
        unit=unit, bank=bank, name=name or f"Ma trận {bank.name}", rows=rows, actor=actor or make_learner(), **fields
    )


def make_drawn_exam(blueprint: Blueprint | None = None, **fields: Any) -> Exam:
    """An exam that is drawn from a blueprint."""
    blueprint = blueprint or make_blueprint()
    return Exam.objects.create(
        unit=blueprint.unit,
        source=QuestionSource.BLUEPRINT,
        blueprint=blueprint,
        **{"title": "Bài kiểm tra cuối khóa", "variants": 4, "forms": 2, "tolerance": None, **fields},
    )


def make_every_kind(bank: ItemBank) -> list[Item]:
    """One approved item of each kind."""
    from quizzes.enums import ItemState
    from quizzes.services.bank.items import create_item
    from tests.quizzes.kinds import make_picture

    items = []
    for kind, (content, key, _right, _wrong) in SAMPLES.items():
        if kind == "hotspot":
            content = {**content, "image": make_picture().pk}
        items.append(
            create_item(
                bank=bank,
                kind=kind,
                stem=f"<p>Câu hỏi loại {kind}</p>",
                content=content,
                key=key,
                feedback={"general": "BÍ-MẬT giải thích"},
                source="BÍ-MẬT nguồn",
                state=ItemState.APPROVED,
            )
        )
    return items
