"""Rules of higher apps that are asked before an exam starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.classes.models import Enrolment

# gate(enrolment, item) raises a DomainError to refuse. Apps above (the grade book, which knows attendance) register
# theirs in ready().
_exam_gates: list[Callable[[Enrolment, Any], None]] = []


def register_exam_gate(gate: Callable[[Enrolment, Any], None]) -> None:
    """Let a higher app refuse the start of an exam."""
    if gate not in _exam_gates:
        _exam_gates.append(gate)


def exam_gates() -> tuple[Callable[[Enrolment, Any], None], ...]:
    """Return the registered gates."""
    return tuple(_exam_gates)
