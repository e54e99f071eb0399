"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The product's name and whether the demo accounts exist."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "demo_accounts": settings.SEN_DEMO}


def menu(request: HttpRequest) -> dict[str, Any]:
    """The main menu of the person asking."""
    return {"menu": []}
