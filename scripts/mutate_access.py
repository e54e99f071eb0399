"""Take away one check of access at a time and see whether the tests of access notice.

``python scripts/mutate_access.py`` tries every check, ``--only lms/portals/office`` those of a part,
``--kind guard`` those of a kind, ``--sample 25 --seed 7`` some of them, ``--number 06a56b`` one that was named before.
A check is

- ``scope``: a call of a scoped query (``visible_to``, ``manageable_by`` …); ``.all()`` in its place lets everybody in;
- ``owner``: ``filter(user=request.user)`` and the like, which then does not look at the person;
- ``guard``: a statement ``require_…(request)`` or ``check_…(user)``, which is then left out;
- ``question``: ``may_…(user)``, ``has_role(user, …)`` and the like, which then answer yes;
- ``refusal``: ``if <something about the person>: raise …``, which then never raises;
- ``method``: ``@require_POST`` and the like, which then let every method pass;
- ``permission``: the permission classes of an API view, which then has none.

All is loaded once. For each check a forked process puts the changed code into the living functions and runs the tests
of :data:`TESTS` on the addresses whose requests reach that function; a first run finds out which ones these are and
keeps them in ``var/mutants/reach.json`` (``--again`` asks anew). What the tests said stands beside it. What no address
of the matrix reaches (the administration, files, ways in that need more than a request) has its test in
``ELSEWHERE``, which is run instead: "elsewhere". Ends with 1 when a mutant survives or is not reached.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import importlib
import json
import os
import random
import re
import signal
import sys
import types
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, only its own folder is there

from tests.architecture.access_exceptions import DOUBLE, ELSEWHERE  # noqa: E402

KEPT = ROOT / "var" / "mutants"
PLACES = ("lms", "quizzes")
#: The administration of Wagtail is not in the matrix; its tests are ``tests/cms`` and ``tests/lms/people``.
LEFT_OUT = {"migrations", "models", "models.py", "management", "demo", "settings", "backoffice", "own_data.py"}
TESTS = (
    "test_url_matrix.py",
    "test_write_matrix.py",
    "test_pages.py",
    "test_foreign_lists.py",
    "test_own_things.py",
    "test_bank_people.py",
    "test_marking_people.py",
    "test_foreign_people.py",
    "test_office_people.py",
    "test_wrong_bodies.py",
)
#: So many addresses are looked at first; the others only when these notice nothing.
FIRST = 12
#: What a forked process ends with when a test of ``ELSEWHERE`` failed.
FOUND_ELSEWHERE = 3

SCOPE = re.compile(r"(visible_to|asked_of|own|\w+able_by|(run|sent|taught|held|marked|administered)_by)$")
GUARD = re.compile(r"_?(require|check)_\w+$")
QUESTION = re.compile(r"_?(may_\w+|has_role|acts_on|is_(root_)?administrator|is_teacher|keeps)$")
OWNER = {"filter", "get", "get_object_or_404"}  # called with the person under a name other than these:
ROW = {"pk", "id"}
METHOD = {"require_POST", "require_safe", "require_http_methods"}
#: What names the person who asks; in services ``user`` is somebody about whom something is done.
PERSONS = {"user", "actor", "person", "request"}


@dataclass(frozen=True)
class Mutant:
    """One check: the file, the function it is in, what kind it is, and where exactly it stands."""

    path: str
    function: str
    kind: str
    text: str
    place: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        return f"{self.path}:{self.function}"

    def __str__(self) -> str:
        return f"{self.where} {self.kind}: {self.text}"


def about_a_person(node: ast.AST, persons: set[str] = PERSONS) -> bool:
    """Whether ``node`` names the person who asks."""
    names = (getattr(one, "id", None) or getattr(one, "attr", None) for one in ast.walk(node))
    return any(name in persons for name in names)


def without(node: ast.AST, path: str) -> tuple[str, ast.AST] | None:
    """Return the kind of check that ``node`` is, and what stands there without it; ``None`` when it is none."""
    in_service = "/services/" in path or path.endswith("services.py")
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        given = [*call.args, *(word.value for word in call.keywords)]
        if GUARD.match(_called(call)) and any(
            {getattr(one, "id", ""), getattr(one, "attr", "")} & PERSONS for one in given
        ):
            return "guard", ast.Pass()
    if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
        asks = any(isinstance(one, ast.Call) and QUESTION.match(_called(one)) for one in ast.walk(node.test))
        changes = any(isinstance(one, ast.Call) and _called(one) == "update" for one in ast.walk(node.test))
        if about_a_person(node.test, {"actor"} if in_service else PERSONS) and not asks and not changes:
            return "refusal", ast.If(ast.Constant(value=False), node.body, node.orelse)
    if not isinstance(node, ast.Call):
        return None
    name = _called(node)
    if isinstance(node.func, ast.Attribute) and SCOPE.match(name) and any(about_a_person(one) for one in node.args):
        return "scope", ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
    if QUESTION.match(name) and any(about_a_person(one) for one in node.args):
        return "question", ast.Constant(value=True)
    if name in OWNER and not in_service and any(_is_person(word) for word in node.keywords):
        return "owner", ast.Call(node.func, node.args, [word for word in node.keywords if not _is_person(word)])
    return None


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", ""))


def _is_person(word: ast.keyword) -> bool:
    value = word.value
    if isinstance(value, ast.Attribute) and value.attr in ROW:
        value = value.value
    return word.arg not in ROW and (getattr(value, "id", None) or getattr(value, "attr", None)) in {"user", "actor"}


def _place(node: ast.AST) -> tuple[int, ...]:
    return tuple(getattr(node, name, 0) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"))


def checks() -> list[Mutant]:
    """Return every check, in the order of the files."""
    found: list[Mutant] = []
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            if not LEFT_OUT & set(path.parts):
                found += _checks_in(ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT)), ())
    return found


def _checks_in(node: ast.AST, path: str, inside: tuple[str, ...]) -> Iterator[Mutant]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            here = (*inside, child.name)
            for decorator in child.decorator_list:
                name = getattr(decorator, "id", None) or getattr(getattr(decorator, "func", None), "id", None)
                if name in METHOD and not inside:
                    yield Mutant(path, child.name, "method", f"@{ast.unparse(decorator)}")
            if isinstance(child, ast.ClassDef) and path.startswith("lms/api/") and child.name.endswith("View"):
                yield Mutant(path, child.name, "permission", "permission_classes")
        else:
            here = inside
            done = without(child, path) if inside else None
            if done is not None:
                yield Mutant(path, ".".join(inside), done[0], ast.unparse(child).split("\n")[0], _place(child))
        yield from _checks_in(child, path, here)


class _Without(ast.NodeTransformer):
    """Puts in what stands there without the check."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def visit(self, node: ast.AST) -> ast.AST:
        if (
            _place(node) == self.mutant.place
            and (done := without(node, self.mutant.path))
            and done[0] == self.mutant.kind
        ):
            return ast.copy_location(done[1], node)
        return self.generic_visit(node)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def take_away(mutant: Mutant) -> None:
    """Change the living functions of this process as ``mutant`` says."""
    module = sys.modules[_module(mutant.path)]
    if mutant.kind == "permission":
        getattr(module, mutant.function).permission_classes = ()
        return
    if mutant.kind == "method":
        _let_every_method_pass(getattr(module, mutant.function))
        return
    path = ROOT / mutant.path
    tree: Any = ast.fix_missing_locations(_Without(mutant).visit(ast.parse(path.read_text(encoding="utf-8"))))
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(compile(tree, str(path), "exec"))}
    for one in gc.get_objects():
        if type(one) is types.FunctionType and one.__code__.co_filename == str(path):
            code = codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
            if code is not None and code.co_name != "<lambda>":
                one.__code__ = code


def _let_every_method_pass(view: Any) -> None:
    while view is not None:
        for name, cell in zip(view.__code__.co_freevars, view.__closure__ or (), strict=True):
            if name == "request_method_list":
                cell.cell_contents = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
                return
        view = getattr(view, "__wrapped__", None)
    raise LookupError("no list of methods")


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


class Reach:
    """Notes which functions of the product the requests to each address reach."""

    def __init__(self) -> None:
        self.functions: dict[str, set[str]] = defaultdict(set)

    def __enter__(self) -> Self:
        from django.test import Client
        from django.urls import Resolver404, resolve

        tool, event = sys.monitoring.PROFILER_ID, sys.monitoring.events.PY_START
        now: list[str] = []

        def started(code: types.CodeType, _offset: int) -> Any:
            if now:
                function = code.co_qualname.partition(".<locals>")[0]
                self.functions[f"{Path(code.co_filename).relative_to(ROOT)}:{function}"].add(now[0])
            return sys.monitoring.DISABLE  # until the next address

        request = Client.request

        def watched(client: Client, **asked: Any) -> Any:
            try:
                name = [resolve(asked["PATH_INFO"]).view_name]
            except Resolver404:
                name = []
            if name != now:
                now[:] = name
                sys.monitoring.restart_events()
            return request(client, **asked)

        Client.request = watched  # type: ignore[assignment, method-assign]
        sys.monitoring.use_tool_id(tool, "mutate_access")
        sys.monitoring.register_callback(tool, event, started)
        ours = tuple(f"{ROOT / place}/" for place in PLACES)
        for one in gc.get_objects():
            if type(one) is types.FunctionType and one.__code__.co_filename.startswith(ours):
                sys.monitoring.set_local_events(tool, one.__code__, event)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)


class Trial:
    """A plugin of pytest that runs the collected tests once for each mutant, in forked processes."""

    def __init__(self, chosen: list[Mutant], *, jobs: int, again: bool) -> None:
        self.chosen = chosen
        self.jobs = jobs
        self.again = again
        self.fates: Counter[str] = Counter()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests cannot be collected")
        from django.urls import get_resolver

        get_resolver().url_patterns  # noqa: B018 (loads every view)
        for path in {mutant.path for mutant in checks()}:
            importlib.import_module(_module(path))  # some are imported by the first call only
        KEPT.mkdir(parents=True, exist_ok=True)
        reach = self._reach(session)
        running: dict[int, Mutant] = {}
        for mutant in self.chosen:
            inside = mutant.where
            ways = [reach[key] for key in reach if key == inside or key.startswith(f"{inside}.")]
            names = sorted({name for some in ways for name in some})
            if not names and mutant.where not in ELSEWHERE:
                self._say(mutant, "not reached")
                continue
            running[self._start(session, mutant, names)] = mutant
            if len(running) >= self.jobs:
                self._one_ends(running)
        while running:
            self._one_ends(running)
        return True

    def _reach(self, session: pytest.Session) -> dict[str, list[str]]:
        """Return the addresses that reach each function: as noted before, else by running the tests unchanged."""
        kept = KEPT / "reach.json"
        if self.again or not kept.exists():
            pid = os.fork()
            if not pid:
                _speak_into(KEPT / "reach.txt")
                with Reach() as reach:
                    failed = _run(session, _matrix(session))
                kept.write_text(json.dumps({key: sorted(names) for key, names in reach.functions.items()}))
                os._exit(failed)
            if os.waitpid(pid, 0)[1]:
                kept.unlink(missing_ok=True)
                raise pytest.UsageError("The tests fail as the code stands.")
        found: dict[str, list[str]] = json.loads(kept.read_text())
        return found

    def _start(self, session: pytest.Session, mutant: Mutant, names: list[str]) -> int:
        pid = os.fork()
        if pid:
            return pid
        from tests.architecture.urls import ONLY

        _speak_into(KEPT / f"{_number(mutant)}.txt")
        signal.alarm(900)
        print(mutant, flush=True)
        try:
            take_away(mutant)
            failed = 0
            for some in (names[:FIRST], names[FIRST:]):
                ONLY.clear()
                ONLY.update(some)
                failed = failed or (_run(session, _matrix(session)) if some else 0)
            if not failed and mutant.where in ELSEWHERE:
                ONLY.clear()
                failed = FOUND_ELSEWHERE * _run(session, _of(session, {ELSEWHERE[mutant.where]}))
        except BaseException as error:  # noqa: BLE001 (the process must end here)
            print(f"{type(error).__name__}: {error}", flush=True)
            os._exit(2)
        sys.stdout.flush()
        os._exit(failed)

    def _one_ends(self, running: dict[int, Mutant]) -> None:
        pid, status = os.wait()
        mutant = running.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        self._say(mutant, {0: "SURVIVES", 1: "found", FOUND_ELSEWHERE: "elsewhere"}.get(code, "broken"))

    def _say(self, mutant: Mutant, fate: str) -> None:
        self.fates[fate] += 1
        print(f"{fate:12}{_number(mutant)} {mutant}", flush=True)


def _speak_into(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _number(mutant: Mutant) -> str:
    return hashlib.sha256(f"{mutant} {mutant.place}".encode()).hexdigest()[:6]


def _of(session: pytest.Session, paths: Collection[str]) -> list[pytest.Item]:
    return [item for item in session.items if item.nodeid.partition("::")[0] in paths]


def _matrix(session: pytest.Session) -> list[pytest.Item]:
    return _of(session, {f"tests/architecture/{name}" for name in TESTS})


def _run(session: pytest.Session, items: Sequence[pytest.Item]) -> int:
    """Run ``items`` up to the first that fails; return 1 when one does."""
    session.testsfailed = 0
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def main(words: list[str]) -> int:
    """Try the mutants that ``words`` choose; print each with its fate."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--only", action="append", default=[], help="a folder or file; may be given again")
    reader.add_argument("--kind", action="append", default=[])
    reader.add_argument("--number", action="append", default=[], help="of one mutant, as it was printed")
    reader.add_argument("--sample", type=int, help="so many of them, by chance")
    reader.add_argument("--seed", type=int, default=0)
    reader.add_argument("--jobs", type=int, default=1)
    reader.add_argument("--again", action="store_true", help="find out anew which addresses reach which function")
    reader.add_argument("--list", action="store_true", help="only name the checks")
    asked = reader.parse_args(words)
    os.chdir(ROOT)
    every = [mutant for mutant in checks() if (mutant.where, mutant.text) not in DOUBLE]
    chosen = [
        mutant
        for mutant in every
        if (not asked.only or mutant.path.startswith(tuple(asked.only)))
        and (not asked.kind or mutant.kind in asked.kind)
        and (not asked.number or _number(mutant) in asked.number)
    ]
    if asked.sample and asked.sample < len(chosen):
        chosen = sorted(random.Random(asked.seed).sample(chosen, asked.sample), key=every.index)  # noqa: S311 (a choice)
    if asked.list:
        print(*chosen, sep="\n")
        return 0
    trial = Trial(chosen, jobs=asked.jobs, again=asked.again)
    os.environ["CI"] = "1"
    elsewhere = {ELSEWHERE[mutant.where] for mutant in chosen if mutant.where in ELSEWHERE}
    tests = [*(f"tests/architecture/{name}" for name in TESTS), *sorted(elsewhere)]
    done = pytest.main(
        ["-qq", "-s", "--no-summary", "-p", "no:cacheprovider", "-k", "not administration", *tests], plugins=[trial]
    )
    if done not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        return int(done)
    print(*(f"{number} {fate}" for fate, number in trial.fates.most_common()), f"of {len(every)} checks", sep=", ")
    return 1 if any(trial.fates[fate] for fate in ("SURVIVES", "not reached", "broken")) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
