"""Telling people that they are in a class, and their unit, where neither of them put them there (docs/adr/0030)."""

from __future__ import annotations

from collections.abc import Collection
from itertools import batched
from typing import Any

from django.urls import reverse

from lms.classes.models import TrainingClass
from lms.notifications.services import notify
from lms.people.models import User
from lms.people.queries import home_units, office_of

_BATCH = 900


def tell_enrolled(
    *, training_class: TrainingClass, learner_ids: Collection[int], actor: Any, invited: bool = False
) -> None:
    """Tell people whom an office above their unit has enrolled, and the office of their unit.

    Nobody is told what one did oneself: a person of coming in alone, an office of its own people. The product itself
    (``None``) tells nobody.

    Args:
        invited: the people had been asked, and somebody else has answered for them: they are told in any case.

    Side effects: one notice for each person, one for each member of each office.
    """
    others = [pk for pk in learner_ids if actor is not None and pk != actor.pk]
    if not others:
        return
    homes = {pk: unit for ids in batched(others, _BATCH) for pk, unit in home_units(ids).items()}
    people: dict[int | None, list[int]] = {}
    for pk in others:
        people.setdefault(homes.get(pk), []).append(pk)
    told: list[int] = []
    facts = {"class": training_class.name, "unit": training_class.unit.label}
    for home, ids in people.items():
        office = office_of(home)
        if actor.pk not in office:
            told += ids
            _tell_office(training_class, office, home, ids, facts | {"actor": str(actor)})
        elif invited:
            told += ids
    notify(recipients=told, kind="enrolment_made", params=facts, url=reverse("learner:home"))


def _tell_office(
    training_class: TrainingClass, office: list[int], home: int | None, learner_ids: list[int], facts: dict[str, Any]
) -> None:
    if len(learner_ids) == 1:
        kind, facts = "enrolment_made_one", facts | {"name": str(User.objects.get(pk=learner_ids[0]))}
    else:
        kind, facts = "enrolment_made_many", facts | {"count": len(learner_ids)}
    own = training_class.unit_id == home  # a class elsewhere is not theirs to look into
    url = reverse("office:class-learners", args=[training_class.pk]) if own else ""
    notify(recipients=office, kind=kind, params=facts, url=url)
