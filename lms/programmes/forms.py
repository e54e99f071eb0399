"""Forms for freezing editions and for what is frozen beside the lessons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.models import LessonPage, ModulePage, ProgrammePage
from lms.programmes.enums import CertificateRule, ItemKind
from lms.programmes.models import ProgrammeItem
from lms.programmes.rules import BAND_CODES, BandRule, EditionRules, InvalidRulesError, plain
from quizzes.models import Exam


class FreezeForm(forms.Form):
    """The rules of completion of the next edition. The lowest band begins at the pass mark."""

    pass_mark = forms.DecimalField(
        label=_("Pass mark out of 10"), min_value=0, max_value=10, max_digits=4, decimal_places=2
    )
    attendance_percent = forms.DecimalField(
        label=_("Share of periods to attend, in %"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )
    good = forms.DecimalField(
        label=_("“Good” begins at"), min_value=0, max_value=10, max_digits=4, decimal_places=2, required=False
    )
    very_good = forms.DecimalField(
        label=_("“Very good” begins at"), min_value=0, max_value=10, max_digits=4, decimal_places=2, required=False
    )
    excellent = forms.DecimalField(
        label=_("“Excellent” begins at"), min_value=0, max_value=10, max_digits=4, decimal_places=2, required=False
    )
    certificate_rule = forms.ChoiceField(label=_("The certificate is issued"), choices=CertificateRule.choices)
    min_seconds = forms.IntegerField(
        label=_("Least reading time of a lesson, in seconds"),
        min_value=0,
        max_value=86_400,
        help_text=_("0: a learner may mark a lesson as done at any time."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=250, required=False, help_text=_("What is new, for those who open classes.")
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(rules: EditionRules) -> dict[str, Any]:
        """Return the initial values that stand for ``rules``."""
        bands = {band.code: plain(band.start) for band in rules.bands[1:]}
        return {
            "pass_mark": plain(rules.pass_mark),
            "attendance_percent": plain(rules.attendance_share * 100),
            "certificate_rule": rules.certificate_rule,
            "min_seconds": rules.min_seconds,
            **{code: bands.get(code) for code in BAND_CODES[1:]},
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        bands = [BandRule(BAND_CODES[0], data["pass_mark"])]
        bands += [BandRule(code, data[code]) for code in BAND_CODES[1:] if data[code] is not None]
        data["rules"] = EditionRules(
            pass_mark=data["pass_mark"],
            attendance_share=data["attendance_percent"] / Decimal(100),
            bands=tuple(bands),
            certificate_rule=data["certificate_rule"],
            min_seconds=data["min_seconds"],
        )
        try:
            data["rules"].validate()
        except InvalidRulesError as error:
            for name, texts in error.fields.items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, text)
        return data


class PlannedItemForm(forms.ModelForm):
    """An exam or a session in class beside the lessons. Offers the programme's own pages and the user's exams."""

    class Meta:
        model = ProgrammeItem
        fields = [
            "kind",
            "title",
            "exam",
            "module",
            "after_lesson",
            "periods",
            "required",
            "counts",
            "weight",
            "position",
        ]

    def __init__(self, *args: Any, programme: ProgrammePage, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        self._offer("module", ModulePage.objects.child_of(programme).order_by("path"))
        self._offer("after_lesson", LessonPage.objects.descendant_of(programme).order_by("path"))
        own = Exam.objects.visible_to(user).values("pk")
        self._offer("exam", Exam.objects.filter(Q(pk__in=own) | Q(pk=self.instance.exam_id)).order_by("title"))
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the exam's own title.")

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, exam = data.get("kind"), data.get("exam")
        if kind == ItemKind.EXAM and exam is None and "exam" not in self.errors:
            self.add_error("exam", _("Choose an exam."))
        if kind == ItemKind.SESSION:
            data["exam"] = None
            data["counts"] = False
        if not data.get("title"):
            if kind == ItemKind.EXAM and exam is not None:
                data["title"] = exam.title
            else:
                self.add_error("title", _("A session in class needs a title."))
        module, lesson = data.get("module"), data.get("after_lesson")
        if module and lesson and not lesson.is_child_of(module):
            self.add_error("after_lesson", _("This lesson belongs to another module."))
        return data
