"""Starting programmes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cms.access import ownable
from cms.models import ModulePage, ProgrammeIndexPage, ProgrammePage
from lms.common.errors import DomainError
from lms.common.text import fold
from lms.people.models import Unit


class NotYourUnitError(DomainError):
    """The programme's unit lies outside the actor's scope."""

    code = "not_your_unit"


@transaction.atomic
def start_programme(*, title: str, unit: Unit, category: str, actor: Any) -> ProgrammePage:
    """Make a draft programme of ``unit`` with one empty theory module, owned by ``actor``.

    Nobody but a site administrator holds Wagtail's "add" permission on the list of programmes, since there it
    would reach down into every programme; this is the door instead.

    :raises NotYourUnitError: ``actor`` may not publish for ``unit``.
    """
    if not Unit.objects.filter(ownable(actor), pk=unit.pk).exists():
        raise NotYourUnitError(_("You may not start a programme for this unit."))
    index = ProgrammeIndexPage.objects.select_for_update(no_key=True).order_by("pk").first()
    if index is None:
        raise DomainError(_("The public site has no list of programmes yet."), code="no_index")
    programme = ProgrammePage(
        title=title, slug=free_slug(index, title), unit=unit, category=category, owner=actor, live=False
    )
    index.add_child(instance=programme)
    programme.save_revision(user=actor, log_action=True)
    module = ModulePage(title=_("Theory"), slug="ly-luan", owner=actor, live=False)
    programme.add_child(instance=module)
    module.save_revision(user=actor, log_action=True)
    return programme


def free_slug(parent: Any, title: str) -> str:
    """Return a slug for ``title`` without accents that no child of ``parent`` has."""
    base = slugify(fold(title))[:240] or "trang"
    taken = set(parent.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
