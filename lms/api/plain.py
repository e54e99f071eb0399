"""Answers of the hot requests: plain values, written without a serializer or a renderer."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse


def plain_json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return ``body`` as JSON that nobody keeps."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(
        text.encode(), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
