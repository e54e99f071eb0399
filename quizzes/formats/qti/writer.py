"""Writing QTI 3.0: a package of items, a test that holds the topics as sections, and the pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from quizzes.formats.losses import common_losses, short_name, texts_of
from quizzes.formats.markup import LEVEL_NAMES
from quizzes.formats.model import Loss, ParsedQuestion, Picture, WrittenFile, pictures_in
from quizzes.formats.qti.elements import ITEM_NS, Builder, sub
from quizzes.formats.qti.kinds import WRITERS

MANIFEST_NS = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
LOM_NS = "http://ltsc.ieee.org/xsd/LOM"
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,59}$")
OWN_NAME = "sen-item-"


def write(questions: Sequence[ParsedQuestion], pictures: Mapping[str, Picture]) -> WrittenFile:
    """Return a QTI 3.0 package, and what it could not say."""
    losses: list[Loss] = []
    parts: dict[str, bytes] = {}
    entries: list[tuple[ParsedQuestion, str, list[str]]] = []
    used: set[str] = set()
    for number, question in enumerate(questions, start=1):
        lost = common_losses(question, {"source"})
        name = question.code if _NAME.match(question.code) and question.code not in used else f"{OWN_NAME}{number}"
        if question.code and name != question.code:
            lost.append("loss_code")
        used.add(name)
        item = _item(question, name, number, pictures, lost)
        losses += [Loss(short_name(question, number), code) for code in dict.fromkeys(lost)]
        if item is None:
            continue
        parts[f"items/{name}.xml"] = etree.tostring(item, xml_declaration=True, encoding="UTF-8", pretty_print=False)
        shown = [one for one in _pictures(question) if one in pictures]
        for one in shown:
            parts[f"images/{one}"] = pictures[one].data
        entries.append((question, name, shown))
    parts["test.xml"] = _test(entries)
    parts = {"imsmanifest.xml": _manifest(entries), **parts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in parts.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return WrittenFile(buffer.getvalue(), "zip", "application/zip", losses)


def _pictures(question: ParsedQuestion) -> list[str]:
    names = pictures_in(texts_of(question))
    if question.kind == "hotspot":
        names.append(str(question.content.get("image", "")).rpartition("/")[2])
    return list(dict.fromkeys(names))


def _item(question: ParsedQuestion, name: str, number: int, pictures: Mapping[str, Picture], lost: list[str]) -> Any:
    writer = WRITERS.get(question.kind)
    if writer is None:
        lost.append("loss_kind")
        return None
    root = etree.Element(f"{{{ITEM_NS}}}qti-assessment-item", nsmap={None: ITEM_NS})
    root.set("identifier", name)
    root.set("title", short_name(question, number))
    root.set("adaptive", "false")
    root.set("time-dependent", "false")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    builder = Builder(question, root, pictures, lost)
    return root if writer(builder) else None


def _test(entries: Sequence[tuple[ParsedQuestion, str, list[str]]]) -> bytes:
    root = etree.Element(f"{{{ITEM_NS}}}qti-assessment-test", nsmap={None: ITEM_NS})
    root.set("identifier", "sen-test")
    root.set("title", "Sen")
    part = sub(root, "qti-test-part", identifier="part", navigation_mode="nonlinear", submission_mode="simultaneous")
    line: list[tuple[str, Any]] = []  # the sections that are open, one in the other
    count = 0
    for question, name, _shown in entries:
        path = question.topic or [""]
        common = 0
        while common < min(len(line), len(path)) and line[common][0] == path[common]:
            common += 1
        del line[common:]  # the order of the questions stays, so a topic may open twice
        for title in path[common:]:
            parent = line[-1][1] if line else part
            visible = "true" if title else "false"
            line.append(
                (
                    title,
                    sub(
                        parent,
                        "qti-assessment-section",
                        identifier=f"section-{count}",
                        title=title or "-",
                        visible=visible,
                    ),
                )
            )
            count += 1
        sub(line[-1][1], "qti-assessment-item-ref", identifier=f"ref-{name}", href=f"items/{name}.xml")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _manifest(entries: Sequence[tuple[ParsedQuestion, str, list[str]]]) -> bytes:
    root = etree.Element(f"{{{MANIFEST_NS}}}manifest", nsmap={None: MANIFEST_NS, "imsmd": LOM_NS})
    root.set("identifier", "sen-manifest")
    metadata = etree.SubElement(root, f"{{{MANIFEST_NS}}}metadata")
    etree.SubElement(metadata, f"{{{MANIFEST_NS}}}schema").text = "QTI Package"
    etree.SubElement(metadata, f"{{{MANIFEST_NS}}}schemaversion").text = "3.0.0"
    etree.SubElement(root, f"{{{MANIFEST_NS}}}organizations")
    resources = etree.SubElement(root, f"{{{MANIFEST_NS}}}resources")
    test = etree.SubElement(
        resources, f"{{{MANIFEST_NS}}}resource", identifier="sen-test", type="imsqti_test_xmlv3p0", href="test.xml"
    )
    etree.SubElement(test, f"{{{MANIFEST_NS}}}file", href="test.xml")
    for question, name, shown in entries:
        href = f"items/{name}.xml"
        resource = etree.SubElement(
            resources, f"{{{MANIFEST_NS}}}resource", identifier=name, type="imsqti_item_xmlv3p0", href=href
        )
        words = [*question.tags, *([LEVEL_NAMES[question.level]] if question.level in LEVEL_NAMES else [])]
        if words:
            general = etree.SubElement(
                etree.SubElement(etree.SubElement(resource, f"{{{MANIFEST_NS}}}metadata"), f"{{{LOM_NS}}}lom"),
                f"{{{LOM_NS}}}general",
            )
            for word in words:
                keyword = etree.SubElement(general, f"{{{LOM_NS}}}keyword")
                etree.SubElement(keyword, f"{{{LOM_NS}}}string").text = word
        etree.SubElement(resource, f"{{{MANIFEST_NS}}}file", href=href)
        for one in shown:
            etree.SubElement(resource, f"{{{MANIFEST_NS}}}file", href=f"images/{one}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
