"""Pictures of questions: who may see them, what a text may show, and what a file takes along."""

import io
import zipfile
from decimal import Decimal
from pathlib import PurePosixPath

import pytest
from django.db import connection
from django.urls import reverse

from cms.services.permissions import collection_of, sync_user
from lms.people.enums import Role
from media.models import SenImage
from media.signing import sign
from quizzes.errors import InvalidItemError
from quizzes.formats.messages import sentence
from quizzes.models import QuestionPicture
from quizzes.services.bank.exporting import export_items
from quizzes.services.bank.items import create_item, save_version
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.media import make_image
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_attempt, make_bank, make_exam
from tests.quizzes.kinds import SAMPLES, make_picture

pytestmark = pytest.mark.django_db


class World:
    def __init__(self):
        self.country = make_unit(name="Trung ương", kind="central")
        self.centre = make_unit(self.country, "Trung tâm Bắc")
        self.other = make_unit(self.country, "Trung tâm Nam")
        self.bank = make_bank(self.centre)
        self.author = self.person(Role.AUTHOR, self.centre)
        self.picture = make_picture(bank=self.bank, actor=self.author, alt="đáp án B")

    def person(self, role, unit):
        user = make_user()
        grant(user, role, unit)
        sync_user(user)
        return user

    def item(self, stem="<p>Xem hình.</p>", *, bank=None, author=None, kind="single_choice", **content):
        base, key, *_rest = SAMPLES[kind]
        return create_item(
            bank=bank or self.bank,
            kind=kind,
            stem=stem,
            content={**base, **content},
            key=key,
            author=author or self.author,
        )

    def shown(self, picture=None):
        return f'<p>Xem <img src="{(picture or self.picture).url}" alt="hình"></p>'


@pytest.fixture
def world():
    return World()


def status(client, url):
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def test_a_picture_opens_for_its_bank_and_for_whoever_sits_a_paper_with_it(world, client_as):
    item = world.item(world.shown())
    exam = make_exam(world.centre, questions=0)
    set_questions(exam=exam, questions=[(item.current, Decimal(1))])
    freeze_papers(exam=exam)
    sitting = make_user()
    make_attempt(sitting, exam)
    people = {
        "author": world.author,
        "colleague": world.person(Role.LECTURER, world.centre),
        "officer": world.person(Role.EXAM_OFFICER, world.centre),
        "manager above": world.person(Role.NATIONAL_MANAGER, world.country),
        "learner of the attempt": sitting,
        "another learner": make_user(),
        "author elsewhere": world.person(Role.AUTHOR, world.other),
        "editor elsewhere": world.person(Role.EDITOR, world.other),
        "stranger": None,
    }
    found = {name: status(client_as(user), world.picture.url) for name, user in people.items()}
    yes = {"author", "colleague", "officer", "manager above", "learner of the attempt"}
    assert found == {name: 200 if name in yes else 404 for name in people}


def test_a_picture_is_no_part_of_the_library(world, client_as):
    world.item(world.shown())
    assert SenImage.objects.count() == 0
    editor = client_as(world.person(Role.EDITOR, world.centre))
    for url in ("/quan-tri/images/", "/quan-tri/images/chooser/", "/quan-tri/images/?q=dap"):
        assert "đáp án B" not in editor.get(url).content.decode()


def test_a_text_shows_only_pictures_that_its_author_may_use(world):
    elsewhere = make_picture(bank=make_bank(world.other))
    own_library = make_image(collection=collection_of(world.centre)).get_rendition("max-1200x1200")
    other_library = make_image(collection=collection_of(world.other)).get_rendition("max-1200x1200")
    name = world.picture.file.name
    refused = [
        elsewhere.url,
        other_library.url,
        f"/tep/anh/x/{name.rpartition('/')[2]}",
        "/static/sen/logo.svg",
        "/quan-tri/logout/",
    ]
    for src in refused:
        with pytest.raises(InvalidItemError) as caught:
            world.item(f'<p><img src="{src}" alt=""></p>')
        assert list(caught.value.fields) == ["stem"], src
        with pytest.raises(InvalidItemError):
            world.item(options=[{"id": "a", "html": f'<img src="{src}" alt="">'}, {"id": "b", "html": "Hai"}])
    for src in ("/tep/anh/x/..", f"/tep/anh/{sign('images/..')}/.."):  # no address at all: the cleaner drops it
        assert ".." not in world.item(f'<p>Xem <img src="{src}" alt=""></p>').current.stem
    with pytest.raises(InvalidItemError) as caught:
        world.item(kind="hotspot", image=elsewhere.pk)
    assert list(caught.value.fields) == ["image"]
    for src in (world.picture.url, own_library.url):
        item = world.item(f'<p><img src="{src}" alt=""></p>')
        assert src in item.current.stem
        shown = world.picture.items.filter(pk=item.pk).exists()
        assert shown is (src == world.picture.url)


def test_what_a_question_shows_already_may_stay(world):
    item = world.item(world.shown())
    QuestionPicture.objects.update(bank=make_bank(world.other), uploaded_by=None)
    item.pictures.clear()
    content, key, *_rest = SAMPLES["single_choice"]
    stem = world.shown().replace("Xem", "Hãy xem")
    colleague = world.person(Role.EDITOR, world.centre)
    version = save_version(item=item, kind="single_choice", stem=stem, content=content, key=key, author=colleague)
    assert version.number == 2


@pytest.mark.parametrize("form", ["word", "excel", "gift", "moodle_xml", "qti"])
def test_a_file_takes_only_the_questions_own_pictures(world, form, django_assert_max_num_queries):
    """Old texts may hold anything: an address that was never signed, another unit's picture, a folder, a lost file."""
    secret = make_picture(300, 300, bank=make_bank(world.other))
    library = make_image("Bí mật", collection=collection_of(world.other)).get_rendition("max-165x165")
    lost = make_picture(bank=world.bank)
    lost.file.storage.delete(lost.file.name)
    item = world.item(world.shown())
    sources = [
        world.picture.url,
        secret.url,
        library.url,
        f"/tep/anh/x/{library.file.name.rpartition('/')[2]}",
        "/tep/anh/x/..",
        "/tep/anh/x/.",
        lost.url,
    ]
    stem = "<p>Xem</p>" + "".join(f'<p><img src="{src}" alt="hình"></p>' for src in sources)
    with connection.cursor() as cursor:  # as it was written before texts were checked
        cursor.execute("UPDATE quizzes_itemversion SET stem = %s WHERE id = %s", [stem, item.current_id])
    lost.items.add(item)
    with django_assert_max_num_queries(30):
        written = export_items(item_ids=[item.pk], form=form)
    gone = sorted(loss.params["name"] for loss in written.losses if loss.code == "loss_picture_gone")
    assert gone == sorted({PurePosixPath(source).name for source in sources[1:]})
    assert sentence("loss_picture_gone", {"name": gone[0]}) != "loss_picture_gone"
    if form == "qti":
        with zipfile.ZipFile(io.BytesIO(written.data)) as package:
            images = [name for name in package.namelist() if name.startswith("images/")]
        assert images == [f"images/{world.picture.file.name.rpartition('/')[2]}"]


def test_a_hotspot_whose_picture_is_gone_is_still_exported(world):
    item = world.item(kind="hotspot", image=world.picture.pk)
    world.picture.delete()
    for form in ("word", "excel", "gift", "moodle_xml", "qti"):
        written = export_items(item_ids=[item.pk], form=form)
        assert [loss.params["name"] for loss in written.losses if loss.code == "loss_picture_gone"] == [
            str(item.current.content["image"])
        ]


def test_a_large_picture_is_kept_as_it_is_shown(world):
    picture = make_picture(2400, 1200, bank=world.bank)
    assert (picture.width, picture.height, picture.shown_width, picture.shown_height) == (2400, 1200, 1200, 600)
    assert picture.url == reverse(
        "rendition", args=[sign(picture.file.name), picture.file.name.removeprefix("images/")]
    )
