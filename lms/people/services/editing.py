"""The consequences of editing an account in the administration."""

from __future__ import annotations

from collections.abc import Sequence

from lms.audit.services import record
from lms.people.models import Unit, User
from lms.people.services.accounts import set_active
from lms.people.services.homes import move_home
from lms.people.services.sessions import end_all


def settle_edit(*, person: User, changed: Sequence[str], active: bool, home: Unit | None, actor: User) -> None:
    """Carry out what an edit of an account entails, in the transaction that saved its fields, and record it.

    Args:
        changed: the names of the fields that were changed.
        active: whether the account is to be open.
        home: the new home unit, if one was chosen.

    Side effects: a name to sign in by that somebody else changed ends the person's sessions.
    """
    set_active(user=person, active=active, actor=actor)
    if {"email", "phone", "username"} & set(changed) and person.pk != actor.pk:
        end_all(user=person)
    if home:
        move_home(user=person, unit=home, actor=actor)
    record(actor=actor, action="people.edited", target=f"user:{person.pk}", data={"fields": list(changed)})
