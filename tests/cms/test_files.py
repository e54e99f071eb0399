"""Pictures and documents of the library: who may change which, and what is in use stays."""

import pytest
from django.urls import reverse
from wagtail.models import GroupCollectionPermission

from cms.services.permissions import collection_of
from lms.people.enums import Role
from media.models import SenDocument, SenImage
from tests.cms.world import World
from tests.factories.media import make_document, make_image
from tests.factories.programmes import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(quick_passwords):
    return World()


def codes(user, unit):
    rows = GroupCollectionPermission.objects.filter(group__user=user, collection=collection_of(unit))
    return sorted(rows.values_list("permission__codename", flat=True))


OWN = ["add_document", "add_image", "choose_document", "choose_image"]
ALL = ["add_document", "add_image", "change_document", "change_image", "choose_document", "choose_image"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.AUTHOR, OWN), (Role.LECTURER, OWN), (Role.EDITOR, ALL), (Role.ADMINISTRATOR, ALL)],
)
def test_authors_keep_their_own_files_and_editors_all(world, client_as, role, expected):
    colleague = world.person(Role.AUTHOR, world.centre)
    user = world.person(role, world.centre)
    assert codes(user, world.centre) == expected
    place = collection_of(world.centre)
    mine = make_image("Của tôi", collection=place, uploaded_by_user=user)
    theirs = make_image("Của bạn", collection=place, uploaded_by_user=colleague)
    document = make_document("Của bạn", collection=place, uploaded_by_user=colleague)
    client = client_as(user)
    keeps = 200 if expected == ALL else 404
    asked = [
        reverse("wagtailimages:edit", args=[theirs.pk]),
        reverse("wagtailimages:delete", args=[theirs.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtaildocs:delete", args=[document.pk]),
    ]
    assert [client.get(url).status_code for url in asked] == [keeps] * 4
    assert client.get(reverse("wagtailimages:edit", args=[mine.pk])).status_code == 200
    listed = client.get(reverse("wagtailimages:index")).content.decode()
    assert ("Của tôi" in listed, "Của bạn" in listed) == (True, keeps == 200)
    chosen = client.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    assert ("Của tôi" in chosen, "Của bạn" in chosen) == (True, True)
    client.post(reverse("wagtailimages:delete", args=[theirs.pk]))
    assert SenImage.objects.filter(pk=theirs.pk).exists() is (keeps == 404)


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_file_in_use_is_not_deleted(world, client_as, kind):
    user = world.person(Role.EDITOR, world.centre)
    place = collection_of(world.centre)
    model = {"image": SenImage, "document": SenDocument}[kind]
    make = {"image": make_image, "document": make_document}[kind]
    used, free = (make(title, collection=place, uploaded_by_user=user) for title in ("Đang dùng", "Không dùng"))
    lesson = world.lesson(world.centre)
    block = (
        ("picture", {"image": used.pk, "alt": "Ảnh", "caption": ""})
        if kind == "image"
        else ("recording", {"file": used.pk, "captions": None, "title": "Bài giảng"})
    )
    lesson.body = [{"type": block[0], "value": block[1]}]
    publish(lesson)
    client = client_as(user)
    space, argument = {"image": ("wagtailimages", "image_usage"), "document": ("wagtaildocs", "document_usage")}[kind]
    usage = reverse(f"{space}:{argument}", args=[used.pk])
    for method in (client.get, client.post):
        response = method(reverse(f"{space}:delete", args=[used.pk]))
        assert (response.status_code, response.headers["Location"]) == (302, usage)
    text = client.get(usage).content.decode()
    assert "“Đang dùng” đang được dùng nên không xóa được. Hãy gỡ khỏi các trang có nó trước." in text
    assert lesson.title in text
    bulk = reverse("wagtail_bulk_action", args=["sen_media", model._meta.model_name, "delete"])
    response = client.post(f"{bulk}?id={used.pk}&id={free.pk}")
    assert (response.status_code, response.headers["Location"], model.objects.count()) == (302, usage, 2)
    response = client.post(
        reverse(f"{space}:delete_multiple", args=[used.pk]), headers={"X-Requested-With": "XMLHttpRequest"}
    )
    assert (response.status_code, response.json()["success"], model.objects.count()) == (409, False, 2)
    assert client.post(reverse(f"{space}:delete", args=[free.pk])).status_code == 302
    assert list(model.objects.all()) == [used]
