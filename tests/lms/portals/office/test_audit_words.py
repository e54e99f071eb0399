"""Every act that the product records has words for the auditor."""

import re

from lms.exams.enums import SittingEventKind
from lms.portals.office.audit.words import words_for
from tests.architecture.test_house_rules import modules

ACTION = re.compile(r"""action=f?["']([a-z]+\.[a-z_]+)["']""")


def test_what_is_recorded_is_said_in_words():
    actions = {action for path in modules() for action in ACTION.findall(path.read_text())}
    actions -= {action for action in actions if action.startswith("wagtail.")}  # Wagtail's own log
    assert len(actions) > 60
    assert sorted(action for action in actions if str(words_for(action)) == action) == []


def test_acts_in_a_sitting_bear_the_names_of_its_history():
    for kind in SittingEventKind:
        assert str(words_for(f"quizzes.sitting_{kind.value}")) == f"Ca thi: {kind.label}"
        assert str(words_for(f"quizzes.attempt_{kind.value}")) == f"Lần làm: {kind.label}"
