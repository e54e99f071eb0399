"""First lines of docstrings: a verb in the imperative or a noun, no riddle, not long."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.test_house_rules import modules, named

#: Words that begin a clause or hide who acts; "Whether …" of a predicate is plain enough.
RIDDLE = re.compile(
    r"(?:Who|Whom|Whose|What|Which|How|Where|When|Why|Whoever|Whatever|Whichever|Whenever|There"
    r"|Nobody|Nothing|Somebody|Something|Everybody|Everything)\b"
)
SENTENCE_END = re.compile(r"(?<=[.;:])\s")
#: A function is told what to do: "Return", not "Returns".
THIRD_PERSON = re.compile(
    r"(?:Returns|Gets|Creates|Makes|Gives|Checks|Says|Shows|Reads|Writes|Sends|Finds|Adds|Removes|Raises|Yields)\b"
)
#: Of the first sentence; ten to fourteen are usual.
MOST_WORDS = 20
#: First sentences of more words than :data:`MOST_WORDS`, in the whole tree. Only a smaller number comes here.
LONG = 16


@dataclass(frozen=True)
class FirstLine:
    """The first line of a public docstring, and where it stands."""

    path: Path
    name: str
    text: str
    of_function: bool

    def __str__(self) -> str:
        return f"{named(self.path)}: {self.name}: {self.text}"

    @property
    def is_riddle(self) -> bool:
        """Whether the line begins with a clause, or a function's with a verb in the third person."""
        return bool(RIDDLE.match(self.text)) or (self.of_function and bool(THIRD_PERSON.match(self.text)))

    @property
    def is_long(self) -> bool:
        """Whether the first sentence has too many words."""
        return len(SENTENCE_END.split(self.text)[0].split()) > MOST_WORDS


def first_lines(path: Path, source: str) -> Iterator[FirstLine]:
    """Yield the first lines of the module's, its public classes' and its public functions' docstrings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        name = getattr(node, "name", "(module)")
        text = ast.get_docstring(node)
        if text and not name.startswith("_"):
            of_function = not isinstance(node, ast.Module | ast.ClassDef)
            yield FirstLine(path, name, text.splitlines()[0], of_function)


@pytest.fixture(scope="module")
def lines() -> list[FirstLine]:
    return [line for path in modules() for line in first_lines(path, path.read_text())]


def test_first_lines_say_what_it_is_or_does(lines: list[FirstLine]) -> None:
    assert [str(line) for line in lines if line.is_riddle] == []


def test_first_lines_are_short(lines: list[FirstLine]) -> None:
    assert len([line for line in lines if line.is_long]) <= LONG


def test_the_rule_knows_good_from_bad() -> None:
    source = '''"""What the module holds."""
class A:
    """Where it stands."""
    def b(self):
        """Returns nothing."""
    def c(self):
        """Return nothing."""
    def _d(self):
        """How it is."""
class E:
    """Makes of a file what a page needs."""
'''
    found = [(line.name, line.is_riddle) for line in first_lines(Path(__file__), source)]
    assert sorted(found) == [("(module)", True), ("A", True), ("E", False), ("b", True), ("c", False)]
    assert FirstLine(Path(__file__), "a", "word " * 21, of_function=True).is_long
