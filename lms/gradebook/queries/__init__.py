"""Reads of the grade book: a class's table, and the deeds that marks and completion are computed from."""

from lms.gradebook.queries.deeds import Deeds, planned_periods, read_deeds, read_deeds_and_plan
from lms.gradebook.queries.marks import GivenMark, given_mark, items_with_marks, marks_given
from lms.gradebook.queries.table import GradeRow, GradeTable, ItemCell, gradebook_table

__all__ = [
    "Deeds",
    "GivenMark",
    "GradeRow",
    "GradeTable",
    "ItemCell",
    "given_mark",
    "gradebook_table",
    "items_with_marks",
    "marks_given",
    "planned_periods",
    "read_deeds",
    "read_deeds_and_plan",
]
