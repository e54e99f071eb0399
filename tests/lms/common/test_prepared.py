"""Prepared queries: the same rows as the queryset, compiled once, and nothing frozen in that may change."""

import datetime as dt
import threading

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.module_loading import import_string

from lms.classes.models import Enrolment, TrainingClass
from lms.common import prepared as module
from lms.common.prepared import counted
from tests.factories.classes import make_enrolment
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(monkeypatch):
    """The decorator, without leaving the test's own queries in the register."""
    monkeypatch.setattr(module, "registry", [])
    return module.prepared


def test_rows_are_those_of_the_queryset(prepared):
    enrolment = make_enrolment(started_at=dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC))
    make_enrolment()

    @prepared
    def own(user):
        return Enrolment.objects.own(user).select_related("training_class__edition")

    @prepared
    def rows(user, since):
        return (
            own.build(user).filter(started_at__gte=since).values_list("pk", "started_at", "training_class__starts_on")
        )

    @prepared
    def named(user):
        return own.build(user).annotate(day=F("training_class__starts_on")).values("pk", "day")

    @prepared
    def number(user):
        return counted(own.build(user))

    learner, stranger = enrolment.learner, make_user()
    for _run in range(2):
        assert own.all(user=learner) == list(own.build(learner)) == [enrolment]
        assert own.first(user=stranger) is None
        with CaptureQueriesContext(connection) as captured:
            assert own.all(user=learner)[0].training_class.edition.title
        assert len(captured) == 1
        since = enrolment.started_at
        assert rows.all(user=learner, since=since) == list(rows.build(learner, since))
        assert rows.all(user=learner, since=since + dt.timedelta(seconds=1)) == []
        assert named.all(user=learner.pk) == list(named.build(learner))
        assert (number.first(user=learner), number.first(user=stranger)) == (1, 0)


def test_an_update_changes_the_rows_of_its_queryset(prepared):
    enrolments = [make_enrolment(), make_enrolment()]

    @module.prepared_update
    def note(enrolment, at):
        return Enrolment.objects.filter(pk=enrolment, status="enrolled"), {
            "last_activity_at": at,
            "percent": F("percent") + 1,
        }

    at = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    assert [note.run(enrolment=enrolments[0], at=at) for _run in range(2)] == [1, 1]
    assert note.run(enrolment=0, at=at) == 0
    rows = Enrolment.objects.order_by("pk").values_list("last_activity_at", "percent")
    assert list(rows) == [(at, 2), (None, 0)]
    with pytest.raises(KeyError):
        note.run(enrolment=enrolments[0])


def test_nobody_who_is_not_signed_in_owns_anything(prepared):
    make_enrolment()

    @prepared
    def own(user):
        return Enrolment.objects.own(user)

    assert own.all(user=AnonymousUser()) == []
    with pytest.raises(KeyError):
        own.all()


def test_a_lock_needs_a_transaction(prepared, transactional_db):
    @prepared
    def locked(pk):
        return Enrolment.objects.filter(pk=pk).select_for_update()

    if not connection.features.has_select_for_update:
        assert locked.all(pk=0) == []
        return
    for _run in range(2):
        with pytest.raises(TransactionManagementError):
            locked.all(pk=0)


def test_what_cannot_be_prepared_is_refused(prepared):
    with pytest.raises(TypeError, match="prefetch"):
        prepared(lambda pk: TrainingClass.objects.filter(pk=pk).prefetch_related("staff")).compile()
    with pytest.raises(TypeError, match="every argument"):
        prepared(lambda pk, day: TrainingClass.objects.filter(pk=pk)).compile()


def test_each_thread_uses_its_own_connection(prepared):
    @prepared
    def classes(pk):
        return TrainingClass.objects.filter(pk=pk)

    classes.all(pk=0)
    seen = []

    def look():
        ready = module._Ready(classes._plans[connection.vendor], (0,))
        seen.append(ready.compiler.connection.connection)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [None]  # a new thread has not connected yet; the compiler asks for its connection


def load_everything():
    """Import what the processes import, so that every prepared query of the product is in the register."""
    import_string(f"{settings.ROOT_URLCONF}.urlpatterns")
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in {"lms", "quizzes", "cms", "media"}:
            assert config.module


def test_no_prepared_query_of_the_product_depends_on_more_than_its_arguments():
    """Compiled on another day, in another language, each must be the same: else it would keep its first answer."""
    load_everything()
    queries = [query for query in module.registry if not query.name.startswith("tests.")]
    assert len(queries) >= 20
    plans = []
    for moment, language in (
        (dt.datetime(2026, 1, 5, tzinfo=dt.UTC), "vi"),
        (dt.datetime(2031, 9, 1, tzinfo=dt.UTC), "en"),
    ):
        with time_machine.travel(moment, tick=False), translation.override(language):
            plans.append({query.name: _plain(query.compile()) for query in queries})
    assert plans[0] == plans[1]


def _plain(plan):
    return plan.sql, tuple(value.name if isinstance(value, module.ValueSlot) else value for value in plan.params)
