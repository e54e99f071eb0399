"""Answers of made-up learners: questions differ in ease, in how well they tell people apart, and in what misleads.

Everything about a question is drawn from its own number, so that a load gives the same figures again.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from quizzes.engine.grading import KeySlot
from quizzes.engine.layout import shown_names
from quizzes.models import Paper

#: One question in so many is a poor one, which good learners get wrong as often as others.
POOR = 14
#: How far questions lie apart, and how far off the middle one may be, in logits.
SPREAD, FARTHEST = 1.0, 2.4
#: How much more often than the others the option that misleads is taken, and the one that nobody believes.
DECOY, DEAD = 3.0, 0.04
#: One question in so many has an option that nobody believes.
DEAD_IN = 12


@dataclass(frozen=True, slots=True)
class Temper:
    """The temper of a question: ``ease`` and ``slope`` in logits, and how often each shown letter draws a guess."""

    ease: float
    slope: float
    pull: dict[str, float]

    def chance(self, ability: float) -> float:
        """Return how likely somebody knows the answer who knows ``ability`` (0 to 1) of the usual questions."""
        bounded = min(max(ability, 0.02), 0.98)
        level = math.log(bounded / (1 - bounded)) - _USUAL
        return 1 / (1 + math.exp(-(_USUAL + self.ease + self.slope * level)))


#: What an ability of 0.74, the middle of the demo's learners, is in logits.
_USUAL = math.log(0.74 / 0.26)


def tempers_of(paper: Paper) -> dict[int, Temper]:
    """Return what the questions of a paper are like, by slot."""
    return {entry["slot"]: _temper(entry) for entry in paper.layout}


def _temper(entry: dict[str, Any]) -> Temper:
    rng = random.Random(entry["version"])  # noqa: S311 (made-up learners)
    poor = rng.randrange(POOR) == 0
    ease = min(FARTHEST, max(-FARTHEST, rng.gauss(0.1, SPREAD)))
    slope = rng.uniform(-0.6, 0.1) if poor else rng.uniform(0.9, 2.0)
    shown = shown_names(entry)
    own = sorted(name for name in shown if "/" not in name)
    decoy, dead = rng.choice(own or [""]), rng.choice(own or [""]) if rng.randrange(DEAD_IN) == 0 else ""
    pull = {shown[name]: DEAD if name == dead else DECOY if name == decoy else 1.0 for name in own}
    return Temper(ease, slope, pull)


def made_up_answer(slot: KeySlot, temper: Temper, ability: float, rng: random.Random) -> dict[str, Any]:
    """Return the right answer as often as it is known, else one that a learner might give instead."""
    right = slot.key["correct"]
    knows = rng.random() < temper.chance(ability)
    if isinstance(right, str):
        others = [one for one in sorted(temper.pull) if one != right]
        guess = rng.choices(others, weights=[temper.pull[one] for one in others])[0]
        return {"choice": right if knows else guess}
    wrong = sorted(rng.sample(sorted(temper.pull), rng.randint(1, min(3, len(temper.pull)))))
    return {"choices": sorted(right) if knows else wrong}
