"""A Word file to start from: one question of each kind as it is written here."""

from __future__ import annotations

from quizzes.formats.model import ParsedQuestion
from quizzes.formats.word.writer import write


def template() -> bytes:
    """Return the file."""
    return write(_examples(), {}).data


def _examples() -> list[ParsedQuestion]:
    def options(*texts: str, fixed: str = "") -> dict[str, object]:
        return {
            "options": [
                {"id": chr(97 + index), "html": text, "fixed": chr(97 + index) in fixed}
                for index, text in enumerate(texts)
            ]
        }

    return [
        ParsedQuestion(
            stem="Đảng Cộng sản Việt Nam được thành lập vào ngày nào?",
            content=options("03/02/1930", "19/5/1930", "02/9/1945", "Cả ba đáp án trên đều sai", fixed="d"),
            key={"correct": "a"},
            feedback={"general": "Hội nghị hợp nhất họp từ ngày 06/01 đến ngày 07/02/1930."},
            level="recall",
            topic=["Lịch sử Đảng"],
        ),
        ParsedQuestion(
            kind="multiple_response",
            stem="Những nội dung nào là nguyên tắc tổ chức của Đảng? (chọn các phương án đúng)",
            content=options("Tập trung dân chủ", "Tự phê bình và phê bình", "Cạnh tranh", "Đoàn kết thống nhất"),
            key={"correct": ["a", "b", "d"], "scoring": "partial_penalty"},
            level="understand",
        ),
        ParsedQuestion(
            kind="true_false_group",
            stem="Mỗi phát biểu sau đây về đảng viên đúng hay sai?",
            content={"statements": [{"id": str(n), "html": f"Phát biểu thứ {n}"} for n in range(1, 5)]},
            key={"true": ["1", "3"]},
        ),
        ParsedQuestion(
            kind="short_text",
            stem="Ai là Tổng Bí thư đầu tiên của Đảng?",
            content={"lines": 1},
            key={"accepted": [{"text": "Trần Phú", "share": "1"}], "case": False, "accents": True, "pattern": False},
        ),
        ParsedQuestion(
            kind="numeric",
            stem="Đảng được thành lập vào năm nào?",
            content={},
            key={"accepted": [{"value": "1930", "tolerance": "0", "share": "1"}], "tolerance_kind": "absolute"},
        ),
        ParsedQuestion(
            kind="matching",
            stem="Ghép mỗi sự kiện với năm diễn ra.",
            content={
                "prompts": [{"id": "1", "html": "Thành lập Đảng"}, {"id": "2", "html": "Cách mạng tháng Tám"}],
                **options("1945", "1930", "1954"),
            },
            key={"pairs": {"1": "b", "2": "a"}, "scoring": "partial"},
        ),
        ParsedQuestion(
            kind="ordering",
            stem="Sắp xếp các sự kiện theo thứ tự thời gian.",
            content=options("Cách mạng tháng Tám", "Thành lập Đảng", "Chiến thắng Điện Biên Phủ"),
            key={"order": ["b", "a", "c"], "scoring": "all_or_nothing"},
        ),
        ParsedQuestion(
            kind="gap_text",
            stem="Điền vào chỗ trống:",
            content={
                "text": "Đảng lấy chủ nghĩa [[1]] và tư tưởng [[2]] làm nền tảng tư tưởng.",
                "gaps": [
                    {"id": "1", "choices": [{"id": "a", "html": "Mác - Lênin"}, {"id": "b", "html": "dân tộc"}]},
                    {"id": "2"},
                ],
            },
            key={
                "gaps": {
                    "1": {"correct": "a"},
                    "2": {"accepted": [{"text": "Hồ Chí Minh", "share": "1"}], "case": False, "accents": True},
                },
                "scoring": "partial",
            },
        ),
        ParsedQuestion(
            kind="essay",
            stem="Phân tích ý nghĩa sự ra đời của Đảng Cộng sản Việt Nam.",
            content={"min_words": 200, "max_words": 600},
            key={
                "rubric": [
                    {"id": "1", "title": "Nêu đủ ý", "share": "0.6", "description": ""},
                    {"id": "2", "title": "Liên hệ thực tế", "share": "0.4", "description": ""},
                ],
                "model_html": "",
            },
            level="apply",
        ),
    ]
