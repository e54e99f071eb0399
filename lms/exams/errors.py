"""Errors of sitting, invigilating and marking an exam, with codes that clients may rely on."""

from __future__ import annotations

from typing import Any

from lms.common.errors import DomainError


class InvalidResponsesError(DomainError):
    """A batch of answers was refused as a whole; ``fields`` maps slots to sentences."""

    code = "invalid"


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
    """The person has no such attempt."""

    code = "not_found"


class AttemptClosedError(DomainError):
    """The attempt is handed in, annulled or past its deadline: nothing can be written to it."""

    code = "attempt_closed"


class AttemptTakenOverError(DomainError):
    """Another device of the same person works on the attempt now; this one may take it back."""

    code = "taken_over"


class PageLeftError(DomainError):
    """An answer to a page that was left, where there is no way back; ``fields`` names the slots."""

    code = "one_way"


class SittingRefusedError(DomainError):
    """The sitting does not let the person start now.

    Codes: ``not_open``, ``closed``, ``late``, ``code_required``, ``code_wrong``, ``code_throttled``.
    """

    code = "not_open"


class GuestRefusedError(DomainError):
    """A guest is not let in: ``closed``, ``guests_closed``, ``full``; or a code cannot be given."""

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


class InvalidMarksError(DomainError):
    """Marks that a person gave do not fit the paper; ``fields`` names the slots at fault."""

    code = "invalid_marks"


class SheetError(DomainError):
    """An answer sheet cannot be taken; ``fields`` names what is wrong with it."""

    code = "answer_sheet"


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
