"""The documents agree with the tree: paths, links, numbers, the form of decisions, and what comments lean on."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from lms.programmes.models import Edition, default_bands
from tests.architecture.test_house_rules import PACKAGES, named
from tests.architecture.test_security_doc import functions_of

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))])
DECISIONS = sorted((DOCS / "adr").glob("0*.md"))
CODE = re.compile(r"`([^`\n]+)`")
# A path of ours, with the name of a test after `::`; `…/` and `*` stand for many.
PATH = re.compile(r"((?:lms|cms|quizzes|media|tests|docs|scripts)/[\w./-]*)(?:::(\w+))?")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
DOCUMENT = re.compile(r"(?<![\w/.-])[\w./-]*\w\.md\b")
SOURCES = ("*.py", "*.html", "*.typ", "*.js", "*.css", "*.sh")
# Names of documents that tests make up.
MADE_UP = {
    "tests/architecture/test_docs.py",
    "tests/architecture/test_security_doc.py",
    "tests/lms/demo/test_texts.py",
    "tests/lms/guides/test_guides.py",
    "tests/lms/guides/test_words.py",
}


def lost_paths(text: str) -> list[str]:
    """Return the paths between backticks that are not in the tree, and the tests that are not in their file."""
    lost = []
    for match in filter(None, map(PATH.fullmatch, CODE.findall(text))):
        path, test = match[1], match[2]
        if not (ROOT / path).exists() or (test and test not in functions_of(ROOT / path)):
            lost.append(match[0])
    return lost


def lost_links(page: Path, text: str) -> list[str]:
    """Return the targets of links that are not there, seen from the page."""
    return [target for target in LINK.findall(text) if not (page.parent / target).exists()]


def foreign_documents(text: str) -> list[str]:
    """Return the documents that a source names and the repository does not have (paths from its top)."""
    return [name for name in DOCUMENT.findall(text) if not (ROOT / name).is_file()]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    assert (lost_paths(text), lost_links(page, text)) == ([], [])


def test_the_rules_for_pages_know_good_from_bad() -> None:
    page = DOCS / "architecture.md"
    assert lost_paths(
        "`lms/urls.py`, `lms/common/`, `lms.nowhere`, `a/b`, `tests/architecture/test_docs.py::nothing`"
    ) == ["tests/architecture/test_docs.py::nothing"]
    assert lost_paths("`lms/nowhere.py` and `docs/lost`") == ["lms/nowhere.py", "docs/lost"]
    assert lost_links(page, "[a](glossary.md#x) [b](lost.md) [c](https://example.org/lost.md)") == ["lost.md"]


def sources() -> list[Path]:
    found = [path for top in (*PACKAGES, "tests", "scripts") for kind in SOURCES for path in (ROOT / top).rglob(kind)]
    return sorted(path for path in found if "vendor" not in path.parts and named(path) not in MADE_UP)


def test_no_source_leans_on_a_document_that_is_not_here() -> None:
    lost = {named(path): names for path in sources() if (names := foreign_documents(path.read_text()))}
    assert lost == {}
    assert foreign_documents("as domain" + ".md §3 says; docs/glossary.md") == ["domain" + ".md"]


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_has_the_one_form(path: Path) -> None:
    """Number and title, status, date, then context, decision and what follows."""
    title, blank, status, *rest = path.read_text().splitlines()
    header = [status]
    while rest and not rest[0].startswith("- Date: "):
        header.append(rest.pop(0))
    assert re.fullmatch(rf"# {int(path.name[:4])}\. \S.*", title)
    assert (blank, header[0][:10]) == ("", "- Status: ")
    assert re.match(r"- Status: (accepted|replaced|proposed)\b", header[0])
    assert re.fullmatch(r"- Date: 20\d\d-\d\d-\d\d", rest[0])
    headings = [line for line in rest if line.startswith("## ")]
    assert headings[0] == "## Context"
    assert any(heading.startswith("## Decision") for heading in headings)
    assert max(map(len, [title, *header, *rest])) <= 120 or any("|" in line for line in rest)


def table(page: str, first: str) -> list[list[str]]:
    """Return the rows of the table whose first column is called ``first``."""
    lines = [
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in (DOCS / page).read_text().splitlines()
    ]
    start = next(at for at, cells in enumerate(lines) if cells[0] == first) + 2
    end = next(at for at in range(start, len(lines)) if lines[at] == [""])
    return lines[start:end]


def test_the_numbers_of_the_field_are_those_of_the_code() -> None:
    said = {row[0]: row[1] for row in table("domain.md", "rule")}
    bands = ["Trung bình", "Khá", "Giỏi", "Xuất sắc"]
    assert {rule: said[rule] for rule in said if not rule.startswith(("minutes", "points"))} == {
        "learners a class must have": str(settings.SEN_CLASS_MIN_LEARNERS),
        "share of the periods to attend before the final test": f"{Decimal(Edition().attendance_share) * 100:.0f} %",
        "mark that completes, out of 10": str(Edition().pass_mark),
        **{f"band *{name}* from": band["from"] for name, band in zip(bands, default_bands(), strict=True)},
    }


def test_the_budgets_are_those_of_the_bench() -> None:
    tree = ast.parse((ROOT / "lms/demo/bench/flows.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Flow"]
    rows = [[ast.literal_eval(value) for value in call.args[:4]] for call in calls]
    assert table("performance.md", "flow") == [
        [name, *("-" if number is None else f"{number:,}" for number in numbers)] for name, *numbers in rows
    ]
