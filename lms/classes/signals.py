"""Signals of classes to the apps above. Sent inside the transaction of the act.

``class_recognised(sender, training_class, actor)``: a decision recognised the completion of the class.
``class_moved(sender, training_class)``: the class has a new state (it was started, closed, opened again, …).
``enrolment_reinstated(sender, enrolment)``: a withdrawn learner is back; the standing has to be worked out again.
``timetable_changed(sender, training_class)``: there are more or fewer sessions, or one has other
periods or another item.
"""

from __future__ import annotations

from django.dispatch import Signal

class_moved = Signal()
class_recognised = Signal()
enrolment_reinstated = Signal()
timetable_changed = Signal()

# Sent inside the transaction that moved a tally. Argument: class_id.
tally_moved = Signal()

# Sent inside the transaction in which the approved figures of a plan changed. Argument: year.
plan_approved = Signal()
