"""What the mutations of access leave out, and what they look for elsewhere, is there."""

from __future__ import annotations

from scripts.mutate_access import ROOT, TESTS, checks
from tests.architecture.access_exceptions import DOUBLE, ELSEWHERE


def test_every_exception_is_about_a_check_that_stands() -> None:
    every = checks()
    assert set(DOUBLE) - {(mutant.where, mutant.text) for mutant in every} == set()
    assert set(ELSEWHERE) - {mutant.where for mutant in every} == set()


def test_every_test_that_is_named_is_there() -> None:
    named = {*(f"tests/architecture/{name}" for name in TESTS), *ELSEWHERE.values()}
    assert {path for path in named if not (ROOT / path).is_file()} == set()
