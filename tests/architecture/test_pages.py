"""What people meet on the pages that are open to them: rows that are theirs to see, and ways that are open to them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pprint import pformat
from urllib.parse import urljoin

import pytest
from django.db.models import Model, Q
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from lxml import html as lxml_html

from lms.classes.models import Enrolment, EnrolmentRequest, TrainingClass
from lms.exams.access import MARKING_ROLES, SHEET_ROLES
from lms.exams.models import Attempt, MarkingSession, Sitting
from lms.people.access import audited_paths, role_paths, within
from lms.people.models import Unit, User
from quizzes.models import Blueprint, Exam, ExamQuestion, Item, ItemBank, ItemText, ItemVersion, QuestionImport
from tests.architecture.page_world import rows_around
from tests.architecture.test_foreign_lists import text_of
from tests.architecture.test_write_matrix import undone
from tests.architecture.url_matrix import MATRIX
from tests.architecture.urls import ONLY, addresses
from tests.architecture.write_matrix import WRITES
from tests.architecture.write_people import make_people
from tests.architecture.write_world import rows_for
from tests.factories.cast import make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORD = "Kinmat"
SHOWN = re.compile(rf"{WORD} ([A-Za-z]+) (\d+)")
#: What tells a row from others on a page.
NAMES: dict[type[Model], str] = {
    TrainingClass: "name",
    ItemBank: "name",
    Exam: "title",
    Blueprint: "name",
    ItemVersion: "stem",
    QuestionImport: "name",
    User: "given_name",
    Unit: "name",
}
PEOPLE = ("learner", "teacher", "author", "exam_officer", "registrar", "auditor", "centre_manager", "exam_officer*")
#: Forms on rows of one's own, whatever the row of the matrix is.
OWN_ROWS = {"notification-read"}
#: Queries that name a row of the foreign unit.
NAMING = {
    "office:class-list": "unit=$foreign_unit_id",
    "office:class-pick-unit": "unit=$foreign_unit_id",
    "exams:exam-new": "ma-tran=$foreign_blueprint_id",
    "exams:exam-rules": "bank=$foreign_bank_id",
    "exams:blueprint-new": "bank=$foreign_bank_id",
}
#: Pages that are opened a second time, with another row: (address, argument, row).
ALSO = (("office:plan", "year", "year_of_a_submitted_plan"), ("exams:item", "item_id", "shared_item_id"))
#: So many ways from one page to the same kind of page are followed: a list leads to every row of it.
ALIKE = 2
#: They end what one is in the middle of, or belong to nobody in particular.
NOT_FOLLOWED = {
    "logout",
    "set-language",
    "home",
    "search",
    "offline",
    "wagtail_serve",
    "learner:join",
    "learner:join-code",
}


def mark(foreign: Unit) -> None:
    """Write a word and its own number into everything that :data:`NAMES` lists, and into what is searched."""
    for model, column in NAMES.items():
        rows = model._base_manager
        if model is User:
            rows = rows.filter(pk__in=Enrolment.objects.values("learner"))
        if model is Unit:
            rows = rows.filter(pk=foreign.pk)
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(**{column: f"{WORD} {model.__name__} {pk}"})
    User.objects.all().update(search_text=WORD.lower())
    TrainingClass.objects.all().update(search_text=WORD.lower())
    for text in ItemText.objects.select_related("item"):
        shown = f"{WORD} ItemVersion {text.item.current_id}"
        ItemText.objects.filter(pk=text.pk).update(snippet=shown, exact=shown.lower(), folded=shown.lower())


def theirs(user: User) -> dict[str, set[int]]:
    """Return the numbers of the rows whose names ``user`` may read."""
    own = Enrolment.objects.own(user)
    asked = EnrolmentRequest.objects.visible_to(user)
    sittings = Sitting.objects.visible_to(user)
    runs = within(role_paths(user, SHEET_ROLES | MARKING_ROLES), "unit__path")
    classes = TrainingClass.objects.filter(
        Q(pk__in=TrainingClass.objects.visible_to(user).values("pk"))
        | Q(pk__in=own.values("training_class"))
        | Q(pk__in=asked.values("training_class"))
        | Q(pk__in=sittings.values("training_class_id"))
        | runs
    )
    exams = Exam.objects.filter(
        Q(pk__in=Exam.objects.visible_to(user).values("pk"))
        | Q(pk__in=Exam.objects.correctable_by(user).values("pk"))
        | Q(pk__in=sittings.values("exam"))
        | Q(pk__in=MarkingSession.objects.visible_to(user).values("exam"))
        | Q(pk__in=Attempt.objects.visible_to(user).values("exam"))
        | Q(attempts__enrolment_id__in=Enrolment.objects.visible_to(user).values("pk"))
        | Q(edition_items__edition__in=classes.order_by().values("edition"))
    )
    home = Item.objects.filter(bank__in=ItemBank.objects.editable_by(user))
    versions = ItemVersion.objects.filter(
        Q(item__in=home)
        | Q(pk__in=Item.objects.visible_to(user).values("approved_version"))
        | Q(pk__in=ExamQuestion.objects.filter(exam__in=exams).values("version"))
    )
    people = User.objects.filter(
        Q(pk=user.pk)
        | Q(pk__in=User.objects.visible_to(user).values("pk"))
        | Q(pk__in=Enrolment.objects.visible_to(user).values("learner"))
        | Q(enrolments__training_class__in=sittings.values("training_class_id"))
        | Q(enrolments__training_class__in=TrainingClass.objects.filter(runs))
        | Q(pk__in=asked.values("learner"))
    )
    # The record of a unit names the banks of its subtree to whoever audits it.
    banks = ItemBank.objects.filter(
        Q(pk__in=ItemBank.objects.visible_to(user).values("pk")) | within(audited_paths(user), "unit__path")
    )
    found = (classes, banks, exams, Blueprint.objects.visible_to(user), versions)
    units = Unit.objects.filter(
        Q(pk__in=Unit.objects.visible_to(user).values("pk"))
        | Q(pk__in=classes.values("unit"))
        | Q(pk__in=asked.values("unit"))
        | Q(profiles__user__in=people)
    )
    found = (*found, QuestionImport.objects.visible_to(user), people, units)
    return {rows.model.__name__: set(rows.order_by().values_list("pk", flat=True)) for rows in found}


def ways_on(page: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield (method, address) of everything on a page that leads on."""
    for node in lxml_html.document_fromstring(page).iter(
        "a", "form", "button", "input", "div", "section", "tr", "tbody"
    ):
        for attribute, method in (("href", "get"), ("hx-get", "get"), ("hx-post", "post"), ("formaction", "post")):
            if target := node.get(attribute):
                yield method, urljoin(path, target).partition("#")[0]
        if node.tag == "form" and not node.get("hx-post") and node.xpath(".//button[not(@type='button')]"):
            yield (node.get("method") or "get").lower(), urljoin(path, node.get("action") or path).partition("#")[0]


def name_of(path: str) -> str | None:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None


class Walk:
    """One person's way over the pages: what was read where, and which ways on are closed to that person."""

    def __init__(self, person: str, client: Client) -> None:
        self.person, self.client = person, client
        self.read: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.closed: set[tuple[str, str]] = set()
        self.statuses: dict[str, int] = {}

    def look(self, name: str, path: str) -> HttpResponse:
        """Open a page and note the rows on it."""
        with undone():
            response = self.client.get(path)
        self.statuses[path] = response.status_code
        if response.status_code == 200:
            rows = SHOWN.findall(text_of(response))
            self.read[name] |= {(model, int(number)) for model, number in rows}
        return response

    def may_send(self, name: str) -> bool:
        """Whether the matrix lets the person send something there; it speaks of the rows of the own unit."""
        rule = WRITES.get(f"post {name}")
        if rule is None or rule.by_traces or name in OWN_ROWS or self.person.endswith("*"):
            return True
        return self.person in rule.people

    def look_on(self, name: str, path: str) -> None:
        """Open a page and try the ways on from it; a form is judged by the matrix of writes."""
        response = self.look(name, path)
        if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
            return
        tried: Counter[str] = Counter()
        for method, target in dict.fromkeys(ways_on(response.content.decode(), path)):
            there = name_of(target) if target.startswith("/") else None
            if there is None or there in NOT_FOLLOWED or target.startswith("/quan-tri/"):
                continue
            if method == "post":
                open_to = self.may_send(there)
            else:
                tried[there] += target not in self.statuses
                if tried[there] <= ALIKE and target not in self.statuses:
                    self.look(there, target)
                open_to = self.statuses.get(target) != 404
            if not open_to:
                self.closed.add((name, f"{method} {there}"))


def test_pages_show_what_is_ones_own_and_offer_what_is_open(client_as: Callable[..., Client]) -> None:
    """No page shows the name of a row that its reader may not see, or leads to where the reader is refused."""
    cast = make_cast()
    people = make_people(cast)
    known = rows_for(cast, people)
    known |= rows_around(cast)
    mark(cast.other_centre)
    arguments = {address.name: address.arguments for address in addresses() if not address.in_administration}
    names = [name for name, rule in MATRIX.items() if {200, 302} & set(rule.statuses[1:]) and name not in NOT_FOLLOWED]
    paths = {
        name: MATRIX[name].path
        or reverse(name, kwargs={one: known[MATRIX[name].arguments.get(one, one)] for one in arguments[name]})
        for name in names
        if not ONLY or name in ONLY
    }
    lists = {name for name in paths if not arguments[name]}
    also = [
        (name, reverse(name, kwargs={**resolve(paths[name]).kwargs, argument: known[row]}))
        for name, argument, row in ALSO
        if name in paths
    ]
    told, closed, seen = {}, {}, set()
    for person in PEOPLE:
        user = User.objects.get(pk=people[person].pk)
        walk = Walk(person, client_as(user))
        for name, path in [*paths.items(), *also]:
            walk.look_on(name, path)
            if name in lists:
                walk.look(name, f"{path}?q={WORD}&tim={WORD}")
            if name in NAMING:
                parameter, _sign, row = NAMING[name].partition("=$")
                walk.look(name, f"{path}?{parameter}={known[row]}")
        allowed = theirs(user)
        for name, rows in walk.read.items():
            seen |= {model for model, _pk in rows}
            foreign = sorted((model, pk) for model, pk in rows if pk not in allowed[model])
            if foreign:
                told[person, name] = foreign
        if walk.closed:
            closed[person] = sorted(walk.closed)
    assert (told, closed) == ({}, {}), pformat((told, closed))
    assert ONLY or seen == {model.__name__ for model in NAMES}


def test_a_bank_of_the_unit_above_stands_apart_and_tells_no_drafts(client_as: Callable[..., Client]) -> None:
    if ONLY and "exams:banks" not in ONLY:
        pytest.skip("another address is looked at")
    cast = make_cast()
    people = make_people(cast)
    rows_around(cast)
    response = client_as(User.objects.get(pk=people["author"].pk)).get(reverse("exams:banks"))
    assert {bank.unit for bank in response.context["own"]} == {cast.centre}
    assert {bank.unit for bank in response.context["shared"]} == {cast.province}
    assert response.context["reviewable"] == 0  # an author reviews nothing
    shared = response.content.decode().partition('id="shared"')[2].partition("</section>")[0]
    assert ItemBank.objects.get(unit=cast.province).name in shared
    assert "chip" not in shared
