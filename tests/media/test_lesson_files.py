"""The files of a lesson are for those of its classes."""

import pytest

from lms.people.enums import Role
from tests.factories.classes import make_class, make_enrolment
from tests.factories.media import make_document
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition, make_lesson_page, make_module_page, make_programme_page

pytestmark = pytest.mark.django_db


def test_learners_and_managers_of_the_class_read_it_and_nobody_else(client_as):
    province = make_unit(kind="province")
    centre, other = make_unit(province), make_unit(make_unit(kind="province"))
    document = make_document()
    programme = make_programme_page(province, modules=())
    block = {"type": "recording", "value": {"file": document.pk, "captions": None, "title": "Bài giảng"}}
    make_lesson_page(make_module_page(programme), body=[block])
    training_class = make_class(centre, make_edition(programme))
    learner = make_enrolment(training_class).learner
    elsewhere = make_enrolment(make_class(other, make_edition(unit=other))).learner
    manager, stranger = make_user(), make_user()
    grant(manager, Role.PROVINCIAL_MANAGER, province)
    grant(stranger, Role.CENTRE_MANAGER, other)
    statuses = {}
    people = {"learner": learner, "manager": manager, "elsewhere": elsewhere, "stranger": stranger, "nobody": None}
    for name, user in people.items():
        response = client_as(user).get(document.url)
        statuses[name] = response.status_code
        if response.streaming:
            assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert statuses == {"learner": 200, "manager": 200, "elsewhere": 404, "stranger": 404, "nobody": 404}
