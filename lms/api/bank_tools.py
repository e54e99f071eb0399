"""Work on a whole bank: its topics, one change for many questions, and what is near a question."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from quizzes.enums import ItemState, Level
from quizzes.models import Item, ItemBank, Topic
from quizzes.queries.bank.bulk import touchable
from quizzes.queries.bank.search import TopicTree
from quizzes.services.bank import bulk
from quizzes.services.bank.duplicates import near
from quizzes.services.bank.topics import add_topic

_TOPIC = inline_serializer(
    "BankTopic",
    {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "parent": serializers.IntegerField(allow_null=True),
        "items": serializers.IntegerField(help_text="Questions of this topic itself, whatever their state."),
    },
    many=True,
)
_DONE = inline_serializer(
    "BulkDone",
    {
        "done": serializers.ListField(child=serializers.IntegerField()),
        "refused": inline_serializer(
            "BulkRefusal", {"item": serializers.IntegerField(), "reason": serializers.CharField()}, many=True
        ),
    },
)
_NEAR = inline_serializer(
    "NearItem",
    {
        "item": serializers.IntegerField(),
        "bank": serializers.IntegerField(),
        "percent": serializers.IntegerField(help_text="How near, from 0 to 100."),
        "why": serializers.CharField(),
        "text": serializers.CharField(help_text="Empty where the words are not for the caller: a draft elsewhere."),
    },
    many=True,
)


class NewTopic(serializers.Serializer[Any]):
    """A topic, the last one under its parent."""

    name = serializers.CharField(max_length=400)
    parent = NumberField(required=False, allow_null=True, default=None)  # type: ignore[assignment]


class BulkChange(serializers.Serializer[Any]):
    """One change for many questions. ``move`` needs a bank, ``retire`` a reason; ``describe`` changes what is named."""

    do = serializers.ChoiceField(["describe", "move", "submit", "approve", "retire"])
    items = serializers.ListField(child=NumberField(), min_length=1, max_length=bulk.MOST)
    topic = NumberField(required=False, allow_null=True, default=None)
    level = serializers.ChoiceField(Level.values, required=False, allow_blank=True, default="")
    outcome = serializers.CharField(required=False, allow_null=True, allow_blank=True, default=None, max_length=500)
    add_tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, default=list)
    drop_tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, default=list)
    bank = NumberField(required=False, allow_null=True, default=None, help_text="Where to.")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A verb has what it needs."""
        if attrs["do"] == "retire" and not attrs["reason"].strip():
            raise serializers.ValidationError({"reason": [_("Say why.")]})
        if attrs["do"] == "move" and attrs["bank"] is None:
            raise serializers.ValidationError({"bank": [_("Choose a bank.")]})
        return attrs


class Written(serializers.Serializer[Any]):
    """The words of a question; ``item`` is itself not looked for."""

    stem = serializers.CharField(max_length=100_000)
    options = serializers.ListField(child=serializers.CharField(max_length=20_000), required=False, default=list)
    item = NumberField(required=False, allow_null=True, default=None)


def _checked(form: serializers.Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _topics(bank: ItemBank) -> list[dict[str, Any]]:
    counts = dict(bank.items.order_by().values_list("topic").annotate(count=Count("pk")))
    return [
        {"id": topic.pk, "name": topic.name, "parent": topic.parent_id, "items": counts.get(topic.pk, 0)}
        for topic, _depth in TopicTree.of([bank.pk]).rows
    ]


class BankTopics(APIView):
    """The topics of a bank, parents before children; POST adds one."""

    @extend_schema(responses=_TOPIC)
    def get(self, request: Request, bank_id: int) -> Response:
        return Response(_topics(get_object_or_404(ItemBank.objects.visible_to(request.user), pk=bank_id)))

    @extend_schema(request=NewTopic, responses={201: _TOPIC})
    def post(self, request: Request, bank_id: int) -> Response:
        bank = get_object_or_404(ItemBank.objects.manageable_by(request.user), pk=bank_id)
        data = _checked(NewTopic(data=request.data))
        add_topic(bank=bank, name=data["name"], parent=_topic(list(bank.topics.all()), data["parent"], "parent"))
        return Response(_topics(bank), status=201)


class BulkItems(APIView):
    """A change of many questions; what may not be changed is named with its reason."""

    @extend_schema(request=BulkChange, responses=_DONE)
    def post(self, request: Request) -> Response:
        data = _checked(BulkChange(data=request.data))
        wanted = Item.objects.visible_to(request.user).filter(pk__in=data["items"])
        seen = list(wanted.select_related("bank__unit", "current", "approved_version", "text").prefetch_related("tags"))
        allowed = set(touchable(request.user, data["do"]).filter(pk__in=wanted).values_list("pk", flat=True))
        result = self._carry_out(request, [item for item in seen if item.pk in allowed], data)
        refused = [{"item": one.item.pk, "reason": one.reason} for one in result.refused]
        refused += [
            {"item": item.pk, "reason": _("You may not do this with this question.")}
            for item in seen
            if item.pk not in allowed
        ]
        missing = sorted(set(data["items"]) - {item.pk for item in seen})
        refused += [{"item": pk, "reason": _("There is no such question.")} for pk in missing]
        return Response({"done": [item.pk for item in result.done], "refused": refused})

    def _carry_out(self, request: Request, items: list[Item], data: dict[str, Any]) -> bulk.BulkResult:
        match data["do"]:
            case "describe":
                tree = TopicTree.of({item.bank_id for item in items})
                return bulk.describe_items(
                    items=items,
                    topic=_topic([topic for topic, _depth in tree.rows], data["topic"], "topic"),
                    **{name: data[name] for name in ("level", "outcome", "add_tags", "drop_tags")},
                )
            case "move":
                bank = get_object_or_404(ItemBank.objects.manageable_by(request.user), pk=data["bank"])
                return bulk.move_items(
                    items=items,
                    bank=bank,
                    topic=_topic(list(bank.topics.all()), data["topic"], "topic"),
                    actor=request.user,
                )
            case "submit":
                return bulk.submit_items(items=items, actor=request.user)
            case "approve":
                return bulk.approve_items(items=items, actor=request.user)
            case _:
                return bulk.retire_items(items=items, actor=request.user, reason=data["reason"])


class NearItems(APIView):
    """Questions near what is written, in every bank that the caller sees, the nearest first."""

    @extend_schema(request=Written, responses=_NEAR)
    def post(self, request: Request) -> Response:
        home = set(ItemBank.objects.editable_by(request.user).values_list("pk", flat=True))
        data = _checked(Written(data=request.data))
        found = near(
            Item.objects.visible_to(request.user).select_related("text"),
            data["stem"],
            data["options"],
            exclude=data["item"],
        )
        return Response(
            [
                {
                    "item": one.item.pk,
                    "bank": one.item.bank_id,
                    "percent": round(one.score * 100),
                    "why": str(one.why.label),
                    "text": one.item.text.snippet
                    if one.item.bank_id in home or one.item.state == ItemState.APPROVED
                    else "",
                }
                for one in found
            ]
        )


def _topic(topics: list[Topic], topic_id: int | None, field: str) -> Topic | None:
    if topic_id is None:
        return None
    found = next((topic for topic in topics if topic.pk == topic_id), None)
    if found is None:
        raise serializers.ValidationError({field: ["The bank has no such topic."]})
    return found


urlpatterns = [
    path("banks/<int:bank_id>/topics/", BankTopics.as_view(), name="bank-topics"),
    path("items/bulk/", BulkItems.as_view(), name="items-bulk"),
    path("items/near/", NearItems.as_view(), name="items-near"),
]
