"""A blueprint and an exam drawn from it, with frozen papers ready to print."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from lms.people.models import Unit, User
from quizzes.enums import Level, QuestionSource
from quizzes.models import Exam, Item, ItemBank
from quizzes.queries.papers.stock import RowSpec
from quizzes.services.papers.blueprints import create_blueprint
from quizzes.services.papers.draws import draw_forms
from quizzes.services.papers.freezing import freeze_papers

_SPECIFICATION = {
    Level.RECALL: "Nhớ và nêu lại được nội dung chính của bài",
    Level.UNDERSTAND: "Hiểu, giải thích và phân biệt được các nội dung của bài",
    Level.APPLY: "Vận dụng được nội dung của bài vào một tình huống ở cơ sở",
    Level.APPLY_HIGH: "Đánh giá, lựa chọn được cách xử lý trong tình huống mới",
}
FORMS = 2


def draw_an_exam(*, bank: ItemBank, unit: Unit, officer: User) -> Exam:
    """Make a blueprint from what ``bank`` has, draw an exam of ``unit`` from it and freeze four codes."""
    stock = Counter(
        Item.objects.usable()
        .filter(bank=bank, kind="single_choice", topic__isnull=False)
        .values_list("topic_id", "level")
    )
    order = list(bank.topics.values_list("pk", flat=True))
    rows = [
        RowSpec(topic, level, "single_choice", max(1, count // FORMS), Decimal("0.5"), _SPECIFICATION[Level(level)])
        for (topic, level), count in sorted(
            stock.items(), key=lambda one: (order.index(one[0][0]), Level.values.index(one[0][1]))
        )
    ]
    blueprint = create_blueprint(
        unit=unit,
        bank=bank,
        name="Ma trận đề kiểm tra cuối khóa nhận thức về Đảng",
        rows=rows,
        note="Theo chương trình bồi dưỡng nhận thức về Đảng; dùng cho bài kiểm tra trên giấy.",
        actor=officer,
    )
    exam = Exam.objects.create(
        unit=unit,
        title="Bài kiểm tra cuối khóa lớp bồi dưỡng nhận thức về Đảng",
        subject="Hình thức: trắc nghiệm trên giấy",
        source=QuestionSource.BLUEPRINT,
        blueprint=blueprint,
        time_limit=45,
        variants=4,
        forms=FORMS,
    )
    draw_forms(exam=exam, actor=officer, seed=2026)
    freeze_papers(exam=exam, actor=officer)
    return exam
