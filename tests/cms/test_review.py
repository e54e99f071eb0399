"""Review before publication: authors hand in, the editors of the unit and above decide."""

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow, WorkflowPage, WorkflowState

from cms.blocks import LessonTable
from cms.models import LessonPage, ReviewTask
from cms.services.review import ensure_review, nearest_reviewers
from cms.services.site import ensure_site
from lms.audit.models import AuditEntry
from lms.notifications.models import Notification
from lms.people.enums import Role
from tests.cms.world import World
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(quick_passwords):
    return World()


@pytest.fixture
def author(world):
    return world.person(Role.LECTURER, world.centre)


@pytest.fixture
def editor(world):
    return world.person(Role.EDITOR, world.centre)


def hand_in(lesson, person):
    """Hand a lesson in as the page editor does, with a title that is not public yet."""
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.title = "Bài đã sửa"
    lesson.save_revision(user=person)
    return lesson.get_workflow().start(lesson, person)


def act(client, lesson, state, action, comment=""):
    url = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, action, state.current_task_state_id])
    return client.post(url, {"comment": comment})


def notices(person):
    return [(row.kind, row.sentence, row.text, row.url) for row in Notification.objects.visible_to(person)]


def test_an_empty_installation_has_one_review_over_all_pages():
    ensure_site(name="Sen")
    ensure_review()
    root = Page.get_first_root_node()
    rows = list(WorkflowPage.objects.values_list("page_id", "workflow__name"))
    assert rows == [(root.pk, "Duyệt nội dung")]
    assert list(Workflow.objects.active().values_list("name", flat=True)) == ["Duyệt nội dung"]
    assert ReviewTask.objects.count() == 1
    assert list(GroupApprovalTask.objects.filter(active=True)) == []


def test_a_workflow_that_an_administrator_chose_stays():
    ensure_site(name="Sen")
    own = Workflow.objects.create(name="Của cơ quan")
    WorkflowPage.objects.update(workflow=own)
    ensure_review()
    assert list(WorkflowPage.objects.values_list("workflow__name", flat=True)) == ["Của cơ quan"]


def test_the_nearest_editors_are_asked_and_nobody_twice(world, author):
    lesson = world.lesson(world.centre)
    national = world.person(Role.EDITOR, world.country)
    assert nearest_reviewers(lesson) == [national.pk]
    provincial = [world.person(Role.EDITOR, world.north).pk, world.person(Role.ADMINISTRATOR, world.north).pk]
    assert nearest_reviewers(lesson) == sorted(provincial)
    assert nearest_reviewers(lesson, without=provincial[0]) == provincial[1:]
    own = world.person(Role.EDITOR, world.centre)
    assert nearest_reviewers(lesson) == [own.pk]
    assert nearest_reviewers(world.site.home) == [national.pk]


def test_without_any_editor_the_superusers_are_asked(world, author):
    top = make_user(is_superuser=True)
    assert nearest_reviewers(world.lesson(world.centre)) == [top.pk]


def test_handing_in_tells_the_editor_and_sends_no_mail(world, author, editor):
    lesson = world.lesson(world.centre)
    hand_in(lesson, author)
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert notices(editor) == [("cms_review_wanted", f"{author} đề nghị duyệt “Bài đã sửa”.", "", address)]
    assert (notices(author), mail.outbox) == ([], [])


def test_an_editor_approves_and_the_lesson_is_public(world, author, editor, client_as):
    lesson = world.lesson(world.centre)
    state = hand_in(lesson, author)
    assert act(client_as(editor), lesson, state, "approve", "Rất tốt").status_code == 302
    state.refresh_from_db()
    lesson.refresh_from_db()
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert (state.status, lesson.title, lesson.live) == (WorkflowState.STATUS_APPROVED, "Bài đã sửa", True)
    assert notices(author) == [("cms_review_approved", f"{editor} đã duyệt “Bài đã sửa”.", "Rất tốt", address)]
    entry = AuditEntry.objects.get(action="cms.review_approved")
    assert (entry.actor_id, entry.target, entry.data["asked_by"]) == (editor.pk, f"page:{lesson.pk}", author.pk)
    assert mail.outbox == []


def test_asking_for_changes_gives_the_lesson_back(world, author, editor, client_as):
    lesson = world.lesson(world.centre)
    before = lesson.title
    state = hand_in(lesson, author)
    act(client_as(editor), lesson, state, "reject", "Thiếu trích dẫn")
    lesson.refresh_from_db()
    state.refresh_from_db()
    assert (state.status, lesson.title) == (WorkflowState.STATUS_NEEDS_CHANGES, before)
    assert [row[0::2] for row in notices(author)] == [("cms_review_changes", "Thiếu trích dẫn")]
    task = ReviewTask.objects.get()
    assert not task.locked_for_user(lesson, editor)
    state.resume(user=author)
    assert [row[0] for row in notices(editor)] == ["cms_review_wanted", "cms_review_wanted"]


def test_an_approved_lesson_with_a_date_waits_for_it(world, author, editor, client_as):
    lesson = LessonPage.objects.get(pk=world.lesson(world.centre).pk)
    lesson.unpublish()
    lesson.go_live_at = timezone.now() + dt.timedelta(days=1)
    lesson.save_revision(user=author)
    state = lesson.get_workflow().start(lesson, author)
    act(client_as(editor), lesson, state, "approve")
    lesson.refresh_from_db()
    assert (lesson.live, lesson.status_string) == (False, "đã hẹn giờ")
    revision = lesson.scheduled_revision
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save(update_fields=["approved_go_live_at", "content"])
    call_command("publish_scheduled", verbosity=0)
    lesson.refresh_from_db()
    assert lesson.live


def test_nobody_decides_on_own_work(world, editor, client_as):
    lesson = world.lesson(world.centre)
    state = hand_in(lesson, editor)
    response = act(client_as(editor), lesson, state, "approve")
    state.refresh_from_db()
    assert (response.status_code, state.status) == (404, WorkflowState.STATUS_IN_PROGRESS)
    assert ReviewTask.objects.get().get_actions(lesson, editor) == []


@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        (Role.EDITOR, "centre", True),
        (Role.EDITOR, "north", True),
        (Role.ADMINISTRATOR, "country", True),
        (Role.EDITOR, "other", False),
        (Role.EDITOR, "south", False),
        (Role.AUTHOR, "centre", False),
        (Role.LECTURER, "centre", False),
        (Role.CENTRE_MANAGER, "centre", False),
    ],
)
def test_who_may_decide(world, author, role, place, may):
    lesson = world.lesson(world.centre)
    state = hand_in(lesson, author)
    person = world.person(role, getattr(world, place))
    task = ReviewTask.objects.get()
    assert task.may_review(lesson, person) is may
    assert task.locked_for_user(lesson, person) is not may
    waiting = [state.current_task_state_id] if may else []
    assert list(TaskState.objects.reviewable_by(person).values_list("pk", flat=True)) == waiting


def test_a_page_in_scope_opens_no_state_of_another(world, author, editor, client_as):
    own, foreign = world.lesson(world.centre), world.lesson(world.other)
    hand_in(own, author)
    state = hand_in(foreign, world.person(Role.LECTURER, world.other))
    url = reverse("wagtailadmin_pages:workflow_action", args=[own.pk, "approve", state.current_task_state_id])
    assert client_as(editor).post(url, {"comment": ""}).status_code == 404
    state.refresh_from_db()
    foreign.refresh_from_db()
    assert (state.status, foreign.title) == (WorkflowState.STATUS_IN_PROGRESS, "Bài của Trung tâm Nam")


def test_what_waits_takes_as_many_queries_for_one_as_for_three(world, author, editor, django_assert_num_queries):
    task = ReviewTask.objects.get()
    for unit in (world.centre, world.other, world.north):
        hand_in(world.lesson(unit), author)
        fresh = type(editor).objects.get(pk=editor.pk)
        with django_assert_num_queries(6):
            found = list(task.get_task_states_user_can_moderate(fresh))
        assert [state.workflow_state.object_id for state in found] == [str(world.lesson(world.centre).pk)]


def test_the_dashboard_shows_what_waits_and_the_editor_the_words(world, author, editor, client_as):
    lesson = world.lesson(world.centre)
    page = client_as(author).get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert "Gửi duyệt" in page
    hand_in(lesson, author)
    assert "Bài đã sửa" in client_as(editor).get(reverse("wagtailadmin_home")).content.decode()
    page = client_as(editor).get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert all(words in page for words in ("Phê duyệt", "Yêu cầu chỉnh sửa"))
    title = client_as(author).get(reverse("wagtailadmin_home")).content.decode()
    assert "<title>Bảng điều khiển - Sen</title>" in title


def test_a_table_is_compared_by_its_words():
    block = LessonTable()
    value = {"data": [["Bài", "Số tiết"], ["Bài 1", None]]}
    assert block.render_basic(value) == "<p>Bài | Số tiết</p><p>Bài 1 | </p>"
    assert block.render_basic(None) == ""
    assert str(block.table_options["contextMenu"]["items"]["row_above"]["name"]) == "Chèn hàng phía trên"
