"""Every address of Wagtail's administration × every role: nothing of another unit, no broken page, one answer for
what is absent and what is forbidden.
"""

import re

import pytest
from django.db import transaction
from django.urls import resolve
from wagtail.log_actions import log

from cms.entrances import ENTRANCES, Scope
from lms.people.enums import Role
from tests.architecture.urls import addresses
from tests.cms.world import World, make_things

MARK = "Bí-mật-7Q"
ADMINISTRATION = [address for address in addresses() if address.in_administration]
# The arguments of an address, and which of a person's things stands for each.
PAGES = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk", "object_id"}
REVISIONS = {"revision_id", "revision_id_a", "revision_id_b"}
WORDS = {
    "app_label": "cms",
    "content_type_app_name": "cms",
    "app_name": "cms",
    "model_name": "lessonpage",
    "content_type_model_name": "lessonpage",
    "action": "delete",
    "action_name": "approve",
    "filter_spec": "original",
    "uidb64": "MQ",
    "token": "x",
}
NOBODY = 987654321
GARBAGE = {
    "title": "\u202e<b>",
    "id": "x",
    "q": "bí",
    "action": "x",
    "file": "x",
    "url": "::",
    "form-TOTAL_FORMS": "x",
    "collection": "x",
    "next": "//evil.example",
}
QUESTIONS = {
    "q": "Bí",
    "term": "Nhãn",
    "id": "x",
    "p": "x",
    "ordering": "zz",
    "page_type": "x.y",
    "owner": "x",
    "order": "%",
    "tag": "x",
    "collection_id": "x",
    "childOf": "x",
}


def path_of(address, things, *, absent=False):
    """Return the address with the numbers of ``things``, or with numbers that no row has."""

    def value(match):
        name = match[1]
        if name in WORDS:
            return WORDS[name]
        if absent or things is None:
            return str(NOBODY)
        if name in PAGES:
            return str(things.page.pk)
        if name in REVISIONS:
            return str(things.page.latest_revision_id)
        if name == "image_id" or (name == "pk" and "image" in address.route):
            return str(things.image.pk)
        if name in {"document_id", "doc_id"} or (name == "pk" and "document" in address.route):
            return str(things.document.pk)
        if name == "pk" and "pages" in address.route:
            return str(things.page.pk)
        if name == "pk" and "units" in address.route + ("units" if "chon-don-vi" in address.route else ""):
            return str(things.person.profile.unit_id or 1)
        if name == "pk" and "roles" in address.route:
            return str(things.person.memberships.first().pk)
        if name == "pk" and "users" in address.route:
            return str(things.person.pk)
        return "1"

    route = address.route.replace("^", "").replace("$", "")
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", value, route).replace("\\.", ".")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, route).replace(".*", "x")


def ask(client, method, path, data=None):
    """Ask once and undo what that did; return (status, place to go, text)."""
    with transaction.atomic():
        response = getattr(client, method)(path, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", ""), body.decode("utf-8", "replace")


@pytest.fixture
def world(quick_passwords):
    return World()


def people(world):
    """Everybody who may open the administration, and two who may not."""
    top = world.person(Role.ADMINISTRATOR, world.country)
    top.is_superuser = True
    top.save()
    return {
        "author": world.person(Role.AUTHOR, world.centre),
        "lecturer": world.person(Role.LECTURER, world.centre),
        "editor": world.person(Role.EDITOR, world.centre),
        "administrator": world.person(Role.ADMINISTRATOR, world.centre),
        "provincial editor": world.person(Role.EDITOR, world.north),
        "manager": world.person(Role.CENTRE_MANAGER, world.centre),
        "learner": world.person(Role.REGISTRAR, world.centre),
        "superuser": top,
    }


LOCAL = ("author", "editor", "administrator")


def test_every_address_has_its_rule_and_no_rule_is_left_over():
    known = {address.name or resolve(path_of(address, None)).view_name for address in ADMINISTRATION}
    assert known == set(ENTRANCES)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", LOCAL)
def test_nothing_of_another_unit_is_shown_or_told_from_nothing(world, client_as, role):
    """The other unit's things hold one mark in every word, so that it would be seen wherever they leak."""
    stranger = world.person(Role.EDITOR, world.other, f"Trần {MARK}")
    foreign = make_things(world, world.other, stranger, MARK)
    log(instance=foreign.image, action="wagtail.edit", user=stranger)
    log(instance=foreign.document, action="wagtail.edit", user=stranger)
    user = people(world)[role]
    make_things(world, world.centre, user, "của mình")
    client = client_as(user)
    wrong = []
    for address in ADMINISTRATION:
        scope = ENTRANCES[resolve(path_of(address, None)).view_name]
        absent, forbidden = path_of(address, None, absent=True), path_of(address, foreign)
        for method, data in (("get", None), ("get", QUESTIONS), ("post", {}), ("post", GARBAGE)):
            client.force_login(user)
            answer = ask(client, method, forbidden, data)
            if MARK in answer[2]:
                wrong.append((address.name, method, data, "shows another unit's words"))
            if scope is Scope.CLOSED and answer[0] != 404:
                wrong.append((address.name, method, data, "is not closed", answer[0]))
            if address.arguments and scope is not Scope.OPEN and not data:
                other = ask(client, method, absent, data)
                if other[0] != answer[0] or (answer[0] == 404 and other[2] != answer[2]):
                    wrong.append((address.name, method, data, "tells forbidden from absent", answer[:2], other[:2]))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["author", "editor", "administrator", "superuser"])
def test_no_address_breaks(world, client_as, role):
    """Empty and garbage forms, and garbage questions, at every address with one's own things."""
    user = people(world)[role]
    own = make_things(world, world.centre, user, "của mình")
    client = client_as(user)
    client.raise_request_exception = False  # a page that breaks is one wrong answer among all
    broken = []
    for address in ADMINISTRATION:
        for path in {path_of(address, own), path_of(address, own, absent=True)}:
            for method, data in (("get", None), ("get", QUESTIONS), ("post", {}), ("post", GARBAGE)):
                client.force_login(user)
                status, _place, _text = ask(client, method, path, data)
                if status >= 500:
                    broken.append((address.name, method, data, status))
    assert broken == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["manager", "learner"])
def test_without_a_content_role_there_is_no_administration(world, client_as, role):
    client = client_as(people(world)[role])
    open_doors = [
        (address.name, method)
        for address in ADMINISTRATION
        for method in ("get", "post")
        if ENTRANCES[resolve(path_of(address, None)).view_name] is not Scope.OPEN
        and ask(client, method, path_of(address, None))[0] != 404
    ]
    assert open_doors == []


@pytest.mark.django_db
def test_bulk_actions_name_no_page_of_another_unit(world, client_as):
    """Wagtail takes "all" as every page of the database and names those that it refuses."""
    stranger = world.person(Role.EDITOR, world.other, f"Trần {MARK}")
    foreign = make_things(world, world.other, stranger, MARK)
    user = world.person(Role.EDITOR, world.centre)
    make_things(world, world.centre, user, "của mình")
    client = client_as(user)
    own = world.programmes[world.centre]
    bulk = "/quan-tri/bulk/wagtailcore/page/delete/"
    asked = [
        f"{bulk}?id=all",
        f"{bulk}?id=all&childOf={world.site.programmes.pk}",
        f"{bulk}?id=all&childOf={foreign.page.get_parent().pk}",
        f"{bulk}?id={foreign.page.pk}",
        f"/quan-tri/bulk/people/user/assign_role/?id={stranger.pk}",
        f"/quan-tri/bulk/people/user/delete/?id={stranger.pk}",
        f"/quan-tri/bulk/sen_media/senimage/delete/?id={foreign.image.pk}",
        f"/quan-tri/bulk/sen_media/sendocument/add_tags/?id={foreign.document.pk}",
    ]
    assert [ask(client, "get", path)[0] for path in asked] == [404] * len(asked)
    for path in (f"{bulk}?id=all&childOf={own.pk}", "/quan-tri/bulk/sen_media/senimage/delete/?id=all"):
        status, _place, text = ask(client, "get", path)
        assert (path, status, MARK in text) == (path, 200, False)


@pytest.mark.django_db
def test_tags_are_completed_from_own_files(world, client_as):
    stranger = world.person(Role.EDITOR, world.other)
    make_things(world, world.other, stranger, MARK)
    user = world.person(Role.AUTHOR, world.centre)
    make_things(world, world.centre, user, "của mình")
    response = client_as(user).get("/quan-tri/tag-autocomplete/", {"term": "Nhãn"})
    assert response.json() == ["Nhãn của mình"]


@pytest.mark.django_db
def test_filters_by_impossible_numbers_are_no_errors(world, client_as):
    client = client_as(world.person(Role.LECTURER, world.centre))
    client.raise_request_exception = False
    huge = "9" * 30
    programme = world.programmes[world.centre]
    paths = [f"/quan-tri/chuong-trinh/?{name}={huge}" for name in ("owner", "edited_by", "site", "content_type")]
    paths += [f"/quan-tri/pages/{programme.pk}/?{name}={huge}" for name in ("owner", "edited_by", "site")]
    paths += [f"/quan-tri/pages/{programme.pk}/history/?user={huge}"]
    assert {path: client.get(path).status_code for path in paths if client.get(path).status_code >= 500} == {}
    hints = "/quan-tri/dismissibles/"
    for body, status in (
        ("[1]", 404), ('"x"', 404), (b"\xff", 404), ('{"a": "' + "x" * 20_000 + '"}', 404), ('{"a": true}', 200),
    ):  # fmt: skip
        assert client.patch(hints, body, content_type="application/json").status_code == status, body
