"""From a draft to a question: fields, options, the key by every way it may be given."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from lms.common.text import fold
from quizzes.formats.markup import inline, level_of, plain, tidy
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, letters
from quizzes.formats.true_false import truth
from quizzes.formats.word import convention, groups, options, references, unlettered, verdicts
from quizzes.formats.word.drafts import RawQuestion
from quizzes.formats.word.keys import Convention, Marks, marks_of
from quizzes.formats.word.named import named_lines
from quizzes.formats.word.passages import Passage
from quizzes.formats.word.rich import OBJECT, Rich

_KEY_LETTERS = re.compile(
    r"^\W*(?:(?:câu|phương án|đáp án|ý)\s+)?(?P<letters>[A-Za-z](?:\s*(?:,|;|&|\+|/|và|and)\s*[A-Za-z])*|[A-J]{2,6})(?P<rest>\s*$|\s*[.):\-–,;]\s*\S.*|\s*[.);]?\s*$|\s*\(.*\)\s*$|\s*[\])>]+\s*$)",
    re.DOTALL,
)
_IS_RIGHT = re.compile(
    r"\s+là\s+(?:đáp\s*án|phương\s*án|câu\s*trả\s*lời|lựa\s*chọn)\s+(?:đúng|chính\s*xác).*$", re.IGNORECASE
)
_PROMPT = re.compile(r"^\s*(?P<n>\d{1,2})\s*[.)\-:]\s*(?=\S)")


@dataclass(slots=True)
class Parts:
    """A draft taken apart."""

    draft: RawQuestion
    stem: Rich
    options: list[options.Option]
    lower: bool = False
    sign: str = ""
    jumbled: bool = False
    fields: list[tuple[str, Rich]] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    truths: list[bool | None] = field(default_factory=list)  # (Đ) or (S) after each statement
    starred: set[int] = field(default_factory=set)
    answer: str = ""  # from the table at the end
    whole: Rich = field(default_factory=Rich)  # stem and options as they stand
    unlettered: bool = False  # the options have no letters

    def text(self, name: str) -> str:
        return "\n".join(rich.text.strip() for one, rich in self.fields if one == name).strip()

    def rich(self, name: str) -> Rich:
        return options.joined([rich for one, rich in self.fields if one == name]).strip()


def take_apart(draft: RawQuestion) -> Parts:
    """Separate the stem, the options and the named lines of a draft."""
    body, fields = named_lines(draft)
    if draft.options is not None:
        parts = Parts(draft, options.joined(body).strip(), draft.options, fields=fields)
    else:
        whole = options.joined(body)
        found_options = options.find(whole)
        if not found_options.options and not draft.tag and draft.hint in ("", "single_choice", "multiple_response"):
            key = next((rich.text for name, rich in fields if name == "key"), "")
            other = unlettered.find_numbered(body, key) if fields else unlettered.find(body, draft.lines)
            found_options = other or found_options
        parts = Parts(
            draft,
            found_options.stem,
            found_options.options,
            found_options.lower,
            found_options.sign,
            found_options.jumbled,
            fields,
            whole=whole,
            unlettered=bool(found_options.options) and found_options.sign == unlettered.SIGN,
        )
    verdicts.take(parts)
    parts.marks = marks_of(parts.options)
    return parts


def kind_of(parts: Parts) -> str:
    """Return the kind of question: as its bracket says, as its section says, or as it looks."""
    draft = parts.draft
    if draft.tag:
        return draft.tag
    key = parts.text("key") or parts.answer
    if parts.options and _asks_for_text(parts):
        parts.stem, parts.options = parts.whole.strip(), []
    if parts.options:
        small = parts.lower and parts.sign == ")"
        spoken = sum(value is not None for value in parts.truths)
        asks = re.search(r"đúng\s*(?:\(đ\)\s*)?(?:hay|hoặc|/|,|-)\s*sai", parts.stem.text, re.IGNORECASE) is not None
        if draft.hint == "true_false_group" or any(value is False for value in parts.truths) or (small and spoken >= 2):
            return "true_false_group"
        if convention.truths(key, len(parts.options)) is not None and len(parts.options) >= 2:
            return "true_false_group"
        if small and asks:
            return "true_false_group"
        if draft.hint in ("matching", "ordering") or (convention.pairs(key) and prompts_of(parts)[1]):
            return "ordering" if draft.hint == "ordering" else "matching"
        return "single_choice"
    if any(name == "gap" for name, _rich in parts.fields):
        return "gap_text"
    if draft.hint == "essay" or (draft.hint in ("", "single_choice") and not key):
        return "essay"
    if key:
        return "numeric" if convention.number(key) is not None else "short_text"
    return draft.hint if draft.hint in ("short_text", "numeric") else "essay"


def _asks_for_text(parts: Parts) -> bool:
    """Whether "a) … b) …" are parts of an essay question: small letters, nothing marked, worth a point or more."""
    plain_list = parts.lower and not (parts.starred or parts.marks.looks or parts.fields or parts.answer)
    return plain_list and (parts.draft.hint == "essay" or (parts.draft.hint == "" and parts.draft.points >= 1))


def build(parts: Parts, found: Convention, *, essays: bool) -> ParsedQuestion:
    """Return the question of a draft.

    Args:
        found: how this file marks keys.
        essays: whether questions without options are meant to have none.
    """
    draft = parts.draft
    question = ParsedQuestion(kind=kind_of(parts), topic=list(draft.topic), level=draft.level)
    question.stem = stem_html(parts.stem)
    if draft.passage is not None:
        _put_before(draft.passage, question)
    _common(parts, question)
    if draft.unnumbered:
        question.doubt("number_missing")
    if not question.stem:
        question.doubt("no_stem", ERROR)
    match question.kind:
        case "single_choice" | "multiple_response":
            _choice(parts, found, question)
        case "true_false_group":
            groups.fill_true_false(parts, found, question)
        case "matching":
            groups.fill_matching(parts, question)
        case "ordering":
            groups.fill_ordering(parts, question)
        case _:
            convention.fill(parts, question)
    if question.kind in ("essay", "true_false_group") and not parts.options and not draft.tag:
        verdicts.judge_stem(parts, question)
    if question.kind == "essay" and not draft.tag and draft.hint != "essay" and not essays:
        question.kind = "single_choice"
        question.content, question.key = {"options": []}, {}
        question.doubt("no_options", ERROR)
    question.confidence = max(0.1, round(1 - 0.25 * sum(one.severity != NOTE for one in question.doubts), 2))
    return question


def _put_before(passage: Passage, question: ParsedQuestion) -> None:
    """Put a text that several questions share before the question's own words."""
    shared = stem_html(options.joined([line.rich for line in passage.lines]))
    pieces = [
        html if html.startswith(("<p", "<table")) else f"<p>{html}</p>" for html in (shared, question.stem) if html
    ]
    question.stem = tidy("".join(pieces))
    if passage.last:
        question.doubt("passage", NOTE, first=passage.first, last=passage.last)
    else:
        question.doubt("passage_next")


def stem_html(stem: Rich) -> str:
    """Return the stem as html: bold all over says nothing, lines are paragraphs when there are several."""
    if not stem:
        return ""
    for look in ("bold", "italic", "underline"):
        if stem.share(look) > 0.95:
            stem = stem.without([look])
    rows = [row.strip().html() for row in stem.split_lines() if row]
    if len(rows) == 1:
        return tidy(rows[0])
    return tidy("".join(row if row.startswith("<table") else f"<p>{row}</p>" for row in rows))


def option_html(option: options.Option, key_look: str) -> str:
    """Return an option without the looks that mark it: nothing of the key may stay in what learners see."""
    rich = option.rich
    drop = [look for look in ("bold", "italic", "underline") if rich.share(look) >= 0.9 or look == key_look]
    rich = rich.without(drop)
    rows = [row.strip().html() for row in rich.split_lines() if row]
    return inline(rows[0] if len(rows) == 1 else "".join(f"<p>{row}</p>" for row in rows))


def _common(parts: Parts, question: ParsedQuestion) -> None:
    if explanation := parts.rich("explanation"):
        question.feedback["general"] = stem_html(explanation)
    question.source = re.sub(r"\s+", " ", parts.text("source"))[:300]
    if level := level_of(parts.text("level")):
        question.level = level
    if topic := parts.text("topic"):
        question.topic = [one.strip()[:250] for one in re.split(r"\s*>\s*", topic) if one.strip()]
    question.code = parts.text("code")[:60]
    question.tags = [tag.strip()[:60] for tag in re.split(r"[,;]", parts.text("tags")) if tag.strip()]
    notes = {}
    for name, rich in parts.fields:
        if name == "note" and (match := re.match(r"[^\t]*?\s([A-Z])\s*[:：]\s*\t", rich.text)):
            notes[match[1].lower()] = inline(rich[match.end() :].strip().html())
    if notes:
        question.feedback["options"] = notes
    if any(mark.html == "" and char == "\ufffc" for char, mark in zip(parts.stem.text, parts.stem.marks, strict=True)):
        question.doubt("picture_left")


def _options(parts: Parts, found: Convention, question: ParsedQuestion) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    italic = parts.marks.only("italic") if found.fixed else frozenset()
    whole = [plain(option_html(option, found.key)) for option in parts.options]
    every_fixed = any(references.to_letters(text) for text in whole)
    held = set(re.findall(r"\b[A-Z]\b", parts.text("fixed").upper()))
    for index, (option, ident) in enumerate(zip(parts.options, letters(len(parts.options)), strict=True)):
        html = option_html(option, found.key)
        fixed = index in italic or every_fixed
        if any(
            char == OBJECT and not mark.html for char, mark in zip(option.rich.text, option.rich.marks, strict=True)
        ):
            question.doubt("option_picture", ERROR, option=ident.upper())
        elif not html:
            question.doubt("empty_option", ERROR, option=ident.upper())
        elif not fixed and ident.upper() not in held and references.to_all(whole[index]):
            fixed = True
            question.doubt("fixed_option", NOTE, option=ident.upper())
        made.append({"id": ident, "html": html, "fixed": fixed or ident.upper() in held})
    if every_fixed and not italic:
        question.doubt("fixed_all", NOTE)
    seen: dict[str, str] = {}
    for option_made, text in zip(made, whole, strict=True):
        folded = fold(text)
        if folded and folded in seen and "<" not in option_made["html"]:
            question.doubt("same_options", first=seen[folded].upper(), second=option_made["id"].upper())
        seen.setdefault(folded, option_made["id"])
    return made


def _choice(parts: Parts, found: Convention, question: ParsedQuestion) -> None:
    made = _options(parts, found, question)
    question.content = {"options": made}
    if not made:
        question.doubt("no_options", ERROR)
        return
    if len(made) < 2:
        question.doubt("too_few_options", ERROR, count=len(made))
    if parts.jumbled:
        question.doubt("letters_order")
    if parts.unlettered:
        question.doubt("options_without_letters")
    *others, last = parts.options
    if "\n" in last.rich.text and not any("\n" in one.rich.text for one in others):
        question.doubt("option_lines", option=made[-1]["id"].upper())
    right = _right_options(parts, found, question, made)
    ids = [one["id"] for one in made]
    chosen = [ids[index] for index in sorted(right) if index < len(ids)]
    scoring = convention.scoring(parts.text("scoring"))
    if question.kind == "multiple_response" or len(chosen) > 1:
        in_words = bool(parts.text("key") or parts.answer or parts.starred)
        if question.kind == "single_choice" and parts.draft.hint != "multiple_response" and not in_words:
            question.doubt("several_marked", count=len(chosen))
        question.kind = "multiple_response"
        question.key = {"correct": chosen, "scoring": scoring or "all_or_nothing"}
        if len(chosen) == len(made) > 1:
            question.doubt("all_marked", ERROR)
        if not chosen:
            question.doubt(_missing(found), ERROR)
    elif chosen:
        question.key = {"correct": chosen[0]}
    else:
        question.key = {}
        if not question.broken:
            question.doubt(_missing(found), ERROR)


def _missing(found: Convention) -> str:
    look = found.key.partition(":")[0]
    return f"no_key_{look}" if look and found.coverage >= 0.3 else "no_key"


def _right_options(parts: Parts, found: Convention, question: ParsedQuestion, made: list[dict[str, Any]]) -> set[int]:  # noqa: C901 (one case each)
    """Return the indexes of the right options, with a doubt where two ways of marking say different things."""
    said: list[set[int]] = []
    for text in (parts.text("key"), parts.answer):
        if text:
            chosen = letters_of(text, made)
            if chosen is None:
                question.doubt("unknown_answer", ERROR, answer=text[:40])
            else:
                said.append(chosen)
    if parts.starred:
        said.append(set(parts.starred))
    looked = set(parts.marks.only(found.key)) if found.key else set()
    if not looked or len(looked) == len(made):
        looked = set()
        for look in found.others:
            other = parts.marks.only(look)
            if len(other) == 1 and not said:
                looked = set(other)
                question.doubt("other_mark", look=look.partition(":")[0], usual=found.key.partition(":")[0])
                break
    elif not said:
        for look in found.others:
            other = parts.marks.only(look)
            if other and not other & looked and look.partition(":")[0] in ("underline", "highlight", "colour"):
                question.doubt("key_conflict", ERROR, first=_letters(looked), second=_letters(other))
    if found.unsure and not said and not looked and (italic := parts.marks.only("italic")):
        question.doubt("italic_unsure", ERROR)
        return set(italic)
    if said:
        first = said[0]
        for again in said[1:]:
            if again != first:
                question.doubt("key_conflict", ERROR, first=_letters(first), second=_letters(again))
        # An emphasis inside an option is no second key beside one that is said in words.
        against = bool(looked & parts.marks.sure.get(found.key, frozenset()))
        if looked != first and against and found.coverage >= 0.5 and found.key.partition(":")[0] != "italic":
            question.doubt("key_conflict", ERROR, first=_letters(first), second=_letters(looked))
        return first
    return looked


def _letters(indexes: AbstractSet[int]) -> str:
    return ", ".join(chr(ord("A") + index) for index in sorted(indexes))


def letters_of(text: str, made: list[dict[str, Any]]) -> set[int] | None:
    """Return the options that "B", "A, C" or the words of an option name; ``None`` for anything else."""
    text = _IS_RIGHT.sub("", text)
    if match := _KEY_LETTERS.match(text):
        found = {
            ord(char.upper()) - ord("A") for char in re.findall(r"(?<![^\W\d_])[A-Za-z](?![^\W\d_])", match["letters"])
        }
        if not found:
            found = {ord(char) - ord("A") for char in match["letters"] if char.isupper()}
        return found if found and max(found) < len(made) else None
    if re.fullmatch(r"\s*[1-9]\s*\.?", text):
        index = int(text.strip(" .")) - 1
        return {index} if index < len(made) else None
    folded = fold(text).strip(" .")
    same = [index for index, one in enumerate(made) if fold(plain(one["html"])).strip(" .") == folded]
    return {same[0]} if len(same) == 1 else None


def prompts_of(parts: Parts) -> tuple[Rich, list[Rich]]:
    """Split "1) …" lines off the end of the stem."""
    rows = [row for row in parts.stem.split_lines() if row]
    first = next((index for index, row in enumerate(rows) if (m := _PROMPT.match(row.text)) and m["n"] == "1"), None)
    if first is None:
        return parts.stem, []
    prompts: list[list[Rich]] = []
    for row in rows[first:]:
        match = _PROMPT.match(row.text)
        if match and int(match["n"]) == len(prompts) + 1:
            prompts.append([row[match.end() :].strip()])
        elif prompts:
            prompts[-1].append(row)
    return options.joined(rows[:first]), [options.joined(one) for one in prompts]


__all__ = ["Parts", "build", "kind_of", "take_apart", "truth"]
