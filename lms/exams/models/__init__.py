"""Tables of attempts, sittings, answer sheets and marking."""

from lms.exams.models.attempts import Attempt, AttemptResult, Response
from lms.exams.models.guests import SittingGuest
from lms.exams.models.marking import Marking, MarkingSession, Script, SessionMarker
from lms.exams.models.sheets import PaperSheet, SheetImport
from lms.exams.models.sittings import Allowance, OfflineFile, Presence, Sitting, SittingEvent

__all__ = [
    "Allowance",
    "Attempt",
    "AttemptResult",
    "Marking",
    "MarkingSession",
    "OfflineFile",
    "PaperSheet",
    "Presence",
    "Response",
    "Script",
    "SessionMarker",
    "SheetImport",
    "Sitting",
    "SittingEvent",
    "SittingGuest",
]
