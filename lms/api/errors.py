"""Errors of the API in one shape: ``{"code", "detail", "fields"}`` (design.md §9)."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from lms.common.errors import DomainError


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any expected error into the one shape; a domain error is a 409 with its own code."""
    if isinstance(exc, DomainError):
        body = {"code": exc.code, "detail": str(exc), "fields": exc.fields}
        return Response(body, status=status.HTTP_409_CONFLICT)
    response = drf_exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        detail = exc.detail
        fields = detail if isinstance(detail, dict) else {"non_field_errors": detail}
        response.data = {"code": "invalid", "detail": "", "fields": fields}
    elif isinstance(exc, APIException):
        response.data = {"code": exc.get_codes(), "detail": str(exc.detail), "fields": {}}
    else:
        response.data = {
            "code": {404: "not_found", 403: "permission_denied"}.get(response.status_code, "error"),
            "detail": "",
            "fields": {},
        }
    return response
