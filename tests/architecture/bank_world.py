"""Questions of every state and author in three banks, and what each person may do with each of them.

One bank is of the centre ("home"), one of the unit above it, which shares it down, one of a foreign unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from lms.people.enums import Role
from lms.people.models import User
from quizzes.enums import ItemState
from quizzes.models import Item, ItemBank
from quizzes.services.bank.items import save_version
from tests.architecture.write_people import make_people
from tests.factories.cast import make_cast
from tests.factories.people import grant, make_user
from tests.factories.quizzes import make_bank, make_item

HOME, ABOVE, FOREIGN = "home", "above", "foreign"
KEEPER = "keeper"  # writes what stands in the bank above; asks nothing here
#: Whose answers are looked at, with the banks for which they write and those that they keep.
WRITES_IN: dict[str, set[str]] = {
    "author": {HOME},
    "exam_officer": {HOME},
    "provincial_manager": {HOME, ABOVE},
    "author*": {FOREIGN},
    "exam_officer*": {FOREIGN},
    "registrar": set(),
    "learner": set(),
}
KEEPS: dict[str, set[str]] = {
    "exam_officer": {HOME},
    "provincial_manager": {HOME, ABOVE},
    "exam_officer*": {FOREIGN},
}
USES: dict[str, set[str]] = {"author": {ABOVE}, "exam_officer": {ABOVE}}
#: The people for whom there are questions at all; the others have no page of them.
WORKERS = [person for person, banks in WRITES_IN.items() if banks]


@dataclass(frozen=True)
class Question:
    """One question: where it is, who wrote it, its state, and whether a newer text than the one in use is written."""

    bank: str
    author: str
    state: ItemState
    rewritten: bool = False

    @property
    def name(self) -> str:
        return f"{self.bank}{self.author.replace('_', '').replace('*', '')}{self.state.replace('_', '')}" + (
            "new" if self.rewritten else ""
        )

    @property
    def newest(self) -> str:
        return words(self.name, "second" if self.rewritten else "first")

    @property
    def in_use(self) -> str:
        return words(self.name, "first")


QUESTIONS = [
    Question(HOME, "author", ItemState.DRAFT),
    Question(HOME, "author", ItemState.IN_REVIEW),
    Question(HOME, "author", ItemState.APPROVED),
    Question(HOME, "exam_officer", ItemState.DRAFT),
    Question(HOME, "exam_officer", ItemState.IN_REVIEW),
    Question(HOME, "exam_officer", ItemState.RETIRED),
    Question(ABOVE, KEEPER, ItemState.DRAFT),
    Question(ABOVE, KEEPER, ItemState.IN_REVIEW),
    Question(ABOVE, KEEPER, ItemState.APPROVED),
    Question(ABOVE, KEEPER, ItemState.RETIRED),
    Question(ABOVE, KEEPER, ItemState.DRAFT, rewritten=True),
    Question(FOREIGN, "author*", ItemState.DRAFT),
    Question(FOREIGN, "author*", ItemState.IN_REVIEW),
    Question(FOREIGN, "author*", ItemState.APPROVED),
    Question(FOREIGN, "author*", ItemState.DRAFT, rewritten=True),
]


def words(name: str, text: str) -> str:
    """Return a stem that no other question is near to."""
    return " ".join(f"{name}{text}{number}" for number in range(1, 9))


def sees(person: str, question: Question) -> bool:
    """Everything where one writes; of what is shared from above only what may be used."""
    usable = question.state == ItemState.APPROVED or question.rewritten
    return question.bank in WRITES_IN[person] or (question.bank in USES.get(person, set()) and usable)


def keeps(person: str, question: Question) -> bool:
    return question.bank in KEEPS.get(person, set())


def edits(person: str, question: Question) -> bool:
    """One's own, and all of a bank that one keeps."""
    own = question.bank in WRITES_IN[person] and question.author == person
    return own or keeps(person, question)


def reviews(person: str, question: Question) -> bool:
    """What somebody else submitted in a bank that one keeps."""
    return keeps(person, question) and question.state == ItemState.IN_REVIEW and question.author != person


def sees_key(person: str, question: Question) -> bool:
    return edits(person, question) or reviews(person, question)


class Banks:
    """The banks with their questions, and a client for each of :data:`WRITES_IN`."""

    def __init__(self, client_as: Callable[..., Client]) -> None:
        self.cast = make_cast()
        self.people = make_people(self.cast)
        keeper = make_user("Người Giữ Kho", unit=self.cast.province)
        grant(keeper, Role.EXAM_OFFICER, self.cast.province)
        authors = self.people | {KEEPER: keeper}
        units = {HOME: self.cast.centre, ABOVE: self.cast.province, FOREIGN: self.cast.other_centre}
        self.banks: dict[str, ItemBank] = {name: make_bank(unit, f"Kho {name}") for name, unit in units.items()}
        self.items = {one: self._make(one, authors[one.author]) for one in QUESTIONS}
        self.clients = {person: client_as(self.person(person)) for person in WRITES_IN}

    def _make(self, question: Question, author: User | None) -> Item:
        state = ItemState.APPROVED if question.rewritten else question.state
        item = make_item(self.banks[question.bank], stem=question.in_use, author=author, state=state)
        if question.rewritten:
            now = item.current
            save_version(
                item=item, kind=now.kind, stem=question.newest, content=now.content, key=now.key, author=author
            )
            item.refresh_from_db()
        assert item.state == question.state
        return item

    def person(self, name: str) -> User:
        """Return a person as the database has it now."""
        return User.objects.get(pk=self.people[name].pk)

    def asked_of(self, name: str, **also: Any) -> Iterator[tuple[str, Question, Client, str]]:
        """Yield (person, question, client, address) for each person and each question at the address ``name``."""
        for question, item in self.items.items():
            path = reverse(name, kwargs={"item_id": item.pk, **also})
            for person, client in self.clients.items():
                yield person, question, client, path

    def named(self, pks: Any) -> set[str]:
        """Return the names of those of the questions that are among ``pks``."""
        wanted = set(pks)
        return {question.name for question, item in self.items.items() if item.pk in wanted}


def everybody(asks: Callable[[str, Question], bool], people: Any = WRITES_IN) -> dict[str, set[str]]:
    """Return for each person the names of the questions of which ``asks`` holds."""
    return {person: {one.name for one in QUESTIONS if asks(person, one)} for person in people}
