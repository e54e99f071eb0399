"""Take away one check of access at a time and see whether the matrix of addresses notices.

Every call of a scoped query (``visible_to``, ``manageable_by`` …) in views, API and services is a check; ``.all()`` in
its place lets everybody in. ``python scripts/mutate_access.py 25`` tries 25 of them, spread evenly; without a number it
tries all. Works on a copy of the tree under ``var/``. Ends with 1 when a mutant survives.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "var" / "mutants"
PLACES = ("lms/portals", "lms/api", "lms/people/views", "lms/notifications", "lms/certificates", "quizzes")
CHECK = re.compile(
    r"\.(?:visible_to|manageable_by|editable_by|deletable_by|correctable_by|own|held_by|marked_by|readable_by)"
    r"\((?:[^()]|\([^()]*\))*\)"
)
#: Checks that another one stands before or behind on every way: taking one away changes nothing anybody can see.
DOUBLE: dict[str, str] = {}
TESTS = (
    "tests/architecture/test_write_matrix.py",
    "tests/architecture/test_url_matrix.py",
    "tests/architecture/test_foreign_lists.py",
)


@dataclass(frozen=True)
class Mutant:
    """One check: the file, where in it, and what stands there."""

    path: Path
    start: int
    end: int
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.text}"


def checks() -> list[Mutant]:
    """Return every check in the places where requests come in, in the order of the files."""
    found = []
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            if {"migrations", "models", "access.py", "management", "demo"} & set(path.parts):
                continue
            text = path.read_text(encoding="utf-8")
            for match in CHECK.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                if not text.splitlines()[line - 1].lstrip().startswith(("#", '"', "def ")):
                    found.append(Mutant(path, match.start(), match.end(), line, match.group()))
    return found


def names_for(path: Path) -> str:
    """Return the names of the addresses whose views lie beside ``path``, for SEN_MATRIX."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    script = (
        "import django; django.setup()\n"
        "from tests.architecture.urls import named_views\n"
        f"print(' '.join(name for name, module in named_views() if module.startswith({package!r})))"
    )
    done = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", script], cwd=ROOT, env=settings_of(ROOT), capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def settings_of(folder: Path) -> dict[str, str]:
    """Return the environment in which ``folder`` is the tree that is imported."""
    return os.environ | {"PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "lms.settings", "CI": "1"}


def survives(mutant: Mutant, names: str) -> bool:
    """Put ``.all()`` in place of a check and run the matrix on the addresses beside it; whether all tests pass."""
    target = COPY / mutant.path.relative_to(ROOT)
    whole = mutant.path.read_text(encoding="utf-8")
    target.write_text(whole[: mutant.start] + ".all()" + whole[mutant.end :], encoding="utf-8")
    try:
        done = subprocess.run(  # noqa: S603 (our own words)
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS],
            cwd=COPY,
            env=settings_of(COPY) | {"SEN_MATRIX": names},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        target.write_text(whole, encoding="utf-8")
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{mutant}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def main(wanted: int | None) -> int:
    """Try ``wanted`` mutants, or all; print each with its fate."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(
        ROOT, COPY, ignore=shutil.ignore_patterns("var", ".venv*", ".git", "__pycache__", ".mypy_cache", "node_modules")
    )
    mutants = [mutant for mutant in checks() if str(mutant).split(" ")[0] not in DOUBLE]
    step = max(1, len(mutants) // wanted) if wanted else 1
    chosen = mutants[::step][:wanted]
    known: dict[Path, str] = {}
    survivors = []
    for mutant in chosen:
        folder = mutant.path.parent
        if folder not in known:
            known[folder] = names_for(mutant.path)
        alive = survives(mutant, known[folder])
        survivors += [mutant] if alive else []
        print("SURVIVES" if alive else "found   ", mutant, flush=True)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants found ({len(mutants)} checks in all).")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
