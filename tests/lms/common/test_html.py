"""What cleaned HTML may hold, and that cleaning it costs no more than its length."""

# ruff: noqa: E501 (vectors read best in one line)

from __future__ import annotations

import copy
import json
import pickle
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.html import escape
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from lms.common import html, markup_bounds
from lms.common.html import ATTRIBUTES, TAGS, CleanHtml, clean_again, clean_html, cut_html, is_local_address, plain
from lms.common.markup_bounds import DEEPEST, FEW_TAGS, SHORT, bounded, words_only

ELSEWHERE = [
    "//evil.example/a.png",
    "/\t/evil.example/a.png",
    "/\n/evil.example/a.png",
    "/\r/evil.example/a.png",
    "\t//evil.example/a.png",
    "/\\evil.example/a.png",
    "\\\\evil.example/a.png",
    "/\t\\evil.example/a.png",
    "/&#x2f;evil.example/a.png",
    "/&#47;evil.example/a.png",
    "/&#47evil.example/a.png",
    "/&sol;evil.example/a.png",
    "/&#9;/evil.example/a.png",
    "/&Tab;/evil.example/a.png",
    "/&NewLine;/evil.example/a.png",
    "/&bsol;evil.example/a.png",
    "/&#92;evil.example/a.png",
    "&#x2f;&#x2f;evil.example/a.png",
    "/./evil.png",
    "/.//evil.example/a.png",
    "/..//evil.example/a.png",
    "/tep/../x.png",
    "/tep/anh/x/..",
    "/tep/%2e%2e/x.png",
    "/%2f/evil.example/a.png",
    "/%5cevil.example/a.png",
    "/%09/evil.example/a.png",
    "/a//b.png",
    "/\x7f/evil.example",
    "http://evil.example/a.png",
    "https:evil.example/a.png",
    "data:image/png;base64,AAAA",
    "a.png",
    "",
]
# Where parsers of HTML have been led astray, and what this product met itself.
VECTORS = [
    "&lt;b&gt;",
    "a &lt b &amp;lt; c",
    "&nbsp;&copy;&notit;&",
    "<pre>\n\n\nx</pre>",
    "<b><p>x</b>y</p>",
    "<table><b>x<tr><td>y",
    "<table><caption><table>",
    "<a href='/x'><a href='/y'>z",
    "<ruby>a<rt>b<rp>c",
    "<svg></p><style><a title=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><p><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<a alt='&lt;img src=x onerror=alert(1)&gt;' title='\"><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<math><![CDATA[<img src=x onerror=alert(1)>]]></math>",
    "<x/><script/src=//e>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=/a.png onerror\n=alert(1)>",
    "<a href=\" javascript:alert(1)\">x</a><a href=\"java\tscript:alert(1)\">y</a><a href=\"&#1;javascript:alert(1)\">z</a>",
    "<p hx-get=/x data-hx-get=/x hx-on:click=f() data-confirm=? class=c id=i style=x name=n onclick=f()>x</p>",
    "a\rb\x00c\ud800d",
]  # fmt: skip
_PIECES = [
    *(
        "<",
        ">",
        "</",
        "/>",
        "&",
        "&lt;",
        "&#x3c;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        '"',
        "'",
        "=",
        " ",
        "\n",
        "a",
        "é",
    ),
    *(f"<{tag}>" for tag in sorted(TAGS)[::3]),
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<pre>",
        "<math>",
        "</math>",
        "<mtext>",
        "<table>",
        "<td>",
        "<li>",
        "<ul>",
        "</ul>",
    ),
    *("<svg>", "<style>", "</style>", "<script>", "<title>", "<select>", "<template>", "<form>", "<textarea>"),
    *('<a href="/x" title="', '<img src="/a.png" alt="', '<b hx-get="/x" ', "<mglyph>", "<annotation-xml>"),
]
MARKUP = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


def elements(markup: str) -> list[tuple[str, dict[str, str]]]:
    """Return every element that another parser than the cleaner's finds, with its attributes."""
    root = lxml_html.fromstring(f"<div>{markup}</div>")
    return [(node.tag, dict(node.attrib)) for node in root.iter() if isinstance(node.tag, str)][1:]


def assert_harmless(markup: str) -> None:
    for tag, attributes in elements(markup):
        assert tag in TAGS, (markup, tag)
        assert set(attributes) <= set(ATTRIBUTES.get(tag, ())), (markup, attributes)
        assert "src" not in attributes or is_local_address(attributes["src"])
        scheme = re.sub(r"[\x00-\x20]", "", attributes.get("href", "")).lower()
        assert not scheme.startswith(("javascript:", "data:", "vbscript:")), (markup, scheme)


@given(st.one_of(MARKUP, st.text()))
@example("<pre>\n\nx")
def test_cleaning_twice_changes_nothing_and_leaves_only_what_is_allowed(text: str) -> None:
    once = clean_html(text)
    assert clean_html(str(once)) == once
    assert_harmless(once)


@pytest.mark.parametrize("vector", VECTORS)
def test_known_vectors_settle_and_hold_nothing_live(vector: str) -> None:
    once = clean_html(vector)
    assert clean_html(str(once)) == once
    assert_harmless(once)
    long = vector + " " * SHORT + "x"  # a long text is read by stricter rules
    assert clean_html(str(clean_html(long))) == clean_html(long)
    assert_harmless(clean_html(long))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("&amp;lt;", "&amp;lt;"),
        ("a < b", "a &lt; b"),
        ("a<3 & b", "a&lt;3 &amp; b"),
        ("  <p>Một\u00a0&nbsp;hai</p>\n", "<p>Một\u00a0&nbsp;hai</p>"),
        ("<pre>\n\nx</pre>", "<pre>x</pre>"),
        ('<p data-question="1" hx-get="/x" class="btn">x</p>', "<p>x</p>"),
        ('<a href="/a\\b">x</a><a href="/a\tb">y</a>', "<a>x</a><a>y</a>"),
        ('<a href="https://sen.example/a?b=1&amp;c=2" title="Xem">x</a>',) * 2,
        ('<img src="/tep/anh/a%20b-ế.webp?v=1#x" alt="Ảnh" width="20">',) * 2,
    ],
)
def test_what_is_shown_of_what_was_written(written: str, shown: str) -> None:
    assert clean_html(written) == shown


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_picture_from_elsewhere_is_never_asked_for(address: str) -> None:
    assert elements(clean_html(f'<img src="{address}" alt="x">')) == [("img", {"alt": "x"})]
    assert not is_local_address(address)


@pytest.mark.parametrize("address", ["/a.png", "/tep/anh/x/y.webp", "/-/hinh/1.png", "/a.png?q=//x", "/a/b/"])
def test_a_picture_of_this_site_is_shown(address: str) -> None:
    assert elements(clean_html(f'<img src="{address}">')) == [("img", {"src": address})]


# The type


def test_only_the_cleaner_makes_cleaned_html_and_no_store_keeps_that_word() -> None:
    made = clean_html("<b>x</b>")
    assert type(made) is CleanHtml
    assert type(clean_html("x")) is CleanHtml
    with pytest.raises(TypeError):
        CleanHtml("<script>")
    for kept in (
        pickle.loads(pickle.dumps(made)),
        copy.deepcopy([made])[0],
        json.loads(json.dumps(made)),
        made + "<i>",
        made.replace("b", "script"),
        made[:3],
        made.strip(),
        f"{made}",
    ):
        assert type(kept) is str


def test_templates_print_as_markup_only_what_was_cleaned() -> None:
    def shown(source: str, value: object) -> str:
        return Template("{% load sen %}" + source).render(Context({"value": value}))

    hostile = '<b hx-get="/x" onclick="f()">x</b>'
    assert shown("{{ value|cleaned }}", clean_html(hostile)) == "<b>x</b>"
    assert shown("{{ value|cleaned }}", hostile) == "<b>x</b>"
    assert shown("{{ value }}", clean_html(hostile)) == "&lt;b&gt;x&lt;/b&gt;"
    assert shown("{{ value|cleaned }}{{ missing|cleaned }}", None) == ""


def test_a_text_that_many_people_see_is_cleaned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    html._remembered.cache_clear()
    asked: list[str] = []
    cleaner = html._cleaner()

    class Counting:
        def clean(self, text: str) -> str:
            asked.append(text)
            return str(cleaner.clean(text))

    monkeypatch.setattr(html, "_cleaner", Counting)
    assert [clean_again("<p>Câu hỏi</p>") for _person in range(40)] == ["<p>Câu hỏi</p>"] * 40
    assert asked == ["<p>Câu hỏi</p>"]
    made = clean_html("<p>Khác</p>")
    asked.clear()
    assert clean_again(made) is made
    assert asked == []


MARK = re.compile(r"\[\[(\d)\]\]")


def test_a_text_is_cut_only_outside_its_tags() -> None:
    whole = '<p>Một [[1]] và <b>hai [[2]]</b></p><img src="/a.png" alt="> [[3]]"> hết'
    pieces = cut_html(whole, MARK)
    assert pieces == ["<p>Một ", "1", " và <b>hai ", "2", '</b></p><img src="/a.png" alt="> [[3]]"> hết']
    assert [type(piece) for piece in pieces] == [CleanHtml, str, CleanHtml, str, CleanHtml]
    assert cut_html('<b hx-get="/x">[[1]]', MARK) == ["<b>", "1", "</b>"]


# Bounds


def lines_run(work: Callable[[], Any]) -> int:
    """Return the number of lines of Python that ``work`` runs, also those of libraries."""
    count = 0

    def line(*_place: object) -> None:
        nonlocal count
        count += 1

    tool = sys.monitoring.PROFILER_ID
    sys.monitoring.use_tool_id(tool, "lines")
    try:
        sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, line)
        sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
        work()
    finally:
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.free_tool_id(tool)
    return count


REPEATED = ["<b>", "<rt>", "<rp><rt>", "<", "&", "<b></p>", "<b><i></b>", "<ul><li>", "<p><b a=1>", "<table><td>", "<math><mi>", "<!--", "<a ",
            "</", "<a href='", "<svg><p>", "<p>x", "<![CDATA[", "<small>x</small>"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", REPEATED)
def test_cleaning_twice_as_much_takes_about_twice_the_work(piece: str) -> None:
    clean_html(piece * 10)
    size = FEW_TAGS + 100
    one, two = (lines_run(lambda size=size: clean_html(piece * size)) for size in (size, 2 * size))
    assert two < 2.5 * one


def test_a_tag_with_very_many_attributes_is_text() -> None:
    tag = "<b " + " ".join(f"a{number}=1" for number in range(SHORT)) + ">"
    assert clean_html(tag) == escape(tag)


@given(st.one_of(MARKUP, st.text()))
def test_a_short_text_is_left_to_the_cleaner(text: str) -> None:
    assert bounded(text) == text


def depth(markup: str) -> int:
    """Return how deep the elements of ``markup`` stand inside each other."""
    level, deepest = [lxml_html.fromstring(f"<div>{markup}</div>", parser=lxml_html.HTMLParser(huge_tree=True))], 0
    while level := [child for node in level for child in node]:
        deepest += 1
    return deepest


@pytest.mark.parametrize("piece", ["<b>", "<b><i>", "<ul><li>", "<blockquote><p>", "<table><tr><td>"])
def test_what_is_nested_deeper_than_people_write_loses_its_tags_not_its_words(piece: str) -> None:
    written = f"{piece}từ " * 10_000
    shown = clean_html(written)
    assert depth(shown) <= 4 * DEEPEST + 4  # a table stands in three more
    assert lxml_html.fromstring(f"<div>{shown}</div>").text_content().split() == ["từ"] * 10_000


def test_a_long_text_keeps_its_markup() -> None:
    rows = "".join(f'<tr><td>{number}</td><td><a href="/x?a=1&amp;b=2">Xem</a></td></tr>' for number in range(500))
    table = f"<table><tbody>{rows}</tbody></table>"
    assert clean_html(table) == table
    paragraphs = "<p>Một đoạn <b>đậm</b> và <i>nghiêng</i>.</p>" * 500
    assert clean_html(paragraphs) == paragraphs
    assert clean_html("<p>a < b" * 1_000) == "<p>a &lt; b</p>" * 1_000
    assert clean_html("<!-- Word --><P CLASS=x>a</P>" * 1_000) == "<p>a</p>" * 1_000


def test_what_does_not_settle_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class Growing:
        def clean(self, text: str) -> str:
            return f"{text}<b>x</b>"

    monkeypatch.setattr(html, "_cleaner", Growing)
    assert clean_html("<i>a</i> &lt; b") == "a &lt; b" + "x" * html.ROUNDS


@given(st.one_of(MARKUP, st.text()))
def test_words_alone_are_clean(text: str) -> None:
    words = words_only(text)
    assert clean_html(words) == words_only(words) or markup_bounds._TAG.search(words) is None
    assert "<" not in words


def test_plain_text_has_no_markup() -> None:
    assert plain("<p>Một <b>hai</b></p>") == "Một hai"
    assert plain("<b>" * 20_000 + "x") == "x"
