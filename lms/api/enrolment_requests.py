"""Requests for learners of other units: to read, to answer, to take back."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.classes.enums import RequestState
from lms.classes.models import EnrolmentRequest
from lms.classes.services import requests as service
from lms.common.pagination import ApiPagination


class Named(serializers.Serializer[Any]):
    """A row that has a name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


_ROW: dict[str, Any] = {
    "id": serializers.IntegerField(),
    "class": Named(),
    "unit": Named(),
    "learner": Named(),
    "home": Named(allow_null=True),
    "state": serializers.ChoiceField(RequestState.choices),
    "asked_at": serializers.DateTimeField(),
    "expires_at": serializers.DateTimeField(),
    "reason": serializers.CharField(),
}
_BOX = OpenApiParameter(
    "box",
    enum=["own", "asked", "sent"],
    description="`own` (the default): about the caller. `asked`: about people of the units that the caller runs. "
    "`sent`: of the classes that the caller runs.",
)
_REFUSED = OpenApiResponse(
    description="`not_open` (answered, taken back or expired), `not_allowed`; when accepting also `class_full`, "
    "`class_state` and `not_enrollable`."
)


class Declining(serializers.Serializer[Any]):
    """The reason of a refusal, which the unit that asked reads."""

    reason = serializers.CharField(max_length=250, required=False, allow_blank=True, default="")


class EnrolmentRequests(APIView):
    """Requests, the newest first."""

    @extend_schema(
        responses=page_of("EnrolmentRequestPage", inline_serializer("EnrolmentRequestRow", _ROW, many=True)),
        parameters=[*PAGE_PARAMETERS, _BOX],
    )
    def get(self, request: Request) -> Response:
        box = request.query_params.get("box", "own")
        rows = EnrolmentRequest.objects.visible_to(request.user)
        if box == "sent":
            rows = EnrolmentRequest.objects.sent_by(request.user)
        elif box == "asked":
            rows = EnrolmentRequest.objects.asked_of(request.user)
        else:
            rows = rows.filter(learner_id=request.user.pk)
        rows = rows.select_related("training_class__unit", "learner", "unit").order_by("-asked_at", "-pk")
        paginator = ApiPagination()
        page = paginator.paginate_queryset(rows, request, view=self) or []
        return paginator.get_paginated_response([_row(row) for row in page])


class RequestAct(APIView):
    """An act on one request that the caller sees; any other request is not there."""

    def found(self, request: Request, request_id: int) -> EnrolmentRequest:
        """Return the request, or answer 404."""
        rows = EnrolmentRequest.objects.visible_to(request.user)
        return get_object_or_404(rows.select_related("training_class__unit", "learner", "unit"), pk=request_id)


class AcceptRequest(RequestAct):
    """Say yes: the person is enrolled."""

    @extend_schema(request=None, responses={200: inline_serializer("RequestAccepted", _ROW), 409: _REFUSED})
    def post(self, request: Request, request_id: int) -> Response:
        row = self.found(request, request_id)
        service.accept(request=row, actor=request.user)
        return Response(_row(row))


class DeclineRequest(RequestAct):
    """Say no."""

    @extend_schema(request=Declining, responses={200: inline_serializer("RequestDeclined", _ROW), 409: _REFUSED})
    def post(self, request: Request, request_id: int) -> Response:
        row = self.found(request, request_id)
        form = Declining(data=request.data)
        form.is_valid(raise_exception=True)
        service.decline(request=row, actor=request.user, reason=form.validated_data["reason"])
        return Response(_row(row))


class TakeRequestBack(RequestAct):
    """Ask no more; for whoever runs the class."""

    @extend_schema(request=None, responses={200: inline_serializer("RequestTakenBack", _ROW), 409: _REFUSED})
    def post(self, request: Request, request_id: int) -> Response:
        row = self.found(request, request_id)
        service.take_back(request=row, actor=request.user)
        return Response(_row(row))


def _row(row: EnrolmentRequest) -> dict[str, Any]:
    unit = row.training_class.unit
    return {
        "id": row.pk,
        "class": {"id": row.training_class_id, "name": row.training_class.name},
        "unit": {"id": unit.pk, "name": unit.name},
        "learner": {"id": row.learner_id, "name": str(row.learner)},
        "home": {"id": row.unit.pk, "name": row.unit.name} if row.unit else None,
        "state": str(row.shown_state),
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "reason": row.reason,
    }


urlpatterns = [
    path("enrolment-requests/", EnrolmentRequests.as_view(), name="enrolment-requests"),
    path("enrolment-requests/<int:request_id>/accept/", AcceptRequest.as_view(), name="enrolment-request-accept"),
    path("enrolment-requests/<int:request_id>/decline/", DeclineRequest.as_view(), name="enrolment-request-decline"),
    path("enrolment-requests/<int:request_id>/take-back/", TakeRequestBack.as_view(), name="enrolment-request-back"),
]
