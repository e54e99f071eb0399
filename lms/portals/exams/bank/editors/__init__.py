"""One form for each kind of question."""

from __future__ import annotations

from lms.portals.exams.bank.editors.base import Built, Editor, Section, Setting, State
from lms.portals.exams.bank.editors.choice import MultipleResponse, Ordering, SingleChoice, TrueFalseGroup
from lms.portals.exams.bank.editors.pictured import Hotspot, Matching
from lms.portals.exams.bank.editors.typed import Essay, GapText, Numeric, ShortText
from quizzes.kinds import all_kinds

EDITORS: dict[str, Editor] = {
    editor.kind: editor
    for editor in (
        SingleChoice(),
        MultipleResponse(),
        TrueFalseGroup(),
        ShortText(),
        Numeric(),
        Matching(),
        Ordering(),
        GapText(),
        Hotspot(),
        Essay(),
    )
}


def kind_choices() -> list[tuple[str, object]]:
    """Return the kinds that can be written, with their names, in the order of the forms."""
    labels = {kind.name: kind.label for kind in all_kinds()}
    return [(name, labels[name]) for name in EDITORS if name in labels]


__all__ = ["EDITORS", "Built", "Editor", "Section", "Setting", "State", "kind_choices"]
