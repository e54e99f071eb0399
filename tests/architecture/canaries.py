"""Puts markup into every text that people can fill, and finds what of it came alive on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from lxml import html as lxml_html
from wagtail.fields import StreamField
from wagtail.models import Page

from tests.architecture.test_house_rules import PACKAGES

#: Live as an element, as an attribute of an allowed element, or as what breaks out of an attribute.
FULL = (
    "canary{n}'\"><x-canary></x-canary>"
    '<b hx-get="/x-canary/{n}" hx-trigger=load data-confirm="x-canary" onclick="f()">{n}</b>'
)
SHORT = "'\"><x-canary>"
WORD = re.compile(r"canary/?(\d+)")

TEXTS = models.CharField | models.TextField | models.JSONField | StreamField
#: Text columns that no person fills: addresses inside the product, tokens, digests, what is computed for searching.
MACHINE = {
    "exams.Attempt.token",
    "exams.Attempt.receipt",
    "exams.Attempt.device",
    "exams.AttemptResult.receipt",
    "exams.AttemptResult.points",
    "exams.AttemptResult.pending",
    "quizzes.ItemBank.code_prefix",
    "quizzes.ItemTag.folded",
    "quizzes.Item.language",
    "quizzes.ItemText.digest",
    "quizzes.Paper.digest",
    "quizzes.Paper.code",
    "quizzes.Paper.layout",
    "quizzes.QuestionImport.stored",
    "quizzes.ImportPicture.stored",
    "quizzes.ImportPicture.name",
    "quizzes.ExamDraw.limits",
    "quizzes.ExamDraw.forms",
    "quizzes.ExamDraw.proof",
    "quizzes.Exam.codes",
    "exams.Marking.writer",
    "exams.Marking.points",
    "exams.Script.released",
    "exams.Sitting.code",
    "exams.OfflineFile.digest",
    "quizzes.ExamStatistics.histogram",
    "quizzes.ExamStatistics.model",
    "quizzes.ItemStatistics.curve",
    "quizzes.ItemStatistics.irt",
    "quizzes.ItemStatistics.flags",
    "certificates.Certificate.code",
    "certificates.Certificate.letterhead",
    "classes.Enrolment.completed_by_rules",
    "programmes.Edition.bands",
    "programmes.Edition.digest",
    "wagtailcore.Page.path",
    "wagtailcore.Page.url_path",
    "sen_media.SenImage.file_hash",
    "sen_media.SenRendition.filter_spec",
    "sen_media.SenRendition.focal_point_key",
    "sen_media.SenDocument.file_hash",
    "notifications.Notification.url",
    "people.User.password",
    "people.ActivationCode.code_hash",
    "people.SecondFactor.nonce",
    "people.RecoveryCode.code_hash",
    "people.Throttle.key",
    "people.Unit.path",
    "audit.AuditEntry.stream",
    "audit.AuditEntry.action",
    "audit.AuditEntry.target",
    "audit.AuditEntry.digest",
    "audit.AuditHead.stream",
    "audit.AuditHead.digest",
    "audit.AuditHead.seal",
}
#: Parts of JSON that name other parts or say what kind of thing this is.
_MACHINE_KEYS = frozenset(
    {"id", "kind", "level", "correct", "order", "pairs", "true", "choice", "choices", "scoring", "share", "shape"}
    | {"coords", "image", "tolerance_kind", "type", "code", "severity", "state", "format", "weight", "points", "option"}
    | {"digest", "token", "device"}
)
# An attribute of a canary; ours may quote one further on, as an address with what was searched does.
_BINDS = re.compile(r"(?:data-)?hx-|data-confirm|on[a-z]")
_CANARY = re.compile(r"/?x-canary|f\(\)")
_FIGURES = re.compile(r"[\d\s.,:;TZ+/%\-]*")


#: Kinds of columns that hold no text of people. A new kind has to be put here, or among :data:`TEXTS`.
NO_TEXTS = {
    *("BigAutoField", "BigIntegerField", "BooleanField", "CompositePrimaryKey", "DateField", "DateTimeField"),
    *(
        "DecimalField",
        "FileField",
        "FloatField",
        "ForeignKey",
        "IntegerField",
        "OneToOneField",
        "PositiveBigIntegerField",
    ),
    *("PositiveIntegerField", "PositiveSmallIntegerField", "UUIDField", "WagtailImageField"),
}


def our_columns() -> Iterator[models.Field[Any, Any]]:
    """Yield every column of every model of ours, and of the page under them all."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in PACKAGES or model is Page:
            yield from model._meta.local_fields


def text_columns() -> Iterator[models.Field[Any, Any]]:
    """Yield every column of ours that holds text, but for choices and slugs, which the database or the form fixes."""
    for column in our_columns():
        if isinstance(column, TEXTS) and not column.choices and not isinstance(column, models.SlugField):
            yield column


def label(column: models.Field[Any, Any]) -> str:
    return f"{column.model._meta.app_label}.{column.model.__name__}.{column.name}"


@dataclass
class Canaries:
    """The canaries that were put out, by number, and those that were seen again."""

    columns: dict[int, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def put_out(self) -> None:
        """Add a canary to every text in the database, past every check that a form or a service would make."""
        for column in text_columns():
            if label(column) in MACHINE:
                continue
            number = len(self.columns) + 1
            self.columns[number] = label(column)
            rows = models.QuerySet(column.model)
            for pk, value in list(rows.values_list("pk", column.attname)):
                # ``update`` of Django itself: rows that never change and texts that are cleaned on writing as well
                rows.filter(pk=pk).update(**{column.attname: self._poisoned(column, pk, value, number)})

    def _poisoned(self, column: models.Field[Any, Any], pk: Any, value: Any, number: int) -> Any:
        if isinstance(column, models.JSONField):
            return poison_json(value, number)
        if hasattr(value, "raw_data"):  # a stream of blocks
            return type(value)(value.stream_block, poison_json(list(value.raw_data), number), is_lazy=True)
        # what is empty may still have to differ from row to row
        return poison(value or str(pk), number, column.max_length) if value is not None else None

    def look(self, body: str, place: str) -> list[str]:
        """Note which canaries a page shows and return what of them is alive."""
        self.seen |= {self.columns[int(number)] for number in WORD.findall(body) if int(number) in self.columns}
        return [f"{place}: {one}" for one in alive(body)]


def poison(text: str, number: int, longest: int | None = None) -> str:
    canary = FULL.format(n=number)
    if longest is not None and longest < len(canary):
        canary = SHORT
    if longest is None:
        return text + canary
    return text[: max(0, longest - len(canary))] + canary if longest >= len(canary) else text


def poison_json(value: Any, number: int, key: str = "") -> Any:
    """Return JSON with a canary behind each of its texts; figures, dates and what names another part stay."""
    if isinstance(value, dict):
        return {name: one if name in _MACHINE_KEYS else poison_json(one, number, name) for name, one in value.items()}
    if isinstance(value, list):
        return [poison_json(one, number, key) for one in value]
    if not isinstance(value, str) or _FIGURES.fullmatch(value) or len(value) == 1:
        return value
    return poison(value, number)


def alive(body: str) -> list[str]:
    """Return the elements of a page that a canary became or reached with an attribute."""
    found = []
    for node in lxml_html.document_fromstring(body).iter():
        if not isinstance(node.tag, str):
            continue
        reached = [
            name
            for name, value in node.attrib.items()
            if "x-canary" in name or name == "onclick" or (_BINDS.match(name) and _CANARY.match(value))
        ]
        if node.tag == "x-canary" or reached:
            found.append(lxml_html.tostring(node, encoding="unicode")[:200])
    return found
