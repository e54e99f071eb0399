"""Anchors and the commands that prove the record."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lms.audit.anchors import AnchorError, compare, dump, first_problems, load, make_anchor
from lms.audit.models import AuditEntry
from lms.audit.services import ChainFault, record
from lms.notifications.models import Notification
from lms.reports.tasks import prove_audit
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    for stream, count in (("main", 3), ("class:1", 2)):
        for number in range(count):
            record(actor=None, action="test.did", target=f"thing:{number}", stream=stream)


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def spoil(stream, number):
    sql("UPDATE audit_auditentry SET action = 'test.forged' WHERE stream = %s AND number = %s", stream, number)


def test_a_whole_trail_is_proved(trail, capsys):
    call_command("verify_audit")
    assert capsys.readouterr().out == "The audit trail is whole: 2 streams.\n"
    assert first_problems() == []


def test_the_first_broken_row_of_each_stream_is_named(trail, capsys):
    for place in (("main", 2), ("main", 3), ("class:1", 1)):
        spoil(*place)
    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    assert error.value.returncode == 1
    assert capsys.readouterr().err.splitlines() == ["class:1 #1: altered", "main #2: altered"]
    assert first_problems(["main"]) == [ChainFault("main", 2, "altered")]


def test_an_anchor_is_written_and_read_back(trail, tmp_path, capsys):
    call_command("export_audit_anchor", to=tmp_path / "anchors")
    (path,) = (tmp_path / "anchors").iterdir()
    assert capsys.readouterr().out == f"{path}\n"
    data = json.loads(path.read_text())
    heads = [(row["stream"], row["number"]) for row in data["streams"]]
    assert (heads, set(data)) == ([("class:1", 2), ("main", 3)], {"version", "made_at", "streams", "seal"})
    record(actor=None, action="test.did")
    call_command("verify_audit", against=path)


def test_a_rewritten_trail_differs_from_its_anchor(trail, tmp_path, capsys):
    """Somebody with the key writes both streams anew, shorter: the chain alone shows nothing."""
    path = tmp_path / "anchor.json"
    path.write_text(dump(make_anchor()))
    sql("DELETE FROM audit_auditentry")
    sql("DELETE FROM audit_audithead")
    for number in range(3):
        record(actor=None, action="test.other", target=f"thing:{number}")
    call_command("verify_audit")
    with pytest.raises(CommandError):
        call_command("verify_audit", against=path)
    assert capsys.readouterr().err.splitlines() == ["class:1 #2: anchor_missing", "main #3: anchor_differs"]
    assert compare(load(path.read_text())) == [
        ChainFault("class:1", 2, "anchor_missing"),
        ChainFault("main", 3, "anchor_differs"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "not_an_anchor"), ("[]", "not_an_anchor"), ('{"seal": "x"}', "not_an_anchor"), (None, "anchor_altered")],
)
def test_what_is_no_anchor_is_refused(trail, tmp_path, text, code):
    text = dump(make_anchor()).replace('"number": 3', '"number": 2') if text is None else text
    with pytest.raises(AnchorError) as error:
        load(text)
    assert error.value.code == code
    path = tmp_path / "anchor.json"
    path.write_text(text)
    with pytest.raises(CommandError) as stopped:
        call_command("verify_audit", against=path)
    assert stopped.value.returncode == 2


def test_a_former_key_still_opens_an_anchor(trail, settings):
    text = dump(make_anchor())
    settings.SEN_AUDIT_KEY_FALLBACKS = [settings.SEN_AUDIT_KEY]
    settings.SEN_AUDIT_KEY = "another key " * 5
    assert compare(load(text)) == []


def test_a_broken_trail_gets_no_anchor(trail, tmp_path):
    spoil("main", 1)
    with pytest.raises(CommandError):
        call_command("export_audit_anchor", to=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_at_night_the_administrators_are_told(trail, caplog):
    root = make_unit(kind="central")
    administrator, other = make_user(), make_user()
    grant(administrator, "administrator", root)
    grant(other, "administrator", make_unit(root))
    assert prove_audit.call() == 0
    spoil("main", 2)
    assert prove_audit.call() == 1
    told = [(row.recipient, row.sentence, row.url) for row in Notification.objects.all()]
    sentence = "Nhật ký kiểm tra bị sai lệch ở 1 chuỗi, chỗ đầu tiên là main #2. Hãy báo người quản trị máy chủ."
    assert told == [(administrator, sentence, "/dieu-hanh/nhat-ky/")]
    assert [line.getMessage() for line in caplog.records] == ["the audit trail is broken: main #2 altered"]


def test_nobody_reads_the_record_without_a_role(trail, client_as):
    from lms.people.models import User

    root = make_unit(kind="central")
    province, other = make_unit(root, kind="province"), make_unit(root, kind="province")
    seen = {}
    acting, foreign = make_user(unit=province), make_user(unit=other)
    record(actor=acting, action="people.edited", target="user:0")
    record(actor=None, action="people.edited", target=f"user:{foreign.pk}")
    for role, unit in (("auditor", province), ("administrator", other), ("auditor", root), ("national_manager", root)):
        person = make_user()
        grant(person, role, unit)
        person = User.objects.get(pk=person.pk)
        seen[role, unit.pk] = (
            list(AuditEntry.objects.visible_to(person).order_by("pk").values_list("target", flat=True)),
            client_as(person).get("/dieu-hanh/nhat-ky/").status_code,
        )
    everything = list(AuditEntry.objects.order_by("pk").values_list("target", flat=True))
    assert seen == {
        ("auditor", province.pk): (["user:0"], 200),
        ("administrator", other.pk): ([f"user:{foreign.pk}"], 200),
        ("auditor", root.pk): (everything, 200),
        ("national_manager", root.pk): ([], 404),
    }
