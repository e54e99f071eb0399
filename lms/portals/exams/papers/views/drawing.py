"""Drawing the forms of an exam: its rules, its limits, what stands against it, and the proof."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.text import whole_number
from lms.portals.exams.files import attach
from lms.portals.exams.papers.forms import LimitsForm
from lms.portals.exams.papers.views.common import exam_context, find_exam_to_edit
from lms.portals.shared import actor_of
from quizzes.enums import Level, QuestionSource
from quizzes.errors import BlueprintError, DrawImpossibleError, ExamEmptyError
from quizzes.kinds import all_kinds
from quizzes.models import Blueprint, Exam, ExamDraw, Item, ItemBank, ItemVersion
from quizzes.printing.pdf import set_pdf
from quizzes.printing.sheets import proof_data
from quizzes.queries.bank.topics import topic_rows
from quizzes.queries.bank.versions import short_text
from quizzes.queries.papers.stock import RowSpec, limits_of, make_task, row_labels, specs_of, stock_rows
from quizzes.services.papers.blueprints import create_blueprint, save_rows
from quizzes.services.papers.draws import draw_forms, rules_of
from quizzes.services.papers.exams import edit_exam

EMPTY_ROWS = 3


def _find_drawn_exam(request: HttpRequest, exam_id: int) -> Exam:
    found = find_exam_to_edit(request, exam_id)
    if found.source == QuestionSource.FIXED:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def drawing(request: HttpRequest, exam_id: int) -> HttpResponse:
    """The limits, what the bank has under them, and the button that draws."""
    found = _find_drawn_exam(request, exam_id)
    form = LimitsForm(request.POST or None, instance=found)
    refused: DrawImpossibleError | None = None
    if request.method == "POST" and form.is_valid():
        exam = found
        edit_exam(exam=exam, changes=form.changes(), actor=actor_of(request))
        if request.POST.get("act") == "draw":
            after = request.POST.get("after", "")
            try:
                made = draw_forms(exam=exam, actor=actor_of(request), after=whole_number(after))
            except DrawImpossibleError as error:
                refused = error
            except (BlueprintError, ExamEmptyError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The forms are drawn; the proof is below."))
                return redirect("exams:exam-proof", exam.pk, made.number)
        else:
            return redirect("exams:exam-draw", exam.pk)
    rules = rules_of(found)
    specs = specs_of(rules.current) if rules and rules.current else []
    last = found.draws.order_by("-number").values_list("number", flat=True).first() or 0
    context = exam_context(
        found,
        "draw",
        form=form,
        rules=rules,
        stocks=_stocks(found, rules, specs),
        draws=found.draws.select_related("created_by", "blueprint_version").order_by("-number")[:20],
        last=last,
        refused=refused,
        total=sum(spec.count for spec in specs),
        points=sum((spec.count * spec.points for spec in specs), Decimal(0)),
    )
    return render(request, "exams/papers/draw.html", context, status=422 if form.errors or refused else 200)


def _stocks(exam: Exam, rules: Blueprint | None, specs: list[RowSpec]) -> list[tuple[str, Any]]:
    if rules is None or not specs:
        return []
    task = make_task(rules.bank_id, specs, limits_of(exam), besides=exam.pk)
    labels = row_labels(specs, rules.bank_id)
    return [(labels[row.number], row) for row in stock_rows(task, specs)]


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, exam_id: int) -> HttpResponse:
    """The filters of a random draw: so many questions of a topic, a level, a kind. They belong to this exam alone."""
    found = _find_drawn_exam(request, exam_id)
    if found.source != QuestionSource.RANDOM:
        raise Http404
    own = Blueprint.objects.filter(exam=found).select_related("bank", "current").first()
    banks = ItemBank.objects.visible_to(request.user).order_by("name")
    given = request.POST.get("bank") or request.GET.get("bank") or ""
    number = whole_number(given)
    chosen = banks.first() if number is None else banks.filter(pk=number).first()
    bank = own.bank if own else chosen
    specs = specs_of(own.current) if own and own.current else []
    problems: list[str] = []
    if request.method == "POST" and bank is not None:
        specs, problems = _read_rules(request)
        if not problems and request.POST.get("act") != "more":
            try:
                if own is None:
                    title = found.title[:200]
                    create_blueprint(
                        unit=found.unit, bank=bank, name=title, rows=specs, actor=actor_of(request), exam=found
                    )
                else:
                    save_rows(blueprint=own, rows=specs, actor=actor_of(request))
            except BlueprintError as error:
                problems = [text for texts in error.fields.values() for text in texts]
            else:
                messages.success(request, _("The filters are saved."))
                return redirect("exams:exam-draw", found.pk)
    context = exam_context(
        found,
        "draw",
        own=own,
        bank=bank,
        banks=banks,
        topics=topic_rows(bank.pk) if bank else [],
        levels=Level.choices,
        kinds=[(kind.name, kind.label) for kind in all_kinds()],
        rows=list(enumerate([*specs, *[None] * EMPTY_ROWS], start=1)),
        problems=problems,
    )
    return render(request, "exams/papers/rules.html", context, status=422 if problems else 200)


def _read_rules(request: HttpRequest) -> tuple[list[RowSpec], list[str]]:
    specs: list[RowSpec] = []
    problems: list[str] = []
    for number in range(1, 301):
        raw = request.POST.get(f"count-{number}", "").strip()
        if f"count-{number}" not in request.POST:
            break
        if not raw or raw == "0":
            continue
        points = request.POST.get(f"points-{number}", "").strip().replace(",", ".")
        topic = request.POST.get(f"topic-{number}", "")
        if whole_number(raw) is None or int(raw) > 200:
            problems.append(_("Row %(number)d: a whole number up to 200 is wanted.") % {"number": number})
        elif whole_number(points.replace(".", "", 1)) is None or not Decimal(points):
            problems.append(_("Row %(number)d: points above 0 are wanted, such as 0,25.") % {"number": number})
        else:
            specs.append(
                RowSpec(
                    whole_number(topic),
                    request.POST.get(f"level-{number}", ""),
                    request.POST.get(f"kind-{number}", ""),
                    int(raw),
                    Decimal(points),
                )
            )
    return specs, problems


def _find_draw(request: HttpRequest, exam_id: int, number: int) -> tuple[Exam, ExamDraw]:
    found = _find_drawn_exam(request, exam_id)
    made = get_object_or_404(
        found.draws.select_related("blueprint_version__blueprint__bank", "created_by"), number=number
    )
    return found, made


@require_safe
def proof(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """A draw with its proof: cells by form, shared questions, expected points, and the questions of each form."""
    found, made = _find_draw(request, exam_id, number)
    ids = {entry["item"] for form in made.forms for entry in form}
    items = Item.objects.in_bulk(ids)
    drawn = ItemVersion.objects.in_bulk({entry["version"] for form in made.forms for entry in form})
    labels = row_labels(specs_of(made.blueprint_version), made.blueprint_version.blueprint.bank_id)
    forms = [
        [(labels[entry["row"]], items[entry["item"]], short_text(drawn[entry["version"]])) for entry in form]
        for form in made.forms
    ]
    overlap = made.proof["overlap"]
    context = exam_context(
        found,
        "draw",
        draw=made,
        proof=made.proof,
        cells=[(labels[cell["row"]], cell) for cell in made.proof["cells"]],
        forms=list(enumerate(forms, start=1)),
        most=max((overlap[one][two] for one in range(len(overlap)) for two in range(one)), default=0),
    )
    return render(request, "exams/papers/proof.html", context)


@require_safe
def proof_pdf(request: HttpRequest, exam_id: int, number: int) -> HttpResponse:
    """The proof to print."""
    found, made = _find_draw(request, exam_id, number)
    return attach(set_pdf("proof", proof_data(made, found)), f"{_('proof')}-{found.pk}-{number}.pdf", inline=True)
