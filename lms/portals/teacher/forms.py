"""Forms of the lecturer's portal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.attendance.models import AttendanceStatus
from lms.classes.services.messages import MESSAGE_LENGTH


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
