"""Signals of exams to the apps above."""

from django.dispatch import Signal

# Sent inside the transaction that inserts an attempt for an enrolment. Argument: attempt (Attempt).
attempt_started = Signal()
# Sent inside the transaction that grades. Arguments: attempt (Attempt), result (AttemptResult).
attempt_graded = Signal()
# Sent inside the transaction that annuls. Arguments: attempt (Attempt), reason (str), actor (User).
attempt_annulled = Signal()
