"""Signals of attendance to the apps above it."""

from django.dispatch import Signal

# Sent inside the writing transaction. Argument: enrolment_ids (list[int]).
attendance_changed = Signal()
