"""Statistics of exams: the list, one exam, one question. Everything is read; the task has counted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.spreadsheets import Column, download, write_xlsx
from lms.common.text import whole_number
from lms.exams.queries.results import key_in_force
from lms.exams.queries.statistics import exam_list, item_rows
from lms.portals.exams.statistics import charts, words
from lms.portals.shared import require_role
from quizzes import policy
from quizzes.access import STATISTICS_ROLES
from quizzes.engine.texts import plain_text
from quizzes.kinds import get_kind
from quizzes.models import ExamStatistics, ItemStatistics

_PER_PAGE = 30
_STEM_WORDS = 18
_MODELS = (("rasch", "Rasch"), ("2pl", "2PL"))


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question in the table of an exam."""

    number: int
    row: ItemStatistics
    stem: str
    kind: Any
    findings: list[tuple[str, bool]]

    @property
    def percent(self) -> float | None:
        """The mean share of the points, in per cent."""
        return _hundred(self.row.difficulty)

    @property
    def serious(self) -> bool:
        return any(grave for _text, grave in self.findings)


def _find_statistics(request: HttpRequest, exam_id: int) -> ExamStatistics:
    found = ExamStatistics.objects.visible_to(request.user).select_related("exam__unit")
    return get_object_or_404(found, exam_id=whole_number(str(exam_id)))  # an address may carry any number


def _lines(statistics: ExamStatistics) -> list[ItemLine]:
    """The questions with the gravest findings first; the number tells the same question in chart and table."""
    lines = []
    for number, row in enumerate(item_rows(statistics), start=1):
        letters = words.letters_of(row.version)
        lines.append(
            ItemLine(
                number=number,
                row=row,
                stem=Truncator(plain_text(row.version.stem)).words(_STEM_WORDS),
                kind=get_kind(row.version.kind).label,
                findings=[(words.flag_text(flag, letters), words.is_serious(flag)) for flag in row.flags],
            )
        )
    return lines


@require_safe
@never_cache
def exams(request: HttpRequest) -> HttpResponse:
    """Exams with figures, the last one counted first."""
    require_role(request, STATISTICS_ROLES)
    text = request.GET.get("q", "").strip()
    found = exam_list(request.user, text=text)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "exams/statistics/exams.html",
        {"page": page, "text": text, "key_waits": bool(policy.sets_sat_by(request.user))},
    )


@require_safe
@never_cache
def exam(request: HttpRequest, exam_id: int) -> HttpResponse:
    """One exam: figures, distribution of scores, the field of questions, the table of questions."""
    statistics = _find_statistics(request, exam_id)
    lines = _lines(statistics)
    shown = [(line.number, line.row.difficulty, line.row.discrimination, line.serious) for line in lines]
    context = {
        "statistics": statistics,
        "exam": statistics.exam,
        "lines": lines,
        "findings": sum(bool(line.findings) for line in lines),
        "mean": _hundred(statistics.mean),
        "spread": _hundred(statistics.deviation),
        "sem": _hundred(statistics.sem),
        "pass_percent": 100 * statistics.passed / statistics.people if statistics.people else None,
        "reliability": words.reliability_word(statistics.alpha),
        "chart": charts.histogram(statistics.histogram),
        "bars": [(10 * index, 10 * index + 10, count) for index, count in enumerate(statistics.histogram)],
        "points": charts.scatter(shown),
        "frame": charts,
        "zero": charts.up(0, charts.LOW, charts.HIGH),
        "weak": charts.up(0.1, charts.LOW, charts.HIGH),
        "pass_at": charts.across(float(statistics.exam.pass_share)),
    }
    return render(request, "exams/statistics/exam.html", context)


@require_safe
@never_cache
def item(request: HttpRequest, exam_id: int, version_id: int) -> HttpResponse:
    """One question of an exam: its figures, who chose what, and the curves by fifths."""
    statistics = _find_statistics(request, exam_id)
    line = next((line for line in _lines(statistics) if line.row.version_id == version_id), None)
    if line is None:
        raise Http404
    version, row = line.row.version, line.row
    letters = words.letters_of(version)
    html = {option["id"]: option["html"] for option in version.content.get("options", ())}
    correct = key_in_force(statistics.exam_id, version).get("correct", ())
    right = {correct} if isinstance(correct, str) else set(correct)
    options = [
        {
            **option,
            "letter": letters[option["option"]],
            "html": html[option["option"]],
            "right": option["option"] in right,
            "percent": _hundred(option["share"]),
            "fifths": [_hundred(share) for share in option["curve"]],
        }
        for option in row.options
    ]
    lines = [charts.curve(option["letter"], option["curve"], key=option["right"]) for option in options]
    context = {
        "statistics": statistics,
        "exam": statistics.exam,
        "line": line,
        "row": row,
        "version": version,
        "options": options,
        "curves": charts.apart(lines) or [charts.curve(_("points"), row.curve, key=True)],
        "fifths": range(1, 6),
        "frame": charts,
        "difficulty_word": words.difficulty_word(row.difficulty),
        "percent": _hundred(row.difficulty),
        "omit_percent": 100 * row.omitted / row.asked if row.asked else None,
        "fifth_shares": [_hundred(share) for share in row.curve],
        "models": [(name, row.irt[code]) for code, name in _MODELS if code in row.irt],
    }
    return render(request, "exams/statistics/item.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, exam_id: int) -> HttpResponse:
    """The table of questions as a workbook."""
    statistics = _find_statistics(request, exam_id)
    columns = [
        Column(_("No."), "number"),
        Column(_("Question"), width=60),
        Column(_("Kind")),
        Column(_("Asked"), "number"),
        Column(_("Left out"), "number"),
        Column(_("Difficulty (share of points)"), "percent"),
        Column(_("Discrimination"), "score"),
        Column(_("Upper minus lower 27%"), "percent"),
        Column(_("Time in seconds"), "number"),
        Column(_("Difficulty on the model's scale"), "score"),
        Column(_("Findings"), width=60),
    ]
    rows = [
        [
            line.number,
            plain_text(line.row.version.stem),
            str(line.kind),
            line.row.asked,
            line.row.omitted,
            _percent(line.row.difficulty),
            _decimal(line.row.discrimination),
            _percent(line.row.upper_lower),
            None if line.row.seconds is None else round(line.row.seconds),
            _decimal((line.row.irt.get("2pl") or line.row.irt.get("rasch") or {}).get("b")),
            " ".join(text for text, _grave in line.findings),
        ]
        for line in _lines(statistics)
    ]
    return download(write_xlsx(rows, columns, title=statistics.exam.title), f"thong-ke-{exam_id}.xlsx")


def _hundred(share: float | None) -> float | None:
    """Return a share in per cent, as the template's filter takes it."""
    return None if share is None else 100 * share


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(100 * value, 2)))


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
