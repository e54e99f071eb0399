"""Notices: sent once to each, read only by their owner."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lms.notifications import kinds
from lms.notifications.kinds import UnknownNotificationKindError
from lms.notifications.models import Notification
from lms.notifications.queries import unread_count
from lms.notifications.services import mark_read, notify
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_notify_each_once():
    sender, one, two, closed = make_user("Lê Hai"), make_user(), make_user(), make_user(is_active=False)
    sent = notify(
        recipients=[one.pk, two.pk, one.pk, closed.pk, 999999],
        kind="message",
        params={"sender": "Lê Hai"},
        text="Đồng chí học tiếp bài 3.",
        url="/hoc/",
        sender=sender,
    )
    assert sent == 2
    rows = Notification.objects.order_by("recipient").values_list(
        "recipient", "sender", "kind", "text", "url", "read_at"
    )
    assert list(rows) == [
        (user.pk, sender.pk, "message", "Đồng chí học tiếp bài 3.", "/hoc/", None) for user in (one, two)
    ]
    assert Notification.objects.first().sentence == "Tin nhắn của Lê Hai"
    with translation.override("en"):
        assert Notification.objects.first().sentence == "A message from Lê Hai"


def test_notify_costs_the_same_for_many():
    people = [make_user().pk for _number in range(5)]
    counts = []
    for recipients in (people[:1], people):
        with CaptureQueriesContext(connection) as queries:
            notify(recipients=recipients, kind="message")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "hoc/"])
def test_notices_lead_nowhere_else(url):
    with pytest.raises(ValueError):
        notify(recipients=[make_user().pk], kind="message", url=url)


def test_unknown_kind():
    with pytest.raises(UnknownNotificationKindError):
        notify(recipients=[make_user().pk], kind="nonsense")
    assert kinds.sentence("nonsense", {}) == "Đồng chí có tin mới."
    assert kinds.sentence("message", {}) == "Tin nhắn của …"


def test_mark_read_and_count(django_assert_num_queries):
    user, other = make_user(), make_user()
    for _number in range(3):
        notify(recipients=[user.pk, other.pk], kind="message")
    mine = list(Notification.objects.visible_to(user).values_list("pk", flat=True))
    theirs = Notification.objects.visible_to(other).values_list("pk", flat=True)[0]
    with django_assert_num_queries(1):
        assert unread_count(user) == 3
    assert mark_read(user=user, ids=[mine[0], theirs]) == 1
    assert mark_read(user=user, ids=[mine[0]]) == 0
    assert (unread_count(user), unread_count(other)) == (2, 3)
    assert mark_read(user=user) == 2
    assert (unread_count(user), unread_count(other)) == (0, 3)


def test_pages(client_as):
    user, other = make_user(), make_user()
    client = client_as(user)
    assert "Chưa có thông báo" in client.get("/thong-bao/").content.decode()
    notify(recipients=[user.pk], kind="message", params={"sender": "<b>Ai</b>"}, text="<script>", url="/hoc/")
    notify(recipients=[other.pk], kind="message", text="của người khác")
    notice, foreign = Notification.objects.get(recipient=user), Notification.objects.get(recipient=other)
    page = client.get("/thong-bao/").content.decode()
    assert "Tin nhắn của &lt;b&gt;Ai&lt;/b&gt;" in page
    assert "<script>" not in page.replace("<script type", "").replace("<script src", "").replace("<script id", "")
    assert "của người khác" not in page
    for path in (f"/thong-bao/{foreign.pk}/", f"/thong-bao/{foreign.pk}/da-doc/"):
        assert client.post(path).status_code in {404, 405}
        assert client.get(path).status_code in {404, 405}
    assert unread_count(other) == 1
    assert client.get(f"/thong-bao/{notice.pk}/")["Location"] == "/hoc/"
    assert unread_count(user) == 0
    notify(recipients=[user.pk], kind="message")
    assert client.post(f"/thong-bao/{Notification.objects.latest('pk').pk}/da-doc/")["Location"] == "/thong-bao/"
    notify(recipients=[user.pk], kind="message")
    assert client.post("/thong-bao/da-doc/")["Location"] == "/thong-bao/"
    assert unread_count(user) == 0


def test_list_costs_the_same_for_one_and_three(client_as):
    user, sender = make_user(), make_user()
    client = client_as(user)
    counts = []
    for _round in (1, 2):
        notify(recipients=[user.pk], kind="message", sender=sender)
        if counts:
            notify(recipients=[user.pk], kind="message", sender=make_user())
        client.get("/thong-bao/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/thong-bao/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
