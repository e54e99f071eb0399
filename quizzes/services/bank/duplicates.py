"""Questions that say nearly the same: while somebody types, on import, and in a whole bank (ADR 0020)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.engine.texts import bands, likeness, plain_text, shingles, text_digest, words
from quizzes.enums import ItemState
from quizzes.models import Item, ItemBand, ItemText
from quizzes.models.bank import ItemQuerySet

THRESHOLD = 0.55
# How much of the likeness the stem makes when both sides have options.
STEM_SHARE = 0.6
# With stems less alike than this, no options can lift two questions over the threshold.
HOPELESS = (THRESHOLD - (1 - STEM_SHARE)) / STEM_SHARE
# Stems as short as this ("Phát biểu nào sau đây đúng?") are alike without the questions being so.
SHORT_STEM = 8
# Values shared by more stems than this say nothing; a bank's list of pairs leaves them out.
CROWD = 40
KEPT = 24 * 3600  # seconds that the pairs of a bank are kept


class Why(models.TextChoices):
    """The reason why two questions are near."""

    EXACT = "exact", _("the same words, perhaps with the options in another order")
    STEM = "stem", _("the same question with other options")
    SIMILAR = "similar", _("nearly the same words")


class Near(NamedTuple):
    """A question near another: how near (0 to 1) and why."""

    item: Item
    score: float
    why: Why


class Pair(NamedTuple):
    """Two questions of a bank that are near each other."""

    one: Item
    two: Item
    score: float
    why: Why


def near(
    items: ItemQuerySet,
    text: str,
    options: Sequence[str] = (),
    *,
    exclude: int | None = None,
    threshold: float = THRESHOLD,
    limit: int = 5,
) -> list[Near]:
    """Return the questions nearest to a text, nearest first.

    Args:
        items: the questions to look among (those that the person may see).
        text: the stem, as text or HTML.
        options: the options or statements, as text or HTML; without them stems alone are compared.
        exclude: a question that is not compared with itself.
        threshold: the least score that counts.
        limit: how many at most.

    Two queries at most, whatever the size of the banks.
    """
    stem = plain_text(text)
    choices = [plain_text(option) for option in options if option]
    found = shingles(stem)
    if not found:
        return []
    live = items.exclude(state=ItemState.RETIRED)
    if exclude is not None:
        live = live.exclude(pk=exclude)
    mine = Fingerprint(stem, choices, text_digest(stem, choices))
    candidates = ItemBand.objects.filter(value__in=bands(found)).values("item_id")
    near_items = live.filter(models.Q(pk__in=candidates) | models.Q(text__digest=mine.digest))
    scored = []
    for pk, *theirs in near_items.order_by().values_list("pk", "text__stem", "text__options", "text__digest"):
        score, why = compare_prints(mine, Fingerprint(*theirs))
        if score >= threshold:
            scored.append((score, pk, why))
    scored.sort(key=lambda row: (-row[0], row[1]))
    best = scored[:limit]
    found_items = Item.objects.select_related("text", "bank__unit").in_bulk([pk for _score, pk, _why in best])
    return [Near(found_items[pk], round(score, 3), why) for score, pk, why in best]


class Fingerprint:
    """The parts of a question that are compared; each part is worked out when it is first needed."""

    def __init__(self, stem: str, options: Sequence[str], digest: str) -> None:
        self._stem, self._options, self.digest = stem, options, digest

    @cached_property
    def stem(self) -> frozenset[int]:
        return shingles(self._stem)

    @cached_property
    def is_short(self) -> bool:
        return len(words(self._stem)) <= SHORT_STEM

    @cached_property
    def options(self) -> frozenset[int]:
        found: set[int] = set()
        for option in self._options:
            found |= shingles(option)
        return frozenset(found)


def compare_prints(one: Fingerprint, two: Fingerprint) -> tuple[float, Why]:
    """Return how near two questions are, and why."""
    if one.digest == two.digest:
        return 1.0, Why.EXACT
    stems = likeness(one.stem, two.stem)
    if stems < HOPELESS:
        return stems, Why.SIMILAR
    if not one.options or not two.options:
        return stems, Why.SIMILAR
    choices = likeness(one.options, two.options)
    if stems > 0.9 and choices < 0.3:
        # the same question asked twice is worth seeing, the same empty phrase is not
        return (0.0 if one.is_short else STEM_SHARE * stems), Why.STEM
    return STEM_SHARE * stems + (1 - STEM_SHARE) * choices, Why.SIMILAR


def compare(
    stem: str, options: Sequence[str], other_stem: str, other_options: Sequence[str], *, same: bool
) -> tuple[float, Why]:
    """Return how near two questions are that need not be in a bank; ``same`` says that their digests are equal."""
    one, two = ("", "") if same else ("one", "two")
    return compare_prints(Fingerprint(stem, options, one), Fingerprint(other_stem, other_options, two))


def pairs_in_bank(bank_id: int, *, threshold: float = THRESHOLD, limit: int = 200) -> list[Pair]:
    """Return the pairs of a bank's questions that are near each other, nearest first.

    Worked out once for each state of the bank: all pairs of a large bank take seconds.
    """
    live = Item.objects.filter(bank_id=bank_id).exclude(state=ItemState.RETIRED)
    stamp = live.aggregate(last=models.Max("updated_at"), count=models.Count("pk"))
    key = f"item-pairs/{bank_id}/{stamp['last']}/{stamp['count']}/{threshold}/{limit}".replace(" ", "T")
    best = cache.get(key)
    if best is None:
        best = _near_pairs(live, threshold)[:limit]
        cache.set(key, best, KEPT)
    items = Item.objects.select_related("text", "topic").in_bulk({pk for row in best for pk in row[1:3]})
    return [Pair(items[one], items[two], round(score, 3), Why(why)) for score, one, two, why in best]


def _near_pairs(live: models.QuerySet[Item], threshold: float) -> list[tuple[float, int, int, str]]:
    prints = {
        pk: Fingerprint(*row)
        for pk, *row in ItemText.objects.filter(item__in=live).values_list("pk", "stem", "options", "digest")
    }
    groups: dict[object, list[int]] = defaultdict(list)
    for value, pk in ItemBand.objects.filter(item__in=live).values_list("value", "item_id"):
        groups[value].append(pk)
    for pk, fingerprint in prints.items():
        groups[fingerprint.digest].append(pk)
    seen = {pair for group in groups.values() if 1 < len(group) <= CROWD for pair in combinations(sorted(group), 2)}
    scored = []
    for one, two in seen:
        score, why = compare_prints(prints[one], prints[two])
        if score >= threshold:
            scored.append((score, one, two, why.value))
    scored.sort(key=lambda row: (-row[0], row[1], row[2]))
    return scored
