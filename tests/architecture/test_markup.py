"""Markup from people reaches a page through one filter, inside an element where htmx reads nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_house_rules import modules, named, ours

# Ways to print a text as it is. ``escapejs`` and ``addslashes`` say "escaped" and are not.
UNESCAPED = re.compile(r"\|\s*(?:safe|safeseq|escapejs|addslashes)\b|\bautoescape\s+off\b")
# No browser reads it: the body of a mail in plain text.
PLAIN_MAIL = {f"lms/people/templates/people/mail/{name}.txt" for name in ("confirm", "reset")}

#: Every call that declares a text to be markup, with the reason why it is.
DECLARED_SAFE = {
    "cms/rendering.py": 1,  # a lesson that our own templates rendered, with ids added to its headings
    "lms/common/qr.py": 1,  # squares drawn from numbers
    "lms/common/templatetags/sen.py": 1,  # the filter ``cleaned``
    "lms/portals/teacher/presentation.py": 1,  # cells made by format_html, joined
}
_DECLARES = {"mark_safe", "SafeString", "SafeText"}
#: Only the door itself and the tests may name what makes cleaned HTML.
DOOR = "lms/common/html.py"

_TEMPLATE_MARKS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_PRINTS = re.compile(r"{{[^}]*\|cleaned\b[^}]*}}|{{\s*lesson\.html\s*}}|{% include \"cms/body\.html\"")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Pieces that stand inside an element of the template that includes them, which is checked there.
PIECES = {"cms/templates/cms/blocks/text.html", "cms/templates/cms/lesson_body.html"}

_HTMX = re.compile(r"\s(?:data-)?hx-(?!disable)[a-z-]+")
#: The pages that load htmx, and the pieces of them that use it.
HTMX_PAGES = {
    "lms/portals/exams/templates/exams/bank/editor.html",
    "lms/portals/exams/templates/exams/invigilation/board.html",
    "lms/portals/exams/templates/exams/invigilation/projector.html",
    "lms/portals/learner/templates/learner/guest.html",
    "lms/portals/learner/templates/learner/join_sitting.html",
    # their forms hold a picker
    "lms/portals/office/templates/office/classes/form.html",
    "lms/portals/office/templates/office/classes/learner_add.html",
    "lms/portals/office/templates/office/units/dissolve.html",
    "lms/portals/office/templates/office/units/form.html",
}
HTMX_PIECES = {
    "lms/portals/exams/templates/exams/bank/parts/control.html",
    "lms/portals/office/templates/office/pickers/pick.html",
}
#: Ways of a script to make markup of a text.
MAKES_MARKUP = re.compile(
    r"\.(?:innerHTML|outerHTML)\s*[+]?=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe"
    r"|\beval\(|new Function\b|\.srcdoc\b"
)


def templates() -> list[Path]:
    return [path for kind in ("*.html", "*.txt", "*.xml", "*.js") for path in ours(kind) if "templates" in path.parts]


def unguarded_prints(source: str) -> Iterator[str]:
    """Yield the prints of people's markup whose element has no ``hx-disable``, and those inside a tag."""
    masked = _TEMPLATE_MARKS.sub(lambda found: "\x01" * len(found[0]), source)
    tags = list(_TAG.finditer(masked))
    for found in _PRINTS.finditer(source):
        if any(tag.start() < found.start() < tag.end() for tag in tags):
            yield found[0]
            continue
        around: list[re.Match[str]] = []
        for tag in tags:
            if tag.start() > found.start():
                break
            if not tag["end"]:
                if tag["name"].lower() not in _VOID and not tag[0].endswith("/>"):
                    around.append(tag)
                continue
            places = [index for index, one in enumerate(around) if one["name"].lower() == tag["name"].lower()]
            if places:
                del around[places[-1] :]
        if not around or not re.search(r"\shx-disable\b", source[around[-1].start() : around[-1].end()]):
            yield found[0]


def declared_safe(source: str) -> Iterator[int]:
    """Yield the lines of calls that declare a text to be markup; an empty one declares nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in _DECLARES:
                yield node.lineno
        if isinstance(node, ast.FunctionDef) and node.name == "__html__":
            yield node.lineno


def formatted_before(source: str) -> Iterator[int]:
    """Yield the lines where ``format_html`` gets a format that is not written there: its text is not escaped."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        index = {"format_html": 0, "format_html_join": 1}.get(name)
        if index is not None and not (len(node.args) > index and isinstance(node.args[index], ast.Constant)):
            yield node.lineno


def makes_cleaned(source: str) -> bool:
    """Whether a module makes a :class:`CleanHtml` by itself: a call, a subclass or the class given to ``__new__``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            names = [getattr(one, "id", getattr(one, "attr", "")) for one in (node.func, *node.args)]
            if "CleanHtml" in names and names[0] != "isinstance":
                return True
            if "_vouch" in names:
                return True
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "CleanHtml" for base in node.bases):
            return True
    return False


def test_no_template_prints_a_text_as_it_is() -> None:
    found = [f"{named(path)}: {text[0]}" for path in templates() for text in UNESCAPED.finditer(path.read_text())]
    assert [one for one in found if one.split(":")[0] not in PLAIN_MAIL] == []


@pytest.mark.parametrize("bad", ["{{ a|safe }}", "{{ a | safe }}", "{{ a|safeseq|join:1 }}", "{% autoescape off %}"])
def test_the_rule_for_prints_knows_good_from_bad(bad: str) -> None:
    assert UNESCAPED.search(bad)
    assert not UNESCAPED.search("{{ a|cleaned }}{{ safe }}{% autoescape on %}")


def test_markup_of_people_stands_where_htmx_reads_nothing() -> None:
    checked = [path for path in templates() if named(path) not in PIECES]
    assert [f"{named(path)}: {text}" for path in checked for text in unguarded_prints(path.read_text())] == []
    pieces = {named(path) for path in templates() if list(unguarded_prints(path.read_text()))}
    assert pieces == PIECES


def test_the_rule_for_htmx_knows_good_from_bad() -> None:
    good = '<p class="{% if a %}b{% endif %}"><br><b>1</b> <span hx-disable>{{ a.html|cleaned }}</span></p>'
    assert list(unguarded_prints(good)) == []
    bad = "<p hx-disable><span>{{ a|cleaned }}</span></p>{{ b|cleaned }}<a title='{{ c|cleaned }}' hx-disable>x</a>"
    assert list(unguarded_prints(bad)) == ["{{ a|cleaned }}", "{{ b|cleaned }}", "{{ c|cleaned }}"]


def test_htmx_is_loaded_only_where_our_own_templates_use_it() -> None:
    loads = {named(path) for path in templates() if '{% include "components/htmx.html" %}' in path.read_text()}
    uses = {named(path) for path in templates() if _HTMX.search(path.read_text())}
    assert loads == HTMX_PAGES
    assert uses - HTMX_PAGES == HTMX_PIECES
    assert [named(path) for path in templates() if "htmx.min.js" in path.read_text()] == [
        "lms/common/templates/components/htmx.html"
    ]


def test_python_declares_markup_only_where_it_is_known_why() -> None:
    found = {named(path): len(list(declared_safe(path.read_text()))) for path in modules()}
    assert {name: count for name, count in found.items() if count} == DECLARED_SAFE
    assert list(declared_safe("a = mark_safe(b)\nc = SafeString(d)\ne = SafeString()")) == [1, 2]


def test_what_format_html_escapes_is_not_part_of_its_format() -> None:
    assert [f"{named(path)}:{line}" for path in modules() for line in formatted_before(path.read_text())] == []
    assert list(formatted_before('format_html("<b>{}</b>", a)\nformat_html(f"<b>{a}</b>")')) == [2]
    assert list(formatted_before('format_html_join("", "<b>{}</b>", a)\nformat_html_join("", b, c)')) == [2]


def test_nothing_else_makes_cleaned_html() -> None:
    assert [named(path) for path in modules() if makes_cleaned(path.read_text())] == [DOOR]
    for bad in ("CleanHtml(a)", "str.__new__(CleanHtml, a)", "html._vouch(a)", "class A(CleanHtml): pass"):
        assert makes_cleaned(bad)
    assert not makes_cleaned("def f(a: CleanHtml) -> bool: return isinstance(a, CleanHtml)")


def test_no_script_makes_markup_of_a_text() -> None:
    assert [
        f"{named(path)}: {text[0]}" for path in ours("*.js") for text in MAKES_MARKUP.finditer(path.read_text())
    ] == []
    assert MAKES_MARKUP.search("box.innerHTML = words")
    assert not MAKES_MARKUP.search("return node.innerHTML.replaceAll(a, b)")
