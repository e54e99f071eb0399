"""Finding questions: filters, search with and without accents, order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When

from lms.common.text import fold, whole_number
from quizzes.access import use_open
from quizzes.engine.texts import spelling
from quizzes.enums import ItemState, Level
from quizzes.models import ExamQuestion, Item, ItemBank, ItemUse, ItemVersion, Topic
from quizzes.models.bank import ItemQuerySet
from quizzes.queries.bank.flags import flagged
from quizzes.queries.bank.versions import short_text

MAX_WORDS = 10
MAX_LENGTH = 200
NO_TOPIC = "0"
SORTS = {
    "newest": ("-updated_at", "-pk"),
    "oldest": ("updated_at", "pk"),
    "code": ("code", "pk"),
    "-code": ("-code", "-pk"),
    "topic": ("topic__position", "topic__name", "code", "pk"),
    "level": ("level_order", "code", "pk"),
    "state": ("state_order", "-updated_at", "-pk"),
}
LEVEL_ORDER = Case(
    *(When(level=value, then=Value(index)) for index, value in enumerate(Level.values)), output_field=IntegerField()
)
STATE_ORDER = Case(
    *(
        When(state=value, then=Value(index))
        for index, value in enumerate((ItemState.IN_REVIEW, ItemState.DRAFT, ItemState.APPROVED, ItemState.RETIRED))
    ),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """Filters of a list of questions; every part comes from the address, so that it can be shared and gone back to."""

    text: str = ""
    topic: str = ""
    level: str = ""
    kind: str = ""
    state: str = ""
    tag: str = ""
    author: str = ""
    language: str = ""
    used: str = ""
    flags: str = ""
    sort: str = ""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> ItemFilters:
        """Read an address's query; what is unknown there is left out."""
        return cls(
            text=_plain(data, "q", MAX_LENGTH).strip(),
            sort=data.get("sort", "") if data.get("sort") in SORTS else "",
            **{
                name: _plain(data, name, 60)
                for name in ("topic", "level", "kind", "state", "tag", "author", "language", "used", "flags")
            },
        )

    def active(self) -> dict[str, str]:
        """Return the filters that narrow the list, by their names in the address."""
        named = {"q": self.text} | {
            name: getattr(self, name)
            for name in ("topic", "level", "kind", "state", "tag", "author", "language", "used", "flags")
        }
        return {name: value for name, value in named.items() if value}


def _plain(data: Mapping[str, Any], name: str, most: int) -> str:
    """Return a part of an address without the sign that no database keeps in a text."""
    return str(data.get(name, "")).replace("\x00", "")[:most]


@dataclass(frozen=True, slots=True)
class TopicTree:
    """The topics of some banks in the order of the tree, by one query."""

    rows: list[tuple[Topic, int]] = field(default_factory=list)
    below: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, bank_ids: Collection[int]) -> TopicTree:
        """Read the trees of these banks."""
        children: dict[int | None, list[Topic]] = {}
        for topic in Topic.objects.filter(bank_id__in=bank_ids).order_by("bank_id", "position", "pk"):
            children.setdefault(topic.parent_id, []).append(topic)
        rows: list[tuple[Topic, int]] = []
        below: dict[int, set[int]] = {}

        def walk(topic: Topic, depth: int) -> set[int]:
            rows.append((topic, depth))
            found = {topic.pk}
            for child in children.get(topic.pk, ()):
                found |= walk(child, depth + 1)
            below[topic.pk] = found
            return found

        for top in children.get(None, ()):
            walk(top, 0)
        return cls(rows, below)

    def subtree(self, topic_id: int) -> set[int]:
        """Return the ids of a topic and all below it; nothing for one that is not here."""
        return self.below.get(topic_id, set())


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of questions as its address asks for it: the same for the page, for what it exports, and for the API."""

    items: ItemQuerySet
    filters: ItemFilters
    topics: TopicTree
    reviewing: bool

    @classmethod
    def of(cls, user: Any, bank_ids: Collection[int], data: Mapping[str, Any]) -> ItemList:
        """Return what ``user`` sees of these banks, narrowed and sorted by an address's query.

        ``can=duyet`` there leaves only what waits for this person's review.
        """
        filters, topics = ItemFilters.read(data), TopicTree.of(bank_ids)
        items = Item.objects.visible_to(user).filter(bank_id__in=bank_ids)
        if filters.text:  # the words that are searched are the newest ones
            items = items.readable_by(user)
        if filters.used:  # exams of other units, perhaps still to be sat: told to those alone who work in the bank
            items = items.filter(bank__in=ItemBank.objects.editable_by(user).order_by().values("pk"))
        reviewing = data.get("can") == "duyet"
        if reviewing:
            items = items.reviewable_by(user)
        return cls(filter_items(items, filters, topics=topics, reader=user), filters, topics, reviewing)

    def exportable_by(self, user: Any) -> ItemQuerySet:
        """Return those of the list whose key ``user`` may see, by topic unless the address asks for another order."""
        items = self.items.editable_by(user).filter(current__isnull=False)
        return items if self.filters.sort else items.order_by("topic__position", "topic_id", "pk")


def filter_items(items: ItemQuerySet, filters: ItemFilters, *, topics: TopicTree, reader: Any) -> ItemQuerySet:
    """Return ``items`` narrowed and sorted by ``filters``; with a search text, exact accents come first.

    Exams that ``reader`` may still sit do not count as a use.
    """
    if filters.topic == NO_TOPIC:
        items = items.filter(topic=None)
    elif (topic := whole_number(filters.topic)) is not None:
        items = items.filter(topic_id__in=topics.subtree(topic))
    for name in ("level", "kind", "state", "language"):
        if value := getattr(filters, name):
            items = items.filter(**{name: value})
    if filters.tag:
        items = items.filter(tags__folded=fold(filters.tag))
    if (author := whole_number(filters.author)) is not None:
        items = items.filter(author_id=author)
    if filters.used in {"yes", "no"}:
        told = use_open(reader)
        listed = ExamQuestion.objects.filter(told, version__item=OuterRef("pk"))
        use = Exists(listed) | Exists(ItemUse.objects.filter(told, item=OuterRef("pk")))
        items = items.filter(use if filters.used == "yes" else ~use)
    if filters.flags:
        items = items.filter(flagged(filters.flags))
    order = SORTS.get(filters.sort) or SORTS["newest"]
    if "level_order" in order:
        items = items.alias(level_order=LEVEL_ORDER)
    if "state_order" in order:
        items = items.alias(state_order=STATE_ORDER)
    if not filters.text:
        return items.order_by(*order)
    items = search_items(items, filters.text)
    # "rank" is an alias that search_items has added
    return items.order_by(*order) if filters.sort else items.order_by("rank", *order)  # type: ignore[misc]


def search_items(items: ItemQuerySet, text: str) -> ItemQuerySet:
    """Return the items that hold every word of ``text`` with or without accents, with ``rank`` (0 is best).

    Ranks: the code itself; the words together with these accents; each word with these accents; together without
    accents; the rest.
    """
    folded, exact = fold(text), spelling(text)
    for word in folded.split()[:MAX_WORDS]:
        items = items.filter(text__folded__contains=word)
    each = Q()
    for word in exact.split()[:MAX_WORDS]:
        each &= Q(text__exact__contains=word)
    return items.alias(
        rank=Case(
            When(code__iexact=text.strip(), then=Value(0)),
            When(text__exact__contains=exact, then=Value(1)),
            When(each, then=Value(2)),
            When(text__folded__contains=folded, then=Value(3)),
            default=Value(4),
            output_field=IntegerField(),
        )
    )


def with_names(items: ItemQuerySet) -> ItemQuerySet:
    """Return ``items`` with everything that a row of the list shows, in one query."""
    return (
        items.select_related("text", "topic", "author", "bank")
        .defer("text__folded", "text__exact", "text__stem", "text__options")
        .annotate(number=F("current__number"), approved_number=F("approved_version__number"))
    )


def texts_of(items: Collection[Item], home: Collection[int]) -> dict[int, str]:
    """Return the words that a list shows of each of these items (from :func:`with_names`).

    Of a question of another bank than ``home`` that is being rewritten, they are those of the version in use.
    """
    others = {
        item.approved_version_id: item.pk
        for item in items
        if item.state != ItemState.APPROVED and item.bank_id not in home and item.approved_version_id is not None
    }
    texts = {item.pk: item.text.snippet for item in items}
    if others:
        texts |= {others[pk]: short_text(version) for pk, version in ItemVersion.objects.in_bulk(others).items()}
    return texts


def item_ids(items: ItemQuerySet) -> list[int]:
    """Return the ids of ``items`` in their order."""
    return list(items.values_list("pk", flat=True))


def one_item(items: ItemQuerySet) -> ItemQuerySet:
    """Return ``items`` with what an item's page needs."""
    return items.select_related(
        "bank__unit", "topic", "author", "approved_by", "current__author", "approved_version__author", "text"
    ).prefetch_related("tags")
