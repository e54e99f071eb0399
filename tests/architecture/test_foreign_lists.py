"""Lists, searches and exports show nobody what belongs to a foreign unit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lms.classes.models import EnrolmentRequest, TrainingClass
from lms.exams.models import Sitting
from lms.people.models import User
from quizzes.models import Blueprint, Exam, Item, ItemBank, ItemVersion, QuestionImport
from tests.architecture.url_matrix import MATRIX
from tests.architecture.urls import ONLY, addresses
from tests.architecture.write_people import make_people
from tests.architecture.write_world import rows_for
from tests.factories.cast import Cast, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CANARY = "Kinmat"
SHOWN = re.compile(rf"{CANARY} [A-Z]")  # the word alone is what was searched for
#: What a unit keeps to itself: (model, column, how to find the unit's rows).
KEPT: tuple[tuple[type[Model], str, str], ...] = (
    (TrainingClass, "name", "unit"),
    (ItemBank, "name", "unit"),
    (Exam, "title", "unit"),
    (Blueprint, "name", "unit"),
    (Item, "outcome", "bank__unit"),
    (ItemVersion, "stem", "item__bank__unit"),
    (QuestionImport, "name", "bank__unit"),
)


def mark(cast: Cast) -> None:
    """Write a word that is found again into everything that the centre keeps to itself."""
    for model, column, unit in KEPT:
        rows = list(model._base_manager.filter(**{unit: cast.centre}).values_list("pk", flat=True))
        assert rows, model
        for number, pk in enumerate(rows):
            model._base_manager.filter(pk=pk).update(**{column: f"{CANARY} {model.__name__} {number}"})
    Sitting.objects.filter(training_class_id=cast.training_class.pk).update(room=f"{CANARY} Sitting")
    User.objects.filter(pk=cast.learner.pk).update(given_name=f"{CANARY} User", search_text=CANARY.lower())


def text_of(response: HttpResponse) -> str:
    """Return what a person can read in an answer; spreadsheets and Word files are opened."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return content.decode("utf-8", "replace")


def test_foreign_people_read_nothing_of_the_centre(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    people = make_people(cast)
    rows_for(cast, people)
    EnrolmentRequest.objects.all().delete()  # they tell the other unit the name of the class that asks
    mark(cast)
    arguments = {address.name: address.arguments for address in addresses() if not address.in_administration}
    lists = [name for name in MATRIX if not arguments[name] and (not ONLY or name in ONLY)]
    told = []
    for person, user in people.items():
        if not person.endswith("*"):
            continue
        client = client_as(User.objects.get(pk=user.pk))
        for name in lists:
            for query in ("", f"?q={CANARY}&tim={CANARY}"):
                response = client.get(MATRIX[name].path or reverse(name) + query)
                if response.status_code == 200 and SHOWN.search(text_of(response)):
                    told.append((person, name, query))
    assert told == []
    own = client_as(User.objects.get(pk=people["centre_manager"].pk))
    seen = {name for name in lists if SHOWN.search(text_of(own.get(MATRIX[name].path or reverse(name))))}
    assert ONLY or {"office:class-list", "exams:banks", "exams:items", "exams:exams", "api:banks", "api:exams"} <= seen
