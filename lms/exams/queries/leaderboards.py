"""The leaderboard of a quiz or contest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import DurationField, ExpressionWrapper, F

from lms.common.clock import now
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, Sitting

LEADERBOARD_SECONDS = 30


@dataclass(frozen=True, slots=True)
class LeaderboardLine:
    """One line of a leaderboard. Equal score and time share a rank."""

    rank: int
    user_id: int
    name: str
    organisation: str
    score: Decimal
    max_score: Decimal
    seconds: int

    @property
    def clock(self) -> str:
        """The time it took as minutes and seconds: 2:05."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def leaderboard(sitting: Sitting, *, size: int = 50) -> list[LeaderboardLine]:
    """Return the best attempt of each of the first ``size`` people: by score, then by the time it took.

    Read from the best downwards until enough different people are found, so that its cost does not grow with the
    number of people (the index is ordered by score).
    """
    took = ExpressionWrapper(F("submitted_at") - F("started_at"), output_field=DurationField())
    attempts = (
        Attempt.objects.filter(sitting=sitting, state=AttemptState.SUBMITTED, score__isnull=False)
        .annotate(took=took)
        .order_by("-score", "took", "pk")
        .values_list(
            "user_id",
            "user__family_name",
            "user__middle_name",
            "user__given_name",
            "user__profile__organisation",
            "score",
            "max_score",
            "took",
        )
    )
    places: list[LeaderboardLine] = []
    seen: set[int] = set()
    for user_id, family, middle, given, organisation, score, max_score, took_it in attempts.iterator(chunk_size=500):
        if user_id in seen or score is None:
            continue
        seen.add(user_id)
        seconds = int(took_it.total_seconds())
        last = places[-1] if places else None
        rank = last.rank if last and (last.score, last.seconds) == (score, seconds) else len(places) + 1
        name = " ".join(part for part in (family, middle, given) if part)
        places.append(LeaderboardLine(rank, user_id, name, organisation or "", score, max_score, seconds))
        if len(places) >= size:
            break
    return places


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A leaderboard as of a moment."""

    at: dt.datetime
    places: list[LeaderboardLine]


def recent_leaderboard(sitting: Sitting) -> Leaderboard:
    """Return the leaderboard, at most half a minute old: a hundred thousand people may look at once."""
    key = f"sen.leaderboard.{sitting.pk}"
    found: Leaderboard | None = cache.get(key)
    if found is None:
        found = Leaderboard(now(), leaderboard(sitting))
        cache.set(key, found, LEADERBOARD_SECONDS)
    return found
