"""Tables in a teacher's file: questions one a row, keys, options laid out side by side, or part of a question."""

# ruff: noqa: E501 (tables of words read best in one line)

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.common.text import fold
from quizzes.formats.markup import level_of
from quizzes.formats.model import Reading
from quizzes.formats.word import answers, options, patterns, truths
from quizzes.formats.word.blocks import Table, TextLine
from quizzes.formats.word.drafts import RawQuestion
from quizzes.formats.word.rich import PLAIN, Rich

_HEADERS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("number", r"^(tt|stt|so tt|so|cau|cau so|no|#|so thu tu)$"),
        ("explanation", r"giai thich|huong dan|loi giai|ghi chu|phan hoi"),
        (
            "options",
            r"^(cac )?(phuong an|lua chon|phuong an tra loi|cac lua chon|phuong an lua chon|dap an lua chon|cac dap an)$",
        ),
        ("option", r"^(?:phuong an |dap an |lua chon )?([a-h1-8])$"),
        ("key", r"^(dap an|dap an dung|d/a|da|key|tra loi|dung|phuong an dung|ket qua|dap an chinh xac)$"),
        ("level", r"muc do|cap do|^muc$|do kho"),
        ("topic", r"chu de|chuyen de|^chuong$|^phan$|noi dung kien thuc|don vi kien thuc"),
        ("source", r"nguon|can cu|tai lieu|trich"),
        ("stem", r"cau hoi|noi dung|de bai|menh de|phat bieu"),
    )
)


_COLUMN = re.compile(r"^\s*(?:cột|vế|nhóm)\s+\w{1,5}\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[.):\-–]\s*\S")
_LABEL = re.compile(
    r"\s*(?:[(\[]?[A-Ha-h]\s*[.):]?|(?:câu|bài)\s*(?:hỏi\s*)?\d{1,4}\s*[.:]?|đáp\s*án(?:\s*đúng)?\s*:?|giải\s*thích\s*:?)\s*",
    re.IGNORECASE,
)
_DOT = Rich(". x", [PLAIN] * 3)


def _two_rows(table: Table) -> bool:
    """Whether the letters of the options stand in a second row of headings."""
    if len(table.rows) < 3 or len(table.rows[0]) != len(table.rows[1]):
        return False
    return sum(re.fullmatch(r"\s*[A-H]\s*", cell.text) is not None for cell in table.rows[1]) >= 2


def _header(table: Table) -> dict[int, str]:
    """Return what each column is about, by its heading; nothing for a table that is not one of questions."""
    columns: dict[int, str] = {}
    position = 0
    below = table.rows[1] if _two_rows(table) else []
    for index, cell in enumerate(table.rows[0]):
        text = fold((below[index].text if below else "") or cell.text).strip(" .:")
        for name, pattern in _HEADERS:
            if len(text) < 40 and pattern.search(text):
                columns[position] = name
                break
        position += cell.span
    names = set(columns.values())
    has_question = "stem" in names and bool(names & {"options", "option", "key"})
    return columns if has_question and len(table.rows) > 1 else {}


def what(table: Table, *, ended: bool, inside: bool) -> str:
    """Return ``questions``, ``key``, ``lines`` (to be read as if there were no table) or ``part`` of a question."""
    if not table.rows:
        return "part"
    if not ended and truths.columns_of(table):
        return "lines" if inside else "questions"
    if not ended and _header(table):
        return "questions"
    texts = [[cell.text for cell in row] for row in table.rows]
    if answers.by_code(texts) or len(answers.answers_in_table(texts)) >= (1 if ended else 3):
        return "key"
    if ended:
        return "key"
    starts = stems = 0
    for row in table.rows:
        for cell in row:
            for line in cell.lines:
                starts += options.begins(line.rich) or (bool(_LABEL.fullmatch(line.text)) and cell is not row[-1])
                stems += patterns.word_stem(line.text) is not None
    if stems or (inside and starts >= 2):
        return "lines"
    numbered = sum(bool(re.match(r"\s*\d{1,2}\s*[.)]\s*\S", row[0].text)) for row in table.rows)
    if inside and numbered >= 2 and len(table.rows[0]) == 2 and starts:
        return "lines"
    return "part"


def lines(table: Table) -> Iterator[TextLine]:
    """Yield the lines of a table that only lays text out; "A." in a cell of its own goes with the next cell.

    Two columns to be matched ("1. …" beside "a. …") are read one after the other.
    """
    if found := truths.columns_of(table):
        yield from truths.lines(table, found)
        return
    rows = [row for row in table.rows if not (len(row) == 2 and all(_COLUMN.match(cell.text) for cell in row))]
    paired = len(rows) >= 2 and all(len(row) == 2 and _NUMBERED.match(row[0].text) for row in rows)
    if paired and sum(options.begins(row[1].lines[0].rich) for row in rows if row[1].lines) >= 2:
        rows = [[row[0]] for row in rows] + [[row[1]] for row in rows]
    for row in rows:
        pending: TextLine | None = None
        for cell in row:
            for line in cell.lines:
                if not line.text.strip():
                    continue
                if pending is not None:
                    joined = pending.rich.strip()
                    bare = joined.text[-1:].isalnum()  # "A" in a cell, its sign left out
                    joined.add(". " if bare and options.begins(joined + _DOT) else ": " if bare else " ", PLAIN)
                    line = TextLine(joined + line.rich, line.paragraph)
                    pending = None
                if _LABEL.fullmatch(line.text) and len(cell.lines) == 1 and len(row) > 1:
                    pending = line
                else:
                    yield line
        if pending is not None:
            yield pending


def html(table: Table) -> str:
    """Return a table as html."""
    rows = "".join(
        "<tr>"
        + "".join(
            (f'<td colspan="{cell.span}">' if cell.span > 1 else "<td>")
            + "<br>".join(line.rich.html() for line in cell.lines if line.rich)
            + "</td>"
            for cell in row
        )
        + "</tr>"
        for row in table.rows
    )
    return f"<table><tbody>{rows}</tbody></table>"


def questions(table: Table, reading: Reading) -> list[RawQuestion]:
    """Return the questions of a table "TT | Câu hỏi | Phương án | Đáp án | Giải thích" in its many forms."""
    if found_truths := truths.columns_of(table):
        statements = truths.lines(table, found_truths)
        return [
            RawQuestion(
                number=number, name="", paragraph=table.paragraph, lines=[TextLine(line.rich[3:], table.paragraph)]
            )
            for number, line in enumerate(statements, start=1)
        ]
    columns = _header(table)
    letters = {position: index for index, position in enumerate(p for p, name in columns.items() if name == "option")}
    found: list[RawQuestion] = []
    topic: list[str] = []
    for index, row in enumerate(table.rows[2 if _two_rows(table) else 1 :], start=1):
        cells: dict[int, list[TextLine]] = {}
        merged: set[int] = set()
        position = 0
        for cell in row:
            cells[position] = cell.lines
            if cell.merged:
                merged.add(position)
            position += cell.span
        by_name = {columns[p]: value for p, value in cells.items() if p in columns and columns[p] != "option"}
        filled = [cell for cell in row if cell.text]
        if len(filled) == 1 and (len(row) == 1 or row[0].span > 1) and filled[0].text:
            topic = [filled[0].text[:250]]
            continue
        stem = by_name.get("stem", [])
        if not any(line.text.strip() for line in stem) and found:
            _continue(found[-1], by_name, cells, letters)
            continue
        if not filled:
            continue
        found.append(_draft(index, by_name, cells, letters, table, topic))
    return found


def _draft(
    index: int,
    by_name: dict[str, list[TextLine]],
    cells: dict[int, list[TextLine]],
    letters: dict[int, int],
    table: Table,
    topic: list[str],
) -> RawQuestion:
    number_text = "".join(line.text for line in by_name.get("number", []))
    match = re.search(r"\d{1,4}", number_text)
    draft = RawQuestion(number=int(match[0]) if match else index, name="", paragraph=table.paragraph, topic=list(topic))
    draft.lines = [line for line in by_name.get("stem", []) if line.text.strip()]
    if draft.lines:
        stem_match = patterns.word_stem(draft.lines[0].text)
        if stem_match is not None:
            draft.number = int(stem_match["n"])
            draft.lines[0] = TextLine(draft.lines[0].rich[stem_match.end() :], draft.lines[0].paragraph)
    chosen: list[options.Option] = []
    for position, order in letters.items():
        text = options.joined([line.rich for line in cells.get(position, []) if line.text.strip()]).strip()
        if not text:
            continue
        inner = options.find(text)
        if len(inner.options) == 1 and not inner.stem:
            chosen.append(inner.options[0])
            chosen[-1].letter = chr(ord("A") + order)
        else:
            chosen.append(options.Option(chr(ord("A") + order), text))
    if "options" in by_name:
        chosen += _listed(by_name["options"])
    draft.options = chosen if letters or "options" in by_name else None
    for name in ("key", "explanation", "source", "level", "topic"):
        text = options.joined([line.rich for line in by_name.get(name, []) if line.text.strip()]).strip()
        if text:
            draft.fields.append((name, text))
    if level := next((level_of(text.text) for name, text in draft.fields if name == "level"), ""):
        draft.level = level
    return draft


def _listed(cell: list[TextLine]) -> list[options.Option]:
    """Return the options of one cell: lettered, or one a line."""
    kept = [line for line in cell if line.text.strip()]
    found = options.find(options.joined([line.rich for line in kept]))
    if len(found.options) >= 2 and not found.stem:
        return found.options
    return [options.Option(chr(ord("A") + index), re_strip_bullet(line.rich)) for index, line in enumerate(kept[:26])]


def re_strip_bullet(rich: Rich) -> Rich:
    """Return a line without the dash or dot that lists it."""
    match = re.match(r"\s*(?:[-–•+●○▪]|\(?[A-Ha-h]\s*[.)])\s*", rich.text)
    return rich[match.end() :].strip() if match else rich.strip()


def _continue(
    draft: RawQuestion, by_name: dict[str, list[TextLine]], cells: dict[int, list[TextLine]], letters: dict[int, int]
) -> None:
    """A row without a question of its own goes on with the one above: one option a row, the right one ticked."""
    if draft.options is not None and "options" in by_name:
        more = _listed(by_name["options"])
        for option in more:
            option.letter = chr(ord("A") + len(draft.options))
            draft.options.append(option)
    tick = " ".join(line.text for line in by_name.get("key", [])).strip()
    if tick and draft.options:
        if re.fullmatch(r"[xX✓√vV*+đĐ]|đúng", tick):
            draft.options[-1].starred = True
        else:
            draft.fields.append(("key", options.joined([line.rich for line in by_name["key"]]).strip()))
    for name in ("explanation", "source"):
        text = options.joined([line.rich for line in by_name.get(name, []) if line.text.strip()]).strip()
        if text:
            draft.fields.append((name, text))
