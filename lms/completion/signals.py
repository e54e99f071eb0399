"""Signals of completion to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction that completed the enrolment. Argument: enrolment (classes.Enrolment).
enrolment_completed = Signal()
