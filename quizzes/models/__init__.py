"""Tables of item banks, exams, papers and attempts."""

from quizzes.models.attempts import Attempt, AttemptResult, Response
from quizzes.models.bank import Item, ItemBank, ItemVersion, Topic
from quizzes.models.exams import Exam, ExamQuestion, Paper

__all__ = [
    "Attempt",
    "AttemptResult",
    "Exam",
    "ExamQuestion",
    "Item",
    "ItemBank",
    "ItemVersion",
    "Paper",
    "Response",
    "Topic",
]
