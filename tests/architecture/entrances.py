"""Finds where requests come in, from the URL resolver, and where a query there begins for nobody in particular.

File names say nothing here: every callback's module counts, Wagtail's views of ours too, and so does each of our
modules that such a module takes helpers, forms or presentation from.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.architecture.urls import callbacks

ROOT = Path(settings.BASE_DIR)
OURS = {"lms", "cms", "quizzes", "media"}
#: Layers that entrances call: they have their own rules.
BELOW = {"access", "enums", "errors", "models", "queries", "services", "signals", "validators"}
#: Packages of nothing but entrances: every module of theirs that an entrance imports is one.
PORTALS = ("lms.portals.", "lms.api.")
MANAGERS = {"objects", "_default_manager"}

#: Queries that begin without a scoped method, by module and model, each with what keeps them within bounds.
CHECKED_OTHERWISE: dict[str, dict[str, str]] = {
    "cms.file_lists": {
        "ContentType": "names a model, no row of anybody",
        "Tag": "of files that Wagtail's policy of collections gives the person",
    },
    "cms.forms": {"Unit": "narrowed to ownable(user) in the same expression"},
    "cms.people_filters": {
        "ContentType": "names a model, no row of anybody",
        "PageLogEntry": "of pages that the person may write",
        "User": "who appears on pages that the person may write",
        "WorkflowState": "of pages that the person may write",
    },
    "lms.portals.office.audit.views": {
        "User": "narrowed to those in reach, or who acted in entries that the person may read",
    },
    "lms.api.enrolments": {"ClassItem": "of the enrolment found as the person's own"},
    "lms.people.backoffice.forms": {
        "Unit": "the account page is for administrators of the whole tree",
        "User": "whether an identifier is in use; administrators of the whole tree see all accounts",
    },
    "lms.people.backoffice.people": {"User": "narrowed to the whole tree's administrators and administered_by"},
    "lms.people.backoffice.unit_chooser": {"Unit": "the name above a unit that the person's role reaches"},
    "lms.people.backoffice.units": {
        "Unit": "names of provinces, which everybody reads on certificates",
        "UnitKind": "kinds of units are public",
    },
    "lms.portals.exams.bank.pictures": {"QuestionPicture": "uploaded by the person, or held by the item on the page"},
    "lms.portals.exams.invigilation.views.acts": {
        "Allowance": "of an enrolment of the sitting found for the invigilator",
        "Attempt": "of the sitting found for the invigilator",
        "Enrolment": "of the class of the sitting found for the invigilator",
        "OfflineFile": "of attempts of that sitting",
    },
    "lms.portals.exams.invigilation.views.boards": {"OfflineFile": "of attempts of the sitting on the board"},
    "lms.portals.exams.invigilation.views.classes": {
        "Enrolment": "of the class found for the invigilator",
        "OfflineFile": "of attempts of that class",
    },
    "lms.portals.exams.invigilation.views.setup": {"TrainingClass": "intersected with classes_to_sit(user)"},
    "lms.portals.exams.marking.forms": {"User": "markers of the session found for the person"},
    "lms.portals.exams.papers.views.drawing": {
        "Blueprint": "of the exam found as editable",
        "Item": "drawn from banks that the blueprint's checks let through",
        "ItemVersion": "drawn from banks that the blueprint's checks let through",
    },
    "lms.portals.exams.papers.views.sets": {"ItemVersion": "in the set of the exam found for the person"},
    "lms.portals.exams.regrading.forms": {"ItemVersion": "versions of the question that is corrected"},
    "lms.portals.exams.sheets.views.scans": {
        "SheetImport": "made for, and fetched by, the person and the checked class"
    },
    "lms.portals.learner.conditions": {"Attempt": "of the learner's own enrolment"},
    "lms.portals.learner.views.guests": {"Attempt": "of the guest's own place"},
    "lms.portals.learner.views.study": {"Exam": "of a test of the learner's own class"},
    "lms.portals.office.audit.names": {
        "Page": "published pages alone",
        "User": "narrowed to people_in_reach_of_audit(reader)",
        "model": "narrowed to the audited units and visible_to(reader); else what everybody reads",
    },
    "lms.portals.office.classes.forms": {
        "EditionItem": "of the edition of the class found for the person",
        "Membership": "narrows people who are scoped already",
        "User": "from visible_to(user), or staff of the class already",
    },
    "lms.portals.office.classes.views.slips": {"ActivationCode": "of people administered by the person"},
    "lms.programmes.forms": {
        "Exam": "from visible_to(user), or the one chosen already",
        "LessonPage": "below the programme found as editable",
        "ModulePage": "below the programme found as editable",
    },
    "lms.programmes.wagtail_views": {
        "Edition": "of a programme found among the person's pages",
        "LessonPage": "of a programme found among the person's pages",
        "ModulePage": "of a programme found among the person's pages",
        "ProgrammeItem": "of a programme found among the person's pages",
        "ProgrammePage": "narrowed to the person's pages",
    },
}


def entrances() -> dict[str, Path]:
    """Return every module of ours that a request can reach before a lower layer is called, by dotted name."""
    found: dict[str, Path] = {}
    waiting = [module for module in {view.__module__ for _name, view in callbacks()} if is_ours(module)]
    while waiting:
        module = waiting.pop()
        path = file_of(module)
        if module in found or path is None:
            continue
        found[module] = path
        package = module.rpartition(".")[0]
        for name in imported(path.read_text(encoding="utf-8")):
            beside = name.rpartition(".")[0] == package or name.startswith(PORTALS)
            if beside and is_ours(name) and not BELOW & set(name.split(".")[1:]):
                waiting.append(name)
    return dict(sorted(found.items()))


def is_ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in OURS


def file_of(module: str) -> Path | None:
    """Return the file of a module, ``None`` when the name is not one."""
    plain = ROOT / (module.replace(".", "/") + ".py")
    package = ROOT / module.replace(".", "/") / "__init__.py"
    return next((path for path in (plain, package) if path.exists()), None)


def imported(source: str) -> Iterator[str]:
    """Yield what a module imports: modules, and names that may be modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def scoped_methods() -> set[str]:
    """Return the methods of our querysets that are told for whom they ask, and ``none``."""
    found = {"none"}
    for model in apps.get_models():
        if is_ours(model.__module__):
            queryset = type(model._default_manager.all())
            for name, method in inspect.getmembers(queryset, inspect.isfunction):
                if list(inspect.signature(method).parameters)[1:2] == ["user"]:
                    found.add(name)
    return found


def unscoped_queries(source: str, scoped: Collection[str], allowed: Collection[str] = ()) -> list[int]:
    """Return the lines where a query starts at ``Model.objects`` without saying for whom.

    ``Model.objects.visible_to(user)`` says so, and so does ``things_visible_to(user, Model.objects…)``.
    """
    tree = ast.parse(source)
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    lines = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in MANAGERS):
            continue
        if getattr(parents.get(node), "attr", "") in scoped or getattr(node.value, "id", "") in allowed:
            continue
        whole: ast.AST = node
        while isinstance(parents.get(whole), ast.Attribute) or (
            isinstance(call := parents.get(whole), ast.Call) and call.func is whole
        ):
            whole = parents[whole]
        taker = parents.get(whole)
        function = getattr(taker.func, "id", "") if isinstance(taker, ast.Call) and whole in taker.args else ""
        if not function.endswith(tuple(f"_{method}" for method in scoped)):
            lines.append(node.lineno)
    return sorted(lines)
