"""Other people's files, read from a folder beside the repository; without it these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from quizzes.formats import read_file

SAMPLES = Path(os.environ.get("SEN_SAMPLES") or Path(__file__).resolve().parents[4] / "shared" / "data")
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample files (set SEN_SAMPLES)")


def read(name):
    return read_file((SAMPLES / name).read_bytes(), name)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("moodle/multianswer.xml", ["gap_text"]),
        ("moodle/multichoice.xml", ["single_choice"]),
        ("moodle/truefalse.xml", ["single_choice", "single_choice"]),
        ("moodle/questions.aiken.txt", ["single_choice", "single_choice"]),
        ("moodle/questions.multianswer.txt", ["gap_text"]),
        ("moodle/questions_in_category.gift.txt", ["matching", "single_choice", "short_text", "single_choice"]),
        ("qti22/match.xml", ["matching"]),
        ("qti22/order.xml", ["ordering"]),
        ("qti22/gap_match.xml", ["gap_text"]),
        ("qti3/items/choice_ruby.xml", ["single_choice"]),
        ("qti3/items/inline_choice_math.xml", ["gap_text"]),
        ("qti3/packages/simple/simple.zip", ["single_choice"]),
    ],
)
def test_sound_files_come_whole(name, kinds):
    reading = read(name)
    assert [question.kind for question in reading.questions] == kinds
    assert [doubt.code for one in reading.questions for doubt in one.doubts if doubt.severity == "error"] == []


def test_broken_questions_stop_no_others():
    assert [question.broken for question in read("moodle/aiken_errors.txt").questions] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]
    assert [question.broken for question in read("moodle/broken_cloze_questions.xml").questions] == [True] * 5


@pytest.mark.parametrize(
    "name", ["adaptive", "mc_calc3", "associate", "drawing", "upload", "template_image", "multi-input"]
)
@pytest.mark.parametrize("folder", ["qti22", "qti3/items"])
def test_items_beyond_us_say_why(folder, name):
    question = read(f"{folder}/{name}.xml").questions[0]
    assert [doubt.code for doubt in question.doubts if doubt.severity == "error"] in (
        ["adaptive"],
        ["template_item"],
        ["unsupported_interaction"],
        ["several_interactions"],
    )


def test_a_whole_folder_is_read_without_an_error():
    for path in sorted((SAMPLES / "qti3").rglob("*.xml")):
        if path.name not in ("imsmanifest.xml", "assessment.xml"):
            assert read_file(path.read_bytes(), path.name).questions
