"""Each kind's form without JavaScript, read."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import get_kind
from quizzes.kinds.essay import html_from_text, text_from_html
from tests.quizzes.kinds import KINDS
from tests.quizzes.test_kinds import lookup_of


@pytest.mark.parametrize(
    ("kind", "form", "answer"),
    [
        ("single_choice", "q1=a", {"choice": "a"}),
        ("true_false_group", "q1-1=1&q1-2=0", {"statements": {"1": True, "2": False}}),
        ("true_false_group", "q1-1=x", None),
        ("short_text", "q1= Hà Nội ", {"text": "Hà Nội"}),
        ("numeric", "q1=3,5", {"number": "3,5"}),
        ("matching", "q1-1=b&q1-2=", {"pairs": {"1": "b"}}),
        ("ordering", "q1-a=3&q1-b=1&q1-c=2", {"order": ["b", "c", "a"]}),
        ("ordering", "q1-a=3&q1-b=&q1-c=", {"order": ["b", "c", "a"]}),
        ("ordering", "q1-a=1&q1-b=1&q1-c=2", {"order": ["a", "b", "c"]}),
        ("ordering", "q1-c=1", {"order": ["c", "a", "b"]}),
        ("ordering", "q1-a=&q1-b=", None),
        ("gap_text", "q1-1=b&q1-2=1930", {"gaps": {"1": "b", "2": "1930"}}),
        ("hotspot", "q1.x=100&q1.y=50&q1-x=1&q1-y=2", {"x": 0.25, "y": 0.25}),
        ("hotspot", "q1.x=9999&q1.y=0", {"x": 1.0, "y": 0.0}),
        ("hotspot", "q1-x=12,5&q1-y=80 %", {"x": 0.125, "y": 0.8}),
        ("hotspot", "q1-x=12,5&q1-y=", None),
        ("essay", "q1=Một%0AHai%0A%0ABa <b>", {"html": "<p>Một<br>Hai</p><p>Ba &lt;b&gt;</p>"}),
        ("essay", "q1= ", None),
    ],
)
def test_a_form_without_javascript_is_read(kind, form, answer):
    read = get_kind(kind).read_form(QueryDict(form), "q1", lookup_of(kind))
    cleaned = get_kind(kind).clean_answer(read, lookup_of(kind))
    assert (read if kind != "essay" else cleaned) == answer


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_is_no_answer(kind):
    assert get_kind(kind).read_form(QueryDict(""), "q1", lookup_of(kind)) is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=200))
def test_typed_text_comes_back(text):
    html = html_from_text(text)
    assert html_from_text(text_from_html(html)) == html
