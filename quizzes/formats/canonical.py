"""Questions with the ids that files use: options a, b, c …, statements, prompts and gaps 1, 2, 3 …"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from quizzes.formats.model import ParsedQuestion, letters

_GAP = re.compile(r"\[\[\s*([^\[\]/\s]{1,20})\s*\]\]")


def canonical(question: ParsedQuestion) -> ParsedQuestion:
    """Return ``question`` with its ids renamed in order; nothing else changes."""
    content, key, feedback = dict(question.content), dict(question.key), dict(question.feedback)
    renamed: dict[str, str] = {}
    if options := content.get("options"):
        names = dict(zip((one["id"] for one in options), letters(len(options)), strict=True))
        content["options"] = [{**one, "id": names[one["id"]]} for one in options]
        renamed |= names
        if isinstance(key.get("correct"), str):
            key["correct"] = names.get(key["correct"], "")
        elif "correct" in key:
            key["correct"] = [names[one] for one in key["correct"] if one in names]
        if "order" in key:
            key["order"] = [names[one] for one in key["order"] if one in names]
    for part in ("statements", "prompts"):
        if rows := content.get(part):
            numbers = {one["id"]: str(index) for index, one in enumerate(rows, start=1)}
            content[part] = [{**one, "id": numbers[one["id"]]} for one in rows]
            renamed |= numbers if part == "statements" else {}
            if "true" in key:
                key["true"] = [numbers[one] for one in key["true"] if one in numbers]
            if "pairs" in key:
                key["pairs"] = {
                    numbers[one]: renamed.get(option, option) for one, option in key["pairs"].items() if one in numbers
                }
    if "gaps" in content:
        renamed |= _gaps(content, key)
    if notes := feedback.get("options"):
        feedback["options"] = {renamed.get(ident, ident): html for ident, html in notes.items()}
    return replace(question, content=content, key=key, feedback=feedback)


def _gaps(content: dict[str, Any], key: dict[str, Any]) -> dict[str, str]:
    marks = list(dict.fromkeys(_GAP.findall(content.get("text", ""))))
    numbers = {ident: str(index) for index, ident in enumerate(marks, start=1)}
    content["text"] = _GAP.sub(lambda match: f"[[{numbers[match[1]]}]]", content["text"])
    keys, gaps = key.get("gaps", {}), {}
    rows = []
    for gap in sorted(content["gaps"], key=lambda one: int(numbers.get(one["id"], "0"))):
        ident, spec = numbers.get(gap["id"], gap["id"]), dict(keys.get(gap["id"], {}))
        made = {"id": ident}
        if "choices" in gap:
            names = dict(zip((one["id"] for one in gap["choices"]), letters(len(gap["choices"])), strict=True))
            made["choices"] = [{"id": names[one["id"]], "html": one["html"]} for one in gap["choices"]]
            spec["correct"] = names.get(spec.get("correct", ""), "")
        rows.append(made)
        gaps[ident] = spec
    content["gaps"] = rows
    key["gaps"] = gaps
    return numbers
