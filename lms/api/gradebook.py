"""The grade book of a class, for its lecturers and managers: reading it, entering and correcting marks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.classes.models import Enrolment, EnrolmentQuerySet, TrainingClass
from lms.completion.services.marks import correct_mark, enter_mark
from lms.gradebook.models import LedgerSource
from lms.gradebook.queries import GivenMark, given_mark, gradebook_table, items_with_marks, marks_given
from lms.programmes.models import EditionItem

_GRADEBOOK = inline_serializer(
    "Gradebook",
    {
        "class": inline_serializer(
            "GradebookClass", {"id": serializers.IntegerField(), "name": serializers.CharField()}
        ),
        "planned_periods": serializers.IntegerField(),
        "items": inline_serializer(
            "GradebookItem",
            {
                "id": serializers.IntegerField(),
                "kind": serializers.ChoiceField(["lesson", "exam", "essay", "session"]),
                "title": serializers.CharField(),
                "counts": serializers.BooleanField(),
            },
            many=True,
        ),
        "learners": inline_serializer(
            "GradebookLearner",
            {
                "enrolment": serializers.IntegerField(),
                "name": serializers.CharField(),
                "status": serializers.CharField(),
                "percent": serializers.IntegerField(),
                "score": serializers.FloatField(allow_null=True),
                "band": serializers.CharField(allow_null=True),
                "attended_periods": serializers.IntegerField(),
                "states": serializers.ListField(child=serializers.CharField()),
                "marks": serializers.ListField(child=serializers.FloatField(allow_null=True)),
            },
            many=True,
        ),
    },
)


_MARK: dict[str, Any] = {
    "id": serializers.IntegerField(),
    "points": serializers.FloatField(),
    "out_of": serializers.FloatField(),
    "mark": serializers.FloatField(help_text="On 10."),
    "source": serializers.ChoiceField(LedgerSource.choices),
    "reason": serializers.CharField(),
    "by": serializers.CharField(allow_null=True),
    "at": serializers.DateTimeField(),
    "replaces": serializers.IntegerField(allow_null=True),
    "in_force": serializers.BooleanField(help_text="It counts: it is neither replaced nor annulled."),
}
_REFUSED = "`class_recognised`, `not_active` (the learner has left, or the class was cancelled), `own_mark`, "


class EnteredMark(serializers.Serializer[Any]):
    """A mark on 10, entered by hand."""

    points = serializers.DecimalField(max_digits=4, decimal_places=2, min_value=Decimal(0), max_value=Decimal(10))
    reason = serializers.CharField(max_length=250, required=False, allow_blank=True, default="")
    seen = NumberField(
        required=False, default=0, help_text="The newest `id` of the list that the caller has seen; 0 for none."
    )


class CorrectedMark(serializers.Serializer[Any]):
    """The right points, on the scale of the mark that they replace, and why."""

    points = serializers.DecimalField(max_digits=7, decimal_places=2, min_value=Decimal(0))
    reason = serializers.CharField(max_length=250)


class ItemMarks(APIView):
    """Every mark given to a learner for a test or an essay, the oldest first; and entering one by hand."""

    @extend_schema(
        responses=inline_serializer("ItemMarks", {"marks": inline_serializer("GivenMark", _MARK, many=True)})
    )
    def get(self, request: Request, enrolment_id: int, item_id: int) -> Response:
        classes = TrainingClass.objects.visible_to(request.user)
        rows = Enrolment.objects.visible_to(request.user).filter(training_class__in=classes)
        enrolment, item = _marked(rows, enrolment_id, item_id)
        return Response({"marks": [_mark(one) for one in marks_given(enrolment, item.pk)]})

    @extend_schema(
        request=EnteredMark,
        responses={
            201: inline_serializer("MarkEntered", _MARK),
            409: OpenApiResponse(description=_REFUSED + "`changed_meanwhile` (there is a newer mark than `seen`)."),
        },
    )
    def post(self, request: Request, enrolment_id: int, item_id: int) -> Response:
        enrolment, item = _marked(Enrolment.objects.gradable_by(request.user), enrolment_id, item_id)
        form = EnteredMark(data=request.data)
        form.is_valid(raise_exception=True)
        entry = enter_mark(enrolment=enrolment, item=item, actor=request.user, **form.validated_data)
        return Response(_mark(given_mark(entry)), status.HTTP_201_CREATED)


class MarkCorrection(APIView):
    """Correct a mark, with the reason. The row that it replaces stays in the list."""

    @extend_schema(
        request=CorrectedMark,
        responses={
            201: inline_serializer("MarkCorrected", _MARK),
            409: OpenApiResponse(
                description=_REFUSED + "`already_replaced` (correct the newer one), `annulled`, `unchanged`, "
                "`invalid_mark` (above the highest of its scale)."
            ),
        },
    )
    def post(self, request: Request, enrolment_id: int, item_id: int, entry_id: int) -> Response:
        enrolment, item = _marked(Enrolment.objects.gradable_by(request.user), enrolment_id, item_id)
        found = next((one for one in marks_given(enrolment, item.pk) if one.entry.pk == entry_id), None)
        if found is None:
            raise Http404
        form = CorrectedMark(data=request.data)
        form.is_valid(raise_exception=True)
        entry = correct_mark(entry=found.entry, actor=request.user, **form.validated_data)
        return Response(_mark(given_mark(entry)), status.HTTP_201_CREATED)


def _marked(rows: EnrolmentQuerySet, enrolment_id: int, item_id: int) -> tuple[Enrolment, EditionItem]:
    """Return the enrolment and an item of its edition that has marks, or raise 404."""
    enrolment = get_object_or_404(rows.active().select_related("training_class__edition"), pk=enrolment_id)
    items = items_with_marks(enrolment.training_class.edition_id).select_related("exam")
    return enrolment, get_object_or_404(items, pk=item_id)


def _mark(one: GivenMark) -> dict[str, Any]:
    entry = one.entry
    return {
        "id": entry.pk,
        "points": float(entry.points),
        "out_of": float(entry.max_points),
        "mark": float(one.on_ten),
        "source": entry.source,
        "reason": entry.reason,
        "by": str(entry.actor) if entry.actor else None,
        "at": entry.at,
        "replaces": entry.replaces_id,
        "in_force": one.in_force,
    }


class Gradebook(APIView):
    """Learners by name; ``states`` and ``marks`` (on 10) are in the order of ``items``."""

    @extend_schema(responses=_GRADEBOOK)
    def get(self, request: Request, class_id: int) -> Response:
        training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), pk=class_id)
        table = gradebook_table(training_class)
        return Response(
            {
                "class": {"id": training_class.pk, "name": training_class.name},
                "planned_periods": table.planned_periods,
                "items": [
                    {"id": item.id, "kind": item.kind, "title": item.title, "counts": item.counts}
                    for item in table.items
                ],
                "learners": [
                    {
                        "enrolment": row.enrolment_id,
                        "name": row.full_name,
                        "status": row.status,
                        "percent": row.percent,
                        "score": None if row.score is None else float(row.score),
                        "band": row.band or None,
                        "attended_periods": row.attended,
                        "states": [cell.state for cell in row.cells],
                        "marks": [None if cell.mark is None else float(cell.mark) for cell in row.cells],
                    }
                    for row in table.rows
                ],
            }
        )


urlpatterns = [
    path("classes/<int:class_id>/gradebook/", Gradebook.as_view(), name="gradebook"),
    path("enrolments/<int:enrolment_id>/items/<int:item_id>/marks/", ItemMarks.as_view(), name="item-marks"),
    path(
        "enrolments/<int:enrolment_id>/items/<int:item_id>/marks/<int:entry_id>/correct/",
        MarkCorrection.as_view(),
        name="mark-correct",
    ),
]
