"""Every word that a template shows is marked for translation."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.test_house_rules import named, ours

# Told in the source language on purpose: the component page is for developers.
EXEMPT_FOLDERS = {"styleguide"}
# Shown when nothing else works, without a request that says which language: Vietnamese stands in them.
EXEMPT_FILES = {"lms/common/templates/500.html", "lms/common/templates/offline.html"}
# Text that is the same in every language.
NAMES = {"Sen", "Excel", "CSV", "XLSX", "xlsx", "PDF", "QR", "PNG", "A4", "Tiếng", "Việt", "English"}
SHOWN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
BLOCK = re.compile(r"{%\s*(?:block(?:translate|trans))\b.*?{%\s*end(?:blocktranslate|blocktrans)\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
# A block whose content is the value of a class attribute.
CLASSES = re.compile(r"{%\s*block\s+\w*class\w*\s*%}[^{<]*{%\s*endblock[^%]*%}")
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


class _Texts(HTMLParser):
    """Collects the words of text nodes and of attributes that people see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.hidden += 1
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value:
                self.note(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.hidden = max(0, self.hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.note(data)

    def note(self, text: str) -> None:
        if words := [word for word in WORD.findall(text) if word not in NAMES]:
            self.found.append(" ".join(words))


def visible_words(template: str) -> list[str]:
    """Return the words of ``template`` that stand outside translation tags."""
    bare = TAG.sub("", CLASSES.sub("", BLOCK.sub("", COMMENT.sub("", template))))
    parser = _Texts()
    parser.feed(bare)
    parser.close()
    return parser.found


TEMPLATES = [
    path for path in ours("*.html") if not EXEMPT_FOLDERS & set(path.parts) and named(path) not in EXEMPT_FILES
]


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_shows_words_that_are_not_translated(path: Path) -> None:
    assert visible_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('<p class="big">{% translate "Class" %} {{ name }} · Sen</p>', []),
        ("{% blocktranslate trimmed %}{{ n }} classes{% endblocktranslate %}<!-- why --> {# note #} 3/4", []),
        ('<script type="application/json">{"key": "word"}</script><a href="/lop/">→</a>', []),
        ("<p>Class {{ name }}</p>", ["Class"]),
        ('<input placeholder="Find a person" aria-label="{% translate "Find" %}">', ["Find person"]),
    ],
)
def test_the_rule_knows_good_from_bad(template: str, words: list[str]) -> None:
    assert visible_words(template) == words
