"""A country with two provinces, for the tests of who may do what in Wagtail."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Page

from cms.models import LessonPage
from cms.services.permissions import collection_of
from cms.services.site import ensure_site
from lms.people.models import User
from lms.people.signals import membership_changed
from media.models import SenDocument, SenImage
from tests.factories.media import make_document, make_image
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_programme_page


class World:
    """A country with two provinces, a centre in each, and a programme at every unit."""

    def __init__(self):
        self.site = ensure_site(name="Sen")
        self.country = make_unit(name="Trung ương", kind="central")
        self.north = make_unit(self.country, "Tỉnh Bắc", kind="province")
        self.south = make_unit(self.country, "Tỉnh Nam", kind="province")
        self.centre = make_unit(self.north, "Trung tâm Bắc")
        self.other = make_unit(self.south, "Trung tâm Nam")
        self.programmes = {
            unit: make_programme_page(
                unit,
                title=f"Chương trình của {unit.name}",
                modules=(("theory", f"Mô-đun của {unit.name}", (f"Bài của {unit.name}",)),),
            )
            for unit in (self.country, self.north, self.centre, self.other)
        }

    def person(self, role, unit, full_name="", **fields):
        user = make_user(full_name)
        membership = grant(user, role, unit, **fields)
        membership_changed.send(sender=type(membership), user=user, unit=unit, role=role)
        return user

    def lesson(self, unit):
        return LessonPage.objects.descendant_of(self.programmes[unit]).get()


@dataclass(frozen=True)
class Things:
    """What somebody owns: every kind of row that an address of Wagtail may name."""

    page: Page
    image: SenImage
    document: SenDocument
    person: User


def make_things(world, unit, person, mark):
    """Rows of ``unit`` whose every word holds ``mark``: a lesson with a draft and a log, a tagged picture, a file."""
    lesson = world.lesson(unit)
    lesson.owner = person
    lesson.title = lesson.draft_title = f"Bài {mark}"
    lesson.save()
    lesson.save_revision(user=person, log_action=True)
    lesson.locked, lesson.locked_by, lesson.locked_at = True, person, timezone.now()
    lesson.save()
    workflow = lesson.get_workflow()
    workflow.start(lesson, person)
    image = make_image(f"Ảnh {mark}", alt_text=f"Mô tả {mark}", collection=collection_of(unit), uploaded_by_user=person)
    image.tags.add(f"Nhãn {mark}")
    document = make_document(f"Tệp {mark}", collection=collection_of(unit), uploaded_by_user=person)
    document.tags.add(f"Nhãn {mark}")
    return Things(lesson, image, document, person)
