"""Cutting a document into questions: where each begins, under which headings, and what belongs to no question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from quizzes.formats.model import NOTE, Place, Reading
from quizzes.formats.safe import MAX_QUESTIONS
from quizzes.formats.word import options, patterns
from quizzes.formats.word.blocks import Line, Table
from quizzes.formats.word.rich import Rich

_DEPTH = {"phần": 0, "phan": 0, "part": 0, "section": 0, "chương": 1, "chuong": 1, "chapter": 1}
_LIMIT_TITLE = 220


@dataclass(slots=True)
class Draft:
    """The lines of one question, before anything is known about them."""

    number: int
    name: str  # as the file says it: "Câu 5", "Bài 2"
    lines: list[Line] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    chapter: str = ""
    section: int = 0  # numbers may start again in each
    hint: str = ""  # the kind that the section's heading names
    tag: str = ""  # the kind that the question's own bracket names
    level: str = ""
    paragraph: int = 0
    options: list[options.Option] | None = None  # when a table has them apart
    fields: list[tuple[str, Rich]] = field(default_factory=list)
    unnumbered: bool = False
    place_kind: str = "question"

    def place(self, *, repeated: bool) -> Place:
        return Place(self.place_kind, str(self.number), (self.chapter or "") if repeated else "")


@dataclass(slots=True)
class Cut:
    """A document in pieces."""

    drafts: list[Draft] = field(default_factory=list)
    key_lines: list[Rich] = field(default_factory=list)
    key_tables: list[Table] = field(default_factory=list)


class Cutter:
    """Goes through the lines once, keeping the headings above and the question at hand."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.cut = Cut()
        self.headings: list[tuple[int, str]] = []
        self.hint = ""
        self.section = 0
        self.current: Draft | None = None
        self.ended = False
        self.words_used: set[str] = set()
        self.open_heading: int | None = None
        self.skipped: list[str] = []
        self.chapter = ""

    def run(self, blocks: list[Line | Table]) -> Cut:
        from quizzes.formats.word import tables

        lines = [block for block in blocks if isinstance(block, Line)]
        self._survey(lines)
        for block in blocks:
            if isinstance(block, Line):
                self.line(block)
                continue
            what = tables.what(block, ended=self.ended, inside=self.current is not None)
            if what == "key":
                self.cut.key_tables.append(block)
            elif what == "questions":
                self.close()
                self.section += 1
                for draft in tables.questions(block, self.reading):
                    draft.topic = [*self._topic(), *draft.topic]
                    draft.section = self.section
                    draft.hint = draft.hint or self.hint
                    self.cut.drafts.append(draft)
            elif what == "lines":
                for line in tables.lines(block):
                    self.line(line)
            elif self.current is not None and not self.ended:
                rich = Rich()
                rich.add_object(tables.html(block))
                self.current.lines.append(Line(rich, block.paragraph))
        self.close()
        if self.skipped:
            text = " / ".join(self.skipped)[:160]
            self.reading.doubt("text_before", NOTE, count=len(self.skipped), text=text)
        if len(self.cut.drafts) > MAX_QUESTIONS:
            self.reading.doubt("too_many", limit=MAX_QUESTIONS)
            del self.cut.drafts[MAX_QUESTIONS:]
        return self.cut

    def _survey(self, lines: Iterable[Line]) -> None:
        """Note which words begin questions here: where "Câu 1" is used, "Bài 1" is a heading."""
        count: dict[str, int] = {}
        for line in lines:
            if match := patterns.word_stem(line.text):
                word = re.sub(r"\s+", " ", match["word"].lower())
                count[word] = count.get(word, 0) + 1
        lessons = {"bài", "bai"}
        if any(word not in lessons for word in count):
            count = {word: number for word, number in count.items() if word not in lessons}
        self.words_used = set(count)

    def line(self, line: Line) -> None:
        text = line.text
        if not text.strip():
            return
        if patterns.END.match(text):
            self.ended = True
            self.close()
            return
        if self.ended:
            self.cut.key_lines.append(line.rich)
            return
        if not line.continued and self._stem(line):
            self.open_heading = None
            return
        if patterns.KEY_TITLE.match(text) and self._complete() and len(self.cut.drafts) + 1 > 1:
            self.ended = True
            self.close()
            return
        if self._heading(line):
            return
        if self.current is not None:
            self.current.lines.append(line)
        elif not self.cut.drafts or line.text.strip():
            self.skipped.append(text.strip()[:60])

    def close(self) -> None:
        if self.current is not None:
            self.cut.drafts.extend(_split_unnumbered(self.current))
        self.current = None

    def _complete(self) -> bool:
        """Whether the question at hand could end here: it has options, or an answer, or asks for an essay."""
        if self.current is None:
            return bool(self.cut.drafts)
        if self.current.hint in ("essay", "short_text", "numeric") or self.current.tag:
            return True
        if any((found := patterns.field_of(line.text)) and found.name == "key" for line in self.current.lines):
            return True
        return len(options.find(options.joined([line.rich for line in self.current.lines])).options) >= 2

    def _stem(self, line: Line) -> bool:
        match = patterns.word_stem(line.text)
        if match is not None:
            word = re.sub(r"\s+", " ", match["word"].lower())
            if word not in self.words_used:
                match = None
        if match is None:
            match = self._bare(line)
            if match is None:
                return False
            word = "câu"
        self.close()
        name = f"{word.capitalize()} {int(match['n'])}"
        draft = Draft(
            number=int(match["n"]),
            name=name,
            topic=self._topic(),
            chapter=self.chapter,
            section=self.section,
            hint=self.hint,
            paragraph=line.paragraph,
        )
        _brackets(draft, match["par"] or "")
        rest = line.rich[match.end() :]
        rest = _leading_bracket(draft, rest)
        if rest:
            draft.lines.append(Line(rest, line.paragraph))
        self.current = draft
        return True

    def _bare(self, line: Line) -> re.Match[str] | None:
        """Return the match of "5." when a question may begin here: the next number, and nothing left open before."""
        match = patterns.BARE_STEM.match(line.text)
        if match is None or not line.text[match.end() :].strip():
            return None
        if self.current is not None and self.current.tag:
            return None  # "1) …" under [Ghép đôi] is a thing to be matched
        number = int(match["n"])
        last = self.current or (self.cut.drafts[-1] if self.cut.drafts else None)
        same_section = last is not None and last.section == self.section
        complete = self._complete()
        if self.words_used and last is not None and same_section:
            return match if complete and number == last.number + 1 and last.lines else None
        if self.words_used and last is None and not self.hint:
            return None
        if last is None or not same_section:
            return match if number == 1 or last is not None or number < 1000 else None
        if number == last.number + 1 and (complete or self._no_options_here()):
            return match
        if complete and (number == 1 or last.number < number <= last.number + 5):
            if number == 1:
                self.section += 1
            return match
        return None

    def _no_options_here(self) -> bool:
        """Whether no question so far has had options: a list of essay questions."""
        return not any(
            len(options.find(options.joined([line.rich for line in draft.lines])).options) >= 2
            for draft in self.cut.drafts[-3:]
        ) and (self.hint in ("essay", "short_text", "numeric", "") and not self._numbered_inside())

    def _numbered_inside(self) -> bool:
        return self.current is not None and len(self.current.lines) > 1 and self.hint == ""

    def _topic(self) -> list[str]:
        return [title for _depth, title in self.headings]

    def _heading(self, line: Line) -> bool:
        text = line.text.strip()
        if self.open_heading is not None:
            continues = self.current is None and len(text) < _LIMIT_TITLE and not patterns.field_of(text)
            depth, self.open_heading = self.open_heading, None
            if continues and not options.begins(line.rich):
                bare = self.headings[-1][1] if self.headings and self.headings[-1][0] == depth else ""
                self._enter(depth, f"{bare}: {text}" if bare else text, replace=True)
                return True
        if options.begins(line.rich) and not patterns.is_section_title(text):
            return False
        match = patterns.HEADING.match(text)
        if match is not None and not self._is_title(match, text, line):
            match = None
        if match is not None:
            word = match["word"].lower()
            self._enter(_DEPTH.get(re.sub(r"\s+", " ", word), 2), text)
            if not match["rest"].strip() and not patterns.is_section_title(text):
                self.open_heading = _DEPTH.get(re.sub(r"\s+", " ", word), 2)
            return True
        lettered = patterns.LETTERED_HEADING.match(text)
        if lettered is not None and self._is_section(lettered["rest"], text, line):
            self._enter(0, text)
            return True
        if labelled := patterns.LABELLED_TOPIC.match(text):
            if self.current is None or (self._complete() and line.outline is not None):
                self._enter(1, labelled["rest"].strip())
                return True
            return False
        if line.outline is not None and len(text) < _LIMIT_TITLE and (self.current is None or self._complete()):
            self._enter(line.outline, text)
            return True
        if (
            patterns.is_section_title(text)
            and len(text) < 100
            and text.isupper()
            and (self.current is None or self._complete())
        ):
            self._enter(0, text)
            return True
        return False

    def _is_title(self, match: re.Match[str], text: str, line: Line) -> bool:
        """Whether "Phần II …" is a heading here and not the beginning of a sentence."""
        if len(text) > _LIMIT_TITLE:
            return False
        number = match["n"]
        if (
            len(number) == 1
            and number.isalpha()
            and number not in "IVX"
            and not match["sep"]
            and match["rest"]
            and not text.isupper()
        ):
            return False
        if not match["sep"] and match["rest"] and match["rest"][0].islower():
            return False
        if line.outline is not None or text.isupper() or patterns.is_section_title(text):
            return True
        return self.current is None or self._complete()

    def _is_section(self, rest: str, text: str, line: Line) -> bool:
        if len(text) > _LIMIT_TITLE:
            return False
        if patterns.is_section_title(rest) and (rest.isupper() or line.rich.share("bold") > 0.6 or len(rest) < 60):
            return self.current is None or self._complete() or rest.isupper()
        roman = re.match(r"^\s*[IVX]{1,5}\s*[.)/:\-–]", text) is not None
        return (
            roman and (rest.isupper() or line.rich.share("bold") > 0.9) and (self.current is None or self._complete())
        )

    def _enter(self, depth: int, text: str, *, replace: bool = False) -> None:
        self.close()
        if not replace:
            self.section += 1
        hint = patterns.hint_of(text) if patterns.is_section_title(text) else ""
        if hint:
            self.hint = hint
            return
        self.headings = [(level, title) for level, title in self.headings if level < depth]
        title = re.sub(r"\s+", " ", text).strip(" .:-–")[:250]
        self.headings.append((depth, title))
        self.chapter = title[:60]
        if not replace:
            self.hint = self.hint if depth > 0 else ""


def _brackets(draft: Draft, text: str) -> None:
    """Take level, kind and code out of the brackets after the number; points are the exam's, so they are dropped."""
    from quizzes.formats.markup import level_of

    for inner in re.findall(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]", text):
        if level := level_of(inner):
            draft.level = level
        elif kind := patterns.hint_of(inner):
            draft.tag = kind


_LEADING = re.compile(r"^\s*(?:\((?P<a>[^()\n]{1,40})\)|\[(?P<b>[^\[\]\n]{1,40})\])\s*[:.]?\s*")
_POINTS = re.compile(r"^\d+(?:[.,]\d+)?\s*(?:điểm|đ|pts?|points?)$", re.IGNORECASE)


def _leading_bracket(draft: Draft, rest: Rich) -> Rich:
    """Take a level or points in brackets off the beginning of the text: "Câu 1: (NB) …"."""
    from quizzes.formats.markup import level_of

    while match := _LEADING.match(rest.text):
        inner = (match["a"] or match["b"]).strip()
        if level := level_of(inner):
            draft.level = level
        elif not _POINTS.match(inner):
            break
        rest = rest[match.end() :]
    return rest


def _split_unnumbered(draft: Draft) -> list[Draft]:
    """Cut a draft that holds two sets of options: the number of the second question was forgotten."""
    found = options.find(options.joined([line.rich for line in draft.lines]))
    if len(found.options) < 2 or found.rest is None:
        return [draft]
    whole = options.joined([line.rich for line in draft.lines])
    first, second = whole[: found.rest], whole[found.rest :]
    rows = second.split_lines()
    while rows and (not rows[0] or patterns.field_of(rows[0].text)):  # the answer line belongs to the question before
        first = options.joined([first, rows.pop(0)])
    second = options.joined(rows)
    if not second.text.strip() or len(options.find(second).options) < 2:
        return [draft]
    draft.lines = [Line(part, draft.paragraph) for part in first.split_lines() if part]
    other = Draft(
        number=draft.number,
        name=draft.name,
        lines=[Line(part, draft.paragraph) for part in second.split_lines() if part],
        topic=list(draft.topic),
        chapter=draft.chapter,
        section=draft.section,
        hint=draft.hint,
        paragraph=draft.paragraph,
        unnumbered=True,
    )
    return [draft, *_split_unnumbered(other)]
