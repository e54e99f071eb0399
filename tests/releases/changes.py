"""The changes that later versions made to what a stored release holds, on purpose.

A migration that renames a table or a column, drops one, or works values out anew states it here, under the release
whose data it changes, with the reason. Everything else that differs is a fault of the migration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changes:
    """The names of today and what is compared no more.

    Args:
        tables: name then -> name now; ``None`` for a table that is gone.
        columns: (table then, column then) -> column now; ``None`` for one that is gone.
        rewritten: (table then, column then) -> why its values are others now.
        rows: table then -> how many rows a migration added to it.
    """

    tables: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    rewritten: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)


CHANGES: dict[str, Changes] = {
    "0.2.0": Changes(
        columns={
            # The number of a set of papers has one name, set_number (docs/adr/0046).
            ("quizzes_paper", "edition_number"): "set_number",
            ("quizzes_itemuse", "paper_set"): "set_number",
            ("programmes_editionitem", "paper_set"): "set_number",
            ("exams_papersheet", "paper_set"): "set_number",
            ("exams_sheetimport", "paper_set"): "set_number",
        },
    ),
}
