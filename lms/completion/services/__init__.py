"""Acts that move a learner's standing."""

from lms.completion.services.items import ItemOutcome, NotYet, open_item, record_progress

__all__ = ["ItemOutcome", "NotYet", "open_item", "record_progress"]
