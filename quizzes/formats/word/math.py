"""Word's formulas (OMML) as MathML, and as a line of text for those who cannot see MathML."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

from typing import Any

from quizzes.formats.markup import escape

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ACCENTS = {
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "\u00af",
    "\u0305": "\u00af",
    "\u20d7": "\u2192",
    "\u0307": "\u02d9",
}


def to_mathml(element: Any) -> str:
    """Return ``<math>`` for an ``m:oMath``."""
    body = _row(element)
    return f'<math alttext="{escape(to_text(element)).replace(chr(34), "")}"><mrow>{body}</mrow></math>'


def to_text(element: Any) -> str:
    """Return the formula in one line: (a+b)/2, x^2, √(y)."""
    tag = element.tag.removeprefix(M)
    match tag:
        case "t":
            return element.text or ""
        case "f":
            return f"{_group(element, 'num')}/{_group(element, 'den')}"
        case "sSup":
            return f"{_part(element, 'e')}^{_group(element, 'sup')}"
        case "sSub":
            return f"{_part(element, 'e')}_{_group(element, 'sub')}"
        case "sSubSup":
            return f"{_part(element, 'e')}_{_group(element, 'sub')}^{_group(element, 'sup')}"
        case "rad":
            degree = _part(element, "deg")
            return f"{degree}√({_part(element, 'e')})"
        case "nary":
            sign = _property(element, "chr", "∫")
            return f"{sign}_{_group(element, 'sub')}^{_group(element, 'sup')} {_part(element, 'e')}"
        case "d":
            inner = ", ".join(to_text(one) for one in element.findall(f"{M}e"))
            return f"{_property(element, 'begChr', '(')}{inner}{_property(element, 'endChr', ')')}"
    if tag.endswith("Pr"):
        return ""
    return "".join(to_text(child) for child in element if isinstance(child.tag, str) and child.tag.startswith(M))


def _part(element: Any, name: str) -> str:
    found = element.find(f"{M}{name}")
    return to_text(found) if found is not None else ""


def _group(element: Any, name: str) -> str:
    text = _part(element, name)
    return text if len(text) < 2 or text.isdigit() else f"({text})"


def _property(element: Any, name: str, default: str) -> str:
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return default if found is None else found.get(f"{M}val", "")


def _row(element: Any) -> str:
    if element is None:
        return ""
    return "".join(_node(child) for child in element if isinstance(child.tag, str) and child.tag.startswith(M))


def _box(element: Any, name: str) -> str:
    return f"<mrow>{_row(element.find(f'{M}{name}'))}</mrow>"


def _node(element: Any) -> str:  # noqa: C901 (one case each)
    tag = element.tag.removeprefix(M)
    match tag:
        case "r":
            return "".join(_tokens(one.text or "") for one in element.findall(f"{M}t"))
        case "f":
            return f"<mfrac>{_box(element, 'num')}{_box(element, 'den')}</mfrac>"
        case "sSup":
            return f"<msup>{_box(element, 'e')}{_box(element, 'sup')}</msup>"
        case "sSub":
            return f"<msub>{_box(element, 'e')}{_box(element, 'sub')}</msub>"
        case "sSubSup":
            return f"<msubsup>{_box(element, 'e')}{_box(element, 'sub')}{_box(element, 'sup')}</msubsup>"
        case "sPre":
            return f"<mmultiscripts>{_box(element, 'e')}<mprescripts>{_box(element, 'sub')}{_box(element, 'sup')}</mmultiscripts>"
        case "rad":
            if _part(element, "deg"):
                return f"<mroot>{_box(element, 'e')}{_box(element, 'deg')}</mroot>"
            return f"<msqrt>{_row(element.find(f'{M}e'))}</msqrt>"
        case "nary":
            sign = f"<mo>{escape(_property(element, 'chr', '∫'))}</mo>"
            outer = "munderover" if _property(element, "limLoc", "subSup") == "undOvr" else "msubsup"
            return f"<{outer}>{sign}{_box(element, 'sub')}{_box(element, 'sup')}</{outer}>{_box(element, 'e')}"
        case "d":
            separator = f"<mo>{escape(_property(element, 'sepChr', '|'))}</mo>"
            inner = separator.join(f"<mrow>{_row(one)}</mrow>" for one in element.findall(f"{M}e"))
            begin, end = _property(element, "begChr", "("), _property(element, "endChr", ")")
            return f"<mrow><mo>{escape(begin)}</mo>{inner}<mo>{escape(end)}</mo></mrow>"
        case "func":
            return f"<mrow>{_row(element.find(f'{M}fName'))}<mo>\u2061</mo>{_box(element, 'e')}</mrow>"
        case "limLow":
            return f"<munder>{_box(element, 'e')}{_box(element, 'lim')}</munder>"
        case "limUpp":
            return f"<mover>{_box(element, 'e')}{_box(element, 'lim')}</mover>"
        case "acc":
            sign = _property(element, "chr", "\u0302")
            return f"<mover>{_box(element, 'e')}<mo>{escape(_ACCENTS.get(sign, sign))}</mo></mover>"
        case "bar":
            outer = "munder" if _property(element, "pos", "bot") == "bot" else "mover"
            return f"<{outer}>{_box(element, 'e')}<mo>\u00af</mo></{outer}>"
        case "m":
            rows = "".join(
                "<mtr>" + "".join(f"<mtd>{_row(cell)}</mtd>" for cell in row.findall(f"{M}e")) + "</mtr>"
                for row in element.findall(f"{M}mr")
            )
            return f"<mtable>{rows}</mtable>"
        case "eqArr":
            rows = "".join(f"<mtr><mtd>{_row(one)}</mtd></mtr>" for one in element.findall(f"{M}e"))
            return f"<mtable>{rows}</mtable>"
    if tag.endswith("Pr"):
        return ""
    return f"<mrow>{_row(element)}</mrow>"


def _tokens(text: str) -> str:
    """Return numbers, names and signs as ``mn``, ``mi`` and ``mo``."""
    pieces: list[str] = []
    index = 0
    while index < len(text):
        char = text[index]
        if char.isdigit():
            end = index
            while end < len(text) and (
                text[end].isdigit() or (text[end] in ".," and text[end + 1 : end + 2].isdigit())
            ):
                end += 1
            pieces.append(f"<mn>{text[index:end]}</mn>")
            index = end
            continue
        if char.isalpha():
            pieces.append(f"<mi>{escape(char)}</mi>")
        elif not char.isspace():
            pieces.append(f"<mo>{escape(char)}</mo>")
        index += 1
    return "".join(pieces)
