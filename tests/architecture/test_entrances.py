"""Every entrance starts from what its visitor may see."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.entrances import CHECKED_OTHERWISE, MANAGERS, entrances, scoped_methods, unscoped_queries

FOUND = entrances()
SCOPED = scoped_methods()


@pytest.mark.parametrize(("module", "path"), FOUND.items(), ids=FOUND)
def test_an_entrance_starts_from_what_its_visitor_may_see(module: str, path: Path) -> None:
    assert unscoped_queries(path.read_text(), SCOPED, CHECKED_OTHERWISE.get(module, {})) == []


def test_entrances_are_found_by_their_addresses_and_not_by_their_names() -> None:
    expected = {
        "lms.portals.exams.invigilation.views.acts",
        "lms.portals.exams.papers.views.drawing",
        "lms.portals.office.classes.forms",  # what a view takes from beside it
        "lms.people.backoffice.people",  # in Wagtail's administration
        "lms.programmes.wagtail_views",
        "lms.api.attempts",
        "lms.exams.views",
        "media.views",
    }
    assert expected - set(FOUND) == set()
    assert [module for module in FOUND if ".services" in module or ".models" in module] == []


def test_every_exception_is_needed() -> None:
    """A query that is gone, or begins for somebody now, takes its line of the list with it."""
    needless = []
    for module, models in CHECKED_OTHERWISE.items():
        source = FOUND[module].read_text()
        unscoped = set(unscoped_queries(source, SCOPED))
        begun = {
            getattr(node.value, "id", "")
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Attribute) and node.attr in MANAGERS and node.lineno in unscoped
        }
        needless += [f"{module} {model}" for model in models if model not in begun]
    assert needless == []


def test_the_scoped_methods_are_those_that_are_told_for_whom() -> None:
    assert {"visible_to", "manageable_by", "correctable_by", "own", "readable_by", "none"} <= SCOPED
    assert SCOPED & {"filter", "all", "open", "get", "order_by", "active"} == set()


def test_the_rule_knows_good_from_bad() -> None:
    scoped = {"visible_to"}
    assert unscoped_queries("x = Unit.objects.visible_to(user).filter(pk=1)", scoped) == []
    assert unscoped_queries("x = units_visible_to(user, Unit.objects.current())", scoped) == []
    assert unscoped_queries("x = Unit.objects.filter(pk=1)\ny = get_object_or_404(Unit.objects, pk=1)", scoped) == [
        1,
        2,
    ]
    assert unscoped_queries("x = first(user, Unit.objects.current())", scoped) == [1]
    assert unscoped_queries("x = Unit.objects.filter(pk=1)", scoped, {"Unit"}) == []
