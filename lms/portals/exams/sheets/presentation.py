"""The content of the key grid."""

from __future__ import annotations

from typing import Any

from quizzes.models import Paper


def columns_of(papers: list[Paper]) -> list[dict[str, Any]]:
    """Return the columns of the key grid: number, kind where all codes agree, and how wide."""
    width = max((len(paper.content["questions"]) for paper in papers), default=0)
    columns = []
    for index in range(width):
        shown = [paper.content["questions"][index] for paper in papers if index < len(paper.content["questions"])]
        kinds = {question["kind"] for question in shown}
        short = kinds <= {"single_choice"}
        letters = max((len(question.get("options", ())) for question in shown), default=0)
        kind = next(iter(kinds)) if len(kinds) == 1 else ""
        columns.append(
            {
                "slot": index + 1,
                "kind": kind,
                "wide": bool(
                    kinds - {"single_choice", "multiple_response", "true_false_group", "ordering", "matching"}
                ),
                "medium": not short,
                "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:letters] if short else "",
            }
        )
    return columns
