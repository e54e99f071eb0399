"""Tables of item banks, question files, exams and papers, and the figures of questions."""

from quizzes.models.bank import Item, ItemBank, ItemTag, ItemVersion, Topic
from quizzes.models.bank_records import ItemBand, ItemComment, ItemEnemy, ItemStateChange, ItemText
from quizzes.models.blueprints import Blueprint, BlueprintRow, BlueprintVersion, ExamDraw, ItemUse
from quizzes.models.corrections import KeyCorrection
from quizzes.models.exams import Exam, ExamQuestion, Paper
from quizzes.models.imports import ImportedQuestion, ImportPicture, QuestionImport
from quizzes.models.pictures import QuestionPicture
from quizzes.models.statistics import ExamStatistics, ItemExposure, ItemStatistics

__all__ = [
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
    "Paper",
    "QuestionImport",
    "QuestionPicture",
    "Topic",
]
