"""A small country with classes in two provinces and three years."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from lms.classes.enums import ClassState
from lms.classes.services.tallies import shift
from lms.common.clock import today
from tests.factories.classes import make_class
from tests.factories.people import make_unit
from tests.factories.programmes import make_edition, make_programme_page

BOTH = (("theory", "Lý luận", ("Bài 1",)), ("professional", "Nghiệp vụ", ("Bài 2",)))
THEORY = (("theory", "Lý luận", ("Bài 1",)),)


def add_class(unit, edition, year, *, state=ClassState.OPEN, **figures):
    """A class with figures in its tally, as if so many people were in it."""
    made = make_class(unit, edition, starts_on=dt.date(year, 3, 1), state=state)
    shift(class_id=made.pk, slot=0, changes=figures)
    return made


@pytest.fixture
def country():
    """Provinces Ân Hòa and Bình An with a centre each, a province without any class, a class at the province itself."""
    root = make_unit(name="Trung ương", kind="central")
    an, binh = make_unit(root, "Tỉnh Đồng An", "province"), make_unit(root, "Tỉnh Bình An", "province")
    empty = make_unit(root, "Tỉnh Ân Hòa", "province")
    an_centre, binh_centre = make_unit(an, "Trung tâm Đồng An"), make_unit(binh, "Trung tâm Bình An")
    party = make_edition(make_programme_page(root, title="Đảng viên mới", modules=THEORY))
    cadres = make_edition(make_programme_page(root, title="Công tác dân vận", modules=BOTH))
    year = today().year
    add_class(an_centre, party, year, enrolled=2, in_progress=5, completed=3, good=2, excellent=1, theory_done=4)
    add_class(an, cadres, year, in_progress=4, withdrawn=1, theory_done=2, professional_done=1)
    add_class(
        binh_centre, party, year - 1, state=ClassState.RECOGNISED, completed=9, failed=1, very_good=9, theory_done=9
    )
    add_class(
        binh_centre,
        cadres,
        year - 2,
        state=ClassState.CLOSED,
        completed=6,
        average=6,
        theory_done=6,
        professional_done=6,
    )
    add_class(binh_centre, cadres, year, state=ClassState.PLANNED, enrolled=50)
    add_class(binh_centre, cadres, year, state=ClassState.CANCELLED, enrolled=60)
    return SimpleNamespace(
        root=root, an=an, binh=binh, empty=empty, an_centre=an_centre, binh_centre=binh_centre,
        party=party, cadres=cadres, year=year,
    )  # fmt: skip
