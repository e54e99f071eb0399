"""Forms of the lecturer's portal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.attendance.models import AttendanceStatus
from lms.classes.services.messages import MESSAGE_LENGTH
from lms.common.formats import number


class MessageForm(forms.Form):
    """A message to learners; ``token`` is made with the form and lets a message go out once."""

    text = forms.CharField(
        label=_("Message"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Each learner gets it as a notification in Sen, signed with your name."),
        error_messages={"required": _("Write the message.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class MarkForm(forms.Form):
    """A mark on 10 by hand. ``seen`` is the newest mark that the page showed; a newer one is not passed over."""

    points = forms.DecimalField(
        label=_("Mark (0 to 10)"),
        min_value=0,
        max_value=10,
        max_digits=4,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-short"}),
        error_messages={"required": _("Type the mark.")},
    )
    reason = forms.CharField(
        label=_("Note"),
        max_length=250,
        required=False,
        help_text=_("For example: practical part, exam on paper of 12 May. It is kept with the mark."),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput, required=False)

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


class CorrectionForm(forms.Form):
    """The right mark, on the scale of the one that it replaces, and why."""

    points = forms.DecimalField(
        label=_("Right mark"),
        min_value=0,
        max_digits=7,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-short"}),
        error_messages={"required": _("Type the mark.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The learner reads it, and it is kept for good."),
        error_messages={"required": _("Say why the mark is corrected.")},
    )

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = self.fields["points"]
        points.validators = [*points.validators, MaxValueValidator(most)]
        points.label = _("Right mark (0 to %(most)s)") % {"most": number(most)}


def read_ids(values: Iterable[str]) -> list[int]:
    """The whole numbers among ``values``, each once, in order."""
    return list(
        dict.fromkeys(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19)
    )


def read_marks(data: QueryDict, enrolment_ids: Iterable[int]) -> dict[int, str]:
    """The presence chosen on an attendance sheet, by enrolment; learners without a choice are absent.

    ``act`` as ``mark:present`` names the presence for everybody (the button that works without JavaScript).
    """
    act, _colon, everyone = data.get("act", "").partition(":")
    if act == "mark" and everyone in AttendanceStatus.values:
        return dict.fromkeys(enrolment_ids, everyone)
    marks = {pk: data.get(f"m-{pk}", "") for pk in enrolment_ids}
    return {pk: presence for pk, presence in marks.items() if presence in AttendanceStatus.values}
