"""The named cast of the access tests, in a small country with two provinces."""

from __future__ import annotations

from dataclasses import dataclass

from lms.classes.models import ClassStaff, Enrolment, TrainingClass
from lms.people.enums import Role
from lms.people.models import Profile, Unit, User
from tests.factories.classes import make_class, make_enrolment
from tests.factories.learning import Study, make_study
from tests.factories.people import grant, make_unit, make_user

ROLES = (
    "anonymous",
    "learner",
    "other_learner",
    "lecturer",
    "other_lecturer",
    "centre_manager",
    "other_manager",
    "national_manager",
)


@dataclass(frozen=True)
class Cast:
    """Who stands where: ``learner`` studies in ``training_class``, which ``lecturer`` teaches at ``centre``."""

    root: Unit
    province: Unit
    centre: Unit
    other_province: Unit
    other_centre: Unit
    study: Study
    other_class: TrainingClass
    learner: User
    other_learner: User
    lecturer: User
    other_lecturer: User
    centre_manager: User
    other_manager: User
    national_manager: User
    anonymous: None = None

    @property
    def training_class(self) -> TrainingClass:
        return self.study.training_class

    @property
    def enrolment(self) -> Enrolment:
        return self.study.enrolment

    def person(self, role: str) -> User | None:
        """Return the person of a role as the database has it now (memberships are read once per object)."""
        person = getattr(self, role)
        return None if person is None else User.objects.get(pk=person.pk)


def make_cast() -> Cast:
    """Build the country, its two classes and its people."""
    root = make_unit(name="Trung ương", kind="central")
    province = make_unit(root, name="Tỉnh A", kind="province")
    other_province = make_unit(root, name="Tỉnh B", kind="province")
    centre = make_unit(province, name="Trung tâm A")
    other_centre = make_unit(other_province, name="Trung tâm B")
    study = make_study(unit=centre, sessions=1, full_name="Trần Thị Học")
    lecturer, other_lecturer = make_user("Lê Văn Giảng", unit=centre), make_user("Ngô Văn Khác", unit=other_centre)
    Profile.objects.filter(user=study.learner).update(unit=centre)  # the centre's own
    other_class = make_class(other_centre, study.edition, lecturers=[other_lecturer])
    ClassStaff.objects.create(training_class=study.training_class, user=lecturer)
    grant(lecturer, Role.LECTURER, centre)
    grant(other_lecturer, Role.LECTURER, other_centre)
    centre_manager = make_user("Phạm Thị Quản", unit=centre)
    grant(centre_manager, Role.CENTRE_MANAGER, centre)
    other_manager = make_user("Hoàng Văn Tỉnh", unit=other_province)
    grant(other_manager, Role.PROVINCIAL_MANAGER, other_province)
    national_manager = make_user("Vũ Thị Nước", unit=root)
    grant(national_manager, Role.NATIONAL_MANAGER, root)
    return Cast(
        root=root,
        province=province,
        centre=centre,
        other_province=other_province,
        other_centre=other_centre,
        study=study,
        other_class=other_class,
        learner=study.learner,
        other_learner=make_enrolment(other_class, make_user("Đỗ Thị Lạ", unit=other_centre)).learner,
        lecturer=lecturer,
        other_lecturer=other_lecturer,
        centre_manager=centre_manager,
        other_manager=other_manager,
        national_manager=national_manager,
    )
