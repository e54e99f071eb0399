"""Classical figures and response models against published figures, an independent implementation, and by property."""

import statistics as stdlib

import numpy as np
import pytest
from girth import rasch_mml, twopl_mml
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.exams.engine import irt
from lms.exams.engine.flags import Flag, flags
from lms.exams.engine.irt import ItemParameters
from lms.exams.engine.statistics import (
    ItemFigures,
    OptionFigures,
    ResponseMatrix,
    alpha,
    item_figures,
    pearson,
    rounded,
)
from lms.exams.engine.statistics import test_figures as whole_test

# LSAT, section 6: 1,000 people by pattern (R. D. Bock and M. Lieberman, Psychometrika 35, 1970, table 1).
LSAT6 = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01010": 0, "01011": 16, "01100": 0, "01101": 3, "01110": 2, "01111": 15,
    "10000": 10, "10001": 29, "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80,
    "11000": 16, "11001": 56, "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip


def lsat6():
    return np.array([[float(c) for c in pattern] for pattern, people in LSAT6.items() for _ in range(people)])


def answers(table, *, points=None, **fields):
    table = np.asarray(table, dtype=float)
    asked = ~np.isnan(table)
    return ResponseMatrix(
        versions=list(range(1, table.shape[1] + 1)),
        earned=table,
        points=np.where(asked, 1.0 if points is None else np.asarray(points, dtype=float), 0.0),
        omitted=fields.get("omitted", np.zeros(table.shape, dtype=bool)),
        seconds=fields.get("seconds", np.full(table.shape, np.nan)),
        chosen=fields.get("chosen", {}),
    )


def test_classical_figures_of_lsat_6_are_the_published_ones():
    items = item_figures(answers(lsat6()))
    assert [item.difficulty for item in items] == [0.924, 0.709, 0.553, 0.763, 0.87]
    # the descriptive analysis of D. Rizopoulos, Journal of Statistical Software 17(5), 2006
    assert [round(item.discrimination, 4) for item in items] == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    whole = whole_test(answers(lsat6()))
    assert (round(whole.alpha, 3), whole.kr20, whole.people, whole.forms) == (0.295, True, 1000, 1)
    assert rounded(whole.mean) == 0.7638
    assert whole.sem == pytest.approx(whole.deviation * (1 - whole.alpha) ** 0.5)


def test_response_models_of_lsat_6_are_the_published_ones():
    """The estimates of Rizopoulos (2006) by marginal maximum likelihood."""
    rasch, twopl = irt.fit(lsat6(), "rasch"), irt.fit(lsat6(), "2pl")
    assert [rasch.items[j].b for j in range(5)] == pytest.approx(
        [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=0.01
    )
    assert {round(rasch.items[j].a, 2) for j in range(5)} == {0.76}
    assert [twopl.items[j].b for j in range(5)] == pytest.approx(
        [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=0.02
    )
    assert [twopl.items[j].a for j in range(5)] == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=0.01)
    assert rasch.log_likelihood == pytest.approx(-2466.938, abs=0.01)
    assert all(0.05 < item.fit_p <= 1 for item in rasch.items.values())
    assert (rasch.converged, rasch.people, rasch.name) == (True, 1000, "rasch")


@pytest.mark.slow
def test_response_models_agree_with_an_independent_implementation():
    rng = np.random.default_rng(7)
    a, b, theta = rng.uniform(0.6, 1.8, 12), rng.normal(0, 1, 12), rng.normal(0, 1, 700)
    table = (rng.random((700, 12)) < 1 / (1 + np.exp(-a * (theta[:, None] - b)))).astype(float)
    other = twopl_mml(table.T.astype(int))
    mine = irt.fit(table, "2pl")
    assert [mine.items[j].a for j in range(12)] == pytest.approx(list(other["Discrimination"]), abs=0.03)
    assert [mine.items[j].b for j in range(12)] == pytest.approx(list(other["Difficulty"]), abs=0.03)
    # the other one fixes the common discrimination at 1; in logits both must order and space the questions alike
    easy = irt.fit(table, "rasch")
    scaled = np.array([easy.items[j].a * easy.items[j].b for j in range(12)])
    difficulty = np.asarray(rasch_mml(table.T.astype(int))["Difficulty"])
    assert np.corrcoef(scaled, difficulty)[0, 1] > 0.9999


def test_questions_that_were_not_asked_are_missing_and_not_wrong():
    rng = np.random.default_rng(3)
    theta = rng.normal(0, 1, 900)
    table = (rng.random((900, 6)) < 1 / (1 + np.exp(-(theta[:, None] - np.linspace(-1, 1, 6))))).astype(float)
    table[::2, 5] = np.nan
    fitted = irt.fit(table, "rasch")
    assert [round(fitted.items[j].b, 1) for j in (0, 5)] == pytest.approx([-1.0, 1.0], abs=0.25)


@pytest.mark.parametrize(("people", "name"), [(149, "rasch"), (499, "2pl")])
def test_too_few_people_give_no_model(people, name):
    rng = np.random.default_rng(1)
    assert irt.fit((rng.random((people, 8)) < 0.6).astype(float), name) is None


def test_a_question_that_everybody_solves_is_left_out_of_the_model():
    table = np.hstack([lsat6(), np.ones((1000, 1))])
    assert sorted(irt.fit(table, "rasch").items) == [0, 1, 2, 3, 4]


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="3pl"):
        irt.fit(lsat6(), "3pl")


def test_a_small_class_worked_by_hand():
    """Four people, three questions worth 1, 1 and 2 points; the last one never answered the third."""
    table = [[1, 1, 1], [1, 0, 0.5], [0, 1, 0.5], [0, 0, 0]]
    omitted = np.zeros((4, 3), dtype=bool)
    omitted[3, 2] = True
    seconds = np.full((4, 3), np.nan)
    seconds[:, 0] = [10, 20, 40, np.nan]
    chose_x = np.array([True, True, False, False])
    got = answers(
        table, points=[[1, 1, 2]] * 4, omitted=omitted, seconds=seconds, chosen={1: {"x": chose_x, "y": ~chose_x}}
    )
    first, second, third = item_figures(got)
    assert rounded([first.difficulty, second.difficulty, third.difficulty]) == [0.5, 0.5, 0.5]
    # rest of the points for the first question: 3, 1, 2, 0 against 1, 1, 0, 0
    assert rounded(first.discrimination) == 0.4472
    assert (first.seconds, third.omitted, third.omit_rate, third.dichotomous) == (20.0, 1, 0.25, False)
    assert first.upper_lower == 1.0
    assert first.options == (
        OptionFigures("x", 2, 0.5, first.discrimination, (0.0, 1.0, 0.0, 1.0, None)),
        OptionFigures("y", 2, 0.5, -first.discrimination, (1.0, 0.0, 1.0, 0.0, None)),
    )
    whole = whole_test(got)
    assert rounded([whole.mean, whole.median, whole.lowest, whole.highest]) == [0.5, 0.5, 0.0, 1.0]
    assert whole.histogram == (1, 0, 0, 0, 0, 2, 0, 0, 0, 1)
    assert (whole.alpha, whole.sem, whole.kr20) == (None, None, False)


def test_forms_with_other_questions_are_each_judged_by_themselves():
    whole = lsat6()[:400]
    table = np.full((400, 10), np.nan)
    table[:200, :5], table[200:, 5:] = whole[:200], whole[200:]
    expected = (alpha(whole[:200]) + alpha(whole[200:])) / 2
    figures = whole_test(answers(table))
    assert figures.forms == 2
    assert figures.alpha == pytest.approx(expected)


def test_nobody_gives_no_figures():
    figures = whole_test(answers(np.empty((0, 3))))
    assert (figures.people, figures.mean, figures.alpha, sum(figures.histogram)) == (0, None, None, 0)
    assert [item.difficulty for item in item_figures(answers(np.empty((0, 3))))] == [None] * 3


tables = st.integers(3, 30).flatmap(
    lambda people: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=4, max_size=4), min_size=people, max_size=people
    )
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_figures_agree_with_the_standard_library(table):
    items = item_figures(answers(table))
    for column, item in enumerate(items):
        own = [row[column] for row in table]
        rest = [sum(row) - row[column] for row in table]
        assert item.difficulty == pytest.approx(stdlib.fmean(own))
        if len(set(own)) > 1 and len(set(rest)) > 1:
            assert item.discrimination == pytest.approx(stdlib.correlation(own, rest), abs=1e-9)
        else:
            assert item.discrimination is None
    totals = [sum(row) for row in table]
    value = alpha(np.asarray(table))
    if len(set(totals)) > 1:
        parts = sum(stdlib.variance([row[column] for row in table]) for column in range(4))
        assert value == pytest.approx(4 / 3 * (1 - parts / stdlib.variance(totals)))
    else:
        assert value is None


@settings(max_examples=40, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_figure_of_a_question(table, random):
    other = list(table)
    random.shuffle(other)
    names = ("difficulty", "discrimination", "asked", "omitted", "deviation")
    one, two = item_figures(answers(table)), item_figures(answers(other))
    assert [rounded([getattr(i, n) for n in names], 9) for i in one] == [
        rounded([getattr(i, n) for n in names], 9) for i in two
    ]


def test_pearson_needs_three_people():
    assert pearson(np.array([0.0, 1.0]), np.array([0.0, 1.0])) is None


def item(**fields):
    base = {
        "version": 1, "asked": 100, "omitted": 0, "difficulty": 0.6, "deviation": 0.4, "discrimination": 0.3,
        "upper_lower": 0.5, "seconds": None, "dichotomous": True, "curve": (0.2, 0.4, 0.6, 0.8, 1.0), "options": (),
    }  # fmt: skip
    return ItemFigures(**{**base, **fields})


def option(name, share, top):
    return OptionFigures(name, int(share * 100), share, 0.0, (0.1, 0.1, 0.1, 0.1, top))


GOOD = (option("a", 0.6, 0.9), option("b", 0.3, 0.1), option("c", 0.1, 0.0))


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        (item(options=GOOD), []),
        (item(asked=19, difficulty=0.0, discrimination=-1.0), []),
        (item(difficulty=None), []),
        (item(discrimination=-0.01), [Flag("negative")]),
        (item(discrimination=0.09), [Flag("weak")]),
        (item(discrimination=0.05, difficulty=0.96), [Flag("too_easy")]),
        (item(difficulty=0.19), [Flag("too_hard")]),
        (item(omitted=11), [Flag("many_omit")]),
        (
            item(options=(option("a", 0.3, 0.2), option("b", 0.4, 0.7), option("c", 0.01, 0.0))),
            [Flag("distractor_beats_key", "b"), Flag("dead_option", "c")],
        ),
    ],
)
def test_findings(figures, found):
    assert flags(figures, ["a"]) == found


def test_a_question_that_does_not_fit_the_model_is_found():
    parameters = ItemParameters(a=1, b=0, b_error=0.1, infit=1.3, outfit=1.6, fit_p=0.001)
    assert flags(item(options=GOOD), ["a"], parameters) == [Flag("misfit")]
