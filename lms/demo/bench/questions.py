"""Question files of any size, as a teacher and as another system would write them."""

from __future__ import annotations

from quizzes.formats import ParsedQuestion
from quizzes.formats.export import OUT_FORMATS

_SUBJECTS = ("Điều lệ Đảng", "Cương lĩnh chính trị", "lịch sử Đảng", "tư tưởng Hồ Chí Minh", "xây dựng chi bộ")


def question_file(count: int, form: str) -> bytes:
    """Return a file with ``count`` questions of four options, each with an explanation."""
    questions = [
        ParsedQuestion(
            stem=f"<p>Câu hỏi đo số {number}: theo <b>{_SUBJECTS[number % 5]}</b>, nội dung nào sau đây "
            f"là đúng và đầy đủ nhất đối với chi bộ số {number * 13}?</p>",
            content={
                "options": [
                    {"id": one, "html": f"Phương án {one} của câu {number}, viết đủ dài như thật", "fixed": False}
                    for one in "abcd"
                ]
            },
            key={"correct": "abcd"[number % 4]},
            feedback={"general": f"<p>Xem mục {number} của tài liệu.</p>"},
            topic=[f"Chương {number % 8 + 1}"],
        )
        for number in range(1, count + 1)
    ]
    return OUT_FORMATS[form].write(questions, {}).data
