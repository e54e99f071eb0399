"""Where a question is used: told at home, and never of an exam that the reader may still sit."""

import pytest
import time_machine
from django.urls import reverse

from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import User
from quizzes.models import ExamQuestion, Item
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.banks import make_question, make_world
from tests.factories.classes import make_class, make_enrolment
from tests.factories.papers import make_drawn_exam
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_exam
from tests.lms.exams.classes.test_key_held import DAY, study

pytestmark = pytest.mark.django_db
__all__ = ["study"]


def listed(client, bank_id, query=""):
    """Return the ids of the list of a bank with the uses that it says."""
    page = client.get(f"{reverse('exams:bank', args=[bank_id])}?{query}")
    return {row.item.pk: row.used for row in page.context["rows"]}


def in_api(client, bank_id, query):
    found = client.get(f"/api/v1/banks/{bank_id}/items/?{query}")
    assert found.status_code == 200
    return {one["id"] for one in found.json()["results"]}


def test_an_exam_that_the_reader_may_still_sit_is_no_use(study, client_as):
    person, officer = make_user("Trần Thị Soạn"), make_user("Lê Văn Khảo")
    for user in (person, officer):
        grant(user, Role.EXAM_OFFICER, study.exam.unit)
    item = Item.objects.filter(uses__exam=study.exam).order_by("pk").first()
    asked = set(Item.objects.filter(uses__exam=study.exam).values_list("pk", flat=True))
    elsewhere = make_exam(study.exam.unit, questions=0, title="Đề khác")
    idle = make_question(item.bank)
    ExamQuestion.objects.create(exam=elsewhere, version=item.current, position=1, points=1)
    make_enrolment(make_class(make_unit(), study.edition), person)

    def seen(user):
        client = client_as(User.objects.get(pk=user.pk))
        page = client.get(reverse("exams:item", args=[item.pk]))
        return {
            "counts": listed(client, item.bank_id),
            "used": (set(listed(client, item.bank_id, "used=yes")), in_api(client, item.bank_id, "used=yes")),
            "unused": (set(listed(client, item.bank_id, "used=no")), in_api(client, item.bank_id, "used=no")),
            "exams": [use.exam for use in page.context["usage"]],
        }

    others = asked - {item.pk}
    everything = {
        "counts": {item.pk: "2", **dict.fromkeys(others, "1"), idle.pk: "0"},
        "used": (asked, asked),
        "unused": ({idle.pk}, {idle.pk}),
        "exams": ["Đề khác", study.exam.title],
    }
    assert seen(officer) | {"exams": sorted(seen(officer)["exams"], reverse=True)} == everything
    assert seen(person) == {
        "counts": {item.pk: "1", **dict.fromkeys([*others, idle.pk], "0")},
        "used": ({item.pk}, {item.pk}),
        "unused": (others | {idle.pk}, others | {idle.pk}),
        "exams": ["Đề khác"],
    }
    with time_machine.travel(now() + 400 * DAY, tick=False):
        assert seen(person)["counts"] == everything["counts"]


def test_a_drawn_question_is_used_for_the_filter_as_for_the_count(client_as):
    exam = make_drawn_exam()
    freeze_papers(exam=exam)
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, exam.unit)
    drawn = set(Item.objects.filter(uses__exam=exam).values_list("pk", flat=True))
    bank = Item.objects.filter(pk__in=drawn).first().bank_id
    client = client_as(officer)
    assert (
        {pk for pk, used in listed(client, bank).items() if used != "0"}
        == set(listed(client, bank, "used=yes"))
        != set()
    )
    assert set(listed(client, bank, "used=yes")) <= drawn


def test_the_uses_of_a_shared_bank_are_told_only_where_it_is_at_home(client_as):
    world = make_world()
    used, idle = (make_question(world.shared, stem, author=world.provincial) for stem in ("Một?", "Hai?"))
    for one in (used, idle):
        Item.objects.filter(pk=one.pk).update(state="approved", approved_version=one.current)
    own = make_question(world.bank, "Ba?", author=world.author)
    exam = make_exam(world.other_centre, questions=0)
    for position, one in enumerate((used, own), 1):
        ExamQuestion.objects.create(exam=exam, version=one.current, position=position, points=1)
    home, below = client_as(world.provincial), client_as(world.officer)
    assert listed(home, world.shared.pk) == {used.pk: "1", idle.pk: "0"}
    assert listed(below, world.shared.pk) == {used.pk: "0", idle.pk: "0"}
    assert [listed(below, world.shared.pk, f"used={word}") for word in ("yes", "no")] == [{}, {}]
    everywhere = below.get(f"{reverse('exams:items')}?").context["rows"]
    assert {row.item.pk: row.used for row in everywhere} == {used.pk: "0", idle.pk: "0", own.pk: "1"}
    assert [row.item.pk for row in below.get(f"{reverse('exams:items')}?used=yes").context["rows"]] == [own.pk]
