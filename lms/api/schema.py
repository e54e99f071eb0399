"""Words of the OpenAPI document that several areas use."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="Number of the page, from 1."),
    OpenApiParameter("page_size", int, description="Rows in a page, 50 by default, up to 500."),
]


def page_of(name: str, rows: Any) -> Any:
    """The serializer of a page of ``rows``."""
    return inline_serializer(
        name,
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": rows if isinstance(rows, serializers.ListSerializer) else serializers.ListField(child=rows),
        },
    )


def only_api(endpoints: list[Any], **_options: Any) -> list[Any]:
    """Leave out what is not this interface: the administration has addresses of its own for its own pages."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


_REFUSALS = {
    "400": "The request is not right; `fields` says where.",
    "401": "Nobody is signed in, or the token is not valid.",
    "403": "The caller may not do this: the token's scopes, a missing CSRF token, or a step of signing in still open.",
    "404": "There is no such thing, or not for the caller.",
    "409": "A rule says no; `code` says which.",
    "429": "Too many tries; later again.",
}


def say_refusals(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Add to each operation the refusals that any operation of its kind may answer, in the one shape of errors.

    An operation that describes one itself keeps its own words.
    """
    reference = {"$ref": "#/components/schemas/Error"}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            possible = {"400"}
            if any(operation.get("security", [{}])):
                possible |= {"401", "403"}
            if "{" in path:
                possible.add("404")
            if method != "get":
                possible.add("409")
            for status in sorted(possible):
                answer = operation["responses"].setdefault(status, {"description": _REFUSALS[status]})
                answer.setdefault("content", {"application/json": {"schema": reference}})
    return result


class Schema(AutoSchema):
    """Names what answers with a page of rows a list, so that no two operations have one name."""

    def get_operation_id(self) -> str:
        """Return the operation's name."""
        name: str = super().get_operation_id()
        answers = type(self.get_response_serializers()).__name__
        return name.removesuffix("_retrieve") + "_list" if answers.endswith("Page") else name


class TokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Token …``."""

    target_class = "lms.api.authentication.ApiTokenAuthentication"
    name = "tokenAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <the token>"}


class LeanTokenScheme(OpenApiAuthenticationExtension):
    """The quick reading of a token is the same scheme to a client as the other."""

    target_class = "lms.api.authentication.LeanTokenAuthentication"
    name: list[str] = []

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        """Return the name of the scheme that is defined elsewhere."""
        return {"tokenAuth": []}

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Return nothing: the scheme is defined once, elsewhere."""
        return []
