"""Options that speak of the others, in files from Word: they and what they name are not shuffled."""

from __future__ import annotations

import pytest

from tests.quizzes.formats.test_word_habits import typed


@pytest.mark.parametrize(
    "text",
    [
        "Cả 3 đáp án A, B, C đều đúng",
        "Câu A và B đúng",
        "(A) và (B)",
        "Cả A lẫn B",
        "A, B đúng; C sai",
        "Chỉ có A và B",
    ],
)
def test_options_that_name_letters_keep_all_in_place(text):
    question = typed("Câu 1. Gì?", ("|A|. một", "underline"), "B. hai", "C. ba", f"D. {text}").questions[0]
    assert [option["fixed"] for option in question.content["options"]] == [True] * 4


@pytest.mark.parametrize("text", ["Không có đáp án đúng", "Cả ba đáp án trên", "Không ý nào đúng", "Tất cả đều sai"])
def test_options_that_speak_of_all_stay_last(text):
    question = typed("Câu 1. Gì?", ("|A|. một", "underline"), "B. hai", "C. ba", f"D. {text}").questions[0]
    assert [option["fixed"] for option in question.content["options"]] == [False, False, False, True]
