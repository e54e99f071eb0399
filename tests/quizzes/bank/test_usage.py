"""Where a question stands: on fixed lists and in drawn papers."""

import pytest

from lms.exams.queries.usage import item_usage
from quizzes.errors import TopicError
from quizzes.models import ExamQuestion, ItemUse, Topic
from quizzes.queries.bank.usage import use_counts
from quizzes.services.bank import topics
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.quizzes import make_bank, make_exam, make_item

pytestmark = pytest.mark.django_db


def test_listed_and_drawn_uses_are_counted_once_an_exam():
    exam = make_exam(questions=2)
    listed = ExamQuestion.objects.filter(exam=exam).first().version.item
    freeze_papers(exam=exam)  # notes the use as well
    drawn_exam = make_drawn_exam()
    freeze_papers(exam=drawn_exam)
    drawn = ItemUse.objects.filter(exam=drawn_exam).first().item
    unused = make_item(make_bank())
    assert use_counts([listed.pk, drawn.pk, unused.pk], reader=None) == {listed.pk: 1, drawn.pk: 1}
    assert [(use.exam_id, use.version, use.attempts) for use in item_usage(listed.pk, reader=None)] == [(exam.pk, 1, 0)]
    assert [(use.exam_id, use.version) for use in item_usage(drawn.pk, reader=None)] == [(drawn_exam.pk, None)]
    assert item_usage(unused.pk, reader=None) == []


def test_a_topic_that_a_blueprint_asks_for_stays():
    blueprint = make_blueprint()
    topic = Topic.objects.filter(bank=blueprint.bank).first()
    target = Topic.objects.filter(bank=blueprint.bank).last()
    with pytest.raises(TopicError) as caught:
        topics.remove_topic(topic=topic, target=target)
    assert caught.value.code == "topic_in_use"
    assert Topic.objects.filter(pk=topic.pk).exists()
    assert topic.items.exists()
