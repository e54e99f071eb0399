"""QTI files: an item alone, or a package (zip with ``imsmanifest.xml``) of items, tests, stimuli and pictures."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from quizzes.formats.markup import Fetch, take_level
from quizzes.formats.model import ERROR, ParsedQuestion, Place, Reading, UnreadableFileError
from quizzes.formats.qti.body import Body
from quizzes.formats.qti.items import read_safely
from quizzes.formats.qti.names import normalise, text_of
from quizzes.formats.safe import MAX_QUESTIONS, ZIP, Package, check_size, open_package, parse_xml

_ITEM_TYPES = ("imsqti_item", "imsqti_assessment_item")


def read(data: bytes, name: str = "") -> Reading:
    """Read a QTI item or package; an item that cannot be taken over says why and stops no other.

    Raises:
        UnreadableFileError: the file is not QTI, or not safe to read.
    """
    check_size(data)
    reading = Reading("qti")
    if data.startswith(ZIP):
        _read_package(open_package(data), reading)
    else:
        root = _root(parse_xml(data))
        if root.tag == "assessmentTest":
            raise UnreadableFileError("qti_test_alone")
        if root.tag != "assessmentItem":
            raise UnreadableFileError("not_qti", tag=str(root.tag)[:40])
        reading.questions.extend(read_safely(root, reading, lambda _address: None, 1))
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


def _root(root: Any) -> Any:
    local = root.tag.rpartition("}")[2]
    if local == "questestinterop":
        raise UnreadableFileError("qti12")
    return normalise(root)


def _read_package(package: Package, reading: Reading) -> None:
    hrefs, topics, tags = _contents(package, reading)
    known: set[str] = set()
    number = 0
    for href in hrefs:
        path = package.find(unquote(href))
        if path is None:
            reading.doubt("part_missing", ERROR, Place("file", href[:80]), name=href[:80])
            continue
        if path in known:
            continue
        known.add(path)
        if len(reading.questions) >= MAX_QUESTIONS:
            reading.doubt("too_many", limit=MAX_QUESTIONS)
            return
        try:
            root = _root(parse_xml(package.read(path)))
        except UnreadableFileError as error:
            reading.doubt(error.code, ERROR, Place("file", path[:80]), **error.params)
            continue
        if root.tag != "assessmentItem":
            continue
        number += 1
        fetch = _fetcher(package, path)
        for question in read_safely(root, reading, fetch, number, _stimulus(package, root, path, reading)):
            question.topic = list(topics.get(path, ()))
            question.tags = list(tags.get(path, ()))
            take_level(question)
            reading.questions.append(question)


def _contents(package: Package, reading: Reading) -> tuple[list[str], dict[str, list[str]], dict[str, list[str]]]:
    """Return the items' paths in order, and their topics (from a test's sections) and tags (from keywords)."""
    manifest = package.find("imsmanifest.xml")
    if manifest is None:
        nested = sorted((name for name in package.names if name.endswith("/imsmanifest.xml")), key=len)
        manifest = nested[0] if nested else None
    if manifest is None:
        return sorted(name for name in package.names if name.lower().endswith(".xml")), {}, {}
    base = posixpath.dirname(manifest)
    root = normalise(parse_xml(package.read(manifest)))
    items: list[str] = []
    tests: list[str] = []
    tags: dict[str, list[str]] = {}
    for resource in root.iter("resource"):
        href = resource.get("href") or next((one.get("href") for one in resource.iter("file")), None)
        if not href:
            continue
        path = posixpath.normpath(posixpath.join(base, unquote(href)))
        kind = (resource.get("type") or "").lower()
        if kind.startswith("imsqti_test"):
            tests.append(path)
        elif kind.startswith(_ITEM_TYPES):
            items.append(path)
            words = [text_of(one).strip()[:60] for one in resource.iter("keyword")]
            tags[path] = [word for word in dict.fromkeys(words) if word]
    if not items and not tests:
        items = sorted(name for name in package.names if name.lower().endswith(".xml") and name != manifest)
    ordered: dict[str, list[str]] = {}
    for test in tests:
        _sections(package, test, ordered, reading)
    return [*ordered, *(path for path in items if path not in ordered)], ordered, tags


def _sections(package: Package, path: str, ordered: dict[str, list[str]], reading: Reading) -> None:
    found = package.find(path)
    if found is None:
        return
    try:
        root = _root(parse_xml(package.read(found)))
    except UnreadableFileError as error:
        reading.doubt(error.code, ERROR, Place("file", path[:80]), **error.params)
        return
    for reference in root.iter("assessmentItemRef"):
        titles: list[str] = []
        for parent in reference.iterancestors("assessmentSection"):
            title = (parent.get("title") or "").strip()
            if title and (parent.get("visible") or "true") == "true":
                titles.insert(0, title[:250])
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(reference.get("href") or "")))
        ordered.setdefault(target, titles)


def _fetcher(package: Package, path: str) -> Fetch:
    base = posixpath.dirname(path)

    def fetch(address: str) -> bytes | None:
        target = posixpath.normpath(posixpath.join(base, address.partition("?")[0].partition("#")[0]))
        found = package.find(target)
        return package.read(found) if found else None

    return fetch


def _stimulus(package: Package, item: Any, path: str, reading: Reading) -> str:
    """Return the shared text that an item refers to."""
    texts = []
    for reference in item.iter("assessmentStimulusRef"):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(reference.get("href") or "")))
        found = package.find(target)
        if found is None:
            continue
        try:
            root = _root(parse_xml(package.read(found)))
        except UnreadableFileError as error:
            reading.doubt(error.code, ERROR, Place("file", found[:80]), **error.params)
            continue
        body = root.find("stimulusBody")
        if body is not None:
            texts.append(Body(reading, ParsedQuestion(), _fetcher(package, found)).html(body))
    return "".join(texts)
