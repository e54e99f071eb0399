"""Making exams and setting up their sittings: the rules that the pages have, for tools."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lms.api.fields import NumberField
from lms.api.papers import ExamList
from lms.exams.engine.admission import EXAM_BOUNDS, SITTING_BOUNDS
from lms.exams.models import Sitting
from lms.exams.queries.class_tests import classes_to_sit, possible_invigilators
from lms.exams.services.sittings import save_sitting
from lms.people.models import User
from lms.programmes.enums import ItemKind
from quizzes.enums import QuestionSource
from quizzes.models import Blueprint, Exam, Item
from quizzes.queries.papers.units import units_for_exams
from quizzes.services.papers.exams import create_exam, edit_exam, exam_problems, set_questions

_MOST_QUESTIONS = 500


def _kwargs_of(bounds: dict[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    return {name: {"min_value": low, "max_value": high} for name, (low, high) in bounds.items()}


class ExamRules(serializers.ModelSerializer[Exam]):
    """The rules of an exam. ``unit`` and ``blueprint`` are ids that the caller may use."""

    class Meta:
        model = Exam
        fields = [
            "id", "title", "unit", "purpose", "source", "blueprint", "time_limit", "max_attempts", "counting",
            "pass_share", "late_minutes", "cut_at_close", "variants", "codes", "forms", "overlap", "rest_days",
            "max_uses", "tolerance", "shuffle_questions", "shuffle_options", "sections", "page_size", "one_way",
            "review", "review_after_close", "review_from", "review_from_level", "letterhead", "subject", "held_on",
        ]  # fmt: skip
        extra_kwargs = {
            "pass_share": {"min_value": 0, "max_value": 1},
            "variants": {"min_value": 1, "max_value": 100},
            "forms": {"min_value": 1, "max_value": 100},
            "page_size": {"min_value": 1, "max_value": 200},
            **_kwargs_of(EXAM_BOUNDS),
        }

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user is not None:
            self.fields["unit"].queryset = units_for_exams(user)  # type: ignore[attr-defined]
            self.fields["blueprint"].queryset = Blueprint.objects.visible_to(user).shared()  # type: ignore[attr-defined]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check the rules as a whole, with the exam's own values for those not named."""
        probe = Exam()
        for field in Exam._meta.concrete_fields:
            if self.instance is not None:
                setattr(probe, field.attname, getattr(self.instance, field.attname))
        for name, value in attrs.items():
            setattr(probe, name, value)
        if problems := exam_problems(probe):
            raise serializers.ValidationError(problems)
        return attrs


class ListedQuestion(serializers.Serializer[Any]):
    """A question of the fixed list with its points."""

    item = NumberField()
    points = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=Decimal("0.01"))


class FixedList(serializers.Serializer[Any]):
    """All questions of the exam, in order; approved ones, in their approved version."""

    questions = ListedQuestion(many=True)


class SittingTerms(serializers.ModelSerializer[Sitting]):
    """The terms of a sitting. ``class`` and ``item`` (a test of its programme) are settled when it is made."""

    with_code = serializers.BooleanField(required=False, default=True)
    invigilators = serializers.ListField(child=NumberField(), required=False, max_length=100)

    class Meta:
        model = Sitting
        fields = [
            "room", "mode", "opens_at", "closes_at", "needs_opening", "sign_up", "max_guests",
            "late_minutes", "cut_at_close",
            "leaderboard", "with_code", "invigilators",
        ]  # fmt: skip
        extra_kwargs = _kwargs_of(SITTING_BOUNDS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A sitting closes after it opens; whoever comes in from outside needs its code."""
        if attrs["closes_at"] <= attrs["opens_at"]:
            raise serializers.ValidationError({"closes_at": [_("It must close after it opens.")]})
        if attrs.get("sign_up", "enrolled") != "enrolled" and not attrs["with_code"]:
            raise serializers.ValidationError({"with_code": [_("Others come in by the code: the sitting needs one.")]})
        return attrs


class NewSitting(SittingTerms):
    """The terms, and for whom."""

    item = NumberField()

    class Meta(SittingTerms.Meta):
        fields = [*SittingTerms.Meta.fields, "item"]


_MADE = inline_serializer(
    "SittingMade", {"id": serializers.IntegerField(), "code": serializers.CharField(allow_blank=True)}
)


class Exams(ExamList):
    """The exams whose papers the caller makes; POST makes one, whose questions come next."""

    @extend_schema(request=ExamRules, responses={201: ExamRules})
    def post(self, request: Request) -> Response:
        form = ExamRules(data=request.data, user=request.user)
        form.is_valid(raise_exception=True)
        exam = create_exam(exam=Exam(**form.validated_data), actor=request.user)
        return Response(ExamRules(exam).data, status=201)


class ExamRuleDetail(APIView):
    """The rules of an exam; PATCH changes those named. Papers frozen before keep what they had."""

    @extend_schema(responses=ExamRules)
    def get(self, request: Request, exam_id: int) -> Response:
        return Response(ExamRules(_find_exam(request, exam_id)).data)

    @extend_schema(request=ExamRules(partial=True), responses=ExamRules)
    def patch(self, request: Request, exam_id: int) -> Response:
        found = _find_exam(request, exam_id)
        form = ExamRules(found, data=request.data, user=request.user, partial=True)
        form.is_valid(raise_exception=True)
        edit_exam(exam=found, changes=form.validated_data, actor=request.user)
        return Response(ExamRules(found).data)


class ExamQuestions(APIView):
    """The fixed list of an exam; PUT replaces it."""

    @extend_schema(responses=FixedList)
    def get(self, request: Request, exam_id: int) -> Response:
        return Response(_list_body(_find_exam(request, exam_id)))

    @extend_schema(request=FixedList, responses=FixedList)
    def put(self, request: Request, exam_id: int) -> Response:
        found = _find_exam(request, exam_id)
        if found.source != QuestionSource.FIXED:
            raise serializers.ValidationError({"questions": [_("The questions of this exam are drawn.")]})
        form = FixedList(data=request.data)
        form.is_valid(raise_exception=True)
        rows = form.validated_data["questions"]
        if len(rows) > _MOST_QUESTIONS:
            raise serializers.ValidationError(
                {"questions": [_("At most %(count)d questions.") % {"count": _MOST_QUESTIONS}]}
            )
        wanted = [row["item"] for row in rows]
        usable = Item.objects.visible_to(request.user).usable().filter(pk__in=wanted)
        items = {item.pk: item for item in usable.select_related("approved_version")}
        present = {row.version.item_id: row.version for row in found.questions.select_related("version")}
        problems = {
            str(index): [_("There is no such approved question, or it is in the list twice.")]
            for index, pk in enumerate(wanted)
            if (pk not in items and pk not in present) or pk in wanted[:index]
        }
        if problems:
            raise serializers.ValidationError({"questions": [problems]})
        versions = [items[pk].approved_version if pk in items else present[pk] for pk in wanted]
        set_questions(
            exam=found,
            questions=[(version, row["points"]) for version, row in zip(versions, rows, strict=True) if version],
        )
        return Response(_list_body(found))


class ClassSittings(APIView):
    """Set up a sitting of one of the caller's classes; with a code unless it says otherwise."""

    @extend_schema(request=NewSitting, responses={201: _MADE})
    def post(self, request: Request, class_id: int) -> Response:
        training_class = get_object_or_404(classes_to_sit(request.user).distinct(), pk=class_id)
        form = NewSitting(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        items = training_class.edition.items.filter(kind=ItemKind.EXAM, exam__isnull=False)
        item = items.filter(pk=data.pop("item")).first()
        if item is None or item.exam_id is None:
            raise serializers.ValidationError({"item": [_("The class has no such test.")]})
        with_code, invigilators = data.pop("with_code"), data.pop("invigilators", None)
        sitting = Sitting(
            exam_id=item.exam_id,
            item_id=item.pk,
            training_class_id=training_class.pk,
            unit_id=training_class.unit_id,
            **data,
        )
        people = _staff(training_class.unit_id, training_class.pk, invigilators)
        made = save_sitting(sitting=sitting, actor=request.user, with_code=with_code, invigilators=people)
        return Response({"id": made.pk, "code": made.code}, status=201)


class SittingTermsView(APIView):
    """Change the terms of a sitting; all of them are sent."""

    @extend_schema(request=SittingTerms, responses=_MADE)
    def put(self, request: Request, sitting_id: int) -> Response:
        found = get_object_or_404(Sitting.objects.visible_to(request.user), pk=sitting_id)
        form = SittingTerms(found, data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        with_code, invigilators = data.pop("with_code"), data.pop("invigilators", None)
        people = _staff(found.unit_id, found.training_class_id, invigilators)
        for name, value in data.items():
            setattr(found, name, value)
        known = (
            isinstance(request.data, dict) and request.data.get("key_known") is True
        )  # else an end moved on is refused when the key was shown
        made = save_sitting(
            sitting=found, actor=request.user, with_code=with_code, invigilators=people, key_known=known
        )
        return Response({"id": made.pk, "code": made.code})


def _find_exam(request: Request, exam_id: int) -> Exam:
    found: Exam = get_object_or_404(Exam.objects.editable_by(request.user), pk=exam_id)
    return found


def _list_body(exam: Exam) -> dict[str, Any]:
    rows = exam.questions.order_by("position").values_list("version__item_id", "points")
    return {"questions": [{"item": item, "points": str(points)} for item, points in rows]}


def _staff(unit_id: int, class_id: int, ids: list[int] | None) -> list[User] | None:
    if ids is None:
        return None
    people = {person.pk: person for person in possible_invigilators(unit_id=unit_id, class_id=class_id)}
    if unknown := sorted(set(ids) - set(people)):
        said = _("These people work neither at the unit nor in the class: %(ids)s.")
        raise serializers.ValidationError({"invigilators": [said % {"ids": ", ".join(map(str, unknown))}]})
    return [people[pk] for pk in dict.fromkeys(ids)]


urlpatterns = [
    path("exams/", Exams.as_view(), name="exams"),
    path("exams/<int:exam_id>/rules/", ExamRuleDetail.as_view(), name="exam-rules"),
    path("exams/<int:exam_id>/questions/", ExamQuestions.as_view(), name="exam-questions"),
    path("classes/<int:class_id>/sittings/", ClassSittings.as_view(), name="class-sittings"),
    path("sittings/<int:sitting_id>/terms/", SittingTermsView.as_view(), name="sitting-terms"),
]
