"""Forms of banks, topics and what is said about questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.people.models import Unit
from quizzes.enums import Level
from quizzes.models import Topic

TREE_SPACE = "\u2003"


def topic_choices(rows: Sequence[tuple[Topic, int]]) -> list[tuple[str, str]]:
    """Return the topics of a tree for a select, indented by their depth."""
    return [(str(topic.pk), f"{TREE_SPACE * depth}{topic.name}") for topic, depth in rows]


class BankForm(forms.Form):
    """A new bank."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=200)
    code_prefix = forms.CharField(
        label=_("Codes begin with"),
        max_length=12,
        required=False,
        initial="C",
        help_text=_("Questions without a code of their own get the next one, for example C0012."),
    )

    def __init__(self, *args: Any, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class TopicListForm(forms.Form):
    """A pasted list of topics."""

    topics = forms.CharField(
        label=_("List of topics"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One topic a line; indent those that stand under another. What is there already stays."),
    )


class TopicTarget(forms.Form):
    """The new topic for the contents of a deleted one."""

    target = forms.ChoiceField(label=_("Questions and topics in it go to"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class DescribeForm(forms.Form):
    """The description of a question beside its text."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.RECALL)
    outcome = forms.CharField(
        label=_("Outcome required"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=300,
        help_text=_("The document the question rests on, for example: Điều 4, Điều lệ Đảng."),
    )
    tags = forms.CharField(
        label=_("Tags of the question"), required=False, max_length=600, help_text=_("Separated by commas.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="vi")
    code = forms.CharField(
        label=_("Code"), required=False, max_length=60, help_text=_("Left empty, the bank gives the next one.")
    )

    def __init__(self, *args: Any, topics: Sequence[tuple[Topic, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = {str(topic.pk): topic for topic, _depth in topics}
        self.fields["topic"].choices = [("", "—"), *topic_choices(topics)]  # type: ignore[attr-defined]

    @property
    def chosen_topic(self) -> Topic | None:
        """The topic chosen; ``None`` for none."""
        return self.topics.get(self.cleaned_data.get("topic", ""))

    @property
    def tag_names(self) -> list[str]:
        """The tags, one by one."""
        return [tag.strip() for tag in self.cleaned_data.get("tags", "").split(",") if tag.strip()]
