"""Every role there is, once at the unit that owns the rows and once at a foreign one."""

from __future__ import annotations

from lms.people.enums import Role
from lms.people.models import User
from tests.factories.cast import Cast
from tests.factories.people import grant, make_user

ANONYMOUS = "anonymous"


def make_people(cast: Cast) -> dict[str, User | None]:
    """Return the people by name: ``author`` holds the role at the unit of the rows, ``author*`` at a foreign unit.

    ``teacher`` is the class's own lecturer, ``lecturer`` one of the same centre without the class; ``learner`` owns the
    enrolment, the attempt and the notices, ``learner*`` studies elsewhere.
    """
    people: dict[str, User | None] = {
        ANONYMOUS: None,
        "learner": cast.learner,
        "learner*": cast.other_learner,
        "teacher": cast.lecturer,
        "teacher*": cast.other_lecturer,
    }
    homes = {
        Role.PROVINCIAL_MANAGER: (cast.province, cast.other_province),
        Role.NATIONAL_MANAGER: (cast.root, None),
    }
    for role in Role:
        own, foreign = homes.get(role, (cast.centre, cast.other_centre))
        for mark, unit in (("", own), ("*", foreign)):
            if unit is not None:
                person = make_user(f"Người {role}{'Lạ' if mark else ''}", unit=unit)
                grant(person, role, unit)
                people[f"{role}{mark}"] = person
    return people
