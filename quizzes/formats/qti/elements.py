"""The pieces of a QTI 3.0 item: html, declarations and rules."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree
from lxml import html as parsing

from quizzes.formats.model import PICTURE_SRC, ParsedQuestion, Picture
from quizzes.formats.qti.names import MATHML

ITEM_NS = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_BLOCKS = {"p", "ul", "ol", "table", "blockquote", "pre", "h3", "h4", "figure", "div"}
_MATH = re.compile(r"^m[a-z]+$")
_MATH_TAGS = {"math", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"}  # fmt: skip


def sub(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    """Add an element; underscores in names of attributes are hyphens."""
    element = etree.SubElement(parent, f"{{{ITEM_NS}}}{tag}")
    for name, value in attributes.items():
        element.set(name.strip("_").replace("_", "-"), _clean(value))
    if text is not None:
        element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


class Builder:
    """Builds one item around its question."""

    def __init__(self, question: ParsedQuestion, root: Any, pictures: Mapping[str, Picture], lost: list[str]) -> None:
        self.question, self.root, self.pictures, self.lost = question, root, pictures, lost
        self.rules: Any = None
        self._general = question.feedback.get("general", "")

    def declare(self, cardinality: str, base: str, correct: Sequence[str] = (), name: str = "RESPONSE") -> Any:
        """Declare what is answered, with the right answer."""
        element = sub(self.root, "qti-response-declaration", identifier=name, cardinality=cardinality, base_type=base)
        if correct:
            right = sub(element, "qti-correct-response")
            for value in correct:
                sub(right, "qti-value", value)
        return element

    def outcomes(self) -> None:
        """Declare the score and, where something is said afterwards, the outcomes that say it."""
        score = sub(self.root, "qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float")
        sub(sub(score, "qti-default-value"), "qti-value", "0")
        if self._general:
            sub(
                self.root, "qti-outcome-declaration", identifier="GENERAL", cardinality="single", base_type="identifier"
            )
        if self.question.feedback.get("options"):
            cardinality = "multiple" if self.question.kind == "multiple_response" else "single"
            sub(
                self.root,
                "qti-outcome-declaration",
                identifier="FEEDBACK",
                cardinality=cardinality,
                base_type="identifier",
            )

    def body(self) -> Any:
        """Begin the body with the stem."""
        body = sub(self.root, "qti-item-body")
        self.blocks(body, self.question.stem)
        return body

    def blocks(self, parent: Any, html: str) -> None:
        """Add html as blocks; a text without a block becomes a paragraph."""
        holder = self.parse(html)
        first = next((child.tag for child in holder if isinstance(child.tag, str)), "")
        only_blocks = (
            not (holder.text or "").strip()
            and len(holder)
            and all(etree.QName(child).localname in _BLOCKS and not (child.tail or "").strip() for child in holder)
        )
        if only_blocks and first:
            parent.extend(list(holder))
        else:
            paragraph = sub(
                parent, "p" if not any(etree.QName(child).localname in _BLOCKS for child in holder) else "div"
            )
            paragraph.text = holder.text
            paragraph.extend(list(holder))

    def inline(self, parent: Any, html: str) -> None:
        """Put html into an element."""
        holder = self.parse(html)
        parent.text = holder.text
        parent.extend(list(holder))

    def parse(self, html: str) -> Any:
        """Return html as elements of the item's namespace, formulas as MathML, pictures by their place in the package."""

        def inside(match: re.Match[str]) -> str:
            if match[2] not in self.pictures:
                self.lost.append("loss_picture")
            return f"{match[1]}../images/{match[2]}{match[1]}"

        found = parsing.fragment_fromstring(_clean(PICTURE_SRC.sub(inside, html)), create_parent="div")
        return _renamed(found)

    def template(self, name: str) -> None:
        """Score by a standard template, unless something is said afterwards, which templates cannot."""
        if self._general or self.question.feedback.get("options"):
            self.processing()
            if name == "match_correct":
                condition = sub(self.rules, "qti-response-condition")
                branch = sub(condition, "qti-response-if")
                match = sub(branch, "qti-match")
                sub(match, "qti-variable", identifier="RESPONSE")
                sub(match, "qti-correct", identifier="RESPONSE")
                sub(sub(branch, "qti-set-outcome-value", identifier="SCORE"), "qti-base-value", "1", base_type="float")
            else:
                tag = {"map_response": "qti-map-response", "map_response_point": "qti-map-response-point"}[name]
                sub(sub(self.rules, "qti-set-outcome-value", identifier="SCORE"), tag, identifier="RESPONSE")
            return
        sub(self.root, "qti-response-processing", template=f"{TEMPLATES}{name}.xml")

    def processing(self) -> Any:
        """Begin rules of the item's own; what is said afterwards is set first."""
        if self.rules is None:
            self.rules = sub(self.root, "qti-response-processing")
            if self._general:
                sub(
                    sub(self.rules, "qti-set-outcome-value", identifier="GENERAL"),
                    "qti-base-value",
                    "general",
                    base_type="identifier",
                )
            if self.question.feedback.get("options"):
                sub(
                    sub(self.rules, "qti-set-outcome-value", identifier="FEEDBACK"),
                    "qti-variable",
                    identifier="RESPONSE",
                )
        return self.rules

    def feedback(self) -> None:
        """Add what is said after the answer; the last part of an item."""
        if self._general:
            modal = sub(
                self.root, "qti-modal-feedback", outcome_identifier="GENERAL", show_hide="show", identifier="general"
            )
            self.blocks(sub(modal, "qti-content-body"), self._general)

    def option_note(self, choice: Any, ident: str, name: str) -> None:
        """Add what is said about one option, inside it."""
        if note := (self.question.feedback.get("options") or {}).get(ident):
            inner = sub(choice, "qti-feedback-inline", outcome_identifier="FEEDBACK", show_hide="show", identifier=name)
            self.inline(inner, note)


def _renamed(root: Any) -> Any:
    """Return a copy of parsed html in the namespaces of QTI and MathML."""
    target = etree.Element(f"{{{ITEM_NS}}}div")
    _copy(root, target)
    return target


def _copy(source: Any, target: Any) -> None:
    target.text = source.text
    for child in source:
        if not isinstance(child.tag, str):
            continue
        space = MATHML if child.tag in _MATH_TAGS else ITEM_NS
        made = etree.SubElement(
            target, f"{{{space}}}{child.tag}", nsmap={None: MATHML} if child.tag == "math" else None
        )
        for name, value in child.attrib.items():
            made.set(name, value)
        made.tail = child.tail
        _copy(child, made)
