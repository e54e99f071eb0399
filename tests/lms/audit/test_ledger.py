"""The ledger of streams shows what a stream cannot show of itself, without any anchor."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from lms.audit.anchors import (
    compare,
    compare_with_last,
    dump,
    first_problems,
    keep_nightly,
    load,
    make_anchor,
    set_aside,
)
from lms.audit.ledger import catch_up, late, note, verify_ledger
from lms.audit.models import LEDGER, AuditEntry, AuditHead, LedgerEntry
from lms.audit.services import ChainFault, record, streams, verify
from lms.audit.tasks import note_audit
from lms.reports.tasks import prove_audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(django_capture_on_commit_callbacks):
    """Record entries as a committed transaction would: the ledger notes them afterwards."""

    def write(*names):
        with django_capture_on_commit_callbacks(execute=True):
            for name in names:
                record(actor=None, action="test.did", stream=name)

    return write


@pytest.fixture
def trail(write):
    for _round in range(3):
        write("main", "class:1")
    write("class:1")


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def head_of(stream):
    return AuditHead.objects.filter(stream=stream).values_list("number", "digest", "seal").get()


def put_back(stream, head):
    """What somebody with the database, but without the key, can do: an old head comes back with its old seal."""
    number, digest, seal = head
    sql("DELETE FROM audit_auditentry WHERE stream = %s AND number > %s", stream, number)
    sql(
        "UPDATE audit_audithead SET number = %s, digest = %s, seal = %s WHERE stream = %s", number, digest, seal, stream
    )


def test_every_commit_notes_the_new_ends(trail, write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(3):
            record(actor=None, action="test.did", stream="class:2")
    noted = list(LedgerEntry.objects.order_by("number").values_list("number", "stream", "stream_number"))
    assert noted == [
        (1, "class:1", 1), (2, "main", 1),
        (3, "class:1", 2), (4, "main", 2),
        (5, "class:1", 3), (6, "main", 3),
        (7, "class:1", 4),
        (8, "class:2", 3),
    ]  # fmt: skip
    assert (verify_ledger(), first_problems(), list(streams())) == ([], [], ["class:1", "class:2", "main"])
    assert (note(["main"]), catch_up(), list(late())) == (0, 0, [])


def test_an_act_undone_is_not_noted(trail):
    with transaction.atomic():
        record(actor=None, action="test.did", stream="class:9")
        transaction.set_rollback(True)
    assert (LedgerEntry.objects.count(), first_problems()) == (7, [])


def test_a_deleted_stream_shows(trail):
    sql("DELETE FROM audit_auditentry WHERE stream = 'class:1'")
    sql("DELETE FROM audit_audithead WHERE stream = 'class:1'")
    assert (verify("class:1"), list(streams())) == ([], ["main"])
    assert first_problems() == [ChainFault("class:1", 1, "ledger_missing")]


def test_an_old_head_put_back_shows(trail, write, capsys):
    old = head_of("class:1")
    write("class:1", "class:1")
    put_back("class:1", old)
    assert verify("class:1") == []
    assert first_problems() == [ChainFault("class:1", 6, "ledger_missing")]
    write("class:1", "class:1")
    assert verify("class:1") == []
    assert first_problems() == [ChainFault("class:1", 6, "ledger_differs")]
    with pytest.raises(CommandError):
        call_command("verify_audit")
    assert capsys.readouterr().err == "class:1 #6: ledger_differs\n"


def test_changes_of_the_ledger_itself_show(trail):
    for statement, expected in (
        ("UPDATE audit_ledgerentry SET stream_digest = 'x' WHERE number = 3", ChainFault(LEDGER, 3, "altered")),
        ("UPDATE audit_ledgerentry SET opening = NOT opening WHERE number = 3", ChainFault(LEDGER, 3, "altered")),
        ("DELETE FROM audit_ledgerentry WHERE number = 3", ChainFault(LEDGER, 3, "missing")),
        ("DELETE FROM audit_ledgerentry WHERE number = 7", ChainFault(LEDGER, 7, "truncated")),
        ("DELETE FROM audit_audithead WHERE stream = 'ledger'", ChainFault(LEDGER, 7, "head")),
        ("UPDATE audit_audithead SET number = 6 WHERE stream = 'ledger'", ChainFault(LEDGER, 6, "head")),
    ):
        with transaction.atomic():
            sql(statement)
            assert expected in first_problems(), statement
            transaction.set_rollback(True)
    assert first_problems() == []


def test_the_ledger_put_back_with_a_stream_shows_by_the_other_streams(trail, write):
    old, old_ledger = head_of("class:1"), head_of(LEDGER)
    write("class:1")
    write("main")
    put_back("class:1", old)
    sql("DELETE FROM audit_ledgerentry WHERE number > %s", old_ledger[0])
    put_back(LEDGER, old_ledger)
    assert first_problems() == []  # so far it could be a server between two transactions
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert first_problems() == [ChainFault("main", 4, "not_in_ledger")]
        assert catch_up() == 1
        assert list(late()) == [ChainFault("main", 4, "late")]


def test_a_ledger_thrown_away_shows(trail):
    sql("DELETE FROM audit_ledgerentry")
    sql("DELETE FROM audit_audithead WHERE stream = 'ledger'")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert first_problems() == [ChainFault("class:1", 4, "not_in_ledger"), ChainFault("main", 3, "not_in_ledger")]


def test_a_crash_between_two_transactions_is_made_good(trail, capsys):
    record(actor=None, action="test.did", stream="class:3")
    assert (note_audit.call(), note_audit.call()) == (1, 0)
    assert (first_problems(), list(late())) == ([], [])
    record(actor=None, action="test.did", stream="class:4")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)):
        assert note_audit.call() == 1
    assert (first_problems(), list(late())) == ([], [ChainFault("class:4", 1, "late")])
    call_command("verify_audit")
    assert capsys.readouterr().out == (
        "class:4 #1: noted in the ledger long after it was written\nThe audit trail is whole: 4 streams.\n"
    )


def test_no_stream_is_called_like_the_ledger():
    with pytest.raises(ValueError, match="the ledger is no stream"):
        record(actor=None, action="test.did", stream=LEDGER)


def test_an_anchor_sees_the_ledger(trail, write):
    text = dump(make_anchor())
    assert (LEDGER, 7) in [head[:2] for head in load(text).heads]
    write("main")
    assert compare(load(text)) == []
    sql("DELETE FROM audit_ledgerentry WHERE number = 7")
    assert compare(load(text)) == [ChainFault(LEDGER, 7, "anchor_missing")]


def test_each_night_is_compared_with_the_night_before(trail, write, settings, caplog):
    """Somebody puts the whole trail back to an older state, ledger and all: only an anchor can know."""
    folder = settings.SEN_ANCHORS_DIR
    kept = {name: head_of(name) for name in ("main", "class:1", LEDGER)}
    write("main")
    assert (prove_audit.call(), len(list(folder.iterdir()))) == (0, 1)
    for name, head in kept.items():
        put_back(name, head)
    sql("DELETE FROM audit_ledgerentry WHERE number > %s", kept[LEDGER][0])
    assert first_problems() == []
    assert (prove_audit.call(), len(list(folder.iterdir()))) == (2, 1)
    assert [line.getMessage() for line in caplog.records if line.levelname == "ERROR"] == [
        "the audit trail is broken: ledger #8 anchor_missing",
        "the audit trail is broken: main #4 anchor_missing",
    ]


def test_the_newest_nightly_anchors_are_kept_and_a_changed_one_shows(trail, tmp_path):
    assert compare_with_last(tmp_path) == []
    made = []
    for night in range(16):
        with time_machine.travel(dt.datetime(2026, 12, 1 + night, 1, 30, tzinfo=dt.UTC)):
            made.append(keep_nightly(tmp_path))
    assert sorted(tmp_path.iterdir()) == made[2:]
    assert compare_with_last(tmp_path) == []
    nested = set_aside(tmp_path)
    assert (compare_with_last(tmp_path), sorted(path.name for path in nested.iterdir())) == (
        [],
        [path.name for path in made[2:]],
    )
    assert set_aside(tmp_path) is None
    made[-1] = keep_nightly(tmp_path)
    made[-1].write_text(made[-1].read_text().replace('"number": 4', '"number": 3'))
    assert compare_with_last(tmp_path) == [ChainFault(made[-1].name, 0, "anchor_unreadable")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite in memory has one connection")
def test_many_writers_leave_one_whole_ledger():
    workers, each = 6, 8
    start = threading.Barrier(workers)
    failed = []

    def work(name):
        try:
            start.wait()
            for _time in range(each):
                record(actor=None, action="test.did", stream=name)
                record(actor=None, action="test.did", stream="shared")
        except Exception as error:  # noqa: BLE001 (the thread's error must reach the test)
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"own:{number}",)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert first_problems() == []
    assert catch_up() == 0
    numbers = list(LedgerEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert AuditEntry.objects.filter(stream="shared").count() == workers * each


def test_a_ledger_thrown_away_does_not_begin_anew(trail, write, caplog):
    """The work of every minute must not vouch for what the deletion was to hide."""
    sql("DELETE FROM audit_auditentry WHERE stream = 'class:1'")
    sql("DELETE FROM audit_audithead WHERE stream IN ('class:1', 'ledger')")
    sql("DELETE FROM audit_ledgerentry")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        write("main")
        assert (catch_up(), note(["main"]), LedgerEntry.objects.count()) == (0, 0, 0)
        assert "the ledger of streams is gone" in caplog.text
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)):
        assert first_problems() == [ChainFault("main", 4, "not_in_ledger")]


def test_the_command_compares_with_the_last_anchor_kept_here(trail, settings, capsys):
    keep_nightly(settings.SEN_ANCHORS_DIR)
    call_command("verify_audit")
    sql("DELETE FROM audit_auditentry")
    sql("DELETE FROM audit_audithead")
    sql("DELETE FROM audit_ledgerentry")
    with pytest.raises(CommandError):
        call_command("verify_audit")
    assert capsys.readouterr().err.splitlines() == [
        "class:1 #4: anchor_missing",
        "ledger #7: anchor_missing",
        "main #3: anchor_missing",
    ]
