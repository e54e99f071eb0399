"""Word files as teachers write them: reading (:mod:`.reader`) and writing (:mod:`.writer`)."""

from quizzes.formats.word.reader import read

__all__ = ["read"]
