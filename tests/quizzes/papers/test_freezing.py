"""Freezing: what a paper shows, what it keeps to itself, when a set is used again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizzes.engine.receipt import digest
from quizzes.errors import ExamEmptyError
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import paper_bytes, paper_key
from quizzes.services.bank.items import save_version
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import build_paper, freeze_papers
from tests.factories.quizzes import make_bank, make_exam, make_exam_unit, make_item

pytestmark = pytest.mark.django_db


def test_a_paper_without_shuffling_is_the_exam_as_written():
    bank = make_bank()
    first = make_item(bank, stem="Câu một", options=2, correct="b")
    second = make_item(bank, stem="Câu hai", kind="multiple_response", options=3, correct="ac")
    exam = Exam.objects.create(unit=bank.unit, title="T", variants=1, shuffle_questions=False, shuffle_options=False)
    set_questions(exam=exam, questions=[(first.current, Decimal("0.25")), (second.current, Decimal(1))])
    assert freeze_papers(exam=exam) == 1
    paper = Paper.objects.get(exam=exam)
    texts = [[o["html"] for o in item.current.content["options"]] for item in (first, second)]
    assert paper.content == {
        "questions": [
            {
                "slot": 1,
                "kind": "single_choice",
                "points": 0.25,
                "stem_html": "Câu một",
                "options": [{"id": "a", "html": texts[0][0]}, {"id": "b", "html": texts[0][1]}],
            },
            {
                "slot": 2,
                "kind": "multiple_response",
                "points": 1,
                "stem_html": "Câu hai",
                "options": [
                    {"id": "a", "html": texts[1][0]},
                    {"id": "b", "html": texts[1][1]},
                    {"id": "c", "html": texts[1][2]},
                ],
            },
        ]
    }
    assert paper.layout == [
        {"slot": 1, "version": first.current.pk, "points": "0.25", "options": ["a", "b"]},
        {"slot": 2, "version": second.current.pk, "points": "1.00", "options": ["a", "b", "c"]},
    ]
    assert (paper.code, paper.max_score, paper.digest) == ("101", Decimal("1.25"), digest(paper.content))


def test_a_paper_can_be_made_again_from_its_seed_and_codes_differ():
    exam = make_exam(questions=6, variants=5)
    freeze_papers(exam=exam)
    papers = list(Paper.objects.filter(exam=exam).order_by("code"))
    assert [paper.code for paper in papers] == ["101", "102", "103", "104", "105"]
    assert len({paper.digest for paper in papers}) == 5
    questions = list(exam.questions.select_related("version"))
    for paper in papers:
        again = build_paper(exam=exam, questions=questions, seed=paper.seed)
        assert (again.content, again.layout) == (paper.content, paper.layout)


def test_a_fixed_option_keeps_its_place_on_every_code():
    unit = make_exam_unit()
    item = make_item(make_bank(unit), fixed="d")
    exam = Exam.objects.create(unit=unit, title="T", variants=20)
    set_questions(exam=exam, questions=[(item.current, Decimal(1))])
    freeze_papers(exam=exam)
    layouts = [paper.layout[0]["options"] for paper in Paper.objects.filter(exam=exam)]
    assert {options[3] for options in layouts} == {"d"}
    assert len({tuple(options) for options in layouts}) > 1


def test_a_paper_says_nothing_of_the_key():
    exam = make_exam(questions=4, multiple=2)
    freeze_papers(exam=exam)
    for paper in Paper.objects.filter(exam=exam):
        body = paper_bytes(paper.pk).raw.decode()
        assert set(paper.content) == {"questions"}
        assert {name for q in paper.content["questions"] for name in q} == {
            "slot",
            "kind",
            "points",
            "stem_html",
            "options",
        }
        assert {name for q in paper.content["questions"] for o in q["options"] for name in o} == {"id", "html"}
        assert not [
            word for word in ("correct", "key", "feedback", "BÍ-MẬT", "fixed", "version", "seed") if word in body
        ]


def test_the_compiled_key_speaks_the_letters_of_the_paper():
    exam = make_exam(questions=3, multiple=1)
    freeze_papers(exam=exam)
    versions = {q.version_id: q.version for q in exam.questions.select_related("version")}
    for paper in Paper.objects.filter(exam=exam):
        key = paper_key(paper.pk, paper.seed)
        for entry, shown, layout in zip(key.slots, paper.content["questions"], paper.layout, strict=True):
            version = versions[layout["version"]]
            html = {option["id"]: option["html"] for option in version.content["options"]}
            shown_html = {option["id"]: option["html"] for option in shown["options"]}
            correct, original = entry.key["correct"], version.key["correct"]
            assert sorted(shown_html[x] for x in correct) == sorted(html[x] for x in original)
            notes = key.feedback[entry.slot]["options"]
            assert all(
                notes[letter] == version.feedback["options"][ident]
                for letter, ident in zip("abcd", layout["options"], strict=True)
            )


def test_the_same_exam_uses_the_same_set_and_a_changed_one_a_new_set():
    exam = make_exam(questions=3)
    assert [freeze_papers(exam=exam), freeze_papers(exam=exam)] == [1, 1]
    before = list(Paper.objects.filter(exam=exam).order_by("code").values_list("pk", "digest"))

    item = exam.questions.first().version.item
    version = save_version(
        item=item, kind="single_choice", stem="Đã sửa", content=item.current.content, key={"correct": "a"}
    )
    assert freeze_papers(exam=exam) == 1  # the exam still points at the old version
    exam.questions.filter(version__item=item).update(version=version)
    assert freeze_papers(exam=exam) == 2
    Exam.objects.filter(pk=exam.pk).update(variants=2)
    assert [freeze_papers(exam=exam), freeze_papers(exam=exam)] == [3, 3]
    exam.questions.filter(position=1).update(points=Decimal(2))
    assert freeze_papers(exam=exam) == 4
    assert list(Paper.objects.filter(exam=exam, set_number=1).order_by("code").values_list("pk", "digest")) == before


def test_a_new_key_alone_makes_a_new_set_though_the_papers_look_the_same():
    exam = make_exam(questions=2)
    freeze_papers(exam=exam)
    question = exam.questions.first()
    old = question.version
    new = save_version(item=old.item, kind=old.kind, stem=old.stem, content=old.content, key={"correct": "a"})
    exam.questions.filter(pk=question.pk).update(version=new)
    assert freeze_papers(exam=exam) == 2


def test_an_exam_without_questions_is_refused():
    exam = make_exam(questions=0)
    with pytest.raises(ExamEmptyError):
        freeze_papers(exam=exam)
    assert not Paper.objects.exists()


def test_compressed_forms_are_the_same_paper():
    import gzip

    import brotli

    exam = make_exam(questions=20, variants=1)
    freeze_papers(exam=exam)
    paper = Paper.objects.get(exam=exam)
    body = paper_bytes(paper.pk)
    assert gzip.decompress(body.gzip) == brotli.decompress(body.br) == body.raw
    assert body.etag == f'"{paper.digest}"'
    assert body.best("gzip, deflate, br") == (body.br, "br")
    assert body.best("gzip;q=1.0") == (body.gzip, "gzip")
    assert body.best("br;q=0, identity") == (body.raw, "")
    assert body.best("") == (body.raw, "")
