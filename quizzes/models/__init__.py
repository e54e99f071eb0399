"""Tables of item banks, exams, papers and attempts."""

from quizzes.models.attempts import Attempt, AttemptResult, Response
from quizzes.models.bank import Item, ItemBank, ItemTag, ItemVersion, Topic
from quizzes.models.bank_records import ItemBand, ItemComment, ItemEnemy, ItemStateChange, ItemText
from quizzes.models.blueprints import Blueprint, BlueprintRow, BlueprintVersion, ExamDraw, ItemUse
from quizzes.models.corrections import KeyCorrection
from quizzes.models.exams import Exam, ExamQuestion, Paper
from quizzes.models.guests import SittingGuest
from quizzes.models.imports import ImportedQuestion, ImportPicture, QuestionImport
from quizzes.models.marking import Marking, MarkingSession, Script, SessionMarker
from quizzes.models.paper_answers import PaperSheet, SheetImport
from quizzes.models.pictures import QuestionPicture
from quizzes.models.sittings import Allowance, OfflineFile, Presence, Sitting, SittingEvent
from quizzes.models.statistics import ExamStatistics, ItemExposure, ItemStatistics

__all__ = [
    "Allowance",
    "Attempt",
    "AttemptResult",
    "Blueprint",
    "BlueprintRow",
    "BlueprintVersion",
    "Exam",
    "ExamDraw",
    "ExamQuestion",
    "ExamStatistics",
    "ImportPicture",
    "ImportedQuestion",
    "Item",
    "ItemBand",
    "ItemBank",
    "ItemComment",
    "ItemEnemy",
    "ItemExposure",
    "ItemStateChange",
    "ItemStatistics",
    "ItemTag",
    "ItemText",
    "ItemUse",
    "ItemVersion",
    "KeyCorrection",
    "Marking",
    "MarkingSession",
    "OfflineFile",
    "Paper",
    "PaperSheet",
    "Presence",
    "QuestionImport",
    "QuestionPicture",
    "Response",
    "Script",
    "SessionMarker",
    "SheetImport",
    "Sitting",
    "SittingEvent",
    "SittingGuest",
    "Topic",
]
