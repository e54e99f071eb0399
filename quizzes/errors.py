"""What goes wrong in exams, with codes that clients may rely on."""

from __future__ import annotations

from typing import Any

from lms.common.errors import DomainError


class InvalidItemError(DomainError):
    """An authored question breaks a rule of its kind; ``fields`` names where."""

    code = "invalid_item"


class InvalidAnswerError(DomainError):
    """One answer does not fit its question."""

    code = "invalid_answer"


class InvalidResponsesError(DomainError):
    """A batch of answers was refused as a whole; ``fields`` maps slots to sentences."""

    code = "invalid"


class ExamEmptyError(DomainError):
    """An exam without questions cannot be frozen."""

    code = "exam_empty"


class ExamNotOpenError(DomainError):
    """The exam has not opened yet, or has no papers."""

    code = "exam_not_open"


class ExamClosedError(DomainError):
    """The last moment to start has passed."""

    code = "exam_closed"


class AttemptsExhaustedError(DomainError):
    """No further attempt is allowed."""

    code = "attempts_exhausted"


class AttemptNotFoundError(DomainError):
    """There is no such attempt of this person."""

    code = "not_found"


class AttemptClosed(DomainError):  # noqa: N818 (a name other apps were promised)
    """The attempt is handed in, annulled or past its deadline: nothing can be written to it."""

    code = "attempt_closed"


class AttemptTakenOver(DomainError):  # noqa: N818 (like AttemptClosed)
    """Another device of the same person works on the attempt now; this one may take it back."""

    code = "taken_over"


class PageLeft(DomainError):  # noqa: N818 (like AttemptClosed)
    """An answer to a page that was left, where there is no way back; ``fields`` names the slots."""

    code = "one_way"


class SittingRefused(DomainError):  # noqa: N818 (like AttemptClosed)
    """The sitting does not let the person start now.

    Codes: ``not_open``, ``closed``, ``late``, ``code_required``, ``code_wrong``, ``code_throttled``.
    """

    code = "not_open"


class GuestRefused(DomainError):  # noqa: N818 (like AttemptClosed)
    """Nobody (new) is let in as a guest: ``closed``, ``guests_closed``, ``full``; or a code cannot be given."""

    code = "closed"


class InvigilationError(DomainError):
    """An invigilator's act that the state of the attempt or of the sitting does not allow."""

    code = "invalid"


class OfflineFileError(DomainError):
    """A file of answers that cannot be taken: not ours, changed, of another sitting, or decided on already."""

    code = "invalid_file"


class CorrectionError(DomainError):
    """A correction of a key that cannot be carried out; ``fields`` names where."""

    code = "invalid_correction"


class VersionConflictError(DomainError):
    """Somebody saved another version while this one was being written; ``current`` is theirs."""

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


class InvalidMarksError(DomainError):
    """Marks that a person gave do not fit the paper; ``fields`` names the slots at fault."""

    code = "invalid_marks"


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


class SheetError(DomainError):
    """An answer sheet cannot be taken; ``fields`` names what is wrong with it."""

    code = "answer_sheet"


class QuestionFileError(DomainError):
    """A question file, or a decision about one of its questions, cannot be taken."""

    code = "invalid_question_file"


class MarkingError(DomainError):
    """An act of marking that is not possible now; ``fields`` names the criteria at fault.

    Codes: ``finished``, ``settled``, ``incomplete``, ``reason_needed``, ``waiting``, ``markers``, ``passed_on``.
    """

    code = "marking"


class StaleDraftError(DomainError):
    """The draft was saved elsewhere since this copy was read; ``current`` is what is kept."""

    code = "version_conflict"

    def __init__(self, message: object = "", *, current: Any) -> None:
        super().__init__(message)
        self.current = current
