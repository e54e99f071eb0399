"""Change the pure code in small ways, one at a time, and see whether a test notices (docs/adr/0047).

``make mutants`` tries every mutant of the modules that ``[tool.mutmut]`` in ``pyproject.toml`` names, with the fast
tests that it names; ``ONLY="lms.gradebook.fold*"`` those of a part. It works in a copy under ``var/mutation``, which
remembers what was tried: after a change only mutants of changed functions and with changed tests are tried again.

The score of a module is how many of its mutants a test noticed, without those that change nothing that can be seen
(:data:`EQUIVALENT`). The others are printed as they read. Ends with 1 when a module is below :data:`WANTED`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "var" / "mutation"
WANTED = 85
#: Exit codes of a mutant that no test noticed (or reached), and of one that was not tried.
SURVIVED = {0, 5, 33}
NOT_TRIED = {None, 2, 34}

#: (file, the line as it was, the line of the mutant) -> why nobody can tell the two apart.
EQUIVALENT: dict[tuple[str, str, str], str] = {}


def _same(why: str, path: str, line: str, *changes: tuple[str, str]) -> None:
    """Note that ``line`` of ``path`` does the same after each of ``changes`` (a part of it, and what replaces it)."""
    for part, other in changes:
        EQUIVALENT[path, line, line.replace(part, other, 1)] = why


_same(
    "of two equal marks it is the same which one is kept",
    "lms/completion/outcome.py",
    "better = facts.earned.score is None or (score is not None and score > facts.earned.score)",
    ("score > facts", "score >= facts"),
)
_same(
    "every rule but the first and the last counts the best",
    "lms/gradebook/fold.py",
    "return {item_id: _counted(marks, counting.get(item_id, BEST)) for item_id, marks in by_item.items()}",
    ("BEST", "None"),
    ("BEST", ""),
)
_same(
    "nothing, None and False are all not true",
    "quizzes/engine/scorers/gaps.py",
    'return number_share(gap, given) if gap.get("numeric", False) else text_share(gap, given)',
    ("False", "None"),
    ("False", ""),
)
_same(
    "nothing, None and False are all not true",
    "quizzes/engine/scorers/written.py",
    'case, accents = bool(key.get("case", False)), bool(key.get("accents", True))',
    ("False", "None"),
    ("False", ""),
)
_same(
    "nothing, None and False are all not true",
    "quizzes/engine/scorers/written.py",
    'if key.get("pattern", False)',
    ("False", "None"),
    ("False", ""),
)
_same(
    "not to be strict is what zip does by itself",
    "quizzes/engine/scorers/arrangements.py",
    'return [one for one, other in zip(key["order"], answer["order"], strict=False) if one == other]',
    ("strict=False", "strict=None"),
    ("strict=False", ""),
)
_same(
    "a list and the same list turned by one are equally long",
    "quizzes/engine/scorers/pictures.py",
    "for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):",
    ("strict=True", "strict=None"),
    ("strict=True", "strict=False"),
    ("strict=True", ""),
)
_same(
    "an edge on which the point lies has been dealt with, and the two heights differ here; a line crosses a closed "
    "outline an even number of times, so that those on the right are as odd as those on the left",
    "quizzes/engine/scorers/pictures.py",
    "inside ^= (cross > 0) == (y2 > y1)",
    ("cross > 0", "cross >= 0"),
    ("y2 > y1", "y2 >= y1"),
    ("==", "!="),
)
_same(
    "four places behind the point never make an exponent, and f and F differ for infinity alone",
    "quizzes/engine/scorers/choices.py",
    'return [format(one.quantize(Decimal("0.0001")).normalize(), "f") for one in shares]',
    ('"f"', ""),
    ('"f"', '"F"'),
)
_same(
    "there is one fraction line in it",
    "quizzes/engine/scorers/numbers.py",
    'above, _line, below = unicodedata.normalize("NFKC", found["sign"]).partition("⁄")',
    (".partition", ".rpartition"),
)


def main(only: list[str]) -> int:
    """Return the exit code."""
    copy_here()
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *only]
    subprocess.run(command, cwd=COPY, env=os.environ | {"CI": "1"}, check=True)  # noqa: S603 (our own words)
    os.chdir(COPY)  # mutmut looks for its work in the folder that it is called in
    return report()


def copy_here() -> None:
    """Bring the copy in line with the files of the repository; what is the same keeps its time."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    wanted = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for path in COPY.rglob("*"):
        inside = path.relative_to(COPY)
        if path.is_file() and inside.parts[0] != "mutants" and str(inside) not in wanted:
            path.unlink()
    for name in wanted:
        source, target = ROOT / name, COPY / name
        if not target.exists() or source.read_bytes() != target.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def report() -> int:
    """Print the score of each module and how its surviving mutants read; return 1 when one is below what is wanted."""
    rows: list[tuple[str, int, int, int]] = []
    for meta in sorted((COPY / "mutants").rglob("*.py.meta")):
        path = str(meta.relative_to(COPY / "mutants")).removesuffix(".meta")
        outcomes = json.loads(meta.read_text())["exit_code_by_key"]
        tried = {name: code for name, code in outcomes.items() if code not in NOT_TRIED}
        left = [(name, *lines_of(path, name)) for name, code in tried.items() if code in SURVIVED]
        gaps = [one for one in left if (path, *one[1:]) not in EQUIVALENT]
        for name, before, after in gaps:
            print(f"\n{name}\n- {before}\n+ {after}")
        if tried:
            equivalent = len(left) - len(gaps)
            rows.append((path, len(tried) - len(left), len(tried) - equivalent, equivalent))
    print(f"\n{'module':<42}{'noticed':>9}{'of':>7}{'score':>8}{'equivalent':>12}")
    for path, noticed, whole, equivalent in rows:
        low = "  too low" if noticed * 100 < WANTED * whole else ""
        print(f"{path:<42}{noticed:>9}{whole:>7}{noticed * 100 / max(whole, 1):>7.1f}%{equivalent:>12}{low}")
    return int(any(noticed * 100 < WANTED * whole for _path, noticed, whole, _equivalent in rows))


def lines_of(path: str, name: str) -> tuple[str, str]:
    """Return the lines of a function that a mutant changes, as they were and as they are in the mutant."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = [line for line in get_diff_for_mutant(name, path=path).splitlines() if not line.startswith(("---", "+++"))]
    removed, added = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    return " ".join(removed), " ".join(added)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
