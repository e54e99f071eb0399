"""Writing the Excel template, empty or with questions."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from quizzes.formats.excel import COLUMNS, KIND_NAMES, html_of
from quizzes.formats.markup import LEVEL_NAMES, shown_breaks
from quizzes.formats.model import Loss, ParsedQuestion, WrittenFile
from quizzes.formats.word import convention

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"stem": 60, "feedback": 40, "topic": 24, "source": 24, "extra": 30, "kind": 14, "scoring": 16, "key": 14}
_LEAST_OPTIONS = 4
_SINGLE = {"single_choice", "multiple_response", "ordering", "matching"}


def write(questions: Sequence[ParsedQuestion]) -> WrittenFile:
    """Return the questions as a workbook, with what it could not say."""
    losses: list[Loss] = []
    rows = []
    for number, question in enumerate(questions, start=1):
        cells, lost = cells_of(question)
        losses += [Loss(question.code or str(number), code) for code in lost]
        if "loss_kind" not in lost:
            rows.append({**cells, "number": str(number)})
    count = max([_LEAST_OPTIONS, *(_options_in(row) for row in rows)])
    return WrittenFile(_workbook(rows, count), "xlsx", CONTENT_TYPE, losses)


def template() -> bytes:
    """Return the empty template with three examples and a sheet of explanations."""
    examples = [
        {
            "number": "1", "kind": KIND_NAMES["single_choice"], "stem": "Đảng Cộng sản Việt Nam được thành lập vào ngày nào?",
            "option0": "03/02/1930", "option1": "19/5/1930", "option2": "02/9/1945", "option3": "Cả ba đáp án trên đều sai",
            "key": "A", "fixed": "D", "level": "Nhận biết", "topic": "Lịch sử Đảng", "feedback": "",
        },
        {
            "number": "2", "kind": KIND_NAMES["true_false_group"], "stem": "Mỗi phát biểu sau đúng hay sai?",
            "option0": "Phát biểu thứ nhất", "option1": "Phát biểu thứ hai", "option2": "Phát biểu thứ ba", "option3": "Phát biểu thứ tư",
            "key": "ĐSĐS", "level": "Thông hiểu", "topic": "Lịch sử Đảng",
        },
        {
            "number": "3", "kind": KIND_NAMES["essay"], "stem": "Phân tích ý nghĩa sự ra đời của Đảng Cộng sản Việt Nam.",
            "level": "Vận dụng", "topic": "Lịch sử Đảng",
        },
    ]  # fmt: skip
    return _workbook(examples, _LEAST_OPTIONS, help_sheet=True)


def _options_in(row: dict[str, str]) -> int:
    return max((int(name[6:]) + 1 for name, text in row.items() if name.startswith("option") and text), default=0)


def cells_of(question: ParsedQuestion) -> tuple[dict[str, str], list[str]]:  # noqa: C901 (one case each)
    """Return a question as the texts of a row, by column, and the codes of what a row cannot say."""
    lost: list[str] = []
    cells = {
        "kind": KIND_NAMES.get(question.kind, question.kind),
        "stem": _cell(question.stem),
        "feedback": _cell(question.feedback.get("general", "")),
        "level": LEVEL_NAMES.get(question.level, ""),
        "topic": " > ".join(question.topic),
        "source": question.source,
        "code": question.code,
        "tags": ", ".join(question.tags),
    }
    extra = [
        f"Nhận xét {ident.upper()}: {html}"
        for ident, html in (question.feedback.get("options") or {}).items()
        if ident.isalpha()
    ]
    if len(extra) < len(question.feedback.get("options") or {}):
        lost.append("loss_option_feedback")
    content, key = question.content, question.key
    parts = content.get("options") or content.get("statements") or []
    for index, part in enumerate(parts):
        cells[f"option{index}"] = _cell(part["html"])
    held = [part["id"].upper() for part in parts if part.get("fixed")]
    if held and "options" in content:
        cells["fixed"] = ", ".join(held)
    if question.kind == "true_false_group" and held:
        lost.append("loss_fixed")
    match question.kind:
        case "single_choice":
            cells["key"] = key.get("correct", "").upper()
        case "multiple_response":
            cells["key"] = ", ".join(ident.upper() for ident in key.get("correct", []))
        case "true_false_group":
            true = frozenset(key.get("true", ()))
            cells["key"] = "".join("Đ" if one["id"] in true else "S" for one in parts)
            if key.get("scale"):
                cells["scoring"] = "; ".join(convention.write_number(value) for value in key["scale"])
        case "matching":
            prompts = content.get("prompts", [])
            cells["stem"] = "\n".join(
                [cells["stem"], *(f"{index}) {_one_line(one['html'])}" for index, one in enumerate(prompts, start=1))]
            )
            cells["key"] = "; ".join(f"{one}-{letter.upper()}" for one, letter in key.get("pairs", {}).items())
        case "ordering":
            cells["key"] = ", ".join(ident.upper() for ident in key.get("order", []))
        case "short_text":
            cells["key"] = convention.join_alternatives(key.get("accepted", []))
            extra += [f"Số dòng: {content['lines']}"] if content.get("lines", 1) != 1 else []
        case "numeric":
            cells["key"] = convention.join_numbers(key.get("accepted", []))
            extra += [f"Đơn vị: {content['unit']}"] if content.get("unit") else []
        case "gap_text":
            cells["stem"] = _cell(convention.whole_text(question))
            extra += convention.gap_lines(question)
        case "essay":
            extra += convention.essay_lines(question)
        case "hotspot":
            lost.append("loss_kind")
    if how := convention.how_scored(question):
        cells["scoring"] = how
    if extra:
        cells["extra"] = "\n".join(line.replace("\n", " ") for line in extra)
    return {name: text for name, text in cells.items() if text}, lost


def _one_line(html: str) -> str:
    return _cell(html).replace("\n", " ") if "<" not in _cell(html) else re.sub(r"(?<!\s)\s*?\n\s*+", " ", html)


def _cell(html: str) -> str:
    """Return html as plain text where reading it back gives the same html, else the html itself."""
    text = shown_breaks(html)
    return text if text is not None and html_of(text) == html else html


def _workbook(rows: Sequence[dict[str, Any]], options: int, *, help_sheet: bool = False) -> bytes:
    names = [name for name in COLUMNS if not name.startswith("option") or int(name[6:]) < options]
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, settings) as book:
        page = book.add_worksheet("Câu hỏi")
        bold = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#F2E6E4"}
        )
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        quoted = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True})
        for index, name in enumerate(names):
            page.write_string(0, index, COLUMNS[name][0], bold)
            page.set_column(index, index, _WIDTHS.get(name, 22 if name.startswith("option") else 10))
        for number, row in enumerate(rows, start=1):
            for index, name in enumerate(names):
                if text := row.get(name, ""):
                    style = quoted if text.startswith(("=", "+", "-", "@", "\t", "\r")) else plain
                    page.write_string(number, index, text[:32_000], style)
        page.freeze_panes(1, 3)
        page.data_validation(
            1,
            names.index("kind"),
            2000,
            names.index("kind"),
            {"validate": "list", "source": list(KIND_NAMES.values()), "error_type": "information"},
        )
        page.data_validation(
            1,
            names.index("level"),
            2000,
            names.index("level"),
            {"validate": "list", "source": list(LEVEL_NAMES.values()), "error_type": "information"},
        )
        if help_sheet:
            _explain(book)
    return buffer.getvalue()


def _explain(book: Any) -> None:
    page = book.add_worksheet(str(_("How to fill it in"))[:31])
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "valign": "top"})
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 90)
    rows = (
        ("Loại", _("Choose from the list. Left empty, it follows from the other columns.")),
        (
            "Câu hỏi",
            _("The text of the question. For a matching, the things on the left stand below it, one a line: 1) … 2) …"),
        ),
        (
            "Phương án A, B …",
            _("The options; for true/false the statements. More columns may be added: Phương án E, F …"),
        ),
        (
            "Đáp án",
            _(
                "A · A, C · ĐSĐS · 1-B; 2-A (matching) · C, A, B (order) · 1930 ± 1 (number) · one text | another (50%) (short answer)"
            ),
        ),
        ("Giữ chỗ", _("Letters of the options that are not shuffled, such as D for “Cả ba đáp án trên”.")),
        ("Cách chấm", " · ".join(convention.SCORINGS.values())),
        ("Mức độ", " · ".join(LEVEL_NAMES.values())),
        ("Chủ đề", _("Levels of the topic tree with > between them: Chương 1 > Bài 2")),
        (
            "Thêm",
            _(
                "Lines such as “Nhận xét B: …”, “[[1]]: *right | wrong” (gaps, marked [[1]] in the text), “Tiêu chí (40%): …”, “Số từ: 200 - 500”."
            ),
        ),
    )
    for index, (name, text) in enumerate(rows):
        page.write_string(index, 0, name, bold)
        page.write_string(index, 1, str(text), wrap)
