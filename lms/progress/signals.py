"""Signals of progress to the apps above it."""

from django.dispatch import Signal

# Sent inside the writing transaction when an item's state changed. Arguments: enrolment_id, item_id, state; locked,
# the enrolment with its class and edition if the sender holds its row's lock. A receiver may answer a new Standing.
item_state_changed = Signal()
