"""What progress tells those above it."""

from django.dispatch import Signal

# Sent inside the writing transaction when an item's state changed. Arguments: enrolment_id, item_id, state.
item_state_changed = Signal()
