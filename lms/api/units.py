"""The unit tree and its roll-ups: ``/units/…``."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.enums import ModuleKind
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.common.pagination import ApiPagination
from lms.people.models import Unit
from lms.reports.queries import GROUPS, TREES, Filters, rollup
from lms.reports.rollup import Row, Sums

UNIT_SHAPE = inline_serializer(
    "Unit",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "kind": serializers.CharField(),
        "code": serializers.CharField(),
        "current": serializers.BooleanField(),
        "children": serializers.IntegerField(help_text="How many units stand directly below."),
    },
)
UNIT_PAGE = page_of("UnitPage", UNIT_SHAPE)
_COUNTS = {
    name: serializers.IntegerField()
    for name in ("classes", "enrolled", "in_progress", "completed", "failed", "withdrawn")
}
SUMS_SHAPE = inline_serializer(
    "CompletionSums",
    {
        **_COUNTS,
        "completion_percent": serializers.FloatField(allow_null=True),
        "bands": serializers.DictField(child=serializers.IntegerField()),
        "plan": serializers.DictField(
            child=serializers.IntegerField(), allow_null=True, help_text="Classes and learners of approved plans."
        ),
        "percent_of_plan": serializers.DictField(
            child=serializers.FloatField(allow_null=True),
            allow_null=True,
            help_text="Classes open or held, and learners not withdrawn, of the planned.",
        ),
    },
)
COMPLETION_SHAPE = inline_serializer(
    "Completion",
    {
        "unit": UNIT_SHAPE,
        "year": serializers.IntegerField(allow_null=True),
        "tree": serializers.ChoiceField(choices=TREES),
        "rows": serializers.ListField(child=serializers.DictField()),
        "total": SUMS_SHAPE,
    },
)


def unit_body(unit: Unit) -> dict[str, Any]:
    """A unit as the API shows it."""
    return {
        "id": unit.pk,
        "name": unit.name,
        "kind": unit.kind_id,
        "code": unit.code,
        "current": unit.is_current(),
        "children": unit.numchild,
    }


def sums_body(sums: Sums) -> dict[str, Any]:
    """Sums as the API shows them (design: ``enrolled`` counts everyone ever enrolled)."""
    percent = sums.completion_percent
    return {
        "classes": sums.classes,
        "enrolled": sums.enrolled,
        "in_progress": sums.in_progress,
        "completed": sums.completed,
        "failed": sums.failed,
        "withdrawn": sums.withdrawn,
        "completion_percent": None if percent is None else float(percent),
        "bands": sums.bands,
    }


def row_body(group_by: str, row: Row) -> dict[str, Any]:
    """One line of a roll-up: what it is about under the name of the grouping, then the sums."""
    about: Any = row.key
    if isinstance(row.key, Unit):
        about = {"id": row.key.pk, "name": row.label}
    elif group_by == "programme":
        about = {"id": row.key, "title": row.label}
    return {group_by: about, **sums_body(row.sums), **plan_body(row)}


def plan_body(row: Row) -> dict[str, Any]:
    """Return the plan and how much of it was done; ``null`` where no approved plan says anything."""
    plan = row.plan
    percents = {"classes": row.classes_percent, "learners": row.learners_percent}
    return {
        "plan": None if plan is None else {"classes": plan.classes, "learners": plan.learners},
        "percent_of_plan": None
        if plan is None
        else {name: None if percent is None else float(percent) for name, percent in percents.items()},
    }


class UnitListView(APIView):
    """The units that the caller oversees, in tree order."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of the name, with or without accents."),
            *PAGE_PARAMETERS,
        ],
        responses=UNIT_PAGE,
    )
    def get(self, request: Request) -> Response:
        units = Unit.objects.visible_to(request.user)
        if text := request.query_params.get("q", "").strip():
            units = units.named_like(text)
        paginator = ApiPagination()
        page: list[Unit] = paginator.paginate_queryset(units, request, view=self) or []
        return paginator.get_paginated_response([unit_body(unit) for unit in page])


class UnitChildrenView(APIView):
    """The units directly below one, by name."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=UNIT_PAGE)
    def get(self, request: Request, pk: int) -> Response:
        visible = Unit.objects.visible_to(request.user)
        unit = get_object_or_404(visible, pk=pk)
        children = visible.filter(depth=unit.depth + 1).subtree_of(unit).order_by("sort_key", "path")
        paginator = ApiPagination()
        page: list[Unit] = paginator.paginate_queryset(children, request, view=self) or []
        return paginator.get_paginated_response([unit_body(child) for child in page])


class UnitCompletionView(APIView):
    """The roll-up of a unit's subtree."""

    @extend_schema(
        parameters=[
            OpenApiParameter("year", int, description="Only this year; all years when left out."),
            OpenApiParameter("programme", int, description="Only this programme."),
            OpenApiParameter("module_kind", str, enum=ModuleKind.values),
            OpenApiParameter("group_by", str, enum=list(GROUPS), default="unit"),
            OpenApiParameter(
                "tree",
                str,
                enum=list(TREES),
                default="now",
                description="Where classes of dissolved units count: at their heirs of today, or where they were held.",
            ),
        ],
        responses=COMPLETION_SHAPE,
    )
    def get(self, request: Request, pk: int) -> Response:
        unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
        filters, group_by = _read(request)
        table = rollup(unit=unit, filters=filters, group_by=group_by)
        whole = table
        if group_by == "kind":  # a class may teach both kinds, so its lines do not add up
            whole = rollup(unit=unit, filters=filters, group_by="year")
        total = Row(key=unit, label=unit.name, sums=whole.total, plan=whole.plan)
        return Response(
            {
                "unit": unit_body(unit),
                "year": filters.year,
                "tree": filters.tree,
                "rows": [row_body(group_by, row) for row in table.rows],
                "total": {**sums_body(total.sums), **plan_body(total)},
            }
        )


def _read(request: Request) -> tuple[Filters, str]:
    """Read the filters.

    Raises:
        ValidationError: a parameter is no number or not among its values; the field is named.
    """
    params, errors = request.query_params, {}
    numbers: dict[str, int | None] = {"year": None, "programme": None}
    for name in numbers:
        text = params.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            errors[name] = ["A whole number is needed."]
        elif text:
            numbers[name] = int(text)
    kind, group_by = params.get("module_kind", ""), params.get("group_by", "") or "unit"
    if kind and kind not in ModuleKind.values:
        errors["module_kind"] = [f"One of: {', '.join(ModuleKind.values)}."]
    if group_by not in GROUPS:
        errors["group_by"] = [f"One of: {', '.join(GROUPS)}."]
    tree = params.get("tree", "") or TREES[0]
    if tree not in TREES:
        errors["tree"] = [f"One of: {', '.join(TREES)}."]
    if errors:
        raise ValidationError(errors)
    filters = Filters(year=numbers["year"], programme_id=numbers["programme"], module_kind=kind or None, tree=tree)
    return filters, group_by


urlpatterns = [
    path("units/", UnitListView.as_view(), name="units"),
    path("units/<int:pk>/children/", UnitChildrenView.as_view(), name="unit-children"),
    path("units/<int:pk>/completion/", UnitCompletionView.as_view(), name="unit-completion"),
]
