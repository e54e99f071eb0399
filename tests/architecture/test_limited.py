"""What strangers made is opened in the limited process and nowhere else."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_house_rules import modules, named

#: Calls that begin to read a file of a format that may be hostile: by the last two names of what is called.
OPENINGS = {
    "calamine.load_workbook", "CalamineWorkbook.from_filelike", "CalamineWorkbook.from_object",
    "CalamineWorkbook.from_path", "Image.open", "csv.DictReader", "csv.reader", "docx.Document", "etree.XML",
    "etree.fromstring", "etree.iterparse", "etree.parse", "expat.ParserCreate", "html.fromstring",
    "openpyxl.load_workbook", "python_calamine.load_workbook", "tarfile.open", "zipfile.ZipFile",
}  # fmt: skip
#: Runs in the limited process only.
INSIDE = ("lms/classes/roster/cells.py", "lms/common/limited/workbooks.py", "media/inspection/", "quizzes/formats/")
#: Opens what this installation made itself.
OWN = {
    "lms/guides/reading.py": "pictures of the guides, which are part of the program",
    "quizzes/printing/pictures.py": "renditions, made here from pictures that were looked into",
    "quizzes/printing/word.py": "documents written here",
    "quizzes/services/bank/pictures.py": "pictures that the limited process has decoded before, made smaller",
}
#: Readers of question files, and the only module that may be asked for them from outside.
READERS = {"read_file", "detect"}
DOOR = "quizzes/formats/inside.py"


def openings(source: str) -> Iterator[int]:
    """Yield the lines that begin to read a file; a package opened for writing is none."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _called(node.func) not in OPENINGS:
            continue
        modes = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "mode")]
        if any(isinstance(mode, ast.Constant) and mode.value in {"w", "x"} for mode in modes):
            continue
        if _called(node.func) == "docx.Document" and not node.args:
            continue  # a new document
        yield node.lineno


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return f"{_last(function.value)}.{function.attr}"
    return ""


def _last(value: ast.expr) -> str:
    if isinstance(value, ast.Attribute):
        return value.attr
    return value.id if isinstance(value, ast.Name) else ""


def reader_imports(source: str) -> Iterator[int]:
    """Yield the lines that import a reader of question files."""
    for node in ast.walk(ast.parse(source)):
        formats = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("quizzes.formats")
        if formats and {alias.name for alias in node.names} & READERS:
            yield node.lineno


def jobs(source: str) -> Iterator[str]:
    """Yield the names of functions that are handed to the limited process."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(".") >= 2:
            module = node.value.rpartition(".")[0].replace(".", "/") + ".py"
            if module.startswith(INSIDE) and Path(module).suffix == ".py":
                yield node.value


def test_nobody_opens_a_strangers_file_in_the_server() -> None:
    outside = [path for path in modules() if not named(path).startswith(INSIDE)]
    assert {named(path) for path in outside if list(openings(path.read_text()))} == set(OWN)


def test_readers_of_question_files_are_asked_through_one_door() -> None:
    found = {
        f"{named(path)}:{line}"
        for path in modules()
        if not named(path).startswith("quizzes/formats/")
        for line in reader_imports(path.read_text())
    }
    assert found == set()


def test_what_the_limited_process_is_asked_for_is_there() -> None:
    outside = [path for path in modules() if not named(path).startswith(INSIDE[:3])]
    named_jobs = {job for path in outside for job in jobs(path.read_text())}
    assert named_jobs == {
        "lms.classes.roster.cells.read",
        "media.inspection.documents.inspect",
        "media.inspection.images.inspect",
        "quizzes.formats.inside.read",
    }
    for job in named_jobs:
        module, _dot, function = job.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


def test_the_rule_knows_good_from_bad() -> None:
    good = "zipfile.ZipFile(out, 'w')\nzipfile.ZipFile(out, mode='w')\ndocx.Document()\nImage.new('RGB', (1, 1))"
    bad = (
        "zipfile.ZipFile(file)\nPIL.Image.open(file)\npython_calamine.load_workbook(file)\ndocx.Document(file)\n"
        "etree.fromstring(data)\ncsv.reader(file)\nCalamineWorkbook.from_filelike(file)"
    )
    assert list(openings(good)) == []
    assert sorted(openings(bad)) == [1, 2, 3, 4, 5, 6, 7]
    assert list(reader_imports("from quizzes.formats import ParsedQuestion")) == []
    assert list(reader_imports("from quizzes.formats.detect import read_file")) == [1]
