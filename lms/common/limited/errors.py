"""Ends of a job in the limited process without an answer."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.errors import DomainError


class Trouble(StrEnum):
    """The reason why there is no answer. The values stand in the database (``QuestionImport.problem``)."""

    MEMORY = "file_memory"
    TIME = "file_time"
    OUTPUT = "file_output"
    CRASH = "file_crash"
    BUSY = "file_busy"


SENTENCES: dict[str, str | Promise] = {
    Trouble.MEMORY: _(
        "Reading this file takes more memory than any file needs. Copy what you need into a new file, or divide it, "
        "and upload it again."
    ),
    Trouble.TIME: _("Reading this file takes too long. Divide it into smaller files, or save it in another format."),
    Trouble.OUTPUT: _("There is too much in this file. Divide it into smaller files."),
    Trouble.CRASH: _(
        "This file cannot be read: it is damaged or built in an unusual way. Open it in the program it was made with, "
        "save it anew and upload it again."
    ),
    Trouble.BUSY: _("The server is reading other files at this moment. Try again in a minute; nothing is lost."),
}


class LimitedError(DomainError):
    """A file could not be read within the limits. ``trouble`` says why; the text is for the person."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(SENTENCES[trouble], code=trouble.value)
        self.trouble = trouble
