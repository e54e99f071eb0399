"""QTI items that ask several things at once: taken apart where they are scored apart, refused with the reason elsewhere."""

# ruff: noqa: E501 (markup)

from __future__ import annotations

import re

import pytest

from quizzes.formats.qti import read

CORRECT = "<responseCondition><responseIf><match><variable identifier='{0}'/><correct identifier='{0}'/></match><setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/><baseValue baseType='float'>{1}</baseValue></sum></setOutcomeValue></responseIf></responseCondition>"
MAPPED = "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/><mapResponse identifier='{0}'/></sum></setOutcomeValue>"
ALL = "<responseCondition><responseIf><and><match><variable identifier='R1'/><correct identifier='R1'/></match><match><variable identifier='R2'/><correct identifier='R2'/></match></and><setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf></responseCondition>"


def declared(name, right, extra="", cardinality="single"):
    values = "".join(f"<value>{one}</value>" for one in right)
    return f"<responseDeclaration identifier='{name}' cardinality='{cardinality}' baseType='identifier'><correctResponse>{values}</correctResponse>{extra}</responseDeclaration>"


def choice(name, *texts, prompt="", most=1):
    asked = f"<prompt>{prompt}</prompt>" if prompt else ""
    options = "".join(f"<simpleChoice identifier='{chr(65 + n)}'>{text}</simpleChoice>" for n, text in enumerate(texts))
    return f"<choiceInteraction responseIdentifier='{name}' shuffle='true' maxChoices='{most}'>{asked}{options}</choiceInteraction>"


def item(body, rules, *declarations, after=""):
    return (
        "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='doc-hieu' title='Đọc hiểu' adaptive='false' timeDependent='false'>"
        f"{''.join(declarations)}<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'><defaultValue><value>0</value></defaultValue></outcomeDeclaration>"
        f"<itemBody>{body}</itemBody><responseProcessing>{rules}</responseProcessing>{after}</assessmentItem>"
    )


def as_qti3(text):
    """The same item in the words of QTI 3."""

    def hyphened(name):
        return re.sub(r"(?<!^)([A-Z])", lambda found: "-" + found[1].lower(), name)

    text = re.sub(r"<(/?)(?!p\b|div\b|h3\b|b\b)([A-Za-z]+)", lambda m: f"<{m[1]}qti-{hyphened(m[2])}", text)
    text = re.sub(
        r" (responseIdentifier|maxChoices|baseType|timeDependent|mapKey|mappedValue|outcomeIdentifier|showHide|defaultValue)=",
        lambda m: f" {hyphened(m[1])}=",
        text,
    )
    return text.replace("imsqti_v2p1", "imsqtiasi_v3p0")


VERSIONS = pytest.mark.parametrize("version", [lambda text: text, as_qti3], ids=["2.1", "3.0"])


def told(reading):
    return [
        (
            one.kind,
            one.stem,
            [option["html"] for option in one.content.get("options", [])],
            one.key.get("correct"),
            [doubt.code for doubt in one.doubts],
        )
        for one in reading.questions
    ]


@VERSIONS
def test_choices_scored_apart_become_questions_with_the_common_text(version):
    body = (
        "<p>Đọc đoạn văn: Dân là gốc.</p>"
        + choice("R1", "Dân", "Quan", prompt="Ai là gốc?")
        + choice("R2", "Một", "Hai", "Ba", prompt="Đoạn văn có mấy câu?")
    )
    rules = CORRECT.format("R1", 1) + CORRECT.format("R2", 1)
    reading = read(version(item(body, rules, declared("R1", ["A"]), declared("R2", ["A"]))).encode())
    assert told(reading) == [
        ("single_choice", "<p>Đọc đoạn văn: Dân là gốc.</p><p>Ai là gốc?</p>", ["Dân", "Quan"], "a", []),
        ("single_choice", "<p>Đọc đoạn văn: Dân là gốc.</p><p>Đoạn văn có mấy câu?</p>", ["Một", "Hai", "Ba"], "a", []),
    ]
    assert [one.code for one in reading.questions] == ["doc-hieu-1", "doc-hieu-2"]
    assert [one.place.within for one in reading.questions] == ["Đọc hiểu (1/2)", "Đọc hiểu (2/2)"]


@VERSIONS
def test_mapped_responses_keep_their_own_way_of_scoring(version):
    mapping = "<mapping defaultValue='0' lowerBound='0'><mapEntry mapKey='A' mappedValue='0.5'/><mapEntry mapKey='B' mappedValue='0.5'/><mapEntry mapKey='C' mappedValue='-0.5'/></mapping>"
    body = (
        "<p>Chung.</p>"
        + choice("R1", "a", "b", "c", prompt="Chọn các ý đúng.", most=0)
        + choice("R2", "có", "không", prompt="Đúng không?")
    )
    rules = MAPPED.format("R1") + CORRECT.format("R2", 2)
    declarations = (declared("R1", ["A", "B"], mapping, "multiple"), declared("R2", ["B"]))
    reading = read(version(item(body, rules, *declarations)).encode())
    assert [(one.kind, one.key, one.broken) for one in reading.questions] == [
        ("multiple_response", {"correct": ["a", "b"], "scoring": "partial_penalty"}, False),
        ("single_choice", {"correct": "b"}, False),
    ]


@VERSIONS
def test_without_prompts_the_paragraph_before_each_is_its_question(version):
    body = (
        "<p>Đoạn văn chung.</p><p>Câu một?</p>" + choice("R1", "a", "b") + "<p>Câu <b>hai</b>?</p>" + choice("R2", "c", "d")
        + "<div><p>Câu ba?</p>" + choice("R3", "e", "f") + "</div>"
    )  # fmt: skip
    rules = "".join(CORRECT.format(name, 1) for name in ("R1", "R2", "R3"))
    reading = read(
        version(item(body, rules, declared("R1", ["A"]), declared("R2", ["B"]), declared("R3", ["A"]))).encode()
    )
    assert [(stem, options, key) for _kind, stem, options, key, _doubts in told(reading)] == [
        ("<p>Đoạn văn chung.</p><p>Câu một?</p>", ["a", "b"], "a"),
        ("<p>Đoạn văn chung.</p><p>Câu <b>hai</b>?</p>", ["c", "d"], "b"),
        ("<p>Đoạn văn chung.</p><p>Câu ba?</p>", ["e", "f"], "a"),
    ]


@VERSIONS
def test_feedback_goes_to_the_question_that_it_speaks_of(version):
    rules = "".join(
        CORRECT.format(name, 1)
        + f"<setOutcomeValue identifier='F{name}'><variable identifier='{name}'/></setOutcomeValue>"
        for name in ("R1", "R2")
    )
    outcomes = "".join(
        f"<outcomeDeclaration identifier='F{name}' cardinality='single' baseType='identifier'/>"
        for name in ("R1", "R2")
    )
    after = "".join(
        f"<modalFeedback outcomeIdentifier='F{name}' identifier='B' showHide='show'><p>{text}</p></modalFeedback>"
        for name, text in (("R1", "Xem lại mục 1"), ("R2", "Xem lại mục 2"))
    )
    body = choice("R1", "a", "b", prompt="Một?") + choice("R2", "c", "d", prompt="Hai?")
    reading = read(
        version(item(body, rules, declared("R1", ["A"]), declared("R2", ["A"]), outcomes, after=after)).encode()
    )
    assert [one.feedback for one in reading.questions] == [
        {"options": {"b": "Xem lại mục 1"}},
        {"options": {"b": "Xem lại mục 2"}},
    ]


@VERSIONS
@pytest.mark.parametrize(
    ("second", "rules"),
    [
        (choice("R2", "c", "d"), ALL),
        (choice("R2", "c", "d"), CORRECT.format("R1", 1)),
        (choice("R2", "c", "d"), ""),
        (
            "<p>Viết <textEntryInteraction responseIdentifier='R2'/></p>",
            CORRECT.format("R1", 1) + CORRECT.format("R2", 1),
        ),
        ("<uploadInteraction responseIdentifier='R2'/>", CORRECT.format("R1", 1) + CORRECT.format("R2", 1)),
    ],
    ids=["together", "one counts", "no rules", "a gap", "another sort"],
)
def test_what_is_not_scored_apart_or_of_one_sort_is_refused_as_before(version, second, rules):
    body = "<p>Chung.</p>" + choice("R1", "a", "b", prompt="Một?") + second
    reading = read(version(item(body, rules, declared("R1", ["A"]), declared("R2", ["A"]))).encode())
    assert [[(doubt.code, doubt.params) for doubt in one.doubts] for one in reading.questions] == [
        [("several_interactions", {"count": 2})]
    ]


@VERSIONS
def test_several_gaps_in_a_text_stay_one_question(version):
    gap = "<inlineChoiceInteraction responseIdentifier='{0}'><inlineChoice identifier='A'>gốc</inlineChoice><inlineChoice identifier='B'>ngọn</inlineChoice></inlineChoiceInteraction>"
    body = f"<p>Dân là {gap.format('R1')}, nước lấy dân làm {gap.format('R2')}.</p>"
    rules = CORRECT.format("R1", 1) + CORRECT.format("R2", 1)
    reading = read(version(item(body, rules, declared("R1", ["A"]), declared("R2", ["A"]))).encode())
    assert [(one.kind, len(one.content["gaps"]), one.broken) for one in reading.questions] == [("gap_text", 2, False)]
