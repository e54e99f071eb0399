"""The key sheet: a row for each question, a column for each code. It never goes to learners."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.common.spreadsheets import harmless
from quizzes.engine.grading import EVERYONE, KeySlot
from quizzes.models import Exam, ItemVersion, Paper
from quizzes.queries.papers.compiled import paper_key

_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (spreadsheets know no zones)


def key_words(question: KeySlot, shown: Mapping[str, Any]) -> str:
    """Return the key of one question as people write it on a key sheet: B, ACD, TFTF, 1-b 2-a …

    Args:
        question: the compiled key in the paper's letters.
        shown: the question as the paper shows it.
    """
    key = question.key
    if question.rule:
        return _("everybody") if question.rule == EVERYONE else _("not counted")
    match question.kind:
        case "single_choice":
            return str(key["correct"]).upper()
        case "multiple_response":
            return "".join(sorted(letter.upper() for letter in key["correct"]))
        case "true_false_group":
            true = set(key["true"])
            words = {True: pgettext("key letter", "T"), False: pgettext("key letter", "F")}
            return "".join(words[one["id"] in true] for one in shown["statements"])
        case "matching":
            return " ".join(f"{prompt}-{key['pairs'][prompt].upper()}" for prompt in sorted(key["pairs"], key=_number))
        case "ordering":
            return "-".join(letter.upper() for letter in key["order"])
        case "short_text" | "numeric":
            return _accepted(key)
        case "gap_text":
            gaps = key["gaps"]
            return "; ".join(f"({gap}) {_gap(gaps[gap])}" for gap in sorted(gaps, key=_number))
        case "hotspot":
            return _("on the picture")
        case _:
            return _("marked by a person")


def _number(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdigit() else (10**6, text)


def _accepted(key: Mapping[str, Any]) -> str:
    words = []
    for one in key["accepted"]:
        if "value" in one:
            tolerance = str(one.get("tolerance") or "0")
            value = str(one["value"]).replace(".", ",")
            words.append(value if float(tolerance) == 0 else f"{value} ± {tolerance.replace('.', ',')}")
        else:
            words.append(str(one["text"]))
    return " / ".join(words)


def _gap(gap: Mapping[str, Any]) -> str:
    return str(gap["correct"]).upper() if "correct" in gap else _accepted(gap)


def key_table(exam: Exam, papers: Sequence[Paper]) -> list[list[str]]:
    """Return for each question number the keys of all papers, in their order, as they count after corrections."""
    columns = []
    for paper in papers:
        shown = {question["slot"]: question for question in paper.content["questions"]}
        columns.append(
            [key_words(slot, shown[slot.slot]) for slot in paper_key(paper.pk, paper.seed, exam.key_revision).slots]
        )
    longest = max((len(column) for column in columns), default=0)
    return [[column[row] if row < len(column) else "" for column in columns] for row in range(longest)]


def key_sheet(exam: Exam, papers: Sequence[Paper], *, language: str = "vi") -> bytes:
    """Return the workbook: the keys, and which question of the bank stands where."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with translation.override(language), xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        title = book.add_format({"bold": True, "font_size": 14, "font_name": "Times New Roman"})
        head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "bg_color": "#EEEAE4", "font_name": "Times New Roman"}
        )
        cell = book.add_format({"border": 1, "align": "center", "num_format": "@", "font_name": "Times New Roman"})
        page = book.add_worksheet(_("Keys"))
        _sheet(page, exam, papers, key_table(exam, papers), (title, head, cell))
        places = book.add_worksheet(_("Places"))
        codes = _item_codes(papers)
        table = [
            [codes.get(paper.layout[row]["version"], "") if row < len(paper.layout) else "" for paper in papers]
            for row in range(max((len(paper.layout) for paper in papers), default=0))
        ]
        _sheet(places, exam, papers, table, (title, head, cell))
    return buffer.getvalue()


def _item_codes(papers: Sequence[Paper]) -> dict[int, str]:
    wanted = {entry["version"] for paper in papers for entry in paper.layout}
    found = ItemVersion.objects.filter(pk__in=wanted).values_list("pk", "item__code", "item_id", "number")
    return {pk: f"{code or f'#{item}'} v{number}" for pk, code, item, number in found}


def _sheet(
    page: Any, exam: Exam, papers: Sequence[Paper], table: list[list[str]], formats: tuple[Any, Any, Any]
) -> None:
    title, head, cell = formats
    page.write_string(0, 0, harmless(exam.title), title)
    page.write_string(2, 0, _("Question no."), head)
    for column, paper in enumerate(papers, start=1):
        page.write_string(2, column, paper.code, head)
    for row, keys in enumerate(table, start=3):
        page.write_number(row, 0, row - 2, cell)
        for column, text in enumerate(keys, start=1):
            page.write_string(row, column, text, cell)
    page.set_column(0, 0, 9)
    page.set_column(1, max(1, len(papers)), min(24, max([8, *(len(text) + 2 for keys in table for text in keys)])))
    page.freeze_panes(3, 1)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
