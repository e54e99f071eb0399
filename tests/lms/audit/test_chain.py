"""The chain shows every later change."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction

from lms.audit.models import AuditEntry, AuditHead
from lms.audit.services import ChainFault, canonical, record, streams, verify
from lms.common.models import ImmutableRowError
from tests.factories.people import make_user


def fill(stream="s", count=4):
    for number in range(count):
        record(actor=None, action="test.did", target=f"thing:{number}", data={"n": number}, stream=stream)


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.django_db
def test_entries_are_numbered_and_whole():
    actor = make_user()
    fill()
    entry = record(
        actor=actor,
        action="test.did",
        data={
            "on": dt.date(2026, 1, 2),
            "money": Decimal("1.10"),
            "one": 1.0,
            "big": 1e20,
            "small": 1.5e-7,
            "text": "Đ\x00\ud800",
            "list": [None, True, {"b": 1, "a": 2}],
        },
        stream="s",
    )
    assert AuditEntry.objects.get(pk=entry.pk).data == {
        "on": "2026-01-02", "money": "1.10", "one": 1, "big": 10**20, "small": 1.5e-7,
        "text": "Đ\ufffd?", "list": [None, True, {"b": 1, "a": 2}],
    }  # fmt: skip
    assert list(AuditEntry.objects.filter(stream="s").values_list("number", flat=True).order_by("number")) == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert entry.actor == actor
    fill("t", 1)
    assert verify("s") == verify("t") == verify("nothing") == []
    assert list(streams()) == ["s", "t"]


@pytest.mark.django_db
def test_canonical_json_does_not_depend_on_order_or_zone():
    at = dt.datetime(2026, 1, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    entry = AuditEntry(stream="s", number=1, at=at, actor_id=7, action="a", target="t", data={"b": "đ", "a": [1]})
    assert canonical(entry) == (
        '{"action":"a","actor":7,"at":"2026-01-02T03:00:00.000000+00:00","data":{"a":[1],"b":"đ"},'
        '"number":1,"stream":"s","target":"t"}'
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit_auditentry SET action = 'x' WHERE number = 2", [(2, "altered")]),
        ("UPDATE audit_auditentry SET target = 'x' WHERE number = 2", [(2, "altered")]),
        ("UPDATE audit_auditentry SET data = '{}' WHERE number = 2", [(2, "altered")]),
        ("UPDATE audit_auditentry SET at = '2020-01-01 00:00:00+00:00' WHERE number = 4", [(4, "altered")]),
        ("UPDATE audit_auditentry SET digest = 'x' WHERE number = 2", [(2, "altered"), (3, "altered")]),
        ("UPDATE audit_auditentry SET digest = 'x' WHERE number = 4", [(4, "altered"), (4, "altered")]),
        ("DELETE FROM audit_auditentry WHERE number = 1", [(1, "missing")]),
        ("DELETE FROM audit_auditentry WHERE number = 2", [(2, "missing")]),
        ("DELETE FROM audit_auditentry WHERE number = 4", [(4, "truncated")]),
        ("DELETE FROM audit_auditentry", [(1, "truncated")]),
        ("UPDATE audit_auditentry SET stream = 'other' WHERE number = 4", [(4, "truncated")]),
        ("DELETE FROM audit_audithead", [(4, "head")]),
        ("UPDATE audit_audithead SET number = 3", [(3, "head")]),
    ],
)
def test_tampering_shows(statement, expected):
    fill()
    sql(statement)
    assert verify("s") == [ChainFault("s", *problem) for problem in expected]


@pytest.mark.django_db
def test_cutting_the_tail_and_moving_the_head_shows():
    fill()
    third = AuditEntry.objects.get(number=3).digest
    sql("DELETE FROM audit_auditentry WHERE number = 4")
    sql("UPDATE audit_audithead SET number = 3, digest = %s", third)
    assert verify("s") == [ChainFault("s", 3, "head")]


@pytest.mark.django_db
def test_a_forged_entry_at_the_end_shows():
    fill()
    AuditEntry.objects.create(stream="s", number=5, at=dt.datetime.now(dt.UTC), action="x", digest="0" * 64)
    assert verify("s") == [ChainFault("s", 5, "altered"), ChainFault("s", 5, "altered")]


@pytest.mark.django_db
def test_a_new_key_still_proves_old_entries(settings):
    fill(count=2)
    settings.SEN_AUDIT_KEY_FALLBACKS = [settings.SEN_AUDIT_KEY]
    settings.SEN_AUDIT_KEY = "n" * 60
    fill(count=2)
    assert verify("s") == []
    settings.SEN_AUDIT_KEY_FALLBACKS = []
    assert verify("s") == [ChainFault("s", 1, "altered"), ChainFault("s", 2, "altered")]


@pytest.mark.django_db
def test_the_web_key_is_no_part_of_the_proof(settings):
    fill(count=2)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "w" * 60, []
    assert verify("s") == []


@pytest.mark.django_db
def test_nothing_is_sealed_without_a_key(settings):
    settings.SEN_AUDIT_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        fill(count=1)


@pytest.mark.django_db
def test_a_rolled_back_act_leaves_no_entry():
    fill(count=1)
    with transaction.atomic():
        fill(count=1)
        transaction.set_rollback(True)
    fill(count=1)
    assert AuditEntry.objects.count() == AuditHead.objects.get().number == 2
    assert verify("s") == []


@pytest.mark.django_db
def test_entries_are_immutable():
    fill(count=1)
    entry = AuditEntry.objects.get()
    for act in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(ImmutableRowError):
            act()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite in memory has one connection")
def test_writers_at_once():
    workers, each = 6, 10
    start = threading.Barrier(workers)
    failed = []

    def work():
        try:
            start.wait()
            fill("busy", each)
        except Exception as error:  # noqa: BLE001 (the thread's error must reach the test)
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    numbers = AuditEntry.objects.filter(stream="busy").order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, workers * each + 1))
    assert verify("busy") == []
