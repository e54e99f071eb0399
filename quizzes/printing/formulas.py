"""Formulas (MathML) as plain data for print: a tree that typst sets and that becomes a formula of Word."""

from __future__ import annotations

from typing import Any

from lxml import etree

from quizzes.formats.word.omml import to_omml

type Node = dict[str, Any]

# What sets a formula in motion but shows nothing: function application, invisible times and the like.
_UNSEEN = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064"))


class Formula:
    """Collects the tags between ``<math>`` and ``</math>``."""

    def __init__(self, alternative: str) -> None:
        self.alternative = alternative
        self.root: Node = {"tag": "math", "c": []}
        self.open: list[Node] = [self.root]

    def start(self, tag: str) -> None:
        """Take an opening tag inside the formula."""
        node: Node = {"tag": tag, "c": []}
        self.open[-1]["c"].append(node)
        self.open.append(node)

    def text(self, data: str) -> None:
        """Take the text of the innermost open tag."""
        if data.strip():
            self.open[-1]["s"] = self.open[-1].get("s", "") + " ".join(data.translate(_UNSEEN).split())

    def end(self, tag: str) -> None:
        """Take a closing tag; what was left open inside it is closed as well."""
        while len(self.open) > 1 and self.open.pop()["tag"] != tag:
            pass

    def run(self) -> Node:
        """Return the formula as a run of text: its words for those who count letters, and its tree."""
        return {"s": self.alternative or line_of(self.root) or " ", "math": self.root}


def line_of(node: Node) -> str:
    """Return a formula in one line: (a+b)/2, x^2, √(y)."""
    parts = [line_of(child) for child in node["c"]]
    match node["tag"], len(parts):
        case "mfrac", 2:
            return f"{_group(parts[0])}/{_group(parts[1])}"
        case "msup" | "mover", 2:
            return f"{parts[0]}^{_group(parts[1])}"
        case "msub" | "munder", 2:
            return f"{parts[0]}_{_group(parts[1])}"
        case "msubsup" | "munderover", 3:
            return f"{parts[0]}_{_group(parts[1])}^{_group(parts[2])}"
        case "msqrt", _:
            return f"√({''.join(parts)})"
        case "mroot", 2:
            return f"{parts[1]}√({parts[0]})"
        case _:
            return str(node.get("s", "")) + "".join(parts)


def _group(text: str) -> str:
    return text if len(text) < 2 or text.isdigit() else f"({text})"


def word_formula(node: Node) -> Any:
    """Return the formula as Word's own ``m:oMath``."""
    return to_omml(_element(node))


def _element(node: Node) -> Any:
    element = etree.Element(node["tag"])
    element.text = node.get("s")
    element.extend([_element(child) for child in node["c"]])
    return element
