"""Questions, person by person: what is shown of each, with or without its key, and what may be done with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.people.enums import Role
from lms.people.models import Membership, User
from quizzes.enums import ItemState
from quizzes.models import Exam, Item
from quizzes.queries.papers.stock import RowSpec
from quizzes.services.papers.blueprints import create_blueprint
from tests.architecture.asking import asks
from tests.architecture.bank_world import (
    ABOVE,
    FOREIGN,
    HOME,
    KEEPER,
    KEEPS,
    QUESTIONS,
    USES,
    WORKERS,
    WRITES_IN,
    Banks,
    Question,
    edits,
    everybody,
    keeps,
    reviews,
    sees,
    sees_key,
)
from tests.architecture.test_foreign_lists import text_of
from tests.architecture.test_write_matrix import undone, written
from tests.factories.people import grant
from tests.factories.quizzes import make_exam, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
JSON = "application/json"
Told = dict[str, dict[str, Any]]


@pytest.fixture
def banks(client_as: Callable[..., Client]) -> Banks:
    return Banks(client_as)


def at_home(person: str, question: Question) -> bool:
    return question.bank in WRITES_IN[person]


def shown_text(person: str, question: Question) -> str:
    """Return the newest text where one works, elsewhere the one in use."""
    return question.newest if at_home(person, question) else question.in_use


def of_each(answer: Callable[[str, Question], Any]) -> Told:
    """Return what ``answer`` says for each person and question, by name."""
    return {person: {one.name: answer(person, one) for one in QUESTIONS} for person in WRITES_IN}


def test_the_list_of_banks_says_where_one_writes_and_what_one_keeps(banks: Banks) -> None:
    asks("api:banks")
    named = {bank.pk: name for name, bank in banks.banks.items()}
    told = {}
    for person, client in banks.clients.items():
        rows = client.get(reverse("api:banks"), {"page_size": 500}).json()["results"]
        told[person] = {named[row["id"]]: (row["may_write"], row["may_keep"]) for row in rows if row["id"] in named}
    assert told == {
        person: {name: (name in writes, name in KEEPS.get(person, set())) for name in writes | USES.get(person, set())}
        for person, writes in WRITES_IN.items()
    }


def test_lists_show_drafts_at_home_and_the_text_in_use_elsewhere(banks: Banks) -> None:
    asks("api:bank-items", "exams:items", "exams:bank")
    names = {item.pk: question for question, item in banks.items.items()}
    told: dict[str, Told] = {"api": {}, "pages": {}, "all": {}}
    for person in WORKERS:
        client, seen = banks.clients[person], WRITES_IN[person] | USES.get(person, set())
        rows, pages = [], ""
        for bank in (banks.banks[name].pk for name in sorted(seen)):
            rows += client.get(reverse("api:bank-items", args=[bank])).json()["results"]
            pages += text_of(client.get(reverse("exams:bank", args=[bank])))
        whole = text_of(client.get(reverse("exams:items")))
        told["api"][person] = {names[row["id"]].name: row["text"] for row in rows}
        for place, text in (("pages", pages), ("all", whole)):
            told[place][person] = {
                one.name: shown for one in QUESTIONS for shown in {one.newest, one.in_use} if shown in text
            }
    right = {
        person: {one.name: shown_text(person, one) for one in QUESTIONS if sees(person, one)} for person in WORKERS
    }
    assert told == {"api": right, "pages": right, "all": right}


def test_a_search_finds_no_draft_of_another_bank_by_its_words(banks: Banks) -> None:
    asks("api:bank-items", "exams:items", "exams:exam-pick")
    exam = make_exam(banks.cast.centre, questions=1)
    hidden = next(one for one in QUESTIONS if one.rewritten and one.bank == ABOVE)
    word = hidden.newest.split()[0]
    paths = [
        reverse("api:bank-items", args=[banks.banks[ABOVE].pk]),
        reverse("exams:items"),
        reverse("exams:exam-pick", args=[exam.pk]),
    ]
    found = {}
    for person in ("exam_officer", "provincial_manager"):
        answers = [banks.clients[person].get(path, {"q": word}) for path in paths]
        found[person] = [any(text in text_of(one) for text in (hidden.newest, hidden.in_use)) for one in answers]
    assert found == {"exam_officer": [False] * 3, "provincial_manager": [True] * 3}


def test_a_list_is_narrowed_to_what_waits_for_ones_review_and_by_use_only_at_home(banks: Banks) -> None:
    """How the questions of a shared bank are used is nothing for those below it."""
    asks("exams:items", "api:bank-items")
    waiting, unused = {}, {}
    for person in WORKERS:
        page = banks.clients[person].get(reverse("exams:items"), {"can": "duyet"})
        waiting[person] = banks.named(page.context["page"].object_list)
        unused[person] = set()
        for bank in sorted(WRITES_IN[person] | USES.get(person, set())):
            path = reverse("api:bank-items", args=[banks.banks[bank].pk])
            rows = banks.clients[person].get(path, {"used": "no"}).json()["results"]
            unused[person] |= banks.named(row["id"] for row in rows)
    assert waiting == everybody(reviews, WORKERS)
    assert unused == everybody(at_home, WORKERS)


def test_one_question_is_told_with_its_key_to_those_who_edit_or_review_it(banks: Banks) -> None:
    asks("api:item", "exams:item")
    told: dict[str, Told] = {"api": defaultdict(dict), "pages": defaultdict(dict)}
    for person, question, client, path in banks.asked_of("api:item"):
        answer = client.get(path)
        body = answer.json() if answer.status_code == 200 else {}
        told["api"][person][question.name] = body and (body["stem_html"], "key" in body)
    for person, question, client, path in banks.asked_of("exams:item"):
        answer = client.get(path)
        text = text_of(answer)
        texts = [one for one in (question.newest, question.in_use) if one in text]
        told["pages"][person][question.name] = texts and (texts[0], answer.context["with_key"])
    right = of_each(lambda person, one: sees(person, one) and (shown_text(person, one), sees_key(person, one)))
    assert {place: _plain(answers) for place, answers in told.items()} == {"api": _plain(right), "pages": _plain(right)}


def _plain(told: Told) -> Told:
    """Leave out what was not told."""
    return {person: {name: one for name, one in answers.items() if one} for person, answers in told.items()}


def test_versions_are_for_those_who_work_in_the_bank(banks: Banks) -> None:
    asks("api:item-versions", "exams:item-version")
    told: dict[str, Told] = {"api": defaultdict(dict), "pages": defaultdict(dict)}
    for person, question, client, path in banks.asked_of("api:item-versions"):
        answer = client.get(path)
        told["api"][person][question.name] = answer.status_code == 200 and {"key" in one for one in answer.json()}
    for person, question, client, path in banks.asked_of("exams:item-version", number=1):
        answer = client.get(path)
        shown = answer.status_code == 200
        told["pages"][person][question.name] = shown and {bool(answer.context["key_parts"])}
    right = _plain(of_each(lambda person, one: at_home(person, one) and {sees_key(person, one)}))
    assert {place: _plain(answers) for place, answers in told.items()} == {"api": right, "pages": right}


def test_near_questions_are_those_that_one_sees_without_drafts_of_other_banks(banks: Banks) -> None:
    asks("api:items-near", "exams:items-near")
    told: dict[str, Told] = {"api": {}, "pages": {}}
    for person in WORKERS:
        client, bank = banks.clients[person], next(iter(WRITES_IN[person] - {ABOVE}))
        path = reverse("exams:items-near", args=[banks.banks[bank].pk])
        told["api"][person], told["pages"][person] = {}, {}
        for question, item in banks.items.items():
            body = {"stem": question.newest}
            rows = client.post(reverse("api:items-near"), body, content_type=JSON).json()
            for row in rows:
                if row["item"] == item.pk:
                    told["api"][person][question.name] = bool(row["text"])
            page = client.post(path, body | {"kind": "single_choice"})
            if item.pk in {row["item"].pk for row in page.context["near"]}:
                told["pages"][person][question.name] = question.newest in text_of(page)
    right = {
        person: {
            one.name: at_home(person, one) or one.state == ItemState.APPROVED
            for one in QUESTIONS
            if sees(person, one) and one.state != ItemState.RETIRED
        }
        for person in WORKERS
    }
    assert told == {"api": right, "pages": right}


def test_pairs_that_are_nearly_the_same_are_shown_as_far_as_both_are_seen(banks: Banks) -> None:
    asks("exams:bank-duplicates")
    draft = next(one for one in QUESTIONS if one.bank == ABOVE and one.state == ItemState.DRAFT and not one.rewritten)
    make_item(banks.banks[ABOVE], stem=draft.newest, state=ItemState.DRAFT)
    path = reverse("exams:bank-duplicates", args=[banks.banks[ABOVE].pk])
    told = {person: draft.newest in text_of(banks.clients[person].get(path)) for person in ("author", "exam_officer")}
    assert told == {"author": False, "exam_officer": False}
    assert draft.newest in text_of(banks.clients["provincial_manager"].get(path))


def test_the_list_of_all_questions_names_authors_of_the_banks_that_one_sees(banks: Banks) -> None:
    asks("exams:items")
    names = {banks.people["author"].pk: HOME, banks.people["author*"].pk: FOREIGN}
    names[banks.items[next(one for one in QUESTIONS if one.author == KEEPER)].author_id] = ABOVE
    told = {
        person: {names[one.pk] for one in banks.clients[person].get(reverse("exams:items")).context["people"]
                 if one.pk in names}
        for person in WORKERS
    }  # fmt: skip
    assert told == {person: WRITES_IN[person] | USES.get(person, set()) for person in WORKERS}


def test_a_change_of_many_names_what_one_sees_and_goes_where_one_keeps(banks: Banks) -> None:
    asks("exams:items-bulk")
    chosen = [item.pk for item in banks.items.values()]
    told, targets = {}, {}
    for person in WORKERS:
        page = banks.clients[person].post(reverse("exams:items-bulk"), {"act": "move", "item": chosen})
        told[person] = banks.named(item.pk for item in page.context["items"])
        offered = set(page.context["form"].fields["bank"].queryset.values_list("pk", flat=True))
        targets[person] = {name for name, bank in banks.banks.items() if bank.pk in offered}
    assert told == everybody(sees, WORKERS)
    assert targets == {person: KEEPS.get(person, set()) for person in WORKERS}


def test_a_change_of_many_by_a_program_tells_nothing_of_what_one_does_not_see(banks: Banks) -> None:
    asks("api:items-bulk")
    nowhere = Item.objects.order_by("pk").last().pk + 1
    ids = [*(item.pk for item in banks.items.values()), nowhere]
    told: dict[str, dict[str, Told]] = {"describe": {}, "retire": {}}
    for person, client in banks.clients.items():
        for verb, also in (("describe", {"level": "apply"}), ("retire", {"reason": "Cũ"})):
            with undone():
                body = {"do": verb, "items": ids, **also}
                answer = client.post(reverse("api:items-bulk"), body, content_type=JSON).json()
            reasons = {row["item"]: row["reason"] for row in answer["refused"]}
            absent = {pk for pk, reason in reasons.items() if reason == reasons[nowhere]}
            told[verb][person] = {"done": banks.named(answer["done"]), "absent": banks.named(absent)}
    done = {
        "describe": everybody(edits),
        "retire": everybody(lambda person, one: keeps(person, one) and one.state != ItemState.RETIRED),
    }
    unseen = everybody(lambda person, one: not sees(person, one))
    assert told == {
        verb: {person: {"done": names[person], "absent": unseen[person]} for person in WRITES_IN}
        for verb, names in done.items()
    }


def test_a_change_of_many_is_undone_only_in_banks_that_one_still_keeps(banks: Banks) -> None:
    asks("exams:items-bulk-undo")
    officer = banks.person("exam_officer")
    grant(officer, Role.EXAM_OFFICER, banks.cast.other_centre)
    client, item = banks.clients["exam_officer"], banks.items[QUESTIONS[0]]
    moving = {"act": "move", "item": [item.pk], "bank": banks.banks[FOREIGN].pk, "confirmed": "1"}
    banks_of_it = []
    for keeps_home in (True, False):
        client.post(reverse("exams:items-bulk"), moving)
        banks_of_it.append(Item.objects.get(pk=item.pk).bank)
        if not keeps_home:
            Membership.objects.filter(user=officer, unit=banks.cast.centre).delete()
        client.post(reverse("exams:items-bulk-undo"))
        banks_of_it.append(Item.objects.get(pk=item.pk).bank)
    assert banks_of_it == [banks.banks[name] for name in (FOREIGN, HOME, FOREIGN, FOREIGN)]


def test_whoever_works_in_the_bank_comments_and_whoever_may_edit_submits(banks: Banks) -> None:
    asks("exams:item-comment", "api:item-state", "exams:item-state")
    past: dict[str, dict[str, set[str]]] = {}
    ways: list[tuple[str, dict[str, str], str]] = [
        ("exams:item-comment", {"text": "Xem lại"}, "multipart"),
        ("exams:item-state", {"act": "submit"}, "multipart"),
        ("api:item-state", {"do": "submit"}, "json"),
    ]
    for name, body, kind in ways:
        past[name] = {person: set() for person in WRITES_IN}
        for person, question, client, path in banks.asked_of(name):
            with undone(), written() as tables:
                answer = client.post(path, body, **({"content_type": JSON} if kind == "json" else {}))
            if answer.status_code != 404:
                past[name][person].add(question.name)
            else:
                assert not tables, (name, person, question)
    submit = everybody(edits)
    assert past == {
        "exams:item-comment": everybody(at_home),
        "exams:item-state": submit,
        "api:item-state": submit,
    }


def test_an_export_holds_the_questions_whose_key_one_may_see(banks: Banks) -> None:
    asks("api:bank-export", "exams:export-file")
    told: dict[str, Told] = {"api": {}, "pages": {}}
    for person in WORKERS:
        api, pages = "", ""
        for name in sorted(WRITES_IN[person]):
            bank, client = banks.banks[name], banks.clients[person]
            api += text_of(client.get(reverse("api:bank-export", args=[bank.pk]), {"type": "gift"}))
            pages += text_of(client.get(reverse("exams:export-file", args=[bank.pk, "gift"])))
        told["api"][person] = {one.name for one in QUESTIONS if one.newest in api}
        told["pages"][person] = {one.name for one in QUESTIONS if one.newest in pages}
    assert told == {"api": everybody(edits, WORKERS), "pages": everybody(edits, WORKERS)}


def test_a_blueprint_from_above_shows_only_the_exams_and_questions_that_one_sees(banks: Banks) -> None:
    """A national one draws from the bank of a foreign unit; every unit makes exams of it."""
    asks("exams:blueprint", "exams:blueprint-row")
    cast = banks.cast
    made = create_blueprint(
        unit=cast.root,
        bank=banks.banks[FOREIGN],
        name="Ma trận chung",
        rows=[RowSpec(None, "", "", 1, Decimal(1), "")],
        actor=cast.national_manager,
    )
    for title, unit in (("Đề của ta", cast.centre), ("Đề nơi khác", cast.other_centre)):
        Exam.objects.create(unit=unit, title=title, source="blueprint", blueprint=made)
    page, row = reverse("exams:blueprint", args=[made.pk]), reverse("exams:blueprint-row", args=[made.pk, 1])
    edit = reverse("exams:blueprint-edit", args=[made.pk])
    question = next(one for one in QUESTIONS if one.bank == FOREIGN and one.state == ItemState.APPROVED)
    told = {}
    clients = banks.clients | {"national_manager": Client()}
    clients["national_manager"].force_login(User.objects.get(pk=banks.people["national_manager"].pk))
    for person in ("exam_officer", "exam_officer*", "national_manager"):
        text = text_of(clients[person].get(page))
        rows = text_of(clients[person].get(row))
        told[person] = ("Đề của ta" in text, "Đề nơi khác" in text, edit in text, question.in_use in rows)
    assert told == {
        "exam_officer": (True, False, False, False),
        "exam_officer*": (False, True, False, True),
        "national_manager": (True, True, True, True),
    }
