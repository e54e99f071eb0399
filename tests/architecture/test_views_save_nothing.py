"""What answers requests calls services: it saves no row and writes no entry of the record itself."""

from __future__ import annotations

import ast

from tests.architecture.entrances import MANAGERS, entrances

#: Modules that save, each with the reason. A row that is gone from them leaves the list, too.
SAVES: dict[str, tuple[str, set[str]]] = {
    "lms.programmes.wagtail_views": (
        "plain rows of a programme's plan, saved by their form; an edition copies them when it is frozen",
        {"save", "delete"},
    ),
}
#: Calls that write rows, or the record of who did what.
WRITING = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "full_delete", "add_root", "add_child",
}  # fmt: skip
RECORDING = {"record"}


def writing_calls(source: str) -> list[str]:
    """Return the calls by which a module saves or records something itself, as ``line: name``.

    ``form.save(commit=False)`` only makes an object, ``document.save(buffer)`` writes a file. ``update`` and ``create``
    count on a manager or a chain of a query (``rows.filter(…).update(…)``), not on a dictionary or a set.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if (name in RECORDING and not _is_method_of_own(node)) or (name in WRITING and _writes(node, name)):
            found.append(f"{node.lineno}: {name}")
    return found


def _is_method_of_own(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "self"


def _writes(call: ast.Call, name: str) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    of = call.func.value
    if name == "save":
        unsaved = any(word.arg == "commit" and getattr(word.value, "value", True) is False for word in call.keywords)
        return not unsaved and not call.args and not _is_super(of)  # what is given a place to save to is a file
    if name == "delete":
        return not _is_super(of) and getattr(of, "id", "") != "cache"
    if name in {"update", "create"}:
        return _is_query(of)
    return True


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super"


def _is_query(node: ast.expr) -> bool:
    """Whether an expression is a manager or a chain of calls of one."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute):
            if node.attr in MANAGERS | {"filter", "exclude", "all"}:
                return True
            node = node.value
        else:
            node = node.func
    return False


def test_entrances_save_nothing_and_record_nothing() -> None:
    found = {module: writing_calls(path.read_text()) for module, path in entrances().items()}
    names = {module: {call.partition(": ")[2] for call in calls} for module, calls in found.items() if calls}
    wrong = {module: found[module] for module in names if module not in SAVES or names[module] - SAVES[module][1]}
    assert wrong == {}
    assert {module: allowed for module, (_why, allowed) in SAVES.items()} == {module: names[module] for module in SAVES}


def test_the_rule_knows_good_from_bad() -> None:
    bad = """
exam = form.save()
exam.save(update_fields=["title"])
record(actor=user, action="x")
Exam.objects.create(title="x")
Exam.objects.visible_to(user).filter(pk=1).update(title="y")
found.questions.all().delete()
Exam.objects.bulk_create(rows)
"""
    names = ["save", "save", "record", "create", "update", "delete", "bulk_create"]
    assert [call.partition(": ")[2] for call in writing_calls(bad)] == names
    good = """
exam = form.save(commit=False)
names.update(others)
form.errors.update({"a": ["b"]})
service.record_file(exam=exam)
document.save(buffer)
cache.delete(key)
super().save(*args)
"""
    assert writing_calls(good) == []
