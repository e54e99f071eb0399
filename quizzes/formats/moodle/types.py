"""The question types of Moodle that have a counterpart here, each read by one function."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quizzes.formats import cloze
from quizzes.formats.markup import attributes, decimal, inline, plain, shown, tidy
from quizzes.formats.model import ERROR, NOTE, letter, letters
from quizzes.formats.shares import accepted_answers, choose, numeric_answers
from quizzes.formats.true_false import pairs_as_group, true_false, truth

if TYPE_CHECKING:
    from quizzes.formats.moodle.reader import Source

UNSUPPORTED = {
    "description", "random", "randomsamatch", "calculated", "calculatedmulti", "calculatedsimple", "missingtype",
}  # fmt: skip
_SLOT = re.compile(r"\[\[(\d+)\]\]")


def _weight(element: Any) -> Decimal:
    return decimal(element.get("fraction") or "0") or Decimal(0)


def multichoice(source: Source) -> None:
    single = source.field("single").lower() in ("true", "1", "")
    _options(source, single=single)


def multichoiceset(source: Source) -> None:
    """The plugin "all or nothing multiple choice"."""
    _options(source, single=False)
    source.question.key["scoring"] = "all_or_nothing"
    source.question.doubts = [doubt for doubt in source.question.doubts if doubt.code not in _WEIGHT_DOUBTS]


_WEIGHT_DOUBTS = {"weights_left", "weights_total"}


def _options(source: Source, *, single: bool) -> None:
    answers = source.element.findall("answer")
    ids = letters(len(answers))
    keep = source.field("shuffleanswers").lower() in ("false", "0")
    options, notes, weights = [], {}, {}
    for ident, answer in zip(ids, answers, strict=True):
        html = source.inline(answer)
        if not html:
            source.question.doubt("empty_option", ERROR, option=ident.upper())
        options.append({"id": ident, "html": html, "fixed": keep})
        weights[ident] = _weight(answer)
        if note := source.inline(answer.find("feedback")):
            notes[ident] = note
    source.question.content = {"options": options}
    if notes:
        source.question.feedback["options"] = notes
    if len(options) < 2:
        source.question.doubt("too_few_options", ERROR, count=len(options))
    choose(source.question, weights, single=single)


def truefalse(source: Source) -> None:
    right, notes = None, {}
    for answer in source.element.iterfind("answer"):
        value = truth(answer.findtext("text") or "")
        if value is None:
            continue
        if _weight(answer) > 0:
            right = value
        notes[value] = source.inline(answer.find("feedback"))
    true_false(source.question, bool(right), notes)
    if right is None:
        source.question.key = {}
        source.question.doubt("no_key", ERROR)


def shortanswer(source: Source) -> None:
    question = source.question
    question.kind, question.content = "short_text", {"lines": 1}
    answers = source.element.findall("answer")
    if any(source.html(answer.find("feedback")) for answer in answers):
        question.doubt("feedback_left", NOTE)
    case = source.field("usecase") in ("1", "true")
    accepted_answers(question, [(source.text(answer), _weight(answer)) for answer in answers], case=case)


def numerical(source: Source) -> None:
    question = source.question
    rows = []
    for answer in source.element.iterfind("answer"):
        text = source.text(answer)
        if source.html(answer.find("feedback")):
            question.doubt("feedback_left", NOTE)
        if text == "*" or _weight(answer) <= 0:
            continue
        value, tolerance = decimal(text), decimal(answer.findtext("tolerance") or "0")
        if value is None or tolerance is None:
            question.doubt("not_a_number", ERROR, text=text[:40])
            continue
        rows.append((shown(value), shown(abs(tolerance)), _weight(answer)))
    units = source.element.findall("units/unit")
    unit = (units[0].findtext("unit_name") or "").strip()[:40] if units else ""
    if len(units) > 1:
        question.doubt("units_left", NOTE, unit=unit)
    numeric_answers(question, rows, unit)


def matching(source: Source) -> None:
    question = source.question
    prompts: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    pairs: dict[str, str] = {}
    known: dict[str, str] = {}
    for part in source.element.iterfind("subquestion"):
        answer = source.inline(part.find("answer"))
        if not answer:
            continue
        if answer not in known:
            known[answer] = letter(len(known))
            options.append({"id": known[answer], "html": answer, "fixed": False})
        if prompt := source.inline(part):
            ident = str(len(prompts) + 1)
            prompts.append({"id": ident, "html": prompt})
            pairs[ident] = known[answer]
    question.kind = "matching"
    question.content = {"prompts": prompts, "options": options}
    question.key = {"pairs": pairs, "scoring": "partial"}
    if not prompts:
        question.doubt("no_pairs", ERROR)
    elif group := pairs_as_group(prompts, options, pairs):
        question.kind = "true_false_group"
        question.content, question.key = group


def true_false_rows(source: Source) -> None:
    """The plugins kprime and mtf: rows that are true or false."""
    right = {}
    for weight in source.element.iterfind("weights/weight"):
        if weight.get("columnnumber", "1") == "1":
            right[weight.get("rownumber")] = (decimal(weight.findtext("value") or "0") or 0) > 0
    for weight in source.element.iterfind("weight"):
        if weight.get("columnnumber", "1") == "1":
            right[weight.get("rownumber")] = (decimal(weight.findtext("value") or "0") or 0) > 0
    statements = []
    for number, row in enumerate([*source.element.iterfind("row"), *source.element.iterfind("rows/row")], start=1):
        statements.append((row.get("number") or str(number), source.inline(row.find("optiontext"))))
    source.question.kind = "true_false_group"
    source.question.content = {
        "statements": [{"id": str(index), "html": html} for index, (_row, html) in enumerate(statements, start=1)]
    }
    source.question.key = {
        "true": [str(index) for index, (row, _html) in enumerate(statements, start=1) if right.get(row)]
    }


def essay(source: Source) -> None:
    question = source.question
    limits = {}
    for ours, theirs in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        found = source.field(theirs)
        limits[ours] = int(found) if found.isdigit() and len(found) < 7 else 0
    question.kind = "essay"
    question.content = limits
    model = source.inline(source.element.find("graderinfo"))
    question.key = {"rubric": [], "model_html": model}
    if plain(source.element.findtext("responsetemplate/text") or ""):
        question.doubt("template_left", NOTE)


def embedded(source: Source) -> None:
    source.question.stem = cloze.read_gaps(source.question.stem, source.question)
    move_stem(source.question)


def move_stem(question: Any) -> None:
    """A gap text is all text: its instruction is the paragraphs before the first gap, when there are such."""
    text = question.stem
    first = text.find("[[")
    cut = text.rfind("</p>", 0, first) + 4 if first >= 0 else -1
    before = tidy(text[:cut]) if cut > 4 else ""
    if before and before.count("<p>") == before.count("</p>") and not re.search(r"<(table|ul|ol|blockquote)\b", before):
        question.stem, question.content["text"] = inline(before), inline(text[cut:])
    else:
        question.stem, question.content["text"] = GAP_STEM, inline(text)
    question.content = {"text": question.content["text"], "gaps": question.content["gaps"]}


GAP_STEM = "Điền vào chỗ trống:"


def gap_select(source: Source) -> None:
    """Words to choose or to drag into the text: ``[[2]]`` means the second word of the list."""
    question = source.question
    question.kind = "gap_text"
    tag = "selectoption" if source.element.find("selectoption") is not None else "dragbox"
    words = [
        (inline(source.html(option)) or plain(option.findtext("text") or ""), option.findtext("group") or "1")
        for option in source.element.iterfind(tag)
    ]
    gaps: list[dict[str, Any]] = []
    keys: dict[str, Any] = {}
    choices: dict[str, list[dict[str, str]]] = {}  # of each group; gaps of one group share the list
    own: list[str] = []
    for html, name in words:
        group = choices.setdefault(name, [])
        own.append(letter(len(group)))
        group.append({"id": own[-1], "html": html})

    def slot(match: re.Match[str]) -> str:
        ident = str(len(gaps) + 1)
        index = int(match[1]) - 1 if len(match[1]) < 7 else -1
        if not 0 <= index < len(words):
            question.doubt("gap_no_key", ERROR, gap=ident)
            return match[0]
        gaps.append({"id": ident, "choices": choices[words[index][1]]})
        keys[ident] = {"correct": own[index]}
        return f"[[{ident}]]"

    question.stem = _SLOT.sub(slot, question.stem)
    question.content = {"gaps": gaps}
    question.key = {"gaps": keys, "scoring": "partial"}
    if not gaps:
        question.doubt("no_gaps", ERROR)
    move_stem(question)


def ordering(source: Source) -> None:
    answers = source.element.findall("answer")
    if any(_weight(answer) for answer in answers):
        answers.sort(key=_weight)
    ids = letters(len(answers))
    question = source.question
    question.kind = "ordering"
    question.content = {"options": [{"id": one, "html": source.inline(a)} for one, a in zip(ids, answers, strict=True)]}
    grading = source.field("gradingtype").upper()
    scoring = "all_or_nothing" if grading in ("ALL_OR_NOTHING", "-1") else "position"
    if grading in (
        "RELATIVE_NEXT_EXCLUDE_LAST",
        "RELATIVE_NEXT_INCLUDE_LAST",
        "RELATIVE_ONE_PREVIOUS_AND_NEXT",
        "1",
        "2",
        "3",
    ):
        scoring = "adjacent"
    question.key = {"order": ids, "scoring": scoring}
    if len(ids) < 2:
        question.doubt("too_few_options", ERROR, count=len(ids))


def marker(source: Source) -> None:
    """ddmarker with one marker: a place on a picture."""
    question = source.question
    question.kind = "hotspot"
    file = source.element.find("file")
    drags, drops = source.element.findall("drag"), source.element.findall("drop")
    if len(drags) != 1 or file is None:
        question.doubt("several_markers", ERROR, count=len(drags))
    question.content, question.key = {"alt": "", "width": 0, "height": 0, "image": ""}, {"areas": []}
    if file is None:
        return
    from quizzes.formats.pictures import area, measure

    html = source.inline(_FileOnly(file))
    address = attributes(html).get("src", "")
    name = address.rpartition("/")[2]
    size = measure(source.reading.pictures[name].data) if name in source.reading.pictures else None
    if size is None:
        question.doubt("picture_missing", ERROR, name=file.get("name") or "")
        return
    question.content = {"image": address, "alt": plain(question.stem)[:200], "width": size[0], "height": size[1]}
    for drop in drops:
        found = area(drop.findtext("shape") or "", drop.findtext("coords") or "", size)
        if found is None:
            question.doubt("area", ERROR)
        else:
            question.key["areas"].append({**found, "share": "1"})
    if not drops:
        question.doubt("no_key", ERROR)


class _FileOnly:
    """Looks like an element whose text shows one file."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def findtext(self, _path: str) -> str:
        return f'<img src="@@PLUGINFILE@@/{self.file.get("name")}">'

    def get(self, _name: str) -> str:
        return "html"

    def iter(self, _tag: str) -> list[Any]:
        return [self.file]


TYPES: dict[str, Callable[[Source], None]] = {
    "cloze": embedded,
    "ddmarker": marker,
    "ddmatch": matching,
    "ddwtos": gap_select,
    "essay": essay,
    "gapselect": gap_select,
    "kprime": true_false_rows,
    "matching": matching,
    "mtf": true_false_rows,
    "multianswer": embedded,
    "multichoice": multichoice,
    "multichoiceset": multichoiceset,
    "numerical": numerical,
    "ordering": ordering,
    "shortanswer": shortanswer,
    "truefalse": truefalse,
}
