"""The beginning of a test of access that asks at some addresses only."""

from __future__ import annotations

import pytest

from tests.architecture.urls import ONLY


def asks(*names: str) -> None:
    """Skip the test where other addresses than ``names`` are looked at: with ``SEN_MATRIX``, or by the mutations."""
    if ONLY and ONLY.isdisjoint(names):
        pytest.skip("other addresses are looked at")
