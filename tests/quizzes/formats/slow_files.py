"""Files that are small and dear: for every reader, what once grew faster than the file, and its kin."""

# ruff: noqa: E501 (a file reads best in one line)

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

_WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def docx(*paragraphs: str) -> bytes:
    """Return a Word file of paragraphs, each of one run."""
    return _docx("".join(f"<w:p>{run(text)}</w:p>" for text in paragraphs))


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", _WORD.format(body))
    return packed.getvalue()


def moodle(stem: str, *, kind: str = "essay", rest: str = "") -> bytes:
    """Return a Moodle file of one question."""
    return (
        f'<quiz><question type="{kind}"><questiontext format="html"><text>{escape(stem)}</text></questiontext>'
        f"{rest}</question></quiz>"
    ).encode()


def qti(body: str, declared: str = "", rules: str = "", rest: str = "") -> bytes:
    """Return a QTI item."""
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">'
        f'<responseDeclaration identifier="R" cardinality="multiple" baseType="identifier">{declared}'
        '</responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody>{body}</itemBody><responseProcessing>{rules}</responseProcessing>{rest}</assessmentItem>"
    ).encode()


def choices(count: int) -> str:
    """Return a choice of many options."""
    options = "".join(f'<simpleChoice identifier="o{one}">x{one}</simpleChoice>' for one in range(count))
    return f'<choiceInteraction responseIdentifier="R" maxChoices="0">{options}</choiceInteraction>'


def _each(count: int, template: str) -> str:
    return "".join(template.format(one) for one in range(count))


ADD = (
    '<responseCondition><responseIf><member><baseValue baseType="identifier">o{0}</baseValue>'
    '<variable identifier="R"/></member><setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
    '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue></responseIf></responseCondition>'
)
MAP = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="R"/></setOutcomeValue>'

_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'

#: By name: the file's own name, and its bytes for a size.
FILES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    # text formats
    "text-empty-lines": ("a.txt", lambda n: b"x" + b"\n" * n + b"y"),
    "text-blanks": ("a.txt", lambda n: b"x" + b" " * n + b"y"),
    "text-open-braces": ("a.txt", lambda n: b"{" * n),
    "text-brace-blanks": ("a.txt", lambda n: b"{" + b" " * n + b"x"),
    "text-tags-never-closed": ("a.txt", lambda n: b"x" + b"<a" * n + b"{=x}"),
    "text-signs": ("a.txt", lambda n: b"x" + b"<" * n + b"{=x}"),
    "gift-hints": ("a.gift", lambda n: b"// " + b"[id:" * n + b"\nx {=a}\n"),
    "gift-hints-escaped": ("a.gift", lambda n: b"// " + b"[id:\\" * n + b"\nx {=a}\n"),
    "gift-brace-never-closed": ("a.gift", lambda n: b"x {=a\n" + b"\n" * n),
    "gift-answers": ("a.gift", lambda n: b"x {" + b"=a~b#c" * n + b"}\n"),
    "gift-pairs": ("a.gift", lambda n: ("x {" + _each(n, "=a{0}->b{0} ") + "}\n").encode()),
    "gift-questions": ("a.gift", lambda n: b"x {=a ~b}\n\n" * n),
    "aiken-questions": ("a.txt", lambda n: b"x\nA. a\nB. b\nANSWER: A\n\n" * n),
    "aiken-blanks": ("a.txt", lambda n: b"x\nA. a\nB. b\nANSWER:" + b" " * n + b"A\n"),
    "cloze-gaps": ("a.txt", lambda n: b"x {1:SA:=a~b} " * n),
    "cloze-faults": ("a.txt", lambda n: b"x {1:SA:a} " * n),
    # Moodle
    "moodle-signs": ("a.xml", lambda n: moodle("<" * n)),
    "moodle-tags-never-closed": ("a.xml", lambda n: moodle("<a" * n)),
    "moodle-links-never-closed": ("a.xml", lambda n: moodle('<a href="@@PLUGINFILE@@/x">' * n)),
    "moodle-scripts-never-closed": ("a.xml", lambda n: moodle("<script>" * n)),
    "moodle-names-without-value": ("a.xml", lambda n: moodle("<img " + "a" * n + ">")),
    "moodle-breaks": ("a.xml", lambda n: moodle("x" + "<br>" * n + "y")),
    "moodle-empty-paragraphs": ("a.xml", lambda n: moodle("<p>" * n)),
    "moodle-pictures": ("a.xml", lambda n: moodle(_each(n, '<img src="data:image/png;base64,iVBORw0KGgo{0:04d}">'))),
    "moodle-missing-pictures": ("a.xml", lambda n: moodle(_each(n, '<img src="@@PLUGINFILE@@/a{0}">'))),
    "moodle-slots": (
        "a.xml",
        lambda n: moodle(
            "[[1]]" * n, kind="gapselect", rest="<selectoption><text>a</text><group>1</group></selectoption>" * n
        ),
    ),
    "moodle-pairs": (
        "a.xml",
        lambda n: moodle(
            "x",
            kind="matching",
            rest=_each(n, "<subquestion><text>p{0}</text><answer><text>a{0}</text></answer></subquestion>"),
        ),
    ),
    # QTI
    "qti-choices-mapped": (
        "a.xml",
        lambda n: qti(
            choices(n), f"<mapping>{_each(n, '<mapEntry mapKey="o{0}" mappedValue="1"/>')}</mapping>", MAP
        ),
    ),
    "qti-choices-by-rules": ("a.xml", lambda n: qti(choices(n), "", _each(n, ADD))),
    "qti-feedback": (
        "a.xml",
        lambda n: qti(
            choices(n),
            "<correctResponse><value>o1</value></correctResponse>",
            "",
            _each(n, '<modalFeedback outcomeIdentifier="F" identifier="o{0}" showHide="show">x</modalFeedback>'),
        ),
    ),
    "qti-gaps": ("a.xml", lambda n: qti(f"<gapMatchInteraction responseIdentifier='R'>{'<gap/> x ' * n}</gapMatchInteraction>")),
    "qti-entries": ("a.xml", lambda n: qti(f"<p>{'<textEntryInteraction responseIdentifier="R"/> x ' * n}</p>")),
    "qti-hidden": (
        "a.xml",
        lambda n: qti(f"<p>{'<feedbackInline>q</feedbackInline>x ' * n}</p><extendedTextInteraction responseIdentifier='R'/>"),
    ),
    # Word
    "word-brackets": ("a.docx", lambda n: docx("Câu 1 " + "(" * n, "A. x", "B. y")),
    "word-dots": ("a.docx", lambda n: docx("Câu 1. x", "A. a", "B. b", "Đáp án" + "." * n)),
    "word-blanks": ("a.docx", lambda n: docx("Câu 1. x" + " " * n + "y", "A. a", "B. b")),
    "word-stars": ("a.docx", lambda n: docx("Câu 1. x", "A. a" + "*" * n + "b", "B. b")),
    "word-dashes": ("a.docx", lambda n: docx("Câu 1. x", "A. a" + "-" * n + "b", "B. b", "-" * n)),
    "word-options-in-one-line": ("a.docx", lambda n: docx("Câu 1. x", "A. x " * n)),
    "word-sets-in-one-line": ("a.docx", lambda n: docx("Câu 1. x", "A. x B. y C. z " * n)),
    "word-sets-without-number": ("a.docx", lambda n: docx("Câu 1. x", *["A. x", "B. y"] * n)),
    "word-lines-without-end": ("a.docx", lambda n: docx("Câu 1. x", *["B. x"] * n)),
    "word-runs": ("a.docx", lambda n: _docx(f"<w:p>{run('Câu 1. x')}{run('x') * n}</w:p>")),
    "word-runs-of-marks": ("a.docx", lambda n: _docx(f"<w:p>{run('Câu 1. x')}{run('\u0301') * n}</w:p>")),
    "word-fields": ("a.docx", lambda n: _docx(f"<w:p>{_BEGIN * n}{run('x') * n}</w:p>")),
    "word-runs-of-blanks": ("a.docx", lambda n: _docx(f"<w:p>{run('Câu 1. x')}{run(' ') * n}{run('y')}</w:p>")),
    "word-keys-in-words": ("a.docx", lambda n: docx("Câu 1. x", "ĐÁP ÁN", "Câu 1: x", *["y"] * n)),
    "word-explanations": ("a.docx", lambda n: docx("Câu 1. x", "A. a", "B. b", "Giải thích: x", *["y z"] * n)),
    "word-arrows": ("a.docx", lambda n: docx("Câu 1. x", *["y z"] * n, *["=> A. x"] * n)),
    "word-levels-in-brackets": ("a.docx", lambda n: docx("Câu 1: " + "(NB)" * n + " x", "A. a", "B. b")),
    "word-prompts": ("a.docx", lambda n: docx("Câu 1 [Ghép đôi]: x", "1) a", *["y"] * n, "A. b", "B. c")),
    "word-questions": ("a.docx", lambda n: docx(*["Câu 1. x", "A. a", "B. b", "Đáp án: A"] * n)),
    "word-titles": ("a.docx", lambda n: docx(*["TIÊU ĐỀ"] * n, "Hỏi: x", "A. a", "B. b")),
    "word-letters-with-key": ("a.docx", lambda n: docx("Câu 1. x", "A. a", "B. b", "Đáp án: " + "A " * n + "x")),
    "word-flags": ("a.docx", lambda n: docx("Câu 1 [Điền khuyết]: x [[1]]", "[[1]]: a " + " {" * n)),
}  # fmt: skip
