"""Every area of a portal is laid out in one way, and what its views share has one name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.urls import callbacks

ROOT = Path(settings.BASE_DIR)
PORTALS = ROOT / "lms" / "portals"

#: ``lms.portals.office.plans.views`` or ``lms.portals.exams.bank.views.items``; a small portal is one area itself.
VIEWS = re.compile(r"lms\.portals\.[a-z]+(\.[a-z]+)?\.views(\.[a-z]+)?")
#: Parts of a name that its folder says already.
SUFFIX = re.compile(r".+_(views|forms|urls|exports|access)\.py")


def test_views_of_portals_stand_in_views():
    modules = {view.__module__ for _name, view in callbacks() if view.__module__.startswith("lms.portals.")}
    assert len(modules) > 35
    assert sorted(name for name in modules if not VIEWS.fullmatch(name)) == []


def test_no_module_of_a_portal_is_named_by_a_suffix():
    assert sorted(str(path) for path in PORTALS.rglob("*.py") if SUFFIX.fullmatch(path.name)) == []


def test_an_area_has_its_own_addresses():
    areas = {path.parent for path in PORTALS.glob("*/*/views.py")} | {
        path.parent.parent for path in PORTALS.glob("*/*/views/__init__.py")
    }
    assert len(areas) > 15
    assert sorted(str(area) for area in areas if not (area / "urls.py").exists()) == []


def fetchers(source: str) -> Iterator[str]:
    """Yield the functions that take the request and give a row or answer 404."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or [one.arg for one in node.args.args[:1]] != ["request"]:
            continue
        gives = ast.unparse(node.returns) if node.returns else ""
        raises = any(
            (isinstance(one, ast.Raise) and one.exc is not None and "Http404" in ast.unparse(one.exc))
            or (isinstance(one, ast.Call) and ast.unparse(one.func) == "get_object_or_404")
            for one in ast.walk(node)
        )
        shape = "Response" in gives or gives.startswith("dict") or gives in ("", "None", "str", "bool")
        if raises and len(node.args.args) > 1 and not shape:
            yield node.name


def test_what_fetches_a_row_or_answers_404_is_called_find():
    found = {
        (str(path.relative_to(ROOT)), name)
        for folder in (PORTALS, ROOT / "lms" / "api")
        for path in folder.rglob("*.py")
        for name in fetchers(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 25
    assert sorted(row for row in found if not row[1].lstrip("_").startswith("find_")) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def seen(request, pk: int) -> Item:\n    return get_object_or_404(Item, pk=pk)", ["seen"]),
        ("def own(request, pk) -> Item:\n    raise Http404", ["own"]),
        ("def page(request, pk) -> HttpResponse:\n    raise Http404", []),
        ("def require(request, roles) -> None:\n    raise Http404", []),
        ("def first(request, pk) -> Item | None:\n    return None", []),
    ],
)
def test_fetchers_are_found(source, names):
    assert list(fetchers(source)) == names


def test_the_helpers_of_every_portal_are_defined_once():
    wanted = {"actor_of", "require_role", "sentences_of", "take_errors"}
    found = [
        (node.name, str(path.relative_to(PORTALS)))
        for path in PORTALS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.lstrip("_") in wanted | {"actor", "first_error"}
    ]
    assert sorted(found) == sorted((name, "shared.py") for name in wanted)
