"""Annual plans: the units' plans of a year, and one plan on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.classes.access import may_decide_plan, may_plan
from lms.classes.enums import PlanState
from lms.classes.models import AnnualPlan
from lms.classes.services import plans
from lms.common.clock import today
from lms.common.errors import DomainError
from lms.common.text import whole_number
from lms.people.enums import OVERSIGHT_ROLES
from lms.people.models import Unit
from lms.people.names import text_sort_key
from lms.portals.office.plans.forms import PlanRow, ReturnForm, read_pasted, take_typed
from lms.portals.shared import actor_of, require_role
from lms.programmes.models import Edition
from lms.reports.queries import held_by

PER_PAGE = 50
NONE = "none"  # the filter for units that have no plan yet


def _year(text: str) -> int:
    year = whole_number(text, most=4)
    return year if year is not None and year >= 1900 else today().year


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The units one oversees that hold classes, each with the state of its plan of a year."""
    require_role(request, OVERSIGHT_ROLES)
    year, state = _year(request.GET.get("year", "")), request.GET.get("state", "")
    units = Unit.objects.visible_to(request.user).current().holding_classes().order_by("path")
    made = AnnualPlan.objects.visible_to(request.user).filter(year=year)
    if state in PlanState.values:
        units = units.filter(pk__in=made.filter(state=state).values("unit"))
    elif state == NONE:
        units = units.exclude(pk__in=made.values("unit"))
    page = Paginator(units.select_related("kind"), PER_PAGE).get_page(request.GET.get("page"))
    shown = [unit.pk for unit in page.object_list]
    found = {
        plan.unit_id: plan
        for plan in made.filter(unit__in=shown).annotate(classes=Sum("lines__classes"), learners=Sum("lines__learners"))
    }
    context = {
        "year": year,
        "years": [today().year + 1, today().year, today().year - 1],
        "state": state,
        "states": [*PlanState.choices, (NONE, _("No plan yet"))],
        "page": page,
        "rows": [(unit, found.get(unit.pk)) for unit in page.object_list],
        "waiting": made.filter(state=PlanState.SUBMITTED).count(),
    }
    return render(request, "office/plans/list.html", context)


def _find_unit(request: HttpRequest, unit_id: int, year: int) -> Unit:
    if not 1900 <= year <= 9999:
        raise Http404
    return get_object_or_404(Unit.objects.visible_to(request.user).holding_classes(), pk=unit_id)


def _rows(request: HttpRequest, unit: Unit, plan: AnnualPlan | None, year: int) -> list[PlanRow]:
    """Programmes that may be planned, those of the plan and those held this year, in Vietnamese order."""
    titles = dict(
        Edition.objects.visible_to(request.user).order_by().values_list("programme_id", "programme__title").distinct()
    )
    lines = list(plan.lines.select_related("programme")) if plan else []
    titles |= {line.programme_id: line.programme.title for line in lines}
    held = held_by(unit=unit, year=year)
    titles |= {programme: title for programme, (title, _figures) in held.items()}
    rows = {pk: PlanRow(pk, title) for pk, title in titles.items()}
    for line in lines:
        rows[line.programme_id].stored = line.classes, line.learners
        rows[line.programme_id].approved = line.approved_classes, line.approved_learners
    for programme, (_title, figures) in held.items():
        rows[programme].held = figures
    return sorted(rows.values(), key=lambda row: text_sort_key(row.title))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_page(request: HttpRequest, unit_id: int, year: int) -> HttpResponse:
    """One plan: a table of programmes, saved row by row, all at once or pasted. Nothing typed is lost."""
    unit = _find_unit(request, unit_id, year)
    plan = AnnualPlan.objects.visible_to(request.user).filter(unit=unit, year=year).first()
    rows = _rows(request, unit, plan, year)
    if request.method != "POST":
        return _page(request, unit, year, plan, rows)
    if not may_plan(request.user, unit):
        raise Http404
    act, _colon, row_id = request.POST.get("act", "save").partition(":")
    changed = take_typed(rows, request.POST)
    pasted = read_pasted(rows, request.POST.get("paste", "")) if act == "paste" else None
    lines = {pk: figures for pk, figures in changed.items() if row_id in ("", str(pk))}
    wrong = [row for row in rows if row.error and row_id in ("", str(row.programme_id))]
    if pasted is not None:
        lines |= pasted.figures
    if wrong or (pasted is not None and pasted.problems):
        return _page(request, unit, year, plan, rows, problems=pasted.problems if pasted else [], status=422)
    try:
        plan = plans.set_lines(unit=unit, year=year, lines=lines, actor=actor_of(request))
    except DomainError as error:
        return _page(request, unit, year, plan, rows, problems=[str(error)], status=422)
    messages.success(request, _("Saved."))
    if set(changed) - set(lines) or any(row.error for row in rows):
        for row in rows:  # other rows were typed in too: the page comes back with them
            row.stored = lines.get(row.programme_id, row.stored)
        return _page(request, unit, year, plan, rows)
    return redirect("office:plan", unit_id, year)


def _page(
    request: HttpRequest,
    unit: Unit,
    year: int,
    plan: AnnualPlan | None,
    rows: list[PlanRow],
    *,
    problems: list[str] | None = None,
    returning: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    submitted = plan is not None and plan.state == PlanState.SUBMITTED
    context: dict[str, Any] = {
        "unit": unit,
        "year": year,
        "years": [year - 1, year + 1],
        "plan": plan,
        "rows": rows,
        "editable": may_plan(request.user, unit) and not submitted,
        "may_plan": may_plan(request.user, unit),
        "may_decide": submitted and plan is not None and may_decide_plan(request.user, plan),
        "problems": problems or [],
        "pasted": request.POST.get("paste", "") if problems else "",
        "returning": returning or ReturnForm(),
        "total": {
            "classes": sum(row.stored[0] for row in rows),
            "learners": sum(row.stored[1] for row in rows),
            "held_classes": sum(row.held[0] for row in rows),
            "held_learners": sum(row.held[1] for row in rows),
        },
    }
    return render(request, "office/plans/plan.html", context, status=status)


@require_POST
def plan_act(request: HttpRequest, unit_id: int, year: int) -> HttpResponse:
    """Submit a plan or take it back; approve it or return it with a note."""
    unit = _find_unit(request, unit_id, year)
    found = AnnualPlan.objects.visible_to(request.user).select_related("unit")
    plan = get_object_or_404(found, unit=unit, year=year)
    act, actor = request.POST.get("act", ""), actor_of(request)
    allowed = {"submit": may_plan, "withdraw": may_plan, "approve": may_decide_plan, "return": may_decide_plan}
    if act not in allowed or not allowed[act](request.user, unit if act in ("submit", "withdraw") else plan):  # type: ignore[arg-type]
        raise Http404
    returning = ReturnForm(request.POST if act == "return" else None)
    if act == "return" and not returning.is_valid():
        return _page(request, unit, year, plan, _rows(request, unit, plan, year), returning=returning, status=422)
    said = {
        "submit": _("The plan is with the level above."),
        "withdraw": _("The plan is yours again."),
        "approve": _("The plan is approved. Reports measure against it from now on."),
        "return": _("The plan is returned with your note."),
    }
    try:
        if act == "submit":
            plans.submit_plan(plan=plan, actor=actor)
        elif act == "withdraw":
            plans.withdraw_plan(plan=plan, actor=actor)
        elif act == "approve":
            plans.approve_plan(plan=plan, actor=actor)
        else:
            plans.return_plan(plan=plan, note=returning.cleaned_data["note"], actor=actor)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said[act])
    return redirect("office:plan", unit_id, year)
