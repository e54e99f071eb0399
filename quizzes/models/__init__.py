"""Tables of item banks, exams, papers and attempts."""

from quizzes.models.attempts import Attempt, AttemptResult, Response
from quizzes.models.bank import Item, ItemBank, ItemTag, ItemVersion, Topic
from quizzes.models.bank_records import ItemBand, ItemComment, ItemEnemy, ItemStateChange, ItemText
from quizzes.models.exams import Exam, ExamQuestion, Paper
from quizzes.models.statistics import ExamStatistics, ItemStatistics

__all__ = [
    "Attempt",
    "AttemptResult",
    "Exam",
    "ExamQuestion",
    "ExamStatistics",
    "Item",
    "ItemBand",
    "ItemBank",
    "ItemComment",
    "ItemEnemy",
    "ItemStateChange",
    "ItemStatistics",
    "ItemTag",
    "ItemText",
    "ItemVersion",
    "Paper",
    "Response",
    "Topic",
]
