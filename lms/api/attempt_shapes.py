"""The shapes of the attempts API that its schema describes."""

from __future__ import annotations

import json

from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers

from lms.api.fields import NumberField
from quizzes.kinds import all_kinds

ERROR = inline_serializer(
    "AttemptError",
    {
        "code": serializers.CharField(help_text="Stable, for machines."),
        "detail": serializers.CharField(help_text="A sentence in the caller's language."),
        "fields": serializers.DictField(child=serializers.ListField(child=serializers.CharField())),
    },
)
NOT_FOUND = OpenApiResponse(ERROR, description="No such attempt, or it is another person's.")
ANSWER_HELP = (
    "By kind: "
    + ", ".join(f"{kind.name} {json.dumps(kind.example)}" for kind in all_kinds())
    + "; null clears the answer."
)
STATE: dict[str, serializers.Field] = {
    "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
    "marking": serializers.BooleanField(help_text="Answers wait for a person; there is no score yet."),
    "score": serializers.FloatField(allow_null=True, help_text="Null while the exam's rules hide it."),
    "max_score": serializers.FloatField(),
    "passed": serializers.BooleanField(allow_null=True),
    "receipt": serializers.CharField(
        allow_null=True, help_text="SHA-256 of the canonical JSON of {paper: its digest, responses: [[slot, answer]]}."
    ),
    "submitted_at": serializers.DateTimeField(allow_null=True),
    "forced": serializers.BooleanField(help_text="Handed in by the clock."),
}
KEPT = inline_serializer(
    "KeptResponse",
    {
        "slot": serializers.IntegerField(),
        "answer": serializers.JSONField(allow_null=True, help_text=ANSWER_HELP),
        "seq": serializers.IntegerField(),
    },
    many=True,
)
ATTEMPT = inline_serializer(
    "Attempt",
    {
        "id": serializers.IntegerField(),
        "token": serializers.CharField(),
        "number": serializers.IntegerField(),
        "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
        "paper": serializers.CharField(help_text="Address of the paper."),
        "paper_code": serializers.CharField(),
        "server_time": serializers.DateTimeField(),
        "started_at": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "device": serializers.CharField(help_text="Your device, when it is the one that works on it; else empty."),
        "bound": serializers.BooleanField(
            help_text="Every write must name the device that works on it; started without one, there is none."
        ),
        "one_way": serializers.BooleanField(help_text="Pages that were left take no answers."),
        "page_size": serializers.IntegerField(),
        "from_slot": serializers.IntegerField(help_text="One way: the first question that still takes answers."),
        "offline_key": serializers.CharField(help_text="Signs the file of an offline hand-in (HMAC-SHA256)."),
        "responses": KEPT,
    },
)
PART: dict[str, serializers.Field] = {"id": serializers.CharField(), "html": serializers.CharField()}
OPTION = inline_serializer("PaperOption", PART, many=True, required=False)
GAP = inline_serializer(
    "PaperGap",
    {
        "id": serializers.CharField(),
        "choices": inline_serializer(
            "PaperGapChoice", PART, many=True, required=False, help_text="Absent: the gap is typed."
        ),
    },
    many=True,
    required=False,
)
QUESTION: dict[str, serializers.Field] = {
    "slot": serializers.IntegerField(),
    "kind": serializers.CharField(),
    "points": serializers.FloatField(),
    "stem_html": serializers.CharField(),
    "options": OPTION,
    "statements": inline_serializer("PaperStatement", PART, many=True, required=False),
    "prompts": inline_serializer("PaperPrompt", PART, many=True, required=False),
    "lines": serializers.IntegerField(required=False, help_text="short_text"),
    "unit": serializers.CharField(required=False, help_text="numeric"),
    "text": serializers.CharField(required=False, help_text="gap_text: HTML with [[1]], [[2]] … for its gaps."),
    "gaps": GAP,
    "image_url": serializers.CharField(required=False, help_text="hotspot"),
    "alt": serializers.CharField(required=False),
    "width": serializers.IntegerField(required=False),
    "height": serializers.IntegerField(required=False),
    "min_words": serializers.IntegerField(required=False, help_text="essay; 0 for no bound"),
    "max_words": serializers.IntegerField(required=False),
}
PAPER = inline_serializer("Paper", {"questions": inline_serializer("PaperQuestion", QUESTION, many=True)})
BATCH = inline_serializer(
    "ResponseBatch",
    {
        "responses": inline_serializer(
            "IncomingResponse",
            {
                "slot": NumberField(min_value=1),
                "answer": serializers.JSONField(allow_null=True, help_text=ANSWER_HELP),
                "seq": NumberField(help_text="Grows with every change of the client."),
            },
            many=True,
        ),
        "device": serializers.CharField(
            required=False,
            help_text="Needed where the attempt is `bound`: another device, or none, is refused (`taken_over`).",
        ),
    },
)
SAVED = inline_serializer(
    "SavedResponses",
    {
        "saved": inline_serializer(
            "SavedResponse",
            {
                "slot": serializers.IntegerField(),
                "seq": serializers.IntegerField(
                    help_text="The sequence kept: a higher one than sent is a newer answer."
                ),
            },
            many=True,
        ),
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
    },
)
REVIEW = inline_serializer(
    "AttemptReview",
    {
        "id": serializers.IntegerField(),
        "level": serializers.ChoiceField(["nothing", "score", "answers", "key"]),
        "key_held": serializers.BooleanField(
            help_text="The rules would show the key, but somebody may still be asked one of these questions."
        ),
        **STATE,
        "questions": inline_serializer(
            "ReviewQuestion",
            {
                **QUESTION,
                "answer": serializers.JSONField(allow_null=True),
                "marking": serializers.BooleanField(required=False, help_text="Waits for a person."),
                "earned": serializers.FloatField(
                    required=False, allow_null=True, help_text="Only at the level “key”; null while a person marks."
                ),
                "key": serializers.JSONField(required=False, help_text="Only at the level “key”."),
                "feedback": serializers.JSONField(required=False, help_text="Only at the level “key”."),
            },
            many=True,
            help_text="Empty below the level “answers”.",
        ),
    },
)


DEVICE = inline_serializer("AttemptDeviceMark", {"device": serializers.CharField(required=False, max_length=40)})
BEAT = inline_serializer(
    "AttemptBeat",
    {
        "state": serializers.ChoiceField(["open", "submitted", "annulled"]),
        "server_time": serializers.DateTimeField(),
        "deadline": serializers.DateTimeField(allow_null=True),
        "taken_over": serializers.BooleanField(),
        "from_slot": serializers.IntegerField(),
    },
)
