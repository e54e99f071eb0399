"""Acts on progress. Exams start through :mod:`lms.exams.services.starting`."""

from lms.progress.services.reading import ItemOutcome, NotYet, open_item, record_progress, set_item_done

__all__ = ["ItemOutcome", "NotYet", "open_item", "record_progress", "set_item_done"]
