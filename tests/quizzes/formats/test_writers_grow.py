"""Writing a question file takes steps in proportion to what is written: lines, calls and rounds of loops are counted.

Steps of C (regular expressions, lxml) are not seen here; :mod:`.test_linear` tries every pattern by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from quizzes.formats.export import OUT_FORMATS
from quizzes.formats.model import ParsedQuestion, Picture
from tests.quizzes.formats.questions import PICTURE

_TOOL = sys.monitoring.PROFILER_ID
_EVENTS = sys.monitoring.events.LINE | sys.monitoring.events.CALL | sys.monitoring.events.JUMP
_SIZES = (12, 24, 48)
#: Twice as many more may take so many times the steps; squares take four times as many.
_MOST = 2.5

type Shape = Callable[[int], Sequence[ParsedQuestion]]


def question(kind: str, content: Mapping[str, Any], key: Mapping[str, Any], **fields: Any) -> ParsedQuestion:
    return ParsedQuestion(**{"kind": kind, "stem": "<p>Câu?</p>", "content": dict(content), "key": dict(key)} | fields)


def essay(stem: str, **fields: Any) -> ParsedQuestion:
    return question("essay", {}, {}, stem=stem, **fields)


def parts(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"o{one}", "html": f"Ý {one}", **more} for one in range(count)]


def gaps(count: int, words: int = 1, **more: Any) -> ParsedQuestion:
    names = [str(one) for one in range(1, count + 1)]
    text = " ".join(f"[[{name}]]" + " và <b>chữ</b>" * words for name in names)
    keys = {name: {"accepted": [{"text": "Đảng", "share": "1"}, {"text": "đảng", "share": "0.5"}]} for name in names}
    return question("gap_text", {"text": f"<p>{text}</p>", "gaps": [{"id": name, **more} for name in names]},
                    {"gaps": keys})  # fmt: skip


def mixed(count: int) -> list[ParsedQuestion]:
    """Return questions of all kinds that are written everywhere, each with a topic, tags and a code of its own."""
    made: list[ParsedQuestion] = []
    for one in range(count // 3):
        own: dict[str, Any] = {"code": f"C{one}", "topic": [f"Chương {one % 5}", f"Bài {one}"], "tags": [f"thẻ {one}"]}
        options = [{"id": letter, "html": f"Phương án {letter}{one}", "fixed": False} for letter in "abcd"]
        made += [
            question("single_choice", {"options": options}, {"correct": "b"}, feedback={"general": "<p>Vì</p>"}, **own),
            gaps(3),
            question("numeric", {}, {"accepted": [{"value": "5", "tolerance": "1", "share": "1"}]}),
        ]
    return made


def matching(count: int) -> ParsedQuestion:
    prompts = [{"id": str(one), "html": f"Vế {one}"} for one in range(count)]
    pairs = {str(one): f"o{one}" for one in range(count)}
    return question("matching", {"prompts": prompts, "options": parts(count, fixed=False)}, {"pairs": pairs})


def choices(count: int) -> ParsedQuestion:
    gap = {"id": "1", "choices": [{"id": f"c{one}", "html": f"Từ {one}"} for one in range(count)]}
    return question("gap_text", {"text": "<p>[[1]]</p>", "gaps": [gap]}, {"gaps": {"1": {"correct": "c0"}}})


SHAPES: dict[str, Shape] = {
    "questions": mixed,
    "questions of one topic": lambda n: [essay("<p>x</p>", topic=["A", "B"]) for _one in range(n)],
    "gaps": lambda n: [gaps(n)],
    "words of a gap text": lambda n: [gaps(1, words=n)],
    "choices of a gap": lambda n: [choices(n)],
    "gaps that are not there": lambda n: [
        question("gap_text", {"text": "<p>" + "[[9]] [[" * n + "[[1]]</p>", "gaps": [{"id": "1"}]},
                 {"gaps": {"1": {"accepted": [{"text": "a", "share": "1"}]}}})
    ],
    "paragraphs": lambda n: [essay("<p>x <b>y</b></p>" * n)],
    "points of a list": lambda n: [essay("<ul>" + "<li>x</li>" * n + "</ul>")],
    "rows of a table": lambda n: [essay("<table><tbody>" + "<tr><td>x</td></tr>" * n + "</tbody></table>")],
    "pictures": lambda n: [essay("".join(f'<img src="/-/hinh/a{one}.png">' for one in range(n)))],
    "options": lambda n: [
        question("multiple_response", {"options": parts(n, fixed=False)}, {"correct": [f"o{one}" for one in range(n)]})
    ],
    "statements": lambda n: [
        question("true_false_group", {"statements": parts(n, fixed=False)}, {"true": [f"o{one}" for one in range(n)]})
    ],
    "pairs": lambda n: [matching(n)],
    "places": lambda n: [
        question("ordering", {"options": parts(n, fixed=False)}, {"order": [f"o{one}" for one in range(n)]})
    ],
    "accepted answers": lambda n: [
        question("short_text", {}, {"accepted": [{"text": f"a{one}", "share": "1"} for one in range(n)]})
    ],
    "tags": lambda n: [essay("<p>x</p>", tags=[f"thẻ {one}" for one in range(n)])],
}  # fmt: skip
PICTURES = {f"a{one}.png": Picture(f"a{one}.png", PICTURE.data) for one in range(max(_SIZES))}


def steps(work: Callable[[], object]) -> int:
    """Return how many lines, calls and rounds of loops ``work`` takes."""
    count = 0

    def one(*_event: object) -> None:
        nonlocal count
        count += 1

    monitoring = sys.monitoring
    monitoring.use_tool_id(_TOOL, "steps")
    try:
        for event in (monitoring.events.LINE, monitoring.events.CALL, monitoring.events.JUMP):
            monitoring.register_callback(_TOOL, event, one)
        monitoring.set_events(_TOOL, _EVENTS)
        work()
    finally:
        monitoring.set_events(_TOOL, 0)
        monitoring.free_tool_id(_TOOL)
    return count


def growth(work: Callable[[int], Callable[[], object]]) -> float:
    """Return how much dearer the second doubling is than the first; what every file costs falls out."""
    work(_SIZES[0])()  # what is made once: modules, patterns, translations
    small, middle, large = (steps(work(size)) for size in _SIZES)
    return (large - middle) / max(middle - small, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", OUT_FORMATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_writing_takes_steps_in_proportion(shape: str, name: str) -> None:
    def work(size: int) -> Callable[[], object]:
        questions = SHAPES[shape](size)
        return lambda: OUT_FORMATS[name].write(questions, PICTURES)

    assert growth(work) <= _MOST


@pytest.mark.slow
@pytest.mark.parametrize("name", OUT_FORMATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_grows_no_faster_than_what_it_holds(shape: str, name: str) -> None:
    small, middle, large = (len(OUT_FORMATS[name].write(SHAPES[shape](size), PICTURES).data) for size in _SIZES)
    assert large - middle <= max(_MOST * (middle - small), 200)


def test_squares_are_noticed() -> None:
    def squares(size: int) -> Callable[[], object]:
        return lambda: [[one * other for other in range(size)] for one in range(size)]

    def lines(size: int) -> Callable[[], object]:
        return lambda: [one * 2 for one in range(size)]

    assert growth(squares) > _MOST
    assert growth(lines) <= _MOST
