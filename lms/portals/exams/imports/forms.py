"""The forms of question files."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.formats.excel import COLUMNS, KIND_NAMES
from quizzes.formats.excel_writer import cells_of
from quizzes.formats.markup import LEVEL_NAMES
from quizzes.formats.model import ParsedQuestion

ACCEPT = ".docx,.xlsx,.txt,.gift,.xml,.zip"
LEAST_OPTIONS = 4


class UploadForm(forms.Form):
    """A file for a bank. The token makes one import of a form that is sent twice."""

    file = forms.FileField(
        label=_("File with questions"),
        help_text=_(
            "Word (.docx), Excel (.xlsx), GIFT or Aiken (.txt), Moodle XML (.xml), QTI (.xml, .zip); at most 50 MB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class QuestionForm(forms.Form):
    """One question as the columns of the Excel template: the same words say the same things."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(name, name) for name in KIND_NAMES.values()])
    stem = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    key = forms.CharField(
        label=_("Right answer"),
        required=False,
        help_text=_("A · A, C · ĐSĐS · 1-B; 2-A · C, A, B · 1930 ± 1 · one text | another (50%)"),
    )
    fixed = forms.CharField(
        label=_("Not shuffled"), required=False, help_text=_("Letters of options that stay in place.")
    )
    scoring = forms.CharField(label=_("How it is scored"), required=False)
    feedback = forms.CharField(label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", "—"), *((name, name) for name in LEVEL_NAMES.values())], required=False
    )
    topic = forms.CharField(label=_("Topic"), required=False, help_text=_("With > between the levels."))
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    code = forms.CharField(label=_("Code"), required=False, max_length=60)
    tags = forms.CharField(label=_("Tags of the question"), required=False)
    extra = forms.CharField(
        label=_("More lines"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("[[1]]: *right | wrong · Nhận xét B: … · Tiêu chí (40%): … · Số từ: 200 - 500"),
    )

    def __init__(self, data: Any = None, *, question: ParsedQuestion, level: str = "") -> None:
        cells, _lost = cells_of(question)
        cells["level"] = LEVEL_NAMES.get(level or question.level, "")
        super().__init__(data, initial=cells)
        filled = [int(name[6:]) + 1 for name in cells if name.startswith("option")]
        count = min(max([LEAST_OPTIONS, *filled]) + (1 if filled else 0), 26)
        names = [f"option{index}" for index in range(count)]
        for index, name in enumerate(names):
            self.fields[name] = forms.CharField(
                label=_("Option %(letter)s") % {"letter": chr(65 + index)},
                widget=forms.Textarea(attrs={"rows": 1 if len(cells.get(name, "")) < 90 else 3}),
                required=False,
            )
        if question.kind == "hotspot":
            self.fields["kind"].choices = [(KIND_NAMES["hotspot"], KIND_NAMES["hotspot"])]  # type: ignore[attr-defined]
        self.order_fields(["kind", "stem", *names, "key"])

    def cells(self) -> dict[str, str]:
        """Return the columns as the form has them."""
        return {
            name: str(self.cleaned_data.get(name, "")).replace("\r\n", "\n").strip()
            for name in self.fields
            if name in COLUMNS
        }
