"""Moodle XML: reading (:mod:`.reader`) and writing (:mod:`.writer`)."""

from quizzes.formats.moodle.reader import read

__all__ = ["read"]
