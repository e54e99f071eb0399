"""One vocabulary for QTI 2 and 3: ``qti-choice-interaction`` becomes ``choiceInteraction``, prefixes go away."""

from __future__ import annotations

import re
from typing import Any

_KEBAB = re.compile(r"-([a-z0-9])")
MATHML = "http://www.w3.org/1998/Math/MathML"


def _camel(text: str) -> str:
    return _KEBAB.sub(lambda match: match[1].upper(), text)


def normalise(root: Any) -> Any:
    """Rename every element and attribute of ``root`` in place, and return it."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        local = element.tag.rpartition("}")[2]
        element.tag = _camel(local[4:]) if local.startswith("qti-") else local
        if "-" in "".join(element.attrib):
            for name in list(element.attrib):
                if "-" in name and not name.startswith(("{", "data-", "aria-")):
                    element.set(_camel(name), element.attrib.pop(name))
    return root


def text_of(element: Any) -> str:
    """Return all text under ``element``."""
    return "".join(element.itertext()) if element is not None else ""
