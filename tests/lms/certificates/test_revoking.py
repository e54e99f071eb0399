"""Revoking a certificate: the page, the API, and what everybody reads afterwards."""

import functools
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.certificates.models import Certificate, Revocation
from lms.certificates.services import issue, issue_for_class, revoke
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.notifications.kinds import sentence
from lms.notifications.models import Notification
from lms.people.enums import Role
from tests.factories.cast import ROLES, make_cast
from tests.factories.certificates import make_certificate
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user

WHY = "Gian lận trong thi cử"


@pytest.fixture
def cast(db):
    made = make_cast()
    made.study.training_class.enrolments.update(status="completed", percent=100, completed_at=now())
    return made


@pytest.fixture
def one(cast):
    return make_certificate(cast.enrolment)


def page_of(one):
    return reverse("office:certificate-revoke", args=[one.enrolment_id])


def learner_page(one):
    return reverse("office:learner", args=[one.enrolment_id])


@pytest.mark.django_db
def test_a_manager_revokes_with_a_reason_and_once(cast, one, client_as):
    client = client_as(cast.person("centre_manager"))
    assert f'href="{page_of(one)}"' in client.get(learner_page(one)).text
    asked = client.get(page_of(one))
    assert (asked.status_code, one.number_text in asked.text) == (200, True)
    empty = client.post(page_of(one), {"reason": "  "})
    assert (empty.status_code, empty.context["form"].errors["reason"]) == (
        422,
        ["Hãy ghi lý do thu hồi giấy chứng nhận."],
    )
    assert Revocation.objects.count() == 0
    with time_machine.travel("2026-11-20 20:00:00+00:00", tick=False):  # the 21st here
        done = client.post(page_of(one), {"reason": WHY})
    again = client.post(page_of(one), {"reason": WHY}, follow=True)
    assert (done.status_code, done.url) == (302, learner_page(one))
    assert again.redirect_chain == [(learner_page(one), 302)]
    assert "Giấy chứng nhận này đã bị thu hồi trước đó." in again.text
    assert client.get(page_of(one)).url == learner_page(one)
    assert f'href="{page_of(one)}"' not in again.text
    assert "21/11/2026" in again.text
    found = Revocation.objects.get()
    assert (found.certificate, found.actor, found.reason) == (one, cast.centre_manager, WHY)
    (entry,) = AuditEntry.objects.filter(action="certificates.revoked")
    assert (entry.actor, entry.target, entry.stream, entry.data) == (
        cast.centre_manager,
        f"certificate:{one.pk}",
        f"class:{cast.training_class.pk}",
        {"code": one.code, "number": one.number_text, "reason": WHY},
    )
    (told,) = Notification.objects.filter(kind="certificate_revoked")
    assert (told.recipient, told.url, sentence(told.kind, told.params)) == (
        cast.learner,
        reverse("learner:certificates"),
        f"Giấy chứng nhận số {one.number_text} của đồng chí đã bị thu hồi: {WHY}",
    )


@pytest.mark.django_db
def test_those_who_run_the_class_revoke_and_nobody_else(cast, one, client_as):
    registrar, auditor = make_user(), make_user()
    grant(registrar, Role.REGISTRAR, cast.centre)
    grant(auditor, Role.AUDITOR, cast.province)
    clients = {role: client_as(cast.person(role)) for role in ROLES}
    clients |= {"registrar": client_as(registrar), "auditor": client_as(auditor)}
    assert {role: client.get(page_of(one)).status_code for role, client in clients.items()} == {
        "anonymous": 302,
        "learner": 404,
        "other_learner": 404,
        "lecturer": 404,
        "other_lecturer": 404,
        "centre_manager": 200,
        "other_manager": 404,
        "national_manager": 200,
        "registrar": 200,
        "auditor": 404,
    }
    refused = [role for role in ROLES if role not in {"centre_manager", "national_manager"}]
    statuses = {clients[role].post(page_of(one), {"reason": WHY}).status_code for role in [*refused, "auditor"]}
    assert (statuses, Revocation.objects.count()) == ({302, 404}, 0)
    assert f'href="{page_of(one)}"' not in clients["lecturer"].get(learner_page(one)).text


@pytest.mark.django_db
def test_nobody_revokes_the_own_certificate(cast, client_as):
    manager = cast.person("centre_manager")
    own = make_certificate(make_enrolment(cast.training_class, manager, status="completed"), 2)
    assert client_as(manager).post(page_of(own), {"reason": WHY}).status_code == 404
    with pytest.raises(DomainError) as refused:
        revoke(certificate=own, reason=WHY, actor=manager)
    assert (refused.value.code, Revocation.objects.count()) == ("own_certificate", 0)


@pytest.mark.django_db
def test_the_reason_is_for_the_holder_and_those_in_charge(cast, one, client_as):
    revoke(certificate=one, reason=WHY, actor=cast.person("centre_manager"))
    address = reverse("certificates:verify", args=[one.code])
    pages = {role: client_as(cast.person(role)).get(address).text for role in ROLES}
    assert {role for role, text in pages.items() if "Giấy chứng nhận này đã bị thu hồi" in text} == set(ROLES)
    assert {role for role, text in pages.items() if WHY in text} == {
        "learner",
        "lecturer",
        "centre_manager",
        "national_manager",
    }


@pytest.mark.django_db
def test_the_learner_reads_the_day_and_the_reason(cast, one, client_as):
    with time_machine.travel("2026-11-20 20:00:00+00:00", tick=False):
        revoke(certificate=one, reason=WHY, actor=cast.person("centre_manager"))
    client = client_as(cast.person("learner"))
    for name, args in (("learner:certificates", []), ("learner:class", [cast.enrolment.pk])):
        text = client.get(reverse(name, args=args)).text
        assert f"Thu hồi ngày 21/11/2026: {WHY}" in text
        assert reverse("certificates:pdf", args=[one.code]) not in text


@pytest.mark.django_db
def test_the_learners_list_costs_the_same_for_one_and_three(cast, one, client_as):
    manager = cast.person("centre_manager")
    revoke(certificate=one, reason=WHY, actor=manager)
    client, counts = client_as(cast.person("learner")), []
    for further in (0, 2):
        for number in range(further):
            enrolment = make_enrolment(make_class(cast.centre, cast.study.edition), cast.learner, status="completed")
            revoke(certificate=make_certificate(enrolment, number + 2), reason=WHY, actor=manager)
        client.get(reverse("learner:certificates"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text = client.get(reverse("learner:certificates")).text
        counts.append((text.count(WHY), len(queries)))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]


@pytest.mark.django_db
def test_a_revoked_number_is_never_used_again(cast):
    first = issue(enrolment=cast.enrolment)
    revoke(certificate=first, reason=WHY, actor=cast.person("centre_manager"))
    assert issue(enrolment=cast.enrolment) == first
    other = make_enrolment(cast.training_class, status="completed")
    assert issue_for_class(training_class=cast.training_class) == 1
    assert list(Certificate.objects.order_by("number").values_list("number", "enrolment_id")) == [
        (1, cast.enrolment.pk),
        (2, other.pk),
    ]
    assert cast.study.fresh().status == "completed"


@pytest.mark.django_db
def test_a_program_revokes_too(cast, one, client_as):
    address = reverse("api:certificate-revoke", args=[one.code])

    def send(role, body):
        answer = client_as(cast.person(role)).post(address, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    assert send("lecturer", {"reason": WHY})[0] == 404
    assert send("anonymous", {"reason": WHY})[0] == 401
    refused = send("centre_manager", {"reason": ""})
    assert (refused[0], refused[1]["code"], list(refused[1]["fields"])) == (400, "invalid", ["reason"])
    with time_machine.travel("2026-11-20 20:00:00+00:00", tick=False):
        answer = send("centre_manager", {"reason": WHY})
    public = client_as(None).get(reverse("api:certificate", args=[one.code])).json()
    assert public | {"reason": WHY} == answer[1]
    assert (answer[0], public["valid"], public["revoked_on"]) == (200, False, "2026-11-21")
    assert send("centre_manager", {"reason": WHY})[1]["code"] == "already_revoked"
    assert Revocation.objects.count() == 1


@pytest.mark.django_db
def test_the_own_data_hold_the_revocation(cast, one):
    from lms.certificates.own_data import certificates

    revoke(certificate=one, reason=WHY, actor=cast.person("centre_manager"))
    (row,) = certificates(cast.learner)
    assert (row["number"], row["revoked_on"], row["reason"]) == (
        one.number_text,
        Revocation.objects.get().revoked_on,
        WHY,
    )


def test_of_two_who_revoke_at_once_one_is_told(shared_db, at_once):
    one = make_certificate(make_enrolment(make_class(make_unit()), status="completed"))
    acts = [functools.partial(revoke, certificate=one, reason=WHY, actor=make_user()) for _two in range(2)]
    found = sorted(getattr(result, "code", "revoked") for result in at_once(*acts))
    assert (found, Revocation.objects.count()) == (["already_revoked", "revoked"], 1)
    assert AuditEntry.objects.filter(action="certificates.revoked").count() == 1
