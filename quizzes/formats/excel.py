"""The Excel template: one row a question, for every kind. Reading takes Vietnamese and English headings in any order."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import python_calamine

from lms.common.limited.workbooks import FarCellError, check_extent
from lms.common.text import fold, normalise
from quizzes.formats.markup import LEVEL_NAMES, from_plain, inline, level_of, shown, tidy
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading, UnreadableFileError, letters
from quizzes.formats.safe import MAX_QUESTIONS, OLE, ZIP, Package, check_size, open_package
from quizzes.formats.word import convention, patterns

MAX_OPTIONS = 26
#: column -> (heading of the template, other headings that are understood)
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "number": ("TT", ("stt", "so tt", "no", "#", "cau", "cau so")),
    "kind": ("Loại", ("loai cau hoi", "kieu", "dang", "kind", "type", "loai cau")),
    "stem": ("Câu hỏi", ("noi dung", "noi dung cau hoi", "de bai", "question", "stem", "cau dan")),
    **{f"option{index}": (f"Phương án {chr(65 + index)}", (chr(97 + index), f"dap an {chr(97 + index)}", f"option {chr(97 + index)}", f"lua chon {chr(97 + index)}", f"phuong an {index + 1}", f"dap an {index + 1}", f"lua chon {index + 1}", f"pa {chr(97 + index)}")) for index in range(MAX_OPTIONS)},
    "key": ("Đáp án", ("dap an dung", "key", "answer", "tra loi", "da", "d/a", "correct", "phuong an dung")),
    "fixed": ("Giữ chỗ", ("co dinh", "khong dao", "khong tron", "fixed")),
    "scoring": ("Cách chấm", ("scoring", "cham")),
    "feedback": ("Giải thích", ("huong dan giai", "loi giai", "explanation", "feedback", "ghi chu")),
    "level": ("Mức độ", ("cap do", "muc", "level", "do kho", "muc do nhan thuc")),
    "topic": ("Chủ đề", ("chuyen de", "chuong", "phan", "topic", "category", "noi dung kien thuc")),
    "source": ("Nguồn", ("can cu", "tai lieu", "source", "trich dan")),
    "code": ("Mã", ("ma cau", "ma cau hoi", "code", "id")),
    "tags": ("Thẻ", ("tu khoa", "tags", "tag", "nhan")),
    "extra": ("Thêm", ("extra", "khac")),
}  # fmt: skip
_HEADINGS = {fold(heading): name for name, (heading, _others) in COLUMNS.items()} | {
    other: name for name, (_heading, others) in COLUMNS.items() for other in others
}
KIND_NAMES = {"single_choice": "Một đáp án", **convention.KIND_TAGS}


def read(data: bytes, name: str = "") -> Reading:
    """Read a workbook: the first sheet that has a row of headings.

    Raises:
        UnreadableFileError: not a workbook, without headings, or not safe to read.
    """
    check_size(data)
    if data.startswith(OLE):
        raise UnreadableFileError("old_excel")
    if not data.startswith(ZIP):
        raise UnreadableFileError("not_excel")
    package = open_package(data)
    if any(part.lower().endswith("vbaproject.bin") for part in package.names):
        raise UnreadableFileError("macros")
    sheets = _sheets(data, package)
    reading = Reading("excel")
    found = False
    for sheet in sheets:
        header = _header(sheet)
        if header is None:
            continue
        found = True
        top, columns = header
        for index, row in enumerate(sheet[top + 1 :], start=top + 2):
            cells = {name: _text(row[position]) for position, name in columns.items() if position < len(row)}
            if not any(text for name, text in cells.items() if name != "number"):
                continue
            if len(reading.questions) >= MAX_QUESTIONS:
                reading.doubt("too_many", limit=MAX_QUESTIONS)
                return reading
            reading.questions.append(from_cells(cells, Place("row", str(index))))
        break
    if not found:
        raise UnreadableFileError("no_header")
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


def _sheets(data: bytes, package: Package) -> list[list[list[Any]]]:
    try:
        check_extent(package.file)
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [book.get_sheet_by_name(one).to_python(skip_empty_area=False) for one in book.sheet_names[:20]]
    except FarCellError as far:
        raise UnreadableFileError("far_cell", sheet=far.sheet[:80], cell=far.cell) from far
    except (python_calamine.CalamineError, zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise UnreadableFileError("not_excel") from error


def _header(sheet: Sequence[Sequence[Any]]) -> tuple[int, dict[int, str]] | None:
    for number, row in enumerate(sheet[:15]):
        columns: dict[int, str] = {}
        for position, value in enumerate(row):
            name = _HEADINGS.get(fold(_text(value)).strip(" .:*"))
            if name and name not in columns.values():
                columns[position] = name
        if "stem" in columns.values() and len(columns) >= 2:
            return number, columns
    return None


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, float):
        return convention.write_number(shown(Decimal(repr(value))))
    return str(value).replace("\r\n", "\n").strip()


_HTML_TAG = re.compile(r"</?(?:p|b|i|u|br|strong|em|img|table|sub|sup|math|ul|ol|span)\b")  # with a ">" behind it
_ENTITY = re.compile(r"&[a-z]++;")


def html_of(text: str) -> str:
    """Cells hold plain text, or html when they clearly are html."""
    if _HTML_TAG.search(text, 0, text.rfind(">") + 1) or _ENTITY.search(text):
        return tidy(text)
    return tidy(from_plain(normalise_lines(text)))


def normalise_lines(text: str) -> str:
    """Return text in NFC, keeping its lines."""
    return "\n".join(normalise(line) for line in text.split("\n"))


def from_cells(cells: dict[str, str], place: Place) -> ParsedQuestion:
    """Return the question that the texts of a row say, by column; faults are its doubts."""
    question = ParsedQuestion(place=place, stem=html_of(cells.get("stem", "")))
    if not question.stem:
        question.doubt("no_stem", ERROR)
    options = [cells.get(f"option{index}", "") for index in range(MAX_OPTIONS)]
    while options and not options[-1]:
        options.pop()
    _common(cells, question)
    question.kind = _kind(cells, options, question)
    match question.kind:
        case "single_choice" | "multiple_response":
            _choice(cells, options, question)
        case "true_false_group":
            _true_false(cells, options, question)
        case "ordering":
            _ordering(cells, options, question)
        case "matching":
            _matching(cells, options, question)
        case _:
            _by_lines(cells, options, question)
    return question


def _common(cells: dict[str, str], question: ParsedQuestion) -> None:
    if feedback := html_of(cells.get("feedback", "")):
        question.feedback["general"] = feedback
    question.source = normalise(cells.get("source", ""))[:300]
    question.code = cells.get("code", "")[:60]
    question.tags = [tag.strip()[:60] for tag in re.split(r"[,;]", cells.get("tags", "")) if tag.strip()]
    question.topic = [part.strip()[:250] for part in cells.get("topic", "").split(">") if part.strip()]
    if level := cells.get("level", ""):
        question.level = level_of(level)
        if not question.level:
            question.doubt("unknown_level", text=level[:40])
    for line in cells.get("extra", "").split("\n"):
        if match := re.match(r"nhận xét\s+([A-Z])\s*:\s*(.*)", line.strip(), re.IGNORECASE):
            question.feedback.setdefault("options", {})[match[1].lower()] = inline(html_of(match[2]))


def _kind(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> str:
    said = cells.get("kind", "")
    if said:
        folded = fold(said)
        for name, words in KIND_NAMES.items():
            if folded in (fold(words), name, name.replace("_", " ")):
                return name
        if hint := patterns.hint_of(said):
            return hint
        question.doubt("unknown_kind", text=said[:40])
    key = cells.get("key", "")
    if not any(options):
        if not key:
            return "essay"
        return "numeric" if convention.number(key) else "short_text"
    if convention.truths(key, len(options)) is not None and not re.fullmatch(r"[A-Z][\s,;A-Z]*", key):
        return "true_false_group"
    return "single_choice"


def _made(options: list[str], question: ParsedQuestion, fixed: str) -> list[dict[str, Any]]:
    held = set(re.findall(r"\b[A-Z]\b", fixed.upper()))
    everything = fold(fixed) in ("x", "tat ca", "co", "all")
    made = []
    for ident, text in zip(letters(len(options)), options, strict=True):
        html = inline(html_of(text))
        if not html:
            question.doubt("empty_option", ERROR, option=ident.upper())
        made.append({"id": ident, "html": html, "fixed": everything or ident.upper() in held})
    return made


def _choice(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> None:
    from quizzes.formats.word.build import letters_of

    made = _made(options, question, cells.get("fixed", ""))
    question.content = {"options": made}
    if len(made) < 2:
        question.doubt("too_few_options", ERROR, count=len(made))
    key = cells.get("key", "")
    right = letters_of(key, made) if key else set()
    if right is None:
        question.doubt("unknown_answer", ERROR, answer=key[:40])
        right = set()
    elif not right:
        question.doubt("no_key", ERROR)
    chosen = [made[index]["id"] for index in sorted(right)]
    if question.kind == "multiple_response" or len(chosen) > 1:
        question.kind = "multiple_response"
        scoring = convention.scoring(cells.get("scoring", "")) or "all_or_nothing"
        question.key = {"correct": chosen, "scoring": scoring}
    else:
        question.key = {"correct": chosen[0]} if chosen else {}


def _true_false(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> None:
    question.content = {
        "statements": [{"id": str(index), "html": inline(html_of(text))} for index, text in enumerate(options, start=1)]
    }
    key = cells.get("key", "")
    values = convention.truths(key, len(options))
    if values is None:
        question.key = {"true": []}
        question.doubt("no_truths", ERROR)
        return
    question.key = {"true": [str(index) for index, value in enumerate(values, start=1) if value]}
    if scale := convention.scale(cells.get("scoring", ""), len(options)):
        question.key["scale"] = scale


def _ordering(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> None:
    made = [
        {"id": ident, "html": inline(html_of(text))} for ident, text in zip(letters(len(options)), options, strict=True)
    ]
    order = [one.lower() for one in re.findall(r"\b[A-Za-z]\b", cells.get("key", ""))]
    question.content = {"options": made}
    question.key = {"order": order, "scoring": convention.scoring(cells.get("scoring", "")) or "all_or_nothing"}
    if sorted(order) != sorted(one["id"] for one in made) or len(made) < 2:
        question.doubt("order_missing", ERROR)


def _matching(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> None:
    """Prompts are the lines "1) …" at the end of the question."""
    raw = cells.get("stem", "").split("\n")
    first = next((index for index, line in enumerate(raw) if re.match(r"\s*1\s*[.)]", line)), len(raw))
    prompts = [inline(html_of(re.sub(r"^\s*\d+\s*[.)]\s*", "", line))) for line in raw[first:] if line.strip()]
    question.stem = html_of("\n".join(raw[:first]))
    made = _made(options, question, cells.get("fixed", ""))
    question.content = {
        "prompts": [{"id": str(index), "html": html} for index, html in enumerate(prompts, start=1)],
        "options": made,
    }
    known = {one["id"] for one in made}
    pairs = {
        prompt: letter
        for prompt, letter in re.findall(r"(\d{1,2})\s*+[-–:.)→=]*+\s*+([a-z])", cells.get("key", "").lower())
        if letter in known and int(prompt) <= len(prompts)
    }
    question.key = {"pairs": pairs, "scoring": convention.scoring(cells.get("scoring", "")) or "partial"}
    if not prompts or len(made) < 2:
        question.doubt("no_pairs", ERROR)
    elif len(pairs) < len(prompts):
        question.doubt("pairs_missing", ERROR)


def _by_lines(cells: dict[str, str], options: list[str], question: ParsedQuestion) -> None:
    """Kinds without lettered options use the same words as in Word files, in the columns "Đáp án" and "Thêm"."""
    from quizzes.formats.word.build import Parts
    from quizzes.formats.word.drafts import RawQuestion
    from quizzes.formats.word.rich import PLAIN, Rich

    def rich(text: str) -> Rich:
        found = Rich()
        found.add(normalise_lines(text), PLAIN)
        return found

    parts = Parts(RawQuestion(0, ""), rich(cells.get("stem", "")), [])
    if key := cells.get("key", ""):
        parts.fields.append(("key", rich(key)))
    if how := cells.get("scoring", ""):
        parts.fields.append(("scoring", rich(how)))
    for line in cells.get("extra", "").split("\n"):
        if found := patterns.field_of(line):
            value = rich(line[found.rest :])
            if found.name in ("gap", "rubric"):
                head = Rich()
                head.add(line[: found.rest].strip() + "\t", PLAIN)
                value = head + value
            parts.fields.append((found.name, value))
    stem, doubts = question.stem, list(question.doubts)
    if question.kind == "hotspot":
        question.doubt("unsupported_interaction", ERROR, type=KIND_NAMES["hotspot"])
        return
    convention.fill(parts, question)
    if question.kind == "gap_text":
        text = html_of(cells.get("stem", ""))
        from quizzes.formats.moodle.types import GAP_STEM, move_stem

        question.stem = text
        question.content.setdefault("text", "")
        gaps = question.content["gaps"]
        move_stem(question)
        question.content = {"text": question.content["text"], "gaps": gaps}
        if not question.stem:
            question.stem = GAP_STEM
    else:
        question.stem = stem
        if model := parts.text("model"):
            question.key["model_html"] = inline(html_of(model))
    question.doubts = [*doubts, *(doubt for doubt in question.doubts if doubt not in doubts)]
    if options and any(options):
        question.doubt("no_key", NOTE)


__all__ = ["COLUMNS", "KIND_NAMES", "LEVEL_NAMES", "read"]
