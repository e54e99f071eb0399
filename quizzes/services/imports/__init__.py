"""Question files into banks: reading, looking, mending, importing what is good now and the rest later."""

from quizzes.services.imports.committing import commit_import
from quizzes.services.imports.deciding import (
    choose_answer,
    describe_questions,
    discard_import,
    fix_question,
    skip_questions,
    take_back,
)
from quizzes.services.imports.failing import retry_import, settle_readings
from quizzes.services.imports.keeping import forget_stale
from quizzes.services.imports.reading import read_import, start_import

__all__ = [
    "choose_answer",
    "commit_import",
    "describe_questions",
    "discard_import",
    "fix_question",
    "forget_stale",
    "read_import",
    "retry_import",
    "settle_readings",
    "skip_questions",
    "start_import",
    "take_back",
]
