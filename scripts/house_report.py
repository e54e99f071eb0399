"""Say how the house stands: long modules, long lines of templates, class names that mean several things.

``make test`` prints this before its last line (``pytest_terminal_summary`` in ``tests/conftest.py``); ``python
scripts/house_report.py`` prints it alone. It is an alarm and fails nothing: what may not be is tested in
``tests/architecture/test_house_rules.py``.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lms", "cms", "quizzes", "media")
LONG_MODULE = 400
LONG_LINE = 160
SHOWN = 10


def files(pattern: str) -> list[Path]:
    """Return our own files, without migrations and what others wrote."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob(pattern)]
    return sorted(path for path in found if not {"migrations", "vendor", "node_modules"} & set(path.parts))


def long_modules() -> dict[str, int]:
    """Return the modules longer than LONG_MODULE with their lines, the longest first."""
    found = {_name(path): path.read_text(encoding="utf-8").count("\n") for path in files("*.py")}
    return dict(sorted(((k, v) for k, v in found.items() if v > LONG_MODULE), key=lambda pair: -pair[1]))


def template_lines() -> tuple[int, dict[str, int]]:
    """Return how many lines of templates are longer than LONG_LINE, and the longest of each file, longest first."""
    number, longest = 0, {}
    for path in files("*.html"):
        lengths = [len(line) for line in path.read_text(encoding="utf-8").splitlines()]
        number += sum(length > LONG_LINE for length in lengths)
        longest[_name(path)] = max(lengths, default=0)
    return number, dict(sorted(longest.items(), key=lambda pair: -pair[1]))


def repeated_classes() -> dict[str, list[str]]:
    """Return the names of classes at the top of two or more modules, with those modules."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in files("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":  # Django asks for that name
                found[node.name].append(_name(path))
    return {name: paths for name, paths in sorted(found.items()) if len(paths) > 1}


def report() -> list[str]:
    """Return the lines of the report."""
    modules = long_modules()
    number, longest = template_lines()
    classes = repeated_classes()
    lines = [f"{len(modules)} modules over {LONG_MODULE} lines"]
    lines += [f"  {length:5} {name}" for name, length in list(modules.items())[:SHOWN]]
    lines.append(f"{number} lines of templates over {LONG_LINE} characters; the longest:")
    lines += [f"  {length:5} {name}" for name, length in list(longest.items())[:SHOWN]]
    lines.append(f"{len(classes)} names of classes in two or more modules")
    often = sorted(classes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    lines += [f"  {len(paths):5} {name}" for name, paths in often[:SHOWN]]
    return lines


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    print("\n".join(report()))
