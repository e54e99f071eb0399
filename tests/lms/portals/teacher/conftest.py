"""A class with two lessons, a test and two sessions, its lecturer and its centre."""

import pytest

from lms.classes.models import ClassStaff
from lms.people.enums import Role
from tests.factories.learning import make_study
from tests.factories.people import grant, make_unit, make_user


class Room:
    """The class with the people around it."""

    def __init__(self):
        self.province = make_unit(name="Tỉnh A", kind="province")
        self.study = make_study(unit=make_unit(self.province, name="Trung tâm A"), sessions=2, full_name="Trần Thị Học")
        self.training_class = self.study.training_class
        self.enrolment = self.study.enrolment
        self.lecturer = make_user("Lê Văn Giảng")
        ClassStaff.objects.create(training_class=self.training_class, user=self.lecturer)
        grant(self.lecturer, Role.LECTURER, self.study.unit)
        self.auditor = make_user("Đỗ Thị Kiểm")
        grant(self.auditor, Role.AUDITOR, self.province)
        self.registrar = make_user("Bùi Văn Giáo")
        grant(self.registrar, Role.REGISTRAR, self.study.unit)
        self.exam_item = self.study.items("exam")[0]
        self.session = self.study.sessions[0]


@pytest.fixture
def room(db):
    return Room()


@pytest.fixture
def lecturer(room, client_as):
    return client_as(room.lecturer)
