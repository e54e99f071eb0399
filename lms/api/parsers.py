"""Parsers of request bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request


class JSONParser(parsers.JSONParser):
    """Django REST framework's own; a body nested deeper than Python follows is a wrong body, not a fault of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error


def optional_body(request: Request) -> Any:
    """Return what the body says, nothing for a body of another kind: of addresses that may be posted to without any."""
    try:
        return request.data
    except UnsupportedMediaType:
        return {}
