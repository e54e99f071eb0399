"""Forms of exams: rules, print, and the limits of a draw."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.common.forms import bound
from lms.exams.engine.admission import EXAM_BOUNDS
from lms.portals.exams.invigilation.forms import moment_field
from quizzes.enums import QuestionSource
from quizzes.models import Blueprint, Exam
from quizzes.queries.papers.units import units_for_exams
from quizzes.services.papers.exams import exam_problems


class RulesForm(forms.ModelForm):
    """Some rules of an exam."""

    def changes(self) -> dict[str, Any]:
        """The rules as typed, for the service that stores those that differ."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}


class ExamForm(RulesForm):
    """The rules of an exam and how its papers are printed."""

    review_from = moment_field(_("From this moment on"), required=False)

    class Meta:
        model = Exam
        fields = [
            "title",
            "unit",
            "purpose",
            "source",
            "blueprint",
            "time_limit",
            "max_attempts",
            "counting",
            "pass_share",
            "late_minutes",
            "cut_at_close",
            "variants",
            "codes",
            "shuffle_questions",
            "shuffle_options",
            "sections",
            "page_size",
            "one_way",
            "review",
            "review_after_close",
            "review_from",
            "review_from_level",
            "letterhead",
            "subject",
            "held_on",
        ]
        widgets = {"held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound(self, EXAM_BOUNDS)
        unit, blueprint = self.fields["unit"], self.fields["blueprint"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(blueprint, forms.ModelChoiceField)
        unit.queryset = units_for_exams(user)
        unit.empty_label = None
        blueprint.queryset = Blueprint.objects.visible_to(user).shared().order_by("name")
        blueprint.help_text = _("For exams drawn from a blueprint.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("source") != QuestionSource.BLUEPRINT:
            data["blueprint"] = None
        rules = {name: data.get(name) for name in ("source", "blueprint")}
        problems = exam_problems(Exam(codes=data.get("codes", ""), variants=data.get("variants") or 1, **rules))
        for name in ("blueprint", "codes"):
            if name in problems and name not in self.errors and data.get("variants"):
                self.add_error(name, problems[name])
        return data


class LimitsForm(RulesForm):
    """The limits of a draw."""

    class Meta:
        model = Exam
        fields = ["forms", "overlap", "rest_days", "max_uses", "spare_shown", "tolerance"]

    def clean_forms(self) -> int:
        value: int = self.cleaned_data["forms"]
        if not 1 <= value <= self.instance.variants:
            raise forms.ValidationError(
                _("From 1 to %(number)d, the number of paper codes."), params={"number": self.instance.variants}
            )
        return value
