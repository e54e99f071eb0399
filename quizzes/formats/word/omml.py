"""MathML as Word's formulas, for what :mod:`.math` makes of them and what editors write."""

from __future__ import annotations

from typing import Any

from lxml import etree

NS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
M = f"{{{NS}}}"


def to_omml(math: Any) -> Any:
    """Return ``m:oMath`` for a parsed ``math`` element (without namespaces)."""
    root = etree.Element(M + "oMath", nsmap={"m": NS})
    _all(math, root)
    return root


def _all(source: Any, target: Any) -> None:
    if source.text and source.text.strip():
        _run(target, source.text)
    children = [child for child in source if isinstance(child.tag, str)]
    index = 0
    while index < len(children):
        child = children[index]
        is_sum = child.tag in ("munderover", "msubsup") and _text(child[0]) in "∑∫∏∮⋃⋂" if len(child) else False
        if is_sum and index + 1 < len(children):
            _nary(child, children[index + 1], target)
            index += 2
            continue
        _one(child, target)
        index += 1


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip() or "\0"


def _part(target: Any, name: str, source: Any) -> None:
    _one(source, etree.SubElement(target, M + name))


def _one(element: Any, target: Any) -> None:
    children = [child for child in element if isinstance(child.tag, str)]
    count = len(children)
    match element.tag:
        case "mi" | "mn" | "mo" | "mtext" | "ms":
            _run(target, "".join(element.itertext()))
        case "mfrac" if count == 2:
            made = etree.SubElement(target, M + "f")
            _part(made, "num", children[0])
            _part(made, "den", children[1])
        case "msup" | "msub" if count == 2:
            made = etree.SubElement(target, M + ("sSup" if element.tag == "msup" else "sSub"))
            _part(made, "e", children[0])
            _part(made, "sup" if element.tag == "msup" else "sub", children[1])
        case "msubsup" if count == 3:
            made = etree.SubElement(target, M + "sSubSup")
            for name, child in zip(("e", "sub", "sup"), children, strict=True):
                _part(made, name, child)
        case "msqrt":
            made = etree.SubElement(target, M + "rad")
            hide = etree.SubElement(etree.SubElement(made, M + "radPr"), M + "degHide")
            hide.set(M + "val", "1")
            etree.SubElement(made, M + "deg")
            _all(element, etree.SubElement(made, M + "e"))
        case "mroot" if count == 2:
            made = etree.SubElement(target, M + "rad")
            _part(made, "deg", children[1])
            _part(made, "e", children[0])
        case "mover" | "munder" if count == 2:
            made = etree.SubElement(target, M + ("limUpp" if element.tag == "mover" else "limLow"))
            _part(made, "e", children[0])
            _part(made, "lim", children[1])
        case "mtable":
            made = etree.SubElement(target, M + "m")
            for row in children:
                line = etree.SubElement(made, M + "mr")
                for cell in row:
                    _all(cell, etree.SubElement(line, M + "e"))
        case _:
            _all(element, target)


def _nary(limits: Any, body: Any, target: Any) -> None:
    made = etree.SubElement(target, M + "nary")
    properties = etree.SubElement(made, M + "naryPr")
    etree.SubElement(properties, M + "chr").set(M + "val", _text(limits[0]))
    etree.SubElement(properties, M + "limLoc").set(M + "val", "undOvr" if limits.tag == "munderover" else "subSup")
    for name, child in zip(("sub", "sup"), list(limits)[1:], strict=False):
        _part(made, name, child)
    _part(made, "e", body)


def _run(target: Any, text: str) -> None:
    if text.strip():
        etree.SubElement(etree.SubElement(target, M + "r"), M + "t").text = text.strip()
