"""Texts that make a pattern with a superlinear cost show it, made from the pattern itself.

A backtracking engine loses time where a repetition may begin at every place of a long run, or may share the run with
another repetition, and what has to follow never comes. So from the parse tree of a pattern come texts that repeat what
one repetition takes, after the shortest text that leads there, before something that does not match; and texts that
repeat the beginnings of the pattern, which make a search start anew at every one of them.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from django.conf import settings

from lms.common.text import sub_closed
from quizzes.engine.scorers import numbers
from quizzes.formats import markup
from quizzes.formats.word import verdicts
from quizzes.formats.word.rich import PLAIN, Rich

ROOT = Path(settings.BASE_DIR)
#: The packages and modules that see what strangers upload or type.
READERS = (
    "quizzes/formats",
    "quizzes/engine",
    "quizzes/kinds",
    "quizzes/printing",
    "quizzes/services",
    "lms/exams/services",
    "lms/classes/roster",
    "lms/common/text.py",
    "lms/common/html.py",
    "lms/certificates/codes.py",
    "lms/people/services",
    "lms/portals",
    "cms",
    "media",
)
#: Functions that use a pattern on a part of a text that they choose.
HELPERS: dict[str, Callable[[re.Pattern[Any], Any], Any]] = {
    "sub_tags": lambda pattern, text: markup.sub_tags(pattern, "", text),
    "sub_closed": lambda pattern, text: sub_closed(pattern, "", text, ")" if pattern.pattern.endswith(")") else ">"),
    "find_tags": lambda pattern, text: list(markup.find_tags(pattern, text)),
    "_at_end": verdicts._at_end,
}
#: Patterns that see short texts alone, with the longest; where this is cut stands beside the pattern.
BOUNDED = {
    "quizzes.engine.scorers.numbers._SHAPE": numbers.MAX_LENGTH,
    "quizzes.engine.scorers.numbers._IN_UNIT": numbers.MAX_LENGTH,
    "quizzes.formats.safe._SAID_ENCODING": 200,
}
#: Modules whose pattern is put together from one that is given, for markup that has been cleaned.
PUT_TOGETHER = {"lms/common/html.py"}
METHODS = {"match", "search", "fullmatch", "sub", "subn", "findall", "finditer", "split"}
_CATEGORIES = {
    c.CATEGORY_SPACE: " ",
    c.CATEGORY_NOT_SPACE: "a",
    c.CATEGORY_DIGIT: "1",
    c.CATEGORY_NOT_DIGIT: "a",
    c.CATEGORY_WORD: "a",
    c.CATEGORY_NOT_WORD: ".",
}
_MANY = 40  # a repetition allowed more often than this may be pumped
_COMMON = " \n\ta1A.,"
_ENDS = ("\x01", "\n\x01")
_MOST_UNITS = 9


@dataclass(frozen=True)
class Found:
    """A pattern of our code, and the way it is used."""

    place: str
    pattern: str | bytes
    flags: int
    methods: frozenset[str]

    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.pattern, self.flags)


def modules() -> list[Path]:
    """Return the modules that read what strangers wrote."""
    found: list[Path] = []
    for name in READERS:
        path = ROOT / name
        found += [path] if path.suffix else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def patterns(paths: list[Path]) -> tuple[list[Found], list[str]]:
    """Return every pattern of the modules, and the places whose pattern cannot be worked out."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    public = _uses(trees.values(), public=True)
    found: list[Found] = []
    lost: list[str] = []
    for path, tree in trees.items():
        names = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(names)
        used = public | _uses([tree], public=False)
        for name, value in vars(module).items():
            for one in _compiled(value):
                methods = frozenset(used.get(name, ())) or frozenset({"search", "match", "sub"})
                found.append(Found(f"{names}.{name}", one.pattern, one.flags, methods))
        constants = {id(node) for node in _module_level(tree)}
        for node, method in _calls_of_re(tree):
            place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
            if method == "compile" and id(node) in constants:
                continue  # among the values of the module
            try:
                pattern = eval(_code(node.args[0], path), vars(module) | {"re": re})
                flags = _flags(node, method, path)
            except NameError:
                if path.relative_to(ROOT).as_posix() not in PUT_TOGETHER:
                    lost.append(place)
                continue
            if isinstance(pattern, re.Pattern):
                pattern, flags = pattern.pattern, pattern.flags
            found.append(Found(place, pattern, flags, frozenset({method}) - {"compile"} or frozenset(METHODS)))
    unique = {(one.pattern, one.flags, one.methods): one for one in found}
    return list(unique.values()), lost


def _compiled(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _compiled(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _compiled(one)


def _module_level(tree: ast.Module) -> Iterator[ast.AST]:
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield from ast.walk(statement)


def _calls_of_re(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield the uses of the module ``re`` with the function called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_call_of_re(node):
            yield node, node.func.attr


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in METHODS | {"compile"}
    )


def _code(node: ast.expr, path: Path) -> Any:
    return compile(ast.Expression(node), str(path), "eval")


def _flags(node: ast.Call, method: str, path: Path) -> int:
    given = [one.value for one in node.keywords if one.arg == "flags"]
    place = {"compile": 1, "match": 2, "search": 2, "fullmatch": 2, "findall": 2, "finditer": 2, "split": 3}
    if not given and (at := place.get(method)) and len(node.args) > at:
        given = [node.args[at]]
    return int(eval(_code(given[0], path), {"re": re})) if given else 0


def _uses(trees: Iterable[ast.Module], *, public: bool) -> dict[str, set[str]]:
    """Return by the name of a pattern the methods called on it, and the helpers it is given to.

    Args:
        public: those of other modules (``patterns.HEADING.match(…)``), instead of a module's own (``_TAG.sub(…)``).
    """
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                holder = node.value
                if public and isinstance(holder, ast.Attribute):
                    found.setdefault(holder.attr, set()).add(node.attr)
                elif not public and isinstance(holder, ast.Name):
                    found.setdefault(holder.id, set()).add(node.attr)
            elif not public and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = getattr(node.args[0], "id", "") if node.func.id in HELPERS else ""
                found.setdefault(given, set()).add(node.func.id)
    return found


def hidden_patterns(source: str) -> list[int]:
    """Return the lines that use regular expressions in a way in which :func:`patterns` would not find them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
            found.append(node.lineno)
        if isinstance(node, ast.Import) and any(
            one.name == "regex" or (one.name == "re" and one.asname not in (None, "re")) for one in node.names
        ):
            found.append(node.lineno)
    return found


def texts(found: Found, size: int) -> Iterator[tuple[str, str | bytes]]:
    """Yield texts of about ``size`` characters that may be dear for a pattern, each with its description."""
    as_text = found.pattern.decode("latin-1") if isinstance(found.pattern, bytes) else found.pattern
    tree = _parser.parse(as_text, found.flags & ~re.UNICODE if isinstance(found.pattern, bytes) else found.flags)
    seen: set[tuple[str, str]] = set()
    letters = _letters(tree)
    for before, unit in _pumps(tree, letters):
        if not unit or (before, unit) in seen:
            continue
        seen.add((before, unit))
        many = unit * (size // len(unit))
        for end in _ENDS:
            yield _case(found, f"{before!r} + {unit!r}*n + {end!r}", before + many + end)
    whole = _sample(tree)
    heads = {whole, *(whole[:at] for at in range(1, min(len(whole), 30)))}
    heads |= {before + unit for before, unit in seen}
    for head in sorted(head for head in heads if head):
        yield _case(found, f"{head!r}*n", head * (size // len(head)))


def _case(found: Found, said: str, text: str) -> tuple[str, str | bytes]:
    return said, text.encode("utf-8") if isinstance(found.pattern, bytes) else text


def _pumps(tree: Any, letters: str, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield what may be repeated, with the shortest text that leads there."""
    so_far = before
    items = list(tree)
    for index, (op, value) in enumerate(items):
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            low, high, body = value
            if high > _MANY:
                tail = _sample(items[index + 1 : index + 2]) + _sample(items[index + 2 : index + 3])
                for unit in _units(body, letters):
                    yield so_far, unit
                    yield so_far, unit + tail
                if tail:
                    yield so_far, tail
            yield from _pumps(body, letters, so_far)
            so_far += _sample(body) * max(low, 0)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, letters, so_far)
            so_far += _sample([(op, value)])
        elif op is c.SUBPATTERN:
            yield from _pumps(value[3], letters, so_far)
            so_far += _sample(value[3])
        elif op is c.ATOMIC_GROUP:
            yield from _pumps(value, letters, so_far)
            so_far += _sample(value)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _pumps(value[1], letters, so_far)
        else:
            so_far += _sample([(op, value)])


def _units(body: Any, letters: str) -> list[str]:
    """Return what a repetition takes: for a class every letter of the pattern that is in it."""
    items = list(body)
    found: list[str] = []
    if len(items) == 1 and items[0][0] in (c.IN, c.ANY, c.NOT_LITERAL, c.LITERAL):
        found = [char for char in letters if _takes(items[0], char)][:_MOST_UNITS]
    if len(items) == 1 and items[0][0] is c.BRANCH:
        found = [_sample(branch) for branch in items[0][1][1]]
    if len(items) == 1 and items[0][0] is c.SUBPATTERN:
        return _units(items[0][1][3], letters)
    return [*found, _sample(body), *(_longer(body),)]


def _longer(body: Any) -> str:
    """Return a text of a body whose inner repetitions are taken three times."""
    return "".join(
        _sample(value[2]) * max(value[0], min(3, value[1])) if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
        else _sample([(op, value)])
        for op, value in body
    )  # fmt: skip


def _letters(tree: Any) -> str:
    """Return the letters that stand in a pattern, after those that stand in every text."""
    found = list(_COMMON)

    def walk(part: Any) -> None:
        if isinstance(part, list | tuple | _parser.SubPattern):
            items = list(part)
            if len(items) == 2 and items[0] in (c.LITERAL, c.NOT_LITERAL) and isinstance(items[1], int):
                found.append(chr(items[1]))
                return
            for item in items:
                walk(item)

    walk(tree)
    return "".join(dict.fromkeys(found))


def _takes(item: Any, char: str) -> bool:
    op, value = item
    if op is c.ANY:
        return True
    if op is c.LITERAL:
        return value == ord(char)
    if op is c.NOT_LITERAL:
        return value != ord(char)
    hit = False
    negated = False
    for kind, one in value:
        if kind is c.NEGATE:
            negated = True
        elif kind is c.LITERAL:
            hit = hit or one == ord(char)
        elif kind is c.RANGE:
            hit = hit or one[0] <= ord(char) <= one[1]
        elif kind is c.CATEGORY:
            sign = {c.CATEGORY_SPACE: r"\s", c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_DIGIT: r"\d",
                    c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W"}[one]  # fmt: skip
            hit = hit or re.match(sign, char) is not None
    return hit != negated


def _sample(tree: Any) -> str:
    """Return the shortest text that (looks aside) a pattern takes."""
    out = ""
    for op, value in tree:
        if op is c.LITERAL:
            out += chr(value)
        elif op in (c.NOT_LITERAL, c.ANY, c.IN):
            out += _char((op, value))
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            out += _sample(value[2]) * max(value[0], 0)
        elif op is c.SUBPATTERN:
            out += _sample(value[3])
        elif op is c.ATOMIC_GROUP:
            out += _sample(value)
        elif op is c.BRANCH:
            out += min((_sample(branch) for branch in value[1]), key=lambda text: (not text, len(text)))
    return out


def _char(item: Any) -> str:
    op, value = item
    if op is c.IN:
        for kind, one in value:
            if kind is c.LITERAL and _takes(item, chr(one)):
                return chr(one)
            if kind is c.RANGE and _takes(item, chr(one[0])):
                return chr(one[0])
            if kind is c.CATEGORY and _takes(item, _CATEGORIES[one]):
                return _CATEGORIES[one]
    return next((char for char in "ax1.,<> \n" if _takes(item, char)), "é")


def seen(found: Found, text: str | bytes) -> str | bytes:
    """Return a text as it comes to a pattern: the reader of Word files has cut its runs of blanks by then."""
    if isinstance(text, bytes) or not found.place.startswith(("quizzes.formats.word.", "quizzes/formats/word/")):
        return text[: BOUNDED[found.place]] if found.place in BOUNDED else text
    lines = []
    for line in text.split("\n"):
        rich = Rich()
        rich.add(line, PLAIN)
        lines.append(rich.text)
    return "\n".join([lines[0], *(line for line in lines[1:] if line.strip())])


def run(found: Found, method: str, text: str | bytes) -> None:
    """Use a pattern as our code uses it."""
    compiled = found.compiled()
    if method in HELPERS:
        HELPERS[method](compiled, text)
    elif method in ("sub", "subn"):
        compiled.sub(b"" if isinstance(text, bytes) else "", text)
    elif method == "finditer":
        for _match in compiled.finditer(text):
            pass
    else:
        getattr(compiled, method)(text)
