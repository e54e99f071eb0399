"""Errors of the API in one shape: ``{"code", "detail", "fields"}`` (docs/api.md)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_exception_handler

from lms.common.errors import DomainError


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error of this API."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField()  # type: ignore[assignment]


@extend_schema(exclude=True)
class Nowhere(APIView):
    """Any address that the API does not have: the same error for everybody."""

    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer every method with 404."""
        raise exceptions.NotFound


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any expected error into the one shape; a domain error is a 409 with its own code.

    What is not expected returns ``None`` and becomes a 500 that is logged.
    """
    if isinstance(exc, DomainError):
        body = {"code": exc.code, "detail": str(exc), "fields": exc.fields}
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()  # without the model's name in the text
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = drf_exception_handler(exc, context)
    if response is None:
        return None
    assert isinstance(exc, exceptions.APIException)
    if isinstance(exc, exceptions.ValidationError):
        fields = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        response.data = {"code": "invalid", "detail": _("Some fields are not right."), "fields": fields}
    else:
        response.data = {"code": _code(exc.get_codes()), "detail": force_str(exc.detail), "fields": {}}
    return response


def _code(codes: Any) -> str:
    return codes if isinstance(codes, str) else "error"
