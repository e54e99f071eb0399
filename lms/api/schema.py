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
            "results": rows,
        },
    )


def only_api(endpoints: list[Any], **_options: Any) -> list[Any]:
    """Leave out what is not this interface: the administration has addresses of its own for its own pages."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class Schema(AutoSchema):
    """Names what answers with a page of rows a list, so that no two operations have one name."""

    def get_operation_id(self) -> str:
        """Return the operation's name."""
        name: str = super().get_operation_id()
        answers = type(self.get_response_serializers()).__name__
        return name.removesuffix("_retrieve") + "_list" if answers.endswith("Page") else name


class LeanTokenScheme(OpenApiAuthenticationExtension):
    """The quick reading of a token is the same scheme to a client as the other."""

    target_class = "lms.api.authentication.LeanTokenAuthentication"
    name: list[str] = []

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        """Return the name of the scheme that is defined elsewhere."""
        return {"tokenAuth": []}

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Nothing is defined twice."""
        return []
