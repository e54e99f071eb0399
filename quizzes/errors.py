"""Errors of banks, exams and papers, with codes that clients may rely on."""

from __future__ import annotations

from typing import Any

from lms.common.errors import DomainError


class InvalidItemError(DomainError):
    """An authored question breaks a rule of its kind; ``fields`` names where."""

    code = "invalid_item"


class InvalidAnswerError(DomainError):
    """One answer does not fit its question."""

    code = "invalid_answer"


class ExamEmptyError(DomainError):
    """An exam without questions cannot be frozen."""

    code = "exam_empty"


class VersionConflictError(DomainError):
    """Another version was saved while this one was being written; ``current`` is theirs."""

    code = "version_conflict"

    def __init__(self, message: object = "", *, current: Any) -> None:
        super().__init__(message)
        self.current = current


class ItemStateError(DomainError):
    """The question is not in a state that allows this, or the person is not the one who may do it."""

    code = "item_state"


class TopicError(DomainError):
    """The change would break the tree of topics."""

    code = "topic"


class BankError(DomainError):
    """The bank cannot be made or changed like this."""

    code = "bank"


class BlueprintError(DomainError):
    """A blueprint cannot be saved; ``fields`` names what is wrong."""

    code = "invalid_blueprint"


class DrawImpossibleError(DomainError):
    """No forms keep every limit. ``reasons`` say why in words, ``ways`` what would be enough, each alone."""

    code = "draw_impossible"

    def __init__(self, message: object = "", *, reasons: list[str], ways: list[str]) -> None:
        super().__init__(message, fields={"reasons": reasons, "ways": ways})
        self.reasons = reasons
        self.ways = ways


class PaperCodesError(DomainError):
    """The codes given for the papers are too few, too many, or not different."""

    code = "paper_codes"


class QuestionFileError(DomainError):
    """A question file, or a decision about one of its questions, cannot be taken."""

    code = "invalid_question_file"
