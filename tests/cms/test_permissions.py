"""Memberships decide who may do what in Wagtail."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import Collection, GroupPagePermission, Page

from cms.models import ContentGroup, LessonPage, ModulePage, ProgrammePage
from cms.queries import explorable_pages
from cms.services.permissions import collection_of, sync_user
from cms.services.programmes import NotYourUnitError, start_programme
from lms.people.enums import Role
from tests.cms.world import World
from tests.factories.programmes import publish

pytestmark = pytest.mark.django_db

WRITE = {"add", "change"}
PUBLISH = {"add", "change", "publish", "lock", "unlock"}


@pytest.fixture
def world(quick_passwords):
    return World()


def allowed(user, page):
    tester = Page.objects.get(pk=page.pk).specific.permissions_for_user(type(user).objects.get(pk=user.pk))
    return getattr(tester, "permissions", set())


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.AUTHOR, WRITE),
        (Role.LECTURER, WRITE),
        (Role.EDITOR, PUBLISH),
        (Role.ADMINISTRATOR, PUBLISH),
        (Role.REGISTRAR, set()),
        (Role.CENTRE_MANAGER, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_a_role_acts_on_the_programmes_of_its_subtree(world, role, expected):
    user = world.person(role, world.north)
    assert {unit.name: allowed(user, page) for unit, page in world.programmes.items()} == {
        "Trung ương": set(),
        "Tỉnh Bắc": expected,
        "Trung tâm Bắc": expected,
        "Trung tâm Nam": set(),
    }
    assert allowed(user, world.lesson(world.centre)) == expected
    assert allowed(user, world.site.programmes) == set()
    assert user.has_perm("wagtailadmin.access_admin") is bool(expected)


def test_only_the_top_keeps_the_public_site(world):
    admin, editor = world.person(Role.ADMINISTRATOR, world.country), world.person(Role.EDITOR, world.country)
    local = world.person(Role.ADMINISTRATOR, world.north)
    pages = (world.site.home, world.site.programmes, world.site.news)
    everything = PUBLISH | {"bulk_delete"}
    assert [allowed(admin, page) for page in pages] == [everything] * 3
    assert [allowed(editor, page) for page in pages] == [set(), set(), PUBLISH]
    assert [allowed(local, page) for page in pages] == [set(), set(), set()]


def test_roles_end_by_date(world):
    yesterday = dt.date(2020, 1, 1)
    ended = world.person(Role.AUTHOR, world.north, valid_to=yesterday)
    assert list(ended.groups.all()) == []
    current = world.person(Role.AUTHOR, world.north)
    current.memberships.update(valid_to=yesterday)
    assert current.groups.count() == 1
    call_command("sync_content_groups", verbosity=0)
    assert current.groups.count() == 0


def test_groups_made_by_hand_are_left_alone(world):
    by_hand = Group.objects.create(name="Nhóm riêng")
    user = world.person(Role.AUTHOR, world.north)
    user.groups.add(by_hand)
    user.memberships.all().delete()
    sync_user(user)
    assert list(user.groups.all()) == [by_hand]


def test_an_inactive_person_is_in_no_group(world):
    user = world.person(Role.AUTHOR, world.north)
    user.is_active = False
    user.save()
    sync_user(user)
    assert user.groups.count() == 0


def test_people_with_the_same_role_share_a_group(world):
    first, second = world.person(Role.AUTHOR, world.north), world.person(Role.AUTHOR, world.north)
    assert ContentGroup.objects.count() == 1
    assert list(first.groups.all()) == list(second.groups.all())


def test_a_programme_that_changes_hands_changes_its_groups(world):
    north, south = world.person(Role.EDITOR, world.north), world.person(Role.EDITOR, world.south)
    programme = world.programmes[world.centre]
    programme.unit = world.other
    publish(programme)
    assert (allowed(north, programme), allowed(south, programme)) == (set(), PUBLISH)


def test_syncing_again_changes_nothing(world):
    world.person(Role.EDITOR, world.north)
    world.person(Role.ADMINISTRATOR, world.country)
    before = set(GroupPagePermission.objects.values_list("pk", flat=True))
    call_command("sync_content_groups", verbosity=0)
    assert set(GroupPagePermission.objects.values_list("pk", flat=True)) == before


def test_each_unit_has_its_own_collection(world):
    user = world.person(Role.AUTHOR, world.centre)
    own = collection_of(world.centre)
    assert own.name == "Trung tâm Bắc"
    permissions = own.group_permissions.filter(group__user=user)
    assert set(permissions.values_list("permission__codename", flat=True)) == {
        "add_image",
        "choose_image",
        "add_document",
        "choose_document",
    }
    assert Collection.objects.filter(group_permissions__group__user=user).distinct().get() == own


# --- Every entrance of Wagtail that names a page ----------------------------------------------------------------


def page_addresses(patterns, prefix=""):
    """Yield (name, kwargs) of every Wagtail address that takes a page."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            names = set(pattern.pattern.converters)
            if names & {"page_id", "parent_page_id", "page_to_move_id", "destination_id"} and pattern.name:
                yield prefix + pattern.name, pattern.pattern.converters
        else:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from page_addresses(pattern.url_patterns, inner)


def wagtail_patterns():
    roots = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "quan-tri/"]
    return [pattern for root in roots for pattern in root.url_patterns]


def fill(converters, page):
    values = {}
    for name, converter in converters.items():
        kind = type(converter).__name__
        if name in {"page_id", "parent_page_id", "page_to_move_id", "destination_id"}:
            values[name] = page.pk
        elif name == "revision_id" or name in {"revision_id_a", "revision_id_b"}:
            values[name] = page.latest_revision_id
        elif name == "content_type_app_name":
            values[name] = "cms"
        elif name == "content_type_model_name":
            values[name] = "lessonpage"
        else:
            values[name] = 1 if kind == "IntConverter" else "x"
    return values


def test_pages_of_another_unit_do_not_exist(world, client_as):
    user = world.person(Role.EDITOR, world.north)
    client = client_as(user)
    foreign = [world.programmes[world.other], world.lesson(world.other), world.programmes[world.country]]
    addresses = list(page_addresses(wagtail_patterns()))
    assert len(addresses) > 35
    open_doors = []
    for name, converters in addresses:
        for page in foreign:
            url = reverse(name, kwargs=fill(converters, page))
            for method in (client.get, client.post):
                response = method(url)
                if response.status_code != 404:
                    open_doors.append((name, method.__name__, response.status_code))
    assert open_doors == []
    titles = [Page.objects.get(pk=page.pk).title for page in foreign]
    assert titles == [page.title for page in foreign]


def test_lists_and_searches_show_own_programmes_only(world, client_as):
    user = world.person(Role.EDITOR, world.north)
    client = client_as(user)
    secret = ["Trung tâm Nam", "Trung ương"]
    own = world.programmes[world.centre]
    addresses = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=[own.pk]),
        reverse("wagtailadmin_pages:search") + "?q=Nam",
        reverse("wagtailadmin_pages:search") + "?q=của",
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page_child", args=[world.site.programmes.pk]),
        reverse("wagtailadmin_choose_page_search") + "?q=của",
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_reports:aging_pages"),
        reverse("wagtailadmin_reports:locked_pages"),
        reverse("cms_programmes:index"),
        reverse("cms_programmes:index") + "?q=của",
        "/quan-tri/api/main/pages/",
        f"/quan-tri/api/main/pages/?child_of={world.site.programmes.pk}",
    ]
    leaks = []
    for url in addresses:
        response = client.get(url)
        text = response.content.decode()
        leaks += [(url, word) for word in secret if word in text]
    assert leaks == []
    listing = client.get(reverse("cms_programmes:index")).content.decode()
    assert "Chương trình của Tỉnh Bắc" in listing
    assert "Chương trình của Trung tâm Bắc" in listing


def test_the_chooser_names_no_page_of_another_unit(world, client_as):
    client = client_as(world.person(Role.EDITOR, world.north))
    foreign = world.lesson(world.other)
    assert client.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": foreign.pk}).status_code == 404
    assert client.get(f"/quan-tri/api/main/pages/{foreign.pk}/").status_code == 404
    own = world.lesson(world.centre)
    assert client.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": own.pk}).status_code == 200


def test_the_link_button_of_the_editor_offers_own_pages_and_the_public_site(world, client_as):
    """The editor asks for pages by the label of Wagtail's own page."""
    client = client_as(world.person(Role.EDITOR, world.north))
    asked = {"page_type": "wagtailcore.page", "allow_external_link": "true", "can_choose_root": "false"}
    own, foreign = world.programmes[world.centre], world.programmes[world.other]
    listed = client.get(reverse("wagtailadmin_choose_page_child", args=[world.site.programmes.pk]), asked)
    html = listed.json()["html"]
    assert (own.title in html, foreign.title in html) == (True, False)
    searched = client.get(reverse("wagtailadmin_choose_page_search"), {**asked, "q": foreign.title})
    assert (searched.status_code, foreign.pk in [page.pk for page in searched.context["pages"]]) == (200, False)
    assert client.get(reverse("wagtailadmin_choose_page"), asked).status_code == 200
    refused = client.get(reverse("wagtailadmin_choose_page_child", args=[foreign.pk]), asked)
    assert refused.status_code == 404


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_bulk_actions_stop_at_the_own_programmes(world, client_as, action):
    client = client_as(world.person(Role.EDITOR, world.north))
    foreign = world.lesson(world.other)
    url = reverse("wagtail_bulk_action", args=["cms", "basepage", action]) + f"?id={foreign.pk}"
    fields = {"chooser": world.programmes[world.centre].pk, "move_applied": "on"}
    text = client.get(url).content.decode() + client.post(url, fields).content.decode()
    foreign.refresh_from_db()
    assert foreign.live
    assert foreign.is_descendant_of(world.programmes[world.other])
    assert "Bài của Trung tâm Nam" not in text


def test_copying_into_another_unit_is_refused(world, client_as):
    client = client_as(world.person(Role.EDITOR, world.north))
    lesson = world.lesson(world.centre)
    target = ModulePage.objects.child_of(world.programmes[world.other]).get()
    fields = {"new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": target.pk}
    client.post(reverse("wagtailadmin_pages:copy", args=[lesson.pk]), fields)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, target.pk]))
    assert [
        page.title for page in LessonPage.objects.order_by("path").descendant_of(world.programmes[world.other])
    ] == ["Bài của Trung tâm Nam"]


def test_a_person_without_a_content_role_sees_no_page(world, client_as):
    user = world.person(Role.REGISTRAR, world.north)
    assert list(explorable_pages(user)) == []
    response = client_as(user).get(reverse("wagtailadmin_explore", args=[world.programmes[world.north].pk]))
    assert response.status_code == 404


# --- New programmes ---------------------------------------------------------------------------------------------


def test_an_editor_starts_a_programme_for_an_own_unit(world, client_as):
    user = world.person(Role.EDITOR, world.north)
    client = client_as(user)
    fields = {"title": "Nghiệp vụ Đoàn", "unit": world.centre.pk, "category": "front"}
    response = client.post(reverse("cms-new-programme"), fields)
    programme = ProgrammePage.objects.get(title="Nghiệp vụ Đoàn")
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[programme.pk])
    assert (programme.unit, programme.category, programme.live, programme.slug, programme.owner) == (
        world.centre,
        "front",
        False,
        "nghiep-vu-doan",
        user,
    )
    assert allowed(user, programme) == PUBLISH
    assert client.get(response["Location"]).status_code == 200


def test_a_programme_is_not_started_for_another_unit(world, client_as):
    user = world.person(Role.EDITOR, world.north)
    client = client_as(user)
    before = ProgrammePage.objects.count()
    fields = {"title": "Lấn sân", "unit": world.south.pk, "category": "other"}
    response = client.post(reverse("cms-new-programme"), fields)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["unit"]
    assert world.south.name not in client.get(reverse("cms-new-programme")).content.decode()
    with pytest.raises(NotYourUnitError):
        start_programme(title="Lấn sân", unit=world.south, category="other", actor=user)
    assert ProgrammePage.objects.count() == before


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.LECTURER])
def test_authors_start_no_programme(world, client_as, role):
    client = client_as(world.person(role, world.north))
    assert client.get(reverse("cms-new-programme")).status_code == 404
    assert client.get(reverse("wagtailadmin_pages:add_subpage", args=[world.site.programmes.pk])).status_code == 404


def test_a_programme_is_not_given_to_a_unit_outside_the_scope(world, client_as):
    user = world.person(Role.EDITOR, world.north)
    client = client_as(user)
    programme = world.programmes[world.centre]
    url = reverse("wagtailadmin_pages:edit", args=[programme.pk])
    choices = {choice.value for choice, _label in client.get(url).context["form"].fields["unit"].choices if choice}
    assert choices == {world.north.pk, world.centre.pk}
    fields = {
        "title": programme.title,
        "slug": programme.slug,
        "unit": world.south.pk,
        "category": "other",
        "outcomes": "null",
        "action-publish": "1",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    client.post(url, fields)
    programme.refresh_from_db()
    assert programme.unit == world.centre
    client.post(url, {**fields, "unit": world.north.pk})
    programme.refresh_from_db()
    assert programme.unit == world.north
