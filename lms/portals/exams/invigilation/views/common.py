"""The beginning of every page of a sitting."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.classes.models import TrainingClass
from lms.exams.access import INVIGILATION_ROLES
from lms.exams.models import Attempt, Sitting
from lms.exams.queries.class_tests import attempts_shown_on
from lms.people.access import has_role


def require_invigilator(request: HttpRequest) -> None:
    """404 for whoever has nothing to do with sittings: no role for them, and none to invigilate."""
    if not has_role(request.user, INVIGILATION_ROLES) and not Sitting.objects.visible_to(request.user).exists():
        raise Http404


def find_sitting(request: HttpRequest, sitting_id: int) -> Sitting:
    """The sitting, if the person invigilates it or runs its exam; else 404."""
    found = Sitting.objects.visible_to(request.user).select_related("exam", "unit", "training_class")
    return get_object_or_404(found, pk=sitting_id)


def find_attempt(sitting: Sitting, attempt_id: int) -> Attempt:
    """An attempt on the board of the sitting; else 404."""
    found = attempts_shown_on(sitting).select_related("exam", "paper", "user", "sitting")
    return get_object_or_404(found, pk=attempt_id)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A place where people sit a test, as the pages about one of them need it: a sitting, or a class without one."""

    name: str
    title: str
    url: str
    sitting: Sitting | None = None
    training_class: TrainingClass | None = None
    item_id: int = 0

    def attempt_url(self, attempt_id: int) -> str:
        """Return the address of one attempt."""
        if self.sitting is not None:
            return reverse("exams:sitting-attempt", args=[self.sitting.pk, attempt_id])
        return reverse("exams:class-attempt", args=[self._class_id, self.item_id, attempt_id])

    def terms_url(self, enrolment_id: int) -> str:
        """Return the address of one learner's personal terms."""
        if self.sitting is not None:
            return reverse("exams:sitting-allowance", args=[self.sitting.pk, enrolment_id])
        return reverse("exams:class-allowance", args=[self._class_id, self.item_id, enrolment_id])

    def guest_url(self, guest_id: int) -> str:
        """Return the address of a guest of the sitting; guests sit nowhere else."""
        return reverse("exams:sitting-guest", args=[self.sitting.pk, guest_id]) if self.sitting is not None else ""

    def file_url(self, file_id: int) -> str:
        """Return the address of a file of answers."""
        if self.sitting is not None:
            return reverse("exams:sitting-file", args=[self.sitting.pk, file_id])
        return reverse("exams:class-file", args=[self._class_id, self.item_id, file_id])

    @property
    def _class_id(self) -> int:
        return self.training_class.pk if self.training_class is not None else 0


def occasion_of(sitting: Sitting) -> Occasion:
    """Return a sitting as an occasion."""
    return Occasion(sitting.room, sitting.exam.title, reverse("exams:sitting", args=[sitting.pk]), sitting=sitting)


def state_words() -> dict[str, str]:
    """Return the names of the board's states."""
    return {
        "not_started": _("not started"),
        "working": _("at work"),
        "offline": _("offline"),
        "handed_in": _("handed in"),
        "annulled": _("annulled"),
    }
