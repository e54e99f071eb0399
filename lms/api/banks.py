"""Item banks: lists, questions with their versions, and what is decided about them.

Keys, explanations and sources are answered only to those who may edit or review a question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.schema import PAGE_PARAMETERS, page_of
from lms.common.pagination import ApiPagination
from quizzes.enums import ItemState, Level
from quizzes.models import Item, ItemBank, ItemVersion, Topic
from quizzes.queries.bank.page import versions_of
from quizzes.queries.bank.search import SORTS, ItemList, one_item, with_names
from quizzes.queries.bank.versions import short_text
from quizzes.services.bank import approval
from quizzes.services.bank.items import create_item, describe_item, save_version

_NAMED: dict[str, Any] = {"id": serializers.IntegerField(), "name": serializers.CharField()}
_BANK = inline_serializer(
    "ItemBank",
    {
        **_NAMED,
        "unit": inline_serializer("ItemBankUnit", _NAMED),
        "may_write": serializers.BooleanField(),
        "may_keep": serializers.BooleanField(help_text="Change the questions of others, review, order topics."),
    },
    many=True,
)
_TOPIC = inline_serializer("ItemTopic", _NAMED, allow_null=True)
_COMMON: dict[str, Any] = {
    "id": serializers.IntegerField(),
    "bank": serializers.IntegerField(),
    "code": serializers.CharField(),
    "kind": serializers.CharField(),
    "state": serializers.ChoiceField(ItemState.values),
    "version": serializers.IntegerField(help_text="Number of the version shown."),
    "approved_version": serializers.IntegerField(allow_null=True, help_text="Number of the version in use."),
    "topic": _TOPIC,
    "level": serializers.ChoiceField(Level.values),
    "language": serializers.CharField(),
    "author": serializers.CharField(),
    "updated_at": serializers.DateTimeField(),
}
_ROW = inline_serializer("ItemRow", {**_COMMON, "text": serializers.CharField()}, many=True)
_TEXT: dict[str, Any] = {
    "stem_html": serializers.CharField(),
    "content": serializers.DictField(help_text="What learners see, by kind."),
    "key": serializers.DictField(required=False, help_text="Only for those who may edit or review."),
    "feedback": serializers.DictField(required=False, help_text="Only for those who may edit or review."),
    "source": serializers.CharField(required=False, help_text="Only for those who may edit or review."),
}
_ITEM = inline_serializer(
    "Item",
    {
        **_COMMON,
        **_TEXT,
        "outcome": serializers.CharField(),
        "tags": serializers.ListField(child=serializers.CharField()),
    },
)
_VERSION = inline_serializer(
    "ItemVersion",
    {
        "number": serializers.IntegerField(),
        "author": serializers.CharField(),
        "created_at": serializers.DateTimeField(),
        **_TEXT,
    },
    many=True,
)
ITEM_FILTERS = [
    OpenApiParameter("q", str, description="Words of the question, with or without accents; exact accents come first."),
    OpenApiParameter("topic", int, description="A topic with all below it; 0 for questions without one."),
    OpenApiParameter("level", str, enum=Level.values),
    OpenApiParameter("kind", str),
    OpenApiParameter("state", str, enum=ItemState.values),
    OpenApiParameter("tag", str),
    OpenApiParameter("author", int),
    OpenApiParameter("language", str),
    OpenApiParameter("used", str, enum=["yes", "no"]),
    OpenApiParameter("flags", str, description="Name of a warning; `any` for every question with one."),
    OpenApiParameter("sort", str, enum=list(SORTS)),
]


class WrittenItem(serializers.Serializer[Any]):
    """A question as it is written."""

    kind = serializers.CharField(max_length=30)
    stem_html = serializers.CharField()
    content = serializers.DictField()
    key = serializers.DictField()
    feedback = serializers.DictField(required=False, default=dict)
    source = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)  # type: ignore[assignment]
    code = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    topic = NumberField(required=False, allow_null=True, default=None)
    level = serializers.ChoiceField(Level.values, required=False, default=Level.RECALL)
    outcome = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    language = serializers.CharField(required=False, default="vi", max_length=8)
    tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, default=list)


class NextVersion(WrittenItem):
    """The next version; ``expected`` refuses it (409 ``version_conflict``) when somebody has saved another one."""

    expected = NumberField(required=False, allow_null=True, default=None)


class StateChange(serializers.Serializer[Any]):
    """A decision about a question. ``return`` and ``retire`` need a note."""

    do = serializers.ChoiceField(["submit", "withdraw", "approve", "return", "retire", "unretire"])
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    version = NumberField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Of `approve`: the number of the version that was read; another one answers 409 `version_conflict`.",
    )


class Banks(APIView):
    """The banks where the caller works, and those shared from the units above."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=page_of("ItemBankPage", _BANK))
    def get(self, request: Request) -> Response:
        write = set(ItemBank.objects.editable_by(request.user).values_list("pk", flat=True))
        keep = set(ItemBank.objects.manageable_by(request.user).values_list("pk", flat=True))
        banks = ItemBank.objects.visible_to(request.user).select_related("unit").order_by("unit__path", "name")
        return _paged(
            self,
            request,
            banks,
            lambda bank: {
                "id": bank.pk,
                "name": bank.name,
                "unit": {"id": bank.unit_id, "name": bank.unit.name},
                "may_write": bank.pk in write,
                "may_keep": bank.pk in keep,
            },
        )


class BankItems(APIView):
    """The questions of a bank, and writing a new one."""

    @extend_schema(parameters=[*ITEM_FILTERS, *PAGE_PARAMETERS], responses=page_of("ItemPage", _ROW))
    def get(self, request: Request, bank_id: int) -> Response:
        bank = get_object_or_404(ItemBank.objects.visible_to(request.user), pk=bank_id)
        home = ItemBank.objects.editable_by(request.user).filter(pk=bank.pk).exists()
        found = with_names(ItemList.of(request.user, [bank.pk], request.query_params).items)
        if not home:
            found = found.select_related("approved_version")
        return _paged(self, request, found, lambda item: _row(item, home=home))

    @extend_schema(request=WrittenItem, responses={201: _ITEM})
    def post(self, request: Request, bank_id: int) -> Response:
        bank = get_object_or_404(ItemBank.objects.editable_by(request.user), pk=bank_id)
        data = _checked(WrittenItem(data=request.data))
        topic = _topic(bank, data.pop("topic"))
        stem = data.pop("stem_html")
        item = create_item(bank=bank, stem=stem, topic=topic, author=request.user, **data)
        return Response(_shown(request, item.pk), status=status.HTTP_201_CREATED)


class OneItem(APIView):
    """A question as it stands, and its next version."""

    @extend_schema(responses=_ITEM)
    def get(self, request: Request, item_id: int) -> Response:
        return Response(_shown(request, item_id))

    @extend_schema(request=NextVersion, responses=_ITEM)
    def put(self, request: Request, item_id: int) -> Response:
        item = get_object_or_404(one_item(Item.objects.editable_by(request.user)), pk=item_id)
        data = _checked(NextVersion(data=request.data))
        topic = _topic(item.bank, data["topic"])
        save_version(
            item=item,
            stem=data["stem_html"],
            author=request.user,
            **{name: data[name] for name in ("kind", "content", "key", "feedback", "source", "expected")},
        )
        describe_item(
            item=item, topic=topic, **{name: data[name] for name in ("level", "outcome", "language", "tags", "code")}
        )
        return Response(_shown(request, item_id))


class ItemStateView(APIView):
    """Submit, take back, approve, return with a note, retire, bring back."""

    @extend_schema(request=StateChange, responses=_ITEM)
    def post(self, request: Request, item_id: int) -> Response:
        item = get_object_or_404(one_item(Item.objects.visible_to(request.user)), pk=item_id)
        data = _checked(StateChange(data=request.data))
        verb, note = data["do"], data["note"]
        allowed = (
            Item.objects.editable_by(request.user).filter(pk=item.pk).exists()
            if verb in {"submit", "withdraw"}
            else ItemBank.objects.manageable_by(request.user).filter(pk=item.bank_id).exists()
        )
        if not allowed:
            raise Http404
        match verb:
            case "submit":
                approval.submit_item(item=item, actor=request.user, note=note)
            case "withdraw":
                approval.withdraw_item(item=item, actor=request.user)
            case "approve":
                approval.approve_item(item=item, actor=request.user, note=note, expected=data["version"])
            case "return":
                approval.request_changes(item=item, actor=request.user, note=note)
            case "retire":
                approval.retire_item(item=item, actor=request.user, reason=note)
            case _:
                approval.unretire_item(item=item, actor=request.user, note=note)
        return Response(_shown(request, item_id))


class ItemVersions(APIView):
    """All versions of a question, the newest first, for those who work in its bank."""

    @extend_schema(responses=_VERSION)
    def get(self, request: Request, item_id: int) -> Response:
        item = get_object_or_404(one_item(Item.objects.visible_to(request.user)), pk=item_id)
        get_object_or_404(ItemBank.objects.editable_by(request.user), pk=item.bank_id)
        secret = _sees_key(request, item)
        return Response(
            [
                {
                    "number": version.number,
                    "author": str(version.author or ""),
                    "created_at": version.created_at,
                    **_text(version, secret=secret),
                }
                for version in versions_of(item)
            ]
        )


def _paged(view: APIView, request: Request, rows: Any, shape: Callable[[Any], dict[str, Any]]) -> Response:
    paginator = ApiPagination()
    page: list[Any] = paginator.paginate_queryset(rows, request, view=view) or []
    return paginator.get_paginated_response([shape(row) for row in page])


def _checked(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _topic(bank: ItemBank, topic_id: int | None) -> Topic | None:
    if topic_id is None:
        return None
    topic = bank.topics.filter(pk=topic_id).first()
    if topic is None:
        raise serializers.ValidationError({"topic": ["The bank has no such topic."]})
    return topic


def _sees_key(request: Request, item: Item) -> bool:
    mine = Item.objects.editable_by(request.user).filter(pk=item.pk)
    return (
        mine.exists() or Item.objects.visible_to(request.user).reviewable_by(request.user).filter(pk=item.pk).exists()
    )


def _common(item: Item, number: int | None, approved: int | None) -> dict[str, Any]:
    return {
        "id": item.pk,
        "bank": item.bank_id,
        "code": item.code,
        "kind": item.kind,
        "state": item.state,
        "version": number,
        "approved_version": approved,
        "topic": None if item.topic is None else {"id": item.topic.pk, "name": item.topic.name},
        "level": item.level,
        "language": item.language,
        "author": str(item.author or ""),
        "updated_at": item.updated_at,
    }


def _row(item: Any, *, home: bool) -> dict[str, Any]:
    number = item.number if home else item.approved_number
    text = item.text.snippet if home else short_text(item.approved_version)
    return {**_common(item, number, item.approved_number), "text": text}


def _text(version: ItemVersion, *, secret: bool) -> dict[str, Any]:
    shown = {"stem_html": version.stem, "content": version.content}
    if secret:
        shown |= {"key": version.key, "feedback": version.feedback, "source": version.source}
    return shown


def _shown(request: Request, item_id: int) -> dict[str, Any]:
    """Return the newest version at home, the approved one in a bank from above."""
    item = get_object_or_404(one_item(Item.objects.visible_to(request.user)), pk=item_id)
    home = ItemBank.objects.editable_by(request.user).filter(pk=item.bank_id).exists()
    version = item.current if home else item.approved_version
    if version is None:
        raise Http404
    approved = item.approved_version.number if item.approved_version is not None else None
    return {
        **_common(item, version.number, approved),
        **_text(version, secret=_sees_key(request, item)),
        "outcome": item.outcome,
        "tags": [tag.name for tag in item.tags.all()],
    }


urlpatterns = [
    path("banks/", Banks.as_view(), name="banks"),
    path("banks/<int:bank_id>/items/", BankItems.as_view(), name="bank-items"),
    path("items/<int:item_id>/", OneItem.as_view(), name="item"),
    path("items/<int:item_id>/state/", ItemStateView.as_view(), name="item-state"),
    path("items/<int:item_id>/versions/", ItemVersions.as_view(), name="item-versions"),
]
