"""Reads that are more than a queryset: papers compiled for the wire, for checking answers and for grading."""

from quizzes.queries.papers import CompressedPaper, PaperKey, answer_sheet, paper_bytes, paper_key

__all__ = ["CompressedPaper", "PaperKey", "answer_sheet", "paper_bytes", "paper_key"]
