"""Reading what strangers made in a process with hard limits.

An uploaded file may be built to exhaust memory or time, or to crash the library that reads it. So the server never
parses one itself: :func:`run` hands the bytes to a child process that may use so much memory, so many seconds and may
answer so much, and that knows no secret and no database. However the child ends, the caller gets an answer or a
:class:`LimitedError` with a sentence for the person; the server goes on.

``docs/adr/0028-uploads-are-read-in-limits.md`` says why and how.
"""

from lms.common.limited.errors import LimitedError, Trouble
from lms.common.limited.running import Answer, JobLimits, run

__all__ = ["Answer", "JobLimits", "LimitedError", "Trouble", "run"]
