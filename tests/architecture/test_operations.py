"""What an operator may set is documented, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
VARIABLE = re.compile(r"\b(?:SEN_[A-Z_]+|DATABASE_URL|CACHE_URL)\b")


def test_every_variable_of_the_settings_is_documented() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "lms/settings/__init__.py").read_text()))
    described = set(VARIABLE.findall((ROOT / "docs/operations.md").read_text()))
    assert described == read


def test_every_check_is_documented() -> None:
    raised = set(re.findall(r"sen\.[EW]\d{3}", (ROOT / "lms/common/checks.py").read_text()))
    described = set(re.findall(r"sen\.[EW]\d{3}", (ROOT / "docs/operations.md").read_text()))
    assert described == raised
