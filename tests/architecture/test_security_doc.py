"""The evidence in docs/security.md is there: its files, its tests, its sections; each requirement stands once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENT = (ROOT / "docs/security.md").read_text()
STATES = ("met", "operator", "partly", "not met", "n/a")
# How many requirements of each level ASVS 5.0.0 has, as its own list counts them.
OF_LEVEL = {"1": 70, "2": 183}
CODE = re.compile(r"`([^`]+)`")
IDENTIFIER = re.compile(r"(?:[1-9]|1[0-7])\.[1-9]\d?\.[1-9]\d?")
# A path in our tree, with the test in it: `tests/a/test_b.py::test_c`.
NAMED = re.compile(r"((?:lms|cms|quizzes|media|tests|docs|scripts)(?:/[\w.-]+)*|[\w-]+\.(?:md|txt|toml))(?:::(\w+))?")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")
SECTION = re.compile(r"\bsection (\d\.\d+)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table."""

    id: str
    level: str
    state: str
    evidence: str


def requirements(document: str) -> list[Requirement]:
    """Return the rows whose table has the columns id, level, what, state, evidence."""
    found, inside = [], False
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if cells == ["id", "level", "what", "state", "evidence"]:
            inside = True
        elif not cells:
            inside = False
        elif inside and not line.startswith("|---"):
            number, level, _what, state, *rest = cells
            found.append(Requirement(number, level, state, " | ".join(rest)))
    return found


@cache
def functions_of(path: Path) -> frozenset[str]:
    return frozenset(node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def named_in(text: str) -> list[tuple[str, str]]:
    """Return the paths between backticks, each with the test named in it or nothing."""
    found = [NAMED.fullmatch(code) for code in CODE.findall(text)]
    return [(match[1], match[2] or "") for match in found if match]


def missing(text: str) -> list[str]:
    """Return what is named in ``text`` and is not in the tree: files, tests, targets of links."""
    lost = [target for target in LINK.findall(text) if not (ROOT / "docs" / target).exists()]
    for path, test in named_in(text):
        if not (ROOT / path).exists() or (test and test not in functions_of(ROOT / path)):
            lost.append(f"{path}::{test}" if test else path)
    return lost


def faults(rows: list[Requirement]) -> list[str]:
    """Return what is wrong with the rows: ids, states, and claims without evidence in the tree."""
    wrong = [f"{number}: {times} times" for number, times in Counter(row.id for row in rows).items() if times > 1]
    for row in rows:
        if not IDENTIFIER.fullmatch(row.id):
            wrong.append(f"{row.id}: no id")
        if row.level not in OF_LEVEL or row.state not in STATES:
            wrong.append(f"{row.id}: {row.level}, {row.state}")
        if not row.evidence:
            wrong.append(f"{row.id}: says nothing")
        if row.state == "met" and not named_in(row.evidence) and not SECTION.search(row.evidence):
            wrong.append(f"{row.id}: met without evidence")
    return wrong


def summary(document: str) -> dict[str, list[int]]:
    """Return the counted states of each level as the document says them."""
    lines = [line.strip("| ").split(" | ") for line in document.splitlines() if re.match(r"\| [12] \| \d", line)]
    return {level: [int(cell) for cell in cells] for level, *cells in lines}


def test_every_file_test_and_link_exists() -> None:
    assert len(named_in(DOCUMENT)) > 200
    assert missing(DOCUMENT) == []


def test_every_requirement_stands_once_with_its_evidence() -> None:
    rows = requirements(DOCUMENT)
    assert Counter(row.level for row in rows) == OF_LEVEL
    assert faults(rows) == []
    order = [tuple(map(int, row.id.split("."))) for row in rows]
    assert order == sorted(order)


def test_the_summary_counts_the_table() -> None:
    counts = Counter((row.level, row.state) for row in requirements(DOCUMENT))
    counted = {level: [counts[level, state] for state in STATES] for level in OF_LEVEL}
    assert summary(DOCUMENT) == {level: [*states, sum(states)] for level, states in counted.items()}


def test_every_section_that_is_named_exists() -> None:
    headings = set(re.findall(r"^### (\d\.\d+) ", DOCUMENT, re.MULTILINE))
    assert set(SECTION.findall(DOCUMENT)) - headings == set()


def row(number: str = "1.2.3", level: str = "1", state: str = "met", evidence: str = "`lms/urls.py`") -> str:
    return f"| {number} | {level} | something | {state} | {evidence} |"


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([row(), row("1.2.4", "2", "n/a", "no such thing")], []),
        ([row("1.2.5", evidence="section 2.1")], []),
        ([row(), row()], ["1.2.3: 2 times"]),
        ([row("V1.2.3"), row("18.1.1")], ["V1.2.3: no id", "18.1.1: no id"]),
        ([row(level="3")], ["1.2.3: 3, met"]),
        ([row(state="done")], ["1.2.3: 1, done"]),
        ([row(evidence="believe us")], ["1.2.3: met without evidence"]),
        ([row(state="partly", evidence="")], ["1.2.3: says nothing"]),
    ],
)
def test_the_rule_for_rows_knows_good_from_bad(lines: list[str], wrong: list[str]) -> None:
    table = [
        "| id | level | what | state | evidence |",
        "|---|---|---|---|---|",
        *lines,
        "",
        "| a | table | of | other | things |",
    ]
    assert faults(requirements("\n".join(table))) == wrong


def test_the_rule_for_evidence_knows_good_from_bad() -> None:
    this = "tests/architecture/test_security_doc.py"
    test = f"`{this}::test_the_summary_counts_the_table`"
    good = f"{test}, `pyproject.toml`, `no path`, `SEN_A`, [a](adr/0008-content-security-policy.md)"
    assert missing(good) == []
    assert missing(f"`{this}::test_nothing`, `lms/nowhere.py`, `lost.md`, [b](adr/0000-none.md)") == [
        "adr/0000-none.md",
        f"{this}::test_nothing",
        "lms/nowhere.py",
        "lost.md",
    ]
