"""What may be done with progress."""

from lms.progress.services.exams import start_for_enrolment
from lms.progress.services.reading import ItemOutcome, NotYet, open_item, record_progress, set_item_done

__all__ = ["ItemOutcome", "NotYet", "open_item", "record_progress", "set_item_done", "start_for_enrolment"]
