"""Tables of item banks, exams, papers and attempts."""

from quizzes.models.attempts import Attempt, AttemptResult, Response
from quizzes.models.bank import Item, ItemBank, ItemTag, ItemVersion, Topic
from quizzes.models.bank_records import ItemBand, ItemComment, ItemEnemy, ItemStateChange, ItemText
from quizzes.models.corrections import KeyCorrection
from quizzes.models.exams import Exam, ExamQuestion, Paper
from quizzes.models.sittings import Allowance, OfflineFile, Presence, Sitting, SittingEvent

__all__ = [
    "Allowance",
    "Attempt",
    "AttemptResult",
    "Exam",
    "ExamQuestion",
    "Item",
    "ItemBand",
    "ItemBank",
    "ItemComment",
    "ItemEnemy",
    "ItemStateChange",
    "ItemTag",
    "ItemText",
    "ItemVersion",
    "KeyCorrection",
    "OfflineFile",
    "Paper",
    "Presence",
    "Response",
    "Sitting",
    "SittingEvent",
    "Topic",
]
