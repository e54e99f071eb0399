"""Reading a .docx: lines and tables, cut into questions, keys by the file's own convention."""

from __future__ import annotations

from collections import Counter

from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading, UnreadableFileError
from quizzes.formats.pictures import measure
from quizzes.formats.safe import OLE, ZIP, check_size
from quizzes.formats.word import build, keys
from quizzes.formats.word.document import Document
from quizzes.formats.word.drafts import Cutter


def read(data: bytes, name: str = "") -> Reading:
    """Read the questions of a Word file.

    Raises:
        UnreadableFileError: an old .doc, a file with macros, something else, or not safe to read.
    """
    check_size(data)
    if data.startswith(OLE):
        raise UnreadableFileError("old_word")
    if not data.startswith(ZIP):
        raise UnreadableFileError("not_word")
    reading = Reading("word")
    cut = Cutter(reading).run(list(Document(data, reading).blocks()))
    parts = [build.take_apart(draft) for draft in cut.drafts]
    _answers(cut, parts, reading)
    lettered = [
        (one.marks, len(one.options), bool(one.text("key") or one.answer or one.starred))
        for one in parts
        if len(one.options) >= 2 and build.kind_of(one) in ("single_choice", "multiple_response")
    ]
    groups = [one for one in parts if len(one.options) >= 2 and build.kind_of(one) == "true_false_group"]
    convention = keys.convention_of(lettered or [(one.marks, len(one.options), False) for one in groups])
    if convention.fixed:
        reading.doubt("italic_fixed", NOTE)
    essays = not lettered
    numbers = Counter(draft.number for draft in cut.drafts)
    within = Counter((one.section, one.chapter, one.number) for one in cut.drafts if not one.unnumbered)
    for one in parts:
        draft = one.draft
        plain_section = essays or (draft.hint == "" and _without_options(parts, draft.section))
        question = build.build(one, convention, essays=plain_section)
        question.place = draft.place(repeated=numbers[draft.number] > 1)
        if within[draft.section, draft.chapter, draft.number] > 1 and not draft.unnumbered:
            question.doubt("number_twice", number=draft.number)
        if draft.unnumbered:
            question.place = Place(question.place.kind, f"{draft.number}+", question.place.within)
        _measure(question, reading)
        reading.questions.append(question)
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


def _answers(cut: object, parts: list[build.Parts], reading: Reading) -> None:
    """Give every question its answer from the lines and tables at the end."""
    from quizzes.formats.word.drafts import Cut

    assert isinstance(cut, Cut)
    answers = keys.Answers()
    pairs, _others = keys.answers_in_lines(cut.key_lines)
    answers.add(pairs)
    for table in cut.key_tables:
        answers.add(keys.answers_in_table([[cell.text for cell in row] for row in table.rows]))
    if not answers.runs:
        return
    numbers = [(one.draft.section, one.draft.number) for one in parts]
    found = answers.for_questions(numbers)
    for index, answer in found.items():
        parts[index].answer = answer
    left = sum(len(run) for run in answers.runs) - len(found)
    if left > 0:
        reading.doubt("answers_left", count=left)


def _without_options(parts: list[build.Parts], section: int) -> bool:
    """Whether no question of a section has options."""
    return not any(one.options for one in parts if one.draft.section == section)


def _measure(question: ParsedQuestion, reading: Reading) -> None:
    if question.kind != "hotspot" or not question.content.get("image"):
        return
    picture = reading.pictures.get(question.content["image"].rpartition("/")[2])
    size = measure(picture.data) if picture is not None else None
    if size is None:
        question.doubt("picture_missing", ERROR, name="")
    else:
        question.content["width"], question.content["height"] = size
