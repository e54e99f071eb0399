"""Moving a person's home: the unit whose office handles the account."""

from __future__ import annotations

from django.db import transaction

from lms.audit.services import record
from lms.people.models import Profile, Unit, User
from lms.people.services.accounts import require_administered
from lms.people.signals import home_moved


def move_home(*, user: User, unit: Unit, actor: User | None) -> None:
    """Make ``unit`` the home of ``user``; a repeat changes nothing. Both offices are told.

    By who administers the person now: whoever could draw people to the own unit would handle their accounts next.

    Raises:
        PeopleError: ``not_allowed``.
    """
    require_administered(user, actor)
    with transaction.atomic():
        profile, _made = Profile.objects.select_for_update().get_or_create(user=user)
        before = profile.unit_id
        if before == unit.pk:
            return
        Profile.objects.filter(pk=profile.pk).update(unit=unit)
        record(
            actor=actor,
            action="people.home_moved",
            target=f"user:{user.pk}",
            data={"from": before, "to": unit.pk},
        )
        home_moved.send(sender=Profile, user=user, before=before, unit=unit, actor=actor)
