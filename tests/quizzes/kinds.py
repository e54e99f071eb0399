"""One authored question of every kind, its right answer in the ids of the item, and words that must not leak."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from quizzes.models import QuestionPicture
from quizzes.services.bank.pictures import add_picture


def options(letters: str, fixed: str = "") -> list[dict[str, Any]]:
    return [{"id": one, "html": f"Phương án {one.upper()}", "fixed": one in fixed} for one in letters]


def make_picture(width: int = 400, height: int = 200, **fields: Any) -> QuestionPicture:
    """A picture of questions, of no bank unless ``bank`` is given."""
    body = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(body, "PNG")
    return add_picture(bank=fields.pop("bank", None), file=ContentFile(body.getvalue(), name="ban-do.png"), **fields)


# kind → content, key, right answer, an answer that earns nothing
SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "single_choice": ({"options": options("abcd", "d")}, {"correct": "b"}, {"choice": "b"}, {"choice": "a"}),
    "multiple_response": (
        {"options": options("abcd")},
        {"correct": ["a", "c"], "scoring": "partial"},
        {"choices": ["a", "c"]},
        {"choices": ["b"]},
    ),
    "true_false_group": (
        {"statements": [{"id": str(n), "html": f"Mệnh đề {n}"} for n in range(1, 5)]},
        {"true": ["1", "3"]},
        {"statements": {"1": True, "2": False, "3": True, "4": False}},
        {"statements": {"1": False, "2": True, "3": False, "4": True}},
    ),
    "short_text": (
        {"lines": 1},
        {"accepted": [{"text": "BÍ-MẬT Hồ Chí Minh", "share": "1"}, {"text": "BÍ-MẬT Bác Hồ", "share": "0.5"}]},
        {"text": "BÍ-MẬT Hồ Chí Minh"},
        {"text": "Không rõ"},
    ),
    "numeric": (
        {"unit": "tiết"},
        {"accepted": [{"value": "987654321.5", "tolerance": "0.1"}]},
        {"number": "987.654.321,5"},
        {"number": "4"},
    ),
    "matching": (
        {"prompts": [{"id": str(n), "html": f"Vế {n}"} for n in (1, 2, 3)], "options": options("abcd")},
        {"pairs": {"1": "b", "2": "a", "3": "d"}},
        {"pairs": {"1": "b", "2": "a", "3": "d"}},
        {"pairs": {"1": "c", "2": "c", "3": "c"}},
    ),
    "ordering": (
        {"options": options("abcd")},
        {"order": ["c", "a", "b", "d"], "scoring": "position"},
        {"order": ["c", "a", "b", "d"]},
        {"order": ["d", "c", "a", "b"]},
    ),
    "gap_text": (
        {
            "text": "<p>Đảng ra đời ngày [[x]] năm [[2]] tại [[1]].</p>",
            "gaps": [{"id": "1", "choices": options("abc")}, {"id": "x"}, {"id": "2"}],
        },
        {
            "gaps": {
                "1": {"correct": "c"},
                "x": {"accepted": [{"text": "BÍ-MẬT 03/02"}]},
                "2": {"accepted": [{"value": "98765"}], "numeric": True, "weight": "2"},
            }
        },
        {"gaps": {"1": "c", "x": "BÍ-MẬT 03/02", "2": "98765"}},
        {"gaps": {"1": "a", "x": "?", "2": "x"}},
    ),
    "hotspot": (
        {"alt": "Bản đồ Việt Nam"},
        {
            "areas": [
                {"shape": "circle", "coords": ["0.7654", "0.5", "0.1"]},
                {"shape": "rect", "coords": ["0", "0", "0.1", "0.1"], "share": "0.5"},
            ]
        },
        {"x": 0.7654, "y": 0.5},
        {"x": 0.5, "y": 0.9},
    ),
    "essay": (
        {"min_words": 50, "max_words": 500},
        {
            "rubric": [
                {"id": "1", "title": "BÍ-MẬT Nội dung", "share": "0.7"},
                {"id": "2", "title": "BÍ-MẬT Trình bày", "share": "0.3"},
            ],
            "model_html": "<p>BÍ-MẬT bài mẫu</p>",
        },
        {"html": "<p>Bài làm.</p>"},
        {"html": "<p>x</p>"},
    ),
}

KINDS = sorted(SAMPLES)
SCORED = [kind for kind in KINDS if kind != "essay"]


def sample(kind: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The sample of ``kind``; that of hotspot gets a picture, so it needs the database."""
    content, key, right, wrong = SAMPLES[kind]
    if kind == "hotspot":
        content = {**content, "image": make_picture().pk}
    return content, key, right, wrong


ONE = Decimal(1)
