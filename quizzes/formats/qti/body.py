"""The text of an item as html: interactions, feedback and rubrics are taken out or replaced by what stands for them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from quizzes.formats.markup import Fetch, inline, intake
from quizzes.formats.model import ParsedQuestion, Reading
from quizzes.formats.qti.names import text_of

BLOCKS = {
    "associateInteraction", "choiceInteraction", "customInteraction", "drawingInteraction", "extendedTextInteraction",
    "gapMatchInteraction", "graphicAssociateInteraction", "graphicGapMatchInteraction", "graphicOrderInteraction",
    "hotspotInteraction", "hottextInteraction", "matchInteraction", "mediaInteraction", "orderInteraction",
    "portableCustomInteraction", "positionObjectInteraction", "positionObjectStage", "selectPointInteraction",
    "sliderInteraction", "uploadInteraction",
}  # fmt: skip
_MARK = re.compile("\ue300[0-9]++\ue301")
_LINE_END = re.compile(r"(?<!\s)\s*?\n\s*+")
INLINE = {"inlineChoiceInteraction", "textEntryInteraction"}
_HIDDEN = {"feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "stylesheet", "endAttemptInteraction"}
_CHOICES = {"simpleChoice", "simpleAssociableChoice", "gapText", "gapImg", "hotspotChoice", "inlineChoice", "prompt"}


class Body:
    """Makes html of the parts of one item.

    Args:
        fetch: the bytes of a file by its address in the item; ``None`` when it is not there.
    """

    def __init__(self, reading: Reading, question: ParsedQuestion, fetch: Fetch) -> None:
        self.reading = reading
        self.question = question
        self.fetch = fetch

    def html(self, element: Any, replace: Callable[[Any], str | None] | None = None) -> str:
        """Return the clean html inside ``element``.

        Args:
            replace: gives the html that stands for an element; ``None`` keeps the element.
        """
        if element is None:
            return ""
        work = copy.deepcopy(element)
        work.tail = None
        marks: dict[str, str] = {}
        self._prepare(work, replace or (lambda _one: None), marks)
        raw = _serialise(work)
        html = intake(raw, self.reading, self.question, self.fetch)
        return _MARK.sub(lambda mark: marks.get(mark[0], mark[0]), html) if marks else html

    def inline(self, element: Any) -> str:
        """Return the html of an option."""
        return inline(self.html(element))

    def _prepare(self, work: Any, replace: Callable[[Any], str | None], marks: dict[str, str]) -> None:
        swapped: dict[Any, str] = {}
        for element in list(work.iter()):
            if element is work or element.getparent() is None or not isinstance(element.tag, str):
                continue
            text = replace(element)
            if text is not None:
                mark = f"\ue300{len(marks)}\ue301"
                marks[mark] = text
                swapped[element] = mark
            elif (
                element.tag in _HIDDEN
                or element.tag in BLOCKS
                or element.tag in INLINE
                or (element.tag == "rubricBlock" and "candidate" not in (element.get("view") or "candidate"))
            ):
                swapped[element] = ""
            elif element.tag == "printedVariable":
                self.question.doubt("printed_variable", "error")
                swapped[element] = "…"
            elif element.tag in ("object", "picture"):
                self._object(element)
        for parent in {element.getparent(): None for element in swapped if element.getparent() is not None}:
            _swap(parent, swapped)
        self._rename(work)

    def _rename(self, work: Any) -> None:
        """Give elements that html lacks the names of those that show the same."""
        for element in work.iter():
            if not isinstance(element.tag, str):
                continue
            if element.tag in ("rubricBlock", "contentBody", "prompt"):
                element.tag = "div"
            elif element.tag == "hottext":
                element.tag = "u"
            for name in [one for one in element.attrib if one.startswith("{")]:
                del element.attrib[name]

    def _object(self, element: Any) -> None:
        source, kind = element.get("data") or "", element.get("type") or ""
        alt = re.sub(r"\s+", " ", text_of(element)).strip()
        tail = element.tail
        if kind.startswith("image/") or re.search(r"\.(png|jpe?g|gif|webp|svg)$", source, re.IGNORECASE):
            kept = [child for child in element if isinstance(child.tag, str)]
            size = {name: element.get(name) for name in ("width", "height") if element.get(name)}
            element.clear()
            element.tag, element.tail = "img", tail
            element.set("src", source)
            element.set("alt", "" if kept else alt[:200])
            for name, value in size.items():
                element.set(name, value or "")
        elif element.tag == "object":
            if source and not list(element):
                self.question.doubt("media_left")
            element.tag = "div"


def _swap(parent: Any, swapped: dict[Any, str]) -> None:
    """Put texts where some of the children stand, in one pass: a text grows by joining its pieces once."""
    before: Any = None
    pieces = [parent.text or ""]
    for child in list(parent):
        if child in swapped:
            pieces += [swapped[child], child.tail or ""]
            parent.remove(child)
            continue
        _set_text(parent, before, pieces)
        before, pieces = child, [child.tail or ""]
    _set_text(parent, before, pieces)


def _set_text(parent: Any, before: Any, pieces: list[str]) -> None:
    if len(pieces) == 1:
        return  # nothing was swapped here
    if before is None:
        parent.text = "".join(pieces)
    else:
        before.tail = "".join(pieces)


def _serialise(work: Any) -> str:
    from quizzes.formats.markup import escape

    pieces = [escape(work.text or "")]
    for child in work:
        etree.cleanup_namespaces(child)
        pieces.append(etree.tostring(child, encoding="unicode", method="html", with_tail=True))
    return _LINE_END.sub(" ", "".join(pieces)).strip()
