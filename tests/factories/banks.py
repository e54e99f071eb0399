"""A small tree of units with banks and the people who work in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lms.people.enums import Role
from lms.people.models import Unit, User
from quizzes.models import Item, ItemBank
from quizzes.services.bank.items import create_item, save_version
from tests.factories.people import grant, make_unit, make_user

OPTIONS = {"options": [{"id": letter, "html": f"Phương án {letter}"} for letter in "abcd"]}


@dataclass(frozen=True)
class World:
    """A province with a bank of its own above two centres; ``author`` and ``officer`` work at ``centre``."""

    province: Unit
    centre: Unit
    other_centre: Unit
    bank: ItemBank
    shared: ItemBank
    other_bank: ItemBank
    author: User
    officer: User
    lecturer: User
    stranger: User
    manager: User
    provincial: User


def make_world() -> World:
    root = make_unit(name="Trung ương", kind="central")
    province = make_unit(root, name="Tỉnh", kind="province")
    centre, other = make_unit(province, name="Trung tâm A"), make_unit(province, name="Trung tâm B")
    people = {}
    for name, role, unit in (
        ("author", Role.AUTHOR, centre),
        ("officer", Role.EXAM_OFFICER, centre),
        ("lecturer", Role.LECTURER, centre),
        ("stranger", Role.EXAM_OFFICER, other),
        ("manager", Role.CENTRE_MANAGER, centre),
        ("provincial", Role.PROVINCIAL_MANAGER, province),
    ):
        people[name] = make_user(f"Nguyễn Văn {name}", unit=unit)
        grant(people[name], role, unit)
    return World(
        province=province,
        centre=centre,
        other_centre=other,
        bank=ItemBank.objects.create(unit=centre, name="Ngân hàng A"),
        shared=ItemBank.objects.create(unit=province, name="Ngân hàng tỉnh"),
        other_bank=ItemBank.objects.create(unit=other, name="Ngân hàng B"),
        **people,
    )


def make_question(bank: ItemBank, stem: str = "Câu hỏi là gì?", **fields: Any) -> Item:
    """A single-choice question, right: b."""
    content = fields.pop("content", OPTIONS)
    return create_item(
        bank=bank,
        kind="single_choice",
        stem=stem,
        content=content,
        key={"correct": "b"},
        feedback={"general": "BÍ-MẬT giải thích"},
        source="BÍ-MẬT nguồn",
        **fields,
    )


def rewrite(item: Item, stem: str = "Bản nháp?", author: User | None = None) -> Item:
    """A newer draft beside what is in use: other words and another key."""
    save_version(item=item, kind="single_choice", stem=stem, content=OPTIONS, key={"correct": "a"}, author=author)
    return item


def seen(user: User) -> User:
    """The person as the database has it now: memberships are read once per object."""
    return User.objects.get(pk=user.pk)
