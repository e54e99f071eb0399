"""No small file costs much: what reads texts of strangers takes time that grows with their length, no faster.

Every pattern in the code that sees such texts is tried with texts made from itself (:mod:`.pumping`), every reader with
files that were dear once (:mod:`.slow_files`). A cost counts only from some milliseconds on, and as processor time, the
least of several runs; then four times the text may cost up to eight times as much. Squares cost sixteen times.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from docx.document import Document

from quizzes.formats import UnreadableFileError, read_file
from quizzes.formats.model import ParsedQuestion, Reading
from quizzes.formats.word import patterns
from quizzes.formats.word.writer import write
from tests.quizzes.formats import pumping, slow_files

FOUND, _LOST = pumping.patterns(pumping.modules())
_SIZE = 8_000
#: Seconds of processor time below which growth says nothing.
_FLOOR = 0.004
_FLOOR_OF_FILES = 0.25
_MOST_GROWTH = 8
_LIMIT, _LIMIT_OF_FILES = 2.0, 30.0


class _EndlessError(Exception):
    """More time than any linear pattern needs: some patterns double their time with every letter."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise _EndlessError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _cost(work: Callable[[], object], times: int = 1, limit: float = _LIMIT) -> float:
    """Return the least processor time of several runs."""
    least = float("inf")
    for _time in range(times):
        start = time.process_time()
        try:
            with _limited(limit):
                work()
        except _EndlessError:
            return float("inf")
        least = min(least, time.process_time() - start)
    return least


def grows_too_fast(work: Callable[[int], Callable[[], object]], size: int, floor: float, limit: float = _LIMIT) -> bool:
    """Whether the cost of ``work`` grows faster than its size; said only when it does so three times running."""
    if (first := _cost(work(size), limit=limit)) < floor or first == float("inf"):
        return first >= floor
    for _again in range(3):
        large = _cost(work(size), 2, limit)
        if large < floor or large <= _MOST_GROWTH * _cost(work(size // 4), 2, limit):
            return False
    return True


def dear_text(found: pumping.Found) -> str:
    """Return the description of a text whose length a pattern's cost outgrows; nothing when there is none."""
    for said, text in pumping.texts(found, _SIZE):
        large = pumping.seen(found, text)
        for method in sorted(found.methods):

            def work(size: int, method: str = method, said: str = said, large: Any = large) -> Callable[[], None]:
                text = large if size == _SIZE else pumping.seen(found, dict(pumping.texts(found, size))[said])
                return lambda: pumping.run(found, method, text)

            if grows_too_fast(work, _SIZE, _FLOOR):
                return f"{method}: {said}"
    return ""


@pytest.mark.slow
def test_no_pattern_costs_more_than_its_text() -> None:
    assert {one.place: told for one in FOUND if (told := dear_text(one))} == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*:", "search"),
        (r"^\s*//.*$", "sub"),
        (r"</?[a-z][^>]*>", "search"),
        (r"\[(id|tag):((?:\\.|[^\]\\])*)\]", "finditer"),
        (r"^\s*[(\[]*\s*x", "match"),
        (r"\s*([A-H](?:\s*[,;&]?\s*[A-H])*)\s*\.?\s*", "fullmatch"),
    ],
)
def test_the_texts_find_what_is_dear(pattern: str, method: str) -> None:
    found = pumping.Found("sample", pattern, re.MULTILINE, frozenset({method}))
    assert dear_text(found) != ""


@pytest.mark.slow
@pytest.mark.parametrize("name", slow_files.FILES)
def test_no_file_costs_more_than_its_length(name: str) -> None:
    file, make = slow_files.FILES[name]

    def work(size: int) -> Callable[[], None]:
        data = make(size)

        def reading() -> None:
            try:
                read_file(data, file)
            except UnreadableFileError:
                pytest.fail("the file is refused, and shows nothing")

        return reading

    assert not grows_too_fast(work, 1_600, _FLOOR_OF_FILES, _LIMIT_OF_FILES)


def test_writing_word_looks_at_one_question_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-docx goes through the whole body for every new paragraph."""
    seen: list[int] = []
    add_paragraph = Document.add_paragraph

    def counted(document: Any, *args: Any, **options: Any) -> Any:
        seen.append(len(document.element.body))
        return add_paragraph(document, *args, **options)

    monkeypatch.setattr(Document, "add_paragraph", counted)
    question = ParsedQuestion(
        stem="<p>Một</p><p>Hai</p><table><tbody><tr><td>x</td></tr></tbody></table>",
        content={"options": [{"id": one, "html": one, "fixed": False} for one in "ab"]},
        key={"correct": "a"},
    )
    most = {}
    for count in (2, 8):
        seen.clear()
        write([question] * count, {})
        most[count] = max(seen)
    assert most[8] == most[2]


def test_many_pictures_keep_their_names() -> None:
    reading = Reading()
    data = [bytes([number]) for number in range(3)]
    told = [reading.add_picture("a.png", data[number]) for number in (0, 1, 0, 2, 1)]
    told.append(reading.add_picture("a_2.png", data[0]))
    assert [one.rpartition("/")[2] for one in told] == [
        "a.png", "a_2.png", "a.png", "a_3.png", "a_2.png", "a_2_2.png",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("gains", "correct", "doubts"),
    [
        (dict.fromkeys(range(0, 24, 2), "1"), "acegikmoqsuw", []),
        ({0: "1", 1: "1", 2: "-1"}, "ab", []),
    ],
)
def test_the_right_choices_follow_from_a_mapping_of_many_options(
    gains: dict[int, str], correct: str, doubts: list[str]
) -> None:
    entries = "".join(f'<mapEntry mapKey="o{one}" mappedValue="{gain}"/>' for one, gain in gains.items())
    mapped = f"<mapping>{entries}</mapping>"
    read = read_file(slow_files.qti(slow_files.choices(24), mapped, slow_files.MAP), "a.xml").questions[0]
    assert read.key["correct"] == list(correct)
    assert [one.code for one in read.doubts if one.code == "sets_untried"] == doubts


def test_rules_for_single_choices_add_up_and_it_is_said_that_not_every_set_was_tried() -> None:
    rules = "".join(slow_files.ADD.format(one) for one in range(0, 20, 2))
    read = read_file(slow_files.qti(slow_files.choices(20), "", rules), "a.xml").questions[0]
    assert read.key["correct"] == list("acegikmoqs")
    assert [one.code for one in read.doubts] == ["sets_untried"]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Câu 1 Đảng ra đời năm nào?", 1),
        ("Câu 2 Ăn cơm", 2),
        ("Câu 3 Ơn Bác", 3),
        ("Câu 4 Ưu điểm", 4),
        ("Câu 5 Ấp Bắc", 5),
        ("Câu 5 sai ở đâu?", None),
        ("Câu 5 đúng ở đâu?", None),
        ("Câu 5 ấy nói gì?", None),
    ],
)
def test_whether_a_letter_is_small_is_asked_of_the_letter(line: str, number: int | None) -> None:
    found = patterns.word_stem(line)
    assert (patterns.number(found) if found else None) == number
