"""Freezing and planning inside Wagtail."""

import pytest
from django.urls import reverse

from cms.models import LessonPage, ModulePage
from cms.services.permissions import sync_user
from lms.people.enums import Role
from lms.programmes.models import Edition, ProgrammeItem
from tests.factories.exams_for_programmes import make_small_exam
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition, make_lesson_page, make_programme_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def programme(unit):
    return make_programme_page(unit)


def person(role, unit):
    user = make_user()
    grant(user, role, unit)
    sync_user(user)
    return user


@pytest.fixture
def editor(unit, client_as):
    return client_as(person(Role.EDITOR, unit))


def fields_of(client, programme, **changes):
    form = client.get(reverse("programmes-freeze", args=[programme.pk])).context["form"]
    return {**{name: value for name, value in form.initial.items() if value is not None}, "note": "", **changes}


def test_the_page_menu_leads_to_freezing(editor, programme):
    url = reverse("programmes-freeze", args=[programme.pk])
    for page in ("wagtailadmin_explore", "wagtailadmin_pages:edit"):
        assert f'href="{url}"' in editor.get(reverse(page, args=[programme.pk])).content.decode()


def test_an_author_may_look_but_not_freeze(unit, programme, client_as):
    author = client_as(person(Role.AUTHOR, unit))
    assert author.get(reverse("programmes-freeze", args=[programme.pk])).status_code == 404
    assert author.post(reverse("programmes-freeze", args=[programme.pk])).status_code == 404
    assert author.get(reverse("programmes-editions", args=[programme.pk])).status_code == 200
    assert not Edition.objects.exists()


def test_freezing(editor, programme):
    url = reverse("programmes-freeze", args=[programme.pk])
    response = editor.get(url)
    text = response.content.decode()
    assert "Bài 1" in text
    assert response.context["form"].initial["attendance_percent"] == "80"
    changes = {"pass_mark": "6", "excellent": "", "note": "Năm 2026", "min_seconds": "120"}
    done = editor.post(url, fields_of(editor, programme, **changes))
    edition = Edition.objects.get()
    assert done["Location"] == reverse("programmes-edition", args=[programme.pk, 1])
    assert (str(edition.pass_mark), edition.note, edition.bands) == (
        "6.00",
        "Năm 2026",
        [{"code": "average", "from": "6"}, {"code": "good", "from": "7"}, {"code": "very_good", "from": "8"}],
    )
    assert set(edition.items.values_list("min_seconds", flat=True)) == {120}
    shown = editor.get(done["Location"]).content.decode()
    assert "Bài 2" in shown
    assert edition.digest in shown
    assert "Năm 2026" in editor.get(reverse("programmes-editions", args=[programme.pk])).content.decode()


def test_what_was_not_seen_is_not_frozen(editor, programme):
    fields = fields_of(editor, programme)
    make_lesson_page(ModulePage.objects.child_of(programme).get(), title="Bài 3")
    url = reverse("programmes-freeze", args=[programme.pk])
    response = editor.post(url, fields)
    assert (response.status_code, Edition.objects.count()) == (200, 0)
    assert "Bài 3" in response.content.decode()
    assert editor.post(url, {**fields, "seen": response.context["form"].data["seen"]}).status_code == 302
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("changes", [{"good": "4"}, {"pass_mark": "11"}, {"attendance_percent": "101"}])
def test_contradicting_rules_are_shown_in_the_form(editor, programme, changes):
    response = editor.post(reverse("programmes-freeze", args=[programme.pk]), fields_of(editor, programme, **changes))
    assert (response.status_code, Edition.objects.count()) == (200, 0)
    assert response.context["form"].errors


def test_nothing_new_is_not_frozen(editor, programme):
    url = reverse("programmes-freeze", args=[programme.pk])
    editor.post(url, fields_of(editor, programme))
    response = editor.post(url, fields_of(editor, programme))
    assert (response.status_code, Edition.objects.count()) == (200, 1)
    assert response.context["form"].non_field_errors()


def test_a_programme_with_problems_is_not_frozen(editor, unit):
    empty = make_programme_page(unit, title="Trống", modules=())
    url = reverse("programmes-freeze", args=[empty.pk])
    assert " disabled" in editor.get(url).content.decode()
    response = editor.post(url, fields_of(editor, empty))
    assert (response.status_code, Edition.objects.count()) == (200, 0)


def item_fields(programme, **changes):
    module = ModulePage.objects.child_of(programme).get()
    return {
        "kind": "session",
        "title": "Thảo luận",
        "module": module.pk,
        "periods": 4,
        "required": "on",
        "weight": "1",
        "position": 0,
        **changes,
    }


def test_exams_and_sessions_are_planned(editor, programme, unit):
    exam = make_small_exam(unit)
    lesson = LessonPage.objects.descendant_of(programme).first()
    add = reverse("programmes-item-add", args=[programme.pk])
    assert editor.post(add, item_fields(programme, after_lesson=lesson.pk)).status_code == 302
    response = editor.post(add, item_fields(programme, kind="exam", title="", exam=exam.pk, counts="on"))
    assert response.status_code == 302
    rows = ProgrammeItem.objects.order_by("pk").values_list("kind", "title", "exam", "after_lesson", "counts")
    assert list(rows) == [
        ("session", "Thảo luận", None, lesson.pk, False),
        ("exam", "Bài kiểm tra", exam.pk, None, True),
    ]
    listing = editor.get(reverse("programmes-items", args=[programme.pk])).content.decode()
    assert "Thảo luận" in listing
    assert "Bài kiểm tra" in listing
    first = ProgrammeItem.objects.first()
    edit = reverse("programmes-item-edit", args=[programme.pk, first.pk])
    assert editor.get(edit).status_code == 200
    editor.post(edit, item_fields(programme, title="Giải đáp"))
    first.refresh_from_db()
    assert (first.title, first.after_lesson) == ("Giải đáp", None)
    editor.post(reverse("programmes-item-delete", args=[programme.pk, first.pk]))
    assert list(ProgrammeItem.objects.values_list("kind", flat=True)) == ["exam"]


def test_items_of_others_cannot_be_named(editor, programme, client_as):
    other_unit = make_unit()
    other = make_programme_page(other_unit, title="Chương trình khác")
    theirs = ProgrammeItem.objects.create(
        programme=other, module=ModulePage.objects.child_of(other).get(), kind="session", title="Của họ"
    )
    add = reverse("programmes-item-add", args=[programme.pk])
    wrong = [
        {"module": ModulePage.objects.child_of(other).get().pk},
        {"after_lesson": LessonPage.objects.descendant_of(other).first().pk},
        {"kind": "exam", "exam": make_small_exam(other_unit).pk},
        {"kind": "exam"},
        {"kind": "lesson"},
        {"title": ""},
    ]
    for changes in wrong:
        response = editor.post(add, item_fields(programme, **changes))
        assert response.status_code == 200, changes
        assert response.context["form"].errors
    assert editor.post(reverse("programmes-item-edit", args=[programme.pk, theirs.pk])).status_code == 404
    assert editor.post(reverse("programmes-item-delete", args=[programme.pk, theirs.pk])).status_code == 404
    assert list(ProgrammeItem.objects.all()) == [theirs]


def test_a_lesson_of_another_module_is_no_place(editor, unit):
    programme = make_programme_page(
        unit, title="Hai phần", modules=(("theory", "A", ("A1",)), ("theory", "B", ("B1",)))
    )
    first, second = ModulePage.objects.child_of(programme).order_by("path")
    lesson = LessonPage.objects.child_of(second).get()
    url = reverse("programmes-item-add", args=[programme.pk])
    fields = {"kind": "session", "title": "X", "module": first.pk, "after_lesson": lesson.pk, "periods": 1}
    response = editor.post(url, {**fields, "weight": 1, "position": 0})
    assert list(response.context["form"].errors) == ["after_lesson"]


def test_what_an_edition_holds_is_not_deleted(editor, programme):
    make_edition(programme)
    lesson = LessonPage.objects.descendant_of(programme).first()
    lesson.unpublish()
    for page in (lesson, programme):
        response = editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
        assert response.status_code in {302, 404}  # refused in words, or not there for whoever may delete nothing
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={lesson.pk}"
    assert editor.post(url).status_code in {302, 404}
    assert LessonPage.objects.filter(pk=lesson.pk).exists()
