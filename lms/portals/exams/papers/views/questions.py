"""The fixed list of an exam: pick from the bank, order, points."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lms.common.text import whole_number
from lms.portals.exams.papers.views.common import exam_context, find_exam_to_edit
from quizzes.enums import Level, QuestionSource
from quizzes.kinds import all_kinds, get_kind
from quizzes.models import Exam, ExamQuestion, Item, ItemBank, ItemVersion
from quizzes.queries.bank.search import search_items
from quizzes.queries.bank.versions import short_text
from quizzes.services.papers.exams import set_questions

PER_PAGE = 30


def _find_fixed_exam(request: HttpRequest, exam_id: int) -> Exam:
    found = find_exam_to_edit(request, exam_id)
    if found.source != QuestionSource.FIXED:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def question_list(request: HttpRequest, exam_id: int) -> HttpResponse:
    """The questions in order, with points; a POST stores order, points and removals at once."""
    found = _find_fixed_exam(request, exam_id)
    rows = list(
        found.questions.select_related("version__item__topic", "version__item__approved_version").order_by("position")
    )
    problems: dict[int, str] = {}
    if request.method == "POST":
        kept, problems = _read(request, rows)
        if not problems:
            set_questions(exam=found, questions=kept)
            messages.success(request, _("The questions are saved."))
            return redirect("exams:exam-questions", found.pk)
    context = exam_context(
        found,
        "questions",
        rows=[(row, short_text(row.version), problems.get(row.pk, ""), _newer(row)) for row in rows],
        total=sum((row.points for row in rows), Decimal(0)),
        problems=problems,
    )
    return render(request, "exams/papers/questions.html", context, status=422 if problems else 200)


def _newer(row: ExamQuestion) -> bool:
    """Whether a later version of the question was approved."""
    item = row.version.item
    return item.approved_version_id is not None and item.approved_version_id != row.version_id


def _read(request: HttpRequest, rows: list[ExamQuestion]) -> tuple[list[tuple[ItemVersion, Decimal]], dict[int, str]]:
    """Return what a form leaves of the list: places, points, removals, newer versions, one step up or down."""
    problems: dict[int, str] = {}
    kept: list[tuple[float, int, ItemVersion, Decimal]] = []
    step, _colon, moved = request.POST.get("act", "").partition(":")
    for index, row in enumerate(rows):
        if f"remove-{row.pk}" in request.POST:
            continue
        raw = request.POST.get(f"points-{row.pk}", "").strip().replace(",", ".")
        try:
            points = Decimal(raw)
        except InvalidOperation:
            points = Decimal(0)
        if not points.is_finite() or not 0 < points < 1000:
            problems[row.pk] = _("Points above 0 are wanted, such as 0,25.")
            continue
        place = request.POST.get(f"place-{row.pk}", "")
        number = float(index + 1 if (given := whole_number(place)) is None else given)
        if moved == str(row.pk):
            number += -1.5 if step == "up" else 1.5
        newer = f"newer-{row.pk}" in request.POST and _newer(row)
        version = row.version.item.approved_version if newer else row.version
        assert version is not None
        kept.append((number, index, version, points.quantize(Decimal("0.01"))))
    kept.sort(key=lambda one: one[:2])
    return [(version, points) for _place, _index, version, points in kept], problems


@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, exam_id: int) -> HttpResponse:
    """Search the banks and add what is ticked to the end of the list."""
    found = _find_fixed_exam(request, exam_id)
    items = Item.objects.visible_to(request.user).usable()
    present = set(found.questions.values_list("version__item_id", flat=True))
    if request.method == "POST":
        given = (whole_number(one) for one in request.POST.getlist("item")[:200])
        wanted = [one for one in given if one is not None]
        chosen = [
            item for item in items.filter(pk__in=wanted).select_related("approved_version") if item.pk not in present
        ]
        chosen.sort(key=lambda item: wanted.index(item.pk))
        listed = [(row.version, row.points) for row in found.questions.select_related("version").order_by("position")]
        points = listed[-1][1] if listed else Decimal(1)
        added = [(item.approved_version, points) for item in chosen if item.approved_version is not None]
        set_questions(exam=found, questions=[*listed, *added])
        text = ngettext("%(number)d question added.", "%(number)d questions added.", len(added))
        messages.success(request, text % {"number": len(added)})
        return redirect("exams:exam-questions", found.pk)
    filters = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "bank", "level", "kind", "topic")
    }
    if filters["q"]:
        items = search_items(items.readable_by(request.user), filters["q"])
    if (bank := whole_number(filters["bank"])) is not None:
        items = items.filter(bank_id=bank)
    for name in ("level", "kind"):
        if filters[name]:
            items = items.filter(**{name: filters[name]})
    if (topic := whole_number(filters["topic"])) is not None:
        items = items.filter(topic_id=topic)
    items = items.select_related("approved_version", "topic", "bank").order_by("-updated_at", "-pk")
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = exam_context(
        found,
        "questions",
        page=page,
        rows=[
            (item, short_text(item.approved_version), get_kind(item.approved_version.kind).label)
            for item in page.object_list
            if item.approved_version is not None
        ],
        filters=filters,
        banks=ItemBank.objects.visible_to(request.user).order_by("name"),
        levels=Level.choices,
        kinds=[(kind.name, kind.label) for kind in all_kinds()],
        present=present,
    )
    return render(request, "exams/papers/pick.html", context)
