"""Roles given and ended."""

import datetime as dt

import pytest
import time_machine

from lms.audit.models import AuditEntry
from lms.people.access import has_role, may_grant, role_paths
from lms.people.enums import Role
from lms.people.models import Membership
from lms.people.services.memberships import MembershipError, end_role, grant_role
from lms.people.signals import membership_changed
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def heard():
    calls = []

    def listen(**kwargs):
        calls.append((kwargs["user"], kwargs["unit"], kwargs["role"]))

    membership_changed.connect(listen)
    yield calls
    membership_changed.disconnect(listen)


def test_grant_and_end(heard):
    unit, user, actor = make_unit(), make_user(), make_user()
    grant(actor, Role.CENTRE_MANAGER, unit)
    assert not has_role(user, {Role.LECTURER})
    with time_machine.travel(DAY, tick=False):
        membership = grant_role(user=user, unit=unit, role=Role.LECTURER, actor=actor)
        assert role_paths(user, {Role.LECTURER}) == [unit.path]
        assert grant_role(user=user, unit=unit, role=Role.LECTURER, actor=actor) == membership
        assert heard == [(user, unit, "lecturer")]
        end_role(membership=membership, actor=actor)
        end_role(membership=membership, actor=actor)
        user.__dict__.pop("_sen_memberships", None)
        assert not has_role(user, {Role.LECTURER})
    assert heard == [(user, unit, "lecturer")] * 2
    assert user.memberships.values_list("valid_from", "valid_to").get() == (None, DAY)
    role = {"role": "lecturer", "unit": unit.pk}
    assert list(AuditEntry.objects.values_list("action", "actor", "target", "data").order_by("number")) == [
        ("people.role_granted", actor.pk, f"user:{user.pk}", {**role, "from": None, "to": None}),
        ("people.role_ended", actor.pk, f"user:{user.pk}", {**role, "to": "2026-03-02"}),
    ]


def test_a_role_that_never_began_is_removed(heard):
    membership = grant_role(
        user=make_user(), unit=make_unit(), role=Role.AUTHOR, actor=None, valid_from=dt.date(2999, 1, 1)
    )
    end_role(membership=membership, actor=None)
    assert not Membership.objects.exists()
    assert len(heard) == 2


def test_a_second_grant_reopens():
    unit, user = make_unit(), make_user()
    membership = grant_role(user=user, unit=unit, role=Role.AUTHOR, actor=None)
    end_role(membership=membership, actor=None)
    grant_role(user=user, unit=unit, role=Role.AUTHOR, actor=None)
    assert Membership.objects.values_list("valid_from", "valid_to").get() == (None, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"role": "king"}, "unknown_role"),
        ({"valid_from": DAY, "valid_to": DAY}, "invalid_period"),
        ({"user": False}, "inactive_person"),
    ],
)
def test_grant_refuses(change, code):
    arguments = {"user": make_user(), "unit": make_unit(), "role": Role.AUTHOR, "actor": None, **change}
    if not arguments["user"]:
        arguments["user"] = make_user(is_active=False)
    with pytest.raises(MembershipError) as caught:
        grant_role(**arguments)
    assert caught.value.code == code
    assert not Membership.objects.exists()
    assert not AuditEntry.objects.exists()


def test_nobody_gives_or_ends_a_role_beyond_the_own():
    country = make_unit(kind="central")
    province = make_unit(country, kind="province")
    centre, other = make_unit(province), make_unit(country)
    manager, chief, boss, nation = make_user(), make_user(), make_user(), make_user()
    grant(manager, Role.CENTRE_MANAGER, centre)
    grant(chief, Role.PROVINCIAL_MANAGER, province)
    grant(boss, Role.ADMINISTRATOR, country)
    grant(nation, Role.NATIONAL_MANAGER, country)
    root = make_user(is_superuser=True)
    wanted = [
        ("lecturer", centre), ("centre_manager", centre), ("provincial_manager", centre), ("administrator", centre),
        ("lecturer", province), ("provincial_manager", province), ("lecturer", other), ("national_manager", country),
        ("administrator", country),
    ]  # fmt: skip
    seen = {}
    for name, actor in (("manager", manager), ("chief", chief), ("nation", nation), ("boss", boss), ("root", root)):
        allowed = []
        for role, unit in wanted:
            person = make_user()
            there = grant(make_user(), role, unit)
            if may_grant(actor, role, unit):
                allowed.append((role, unit.pk))
                grant_role(user=person, unit=unit, role=role, actor=actor)
                end_role(membership=there, actor=actor)
                continue
            with pytest.raises(MembershipError) as given:
                grant_role(user=person, unit=unit, role=role, actor=actor)
            with pytest.raises(MembershipError) as ended:
                end_role(membership=there, actor=actor)
            assert (given.value.code, ended.value.code) == ("not_allowed", "not_allowed")
            there.refresh_from_db()
            assert (there.valid_to, person.memberships.count()) == (None, 0)
        seen[name] = allowed
    everything = [(role, unit.pk) for role, unit in wanted]
    assert seen == {
        "manager": everything[:2],
        "chief": [everything[index] for index in (0, 1, 2, 4, 5)],
        "nation": [everything[index] for index in (0, 1, 2, 4, 5, 6)],
        "boss": everything,
        "root": everything,
    }
