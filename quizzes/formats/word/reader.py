"""Reading a .docx: lines and tables, cut into questions, keys by the file's own convention."""

from __future__ import annotations

from collections import Counter

from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading, UnreadableFileError
from quizzes.formats.pictures import measure
from quizzes.formats.safe import OLE, ZIP, check_size
from quizzes.formats.word import answers, build, keys
from quizzes.formats.word.blocks import TextLine
from quizzes.formats.word.document import Document
from quizzes.formats.word.drafts import Cut, Cutter


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
    with_options = {one.draft.section for one in parts if one.options}
    within = Counter((one.section, one.chapter, one.number) for one in cut.drafts if not one.unnumbered)
    for one in parts:
        draft = one.draft
        plain_section = essays or (draft.hint == "" and draft.section not in with_options)
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


def _answers(cut: Cut, parts: list[build.Parts], reading: Reading) -> None:
    """Give every question its answer from the lines and tables at the end."""
    given = answers.Answers()
    left_out: list[str] = []
    for index, entry in enumerate(cut.keys):
        if isinstance(entry, TextLine):
            if pairs := answers.answers_in(entry.text):
                given.add(pairs)
            elif not 0 <= cut.titled <= index or not given.add_words(entry.text):
                left_out.append(entry.text.strip())
            continue
        rows = [[cell.text for cell in row] for row in entry.rows]
        codes = answers.by_code(rows)
        if not codes:
            given.add(answers.answers_in_table(rows))
        elif len(codes) == 1 or cut.code.upper() in codes:
            given.add(codes.get(cut.code.upper()) or next(iter(codes.values())))
        else:
            reading.doubt("several_codes", codes=", ".join(list(codes)[:12]))
    if told := [text for text in left_out if text]:
        reading.doubt("text_after", NOTE, count=len(told), text=" / ".join(one[:60] for one in told)[:160])
    if not given.runs:
        return
    numbers = [(one.draft.section, one.draft.number) for one in parts]
    found = given.for_questions(numbers)
    for index, answer in found.items():
        if answers.fits(answer, lettered=len(parts[index].options) >= 2):
            parts[index].answer = answer
    left = sum(len(run) for run in given.runs) - len(found)
    if left > 0:
        reading.doubt("answers_left", count=left)


def _measure(question: ParsedQuestion, reading: Reading) -> None:
    if question.kind != "hotspot" or not question.content.get("image"):
        return
    picture = reading.pictures.get(question.content["image"].rpartition("/")[2])
    size = measure(picture.data) if picture is not None else None
    if size is None:
        question.doubt("picture_missing", ERROR, name="")
    else:
        question.content["width"], question.content["height"] = size
