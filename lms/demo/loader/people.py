"""Made-up people: the seven accounts to try the product with, lecturers, and learners by the hundred."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from lms.common.clock import today
from lms.demo.texts import NamesText
from lms.people.enums import Gender, Role
from lms.people.models import Unit, User
from lms.people.services.accounts import PersonData, create_people, create_person
from lms.people.services.memberships import grant_role

PASSWORD = "sen-demo"  # noqa: S105 (public on purpose; load_demo refuses to run where SEN_DEMO is off)


@dataclass(frozen=True, slots=True)
class Cast:
    """The accounts that ``make run`` prints."""

    learner: User
    lecturer: User
    officer: User
    manager: User
    province: User
    nation: User
    admin: User


def load_cast(*, root: Unit, province: Unit, centre: Unit) -> Cast:
    """Make the seven accounts with their roles."""

    def person(username: str, name: str, position: str, unit: Unit) -> User:
        return create_person(
            full_name=name,
            username=username,
            password=PASSWORD,
            position=position,
            organisation=unit.name,
            unit=unit,
            actor=None,
        )

    cast = Cast(
        learner=person("hocvien", "Trần Minh Hạnh", "Phó Bí thư Đoàn xã", centre),
        lecturer=person("giangvien", "Lê Thị Thu Hương", "Giảng viên", centre),
        officer=person("khaothi", "Ngô Thanh Tùng", "Phụ trách khảo thí", centre),
        manager=person("quanly", "Phạm Quốc Bảo", "Giám đốc trung tâm", centre),
        province=person("tinh", "Hoàng Đức Thắng", "Trưởng phòng Lý luận chính trị", province),
        nation=person("trunguong", "Vũ Ngọc Mai", "Vụ trưởng", root),
        admin=person("quantri", "Đặng Văn Sơn", "Quản trị hệ thống", root),
    )
    for role in (Role.LECTURER, Role.AUTHOR, Role.EDITOR):
        grant_role(user=cast.lecturer, unit=centre, role=role, actor=None)
    grant_role(user=cast.officer, unit=centre, role=Role.EXAM_OFFICER, actor=None)
    for role in (Role.CENTRE_MANAGER, Role.REGISTRAR):
        grant_role(user=cast.manager, unit=centre, role=role, actor=None)
    grant_role(user=cast.province, unit=province, role=Role.PROVINCIAL_MANAGER, actor=None)
    grant_role(user=cast.nation, unit=root, role=Role.NATIONAL_MANAGER, actor=None)
    grant_role(user=cast.admin, unit=root, role=Role.ADMINISTRATOR, actor=None)
    cast.admin.is_staff = cast.admin.is_superuser = True
    cast.admin.save(update_fields=["is_staff", "is_superuser"])
    return cast


class Namer:
    """Draws realistic names and particulars from the lists of parts."""

    def __init__(self, names: NamesText, rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self.positions = [weights for weights in names.positions.values() if weights]

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]

    def person(self, unit: Unit) -> tuple[PersonData, str]:
        """One person of ``unit`` and the own sort key, if the name needs one."""
        rng, names = self.rng, self.names
        own_key = ""
        if rng.random() < 0.03:
            minority = rng.choice(names.minority)
            full_name, ethnic, gender, own_key = minority.name, minority.ethnic, minority.gender, minority.sort_key
        else:
            gender = Gender.FEMALE.value if rng.random() < 0.46 else Gender.MALE.value
            female = gender == Gender.FEMALE
            middle = self._weighted(names.middle_female if female else names.middle_male)
            given = rng.choice(names.given_female if female else names.given_male)
            full_name = " ".join(part for part in (self._weighted(names.family), middle, given) if part)
            ethnic = self._weighted(names.ethnic_shares)
        born = dt.date(rng.randint(1972, 2005), rng.randint(1, 12), rng.randint(1, 28))
        member = rng.random() < 0.5
        joined = dt.date(min(today().year - 1, born.year + rng.randint(20, 32)), rng.randint(1, 12), rng.randint(1, 28))
        pattern = rng.choice(names.party_cell_patterns)
        place = rng.choice(names.places)
        data = PersonData(
            full_name=full_name,
            position=self._weighted(rng.choice(self.positions)),
            organisation=_fill(pattern, place, rng),
            unit=unit,
            sensitive={
                "birth_date": born,
                "gender": gender,
                "ethnicity": ethnic,
                "hometown": place,
                "party_joined_on": joined if member and joined < today() else None,
            },
        )
        return data, own_key


def _fill(pattern: str, place: str, rng: random.Random) -> str:
    """Fill whatever blanks a pattern of Party cells has."""
    filled = pattern
    for blank, value in (
        ("{name}", place),
        ("{place}", place),
        ("{n}", str(rng.randint(1, 14))),
        ("{number}", str(rng.randint(1, 14))),
    ):
        filled = filled.replace(blank, value)
    return filled[:200]


def load_people(namer: Namer, units: Sequence[Unit], count: int) -> list[User]:
    """Make ``count`` learners spread over ``units``; they have no password, as after an import."""
    drawn = [namer.person(units[index % len(units)]) for index in range(count)]
    users = create_people([data for data, _key in drawn], actor=None)
    for user, (_data, own_key) in zip(users, drawn, strict=True):
        if own_key:
            user.own_sort_key = own_key
            user.save(update_fields=["own_sort_key"])
    return users


def load_lecturers(namer: Namer, centres: Sequence[Unit]) -> dict[int, list[User]]:
    """Two lecturers for each centre, by the centre's id."""
    drawn = [namer.person(centre)[0] for centre in centres for _each in range(2)]
    users = create_people(drawn, actor=None)
    by_centre: dict[int, list[User]] = {}
    for index, user in enumerate(users):
        centre = centres[index // 2]
        grant_role(user=user, unit=centre, role=Role.LECTURER, actor=None)
        by_centre.setdefault(centre.pk, []).append(user)
    return by_centre
