"""Cutting a document into questions: where each begins, under which headings, and what belongs to no question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from quizzes.formats.model import NOTE, Place, Reading
from quizzes.formats.safe import MAX_QUESTIONS
from quizzes.formats.word import answers, brackets, options, passages, patterns, unnumbered
from quizzes.formats.word.blocks import Table, TextLine, flat
from quizzes.formats.word.headings import Headings
from quizzes.formats.word.rich import Rich

_LONGEST_ANSWER = 60  # lines
_LONGEST, _WINDOW = 2_000, 200  # lines of a question, and those of its end that may hold the options
_WINDOW_LETTERS = 20_000  # and how many letters these have together


@dataclass(slots=True)
class RawQuestion:
    """The lines of one question, before anything is known about them."""

    number: int
    name: str  # as the file says it: "Câu 5", "Bài 2"
    lines: list[TextLine] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    chapter: str = ""
    section: int = 0  # numbers may start again in each
    hint: str = ""  # the kind that the section's heading names
    tag: str = ""  # the kind that the question's own bracket names
    level: str = ""
    points: Decimal = Decimal(0)  # that the paper gives for it
    paragraph: int = 0
    options: list[options.Option] | None = None  # when a table has them apart
    fields: list[tuple[str, Rich]] = field(default_factory=list)
    unnumbered: bool = False
    place_kind: str = "question"
    passage: passages.Passage | None = None  # a text that several questions share

    def place(self, *, repeated: bool) -> Place:
        return Place(self.place_kind, str(self.number), (self.chapter or "") if repeated else "")


@dataclass(slots=True)
class Cut:
    """A document in pieces."""

    drafts: list[RawQuestion] = field(default_factory=list)
    keys: list[TextLine | Table] = field(default_factory=list)  # answers apart from the questions, in order
    titled: int = -1  # where in ``keys`` a heading says that answers follow
    code: str = ""  # of the paper, when it says one ("Mã đề 101")


class Cutter(Headings):
    """Goes through the lines once, keeping the headings above and the question at hand."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.cut = Cut()
        self.ended = False
        self.words_used: set[str] = set()
        self.skipped: list[TextLine] = []
        self.boxed = False  # numbers stand in square brackets
        self._known_complete: tuple[RawQuestion | None, int, bool] = (None, 0, False)
        self.title: TextLine | None = None  # the heading that ended the questions: "ĐÁP ÁN"
        self._lettered: dict[int, bool] = {}  # of the questions that have ended, by their identity

    def run(self, blocks: list[TextLine | Table]) -> Cut:
        self._survey([line for block in blocks for line in flat(block)])
        for block in blocks:
            if isinstance(block, TextLine):
                self.line(block)
            else:
                self._table(block)
        return self._finish()

    def _table(self, block: Table) -> None:
        from quizzes.formats.word import tables

        what = tables.what(block, ended=self.ended, inside=self.current is not None)
        if what == "key":
            self.cut.keys.append(block)
        elif what == "questions":
            self.close()
            self.section += 1
            for draft in tables.questions(block, self.reading):
                draft.topic = [*self.topic(), *draft.topic]
                draft.section = self.section
                draft.hint = draft.hint or self.hint
                self.cut.drafts.append(draft)
        elif what == "lines":
            for line in tables.lines(block):
                self.line(line)
        elif (self.current is not None or self.reading_passage) and not self.ended:
            rich = Rich()
            rich.add_object(tables.html(block))
            self._keep(TextLine(rich, block.paragraph))
        else:
            self.skipped.extend(flat(block))

    def _finish(self) -> Cut:
        if self.ended:
            self._reopen()
        self.close()
        if not self.cut.drafts:
            self.cut.drafts, self.skipped = unnumbered.cut(self.skipped)
            if self.cut.drafts:
                self.reading.doubt("numbers_missing", NOTE)
        if texts := [text for line in self.skipped if (text := line.text.strip()[:60])]:
            self.reading.doubt("text_before", NOTE, count=len(texts), text=" / ".join(texts)[:160])
        if len(self.cut.drafts) > MAX_QUESTIONS:
            self.reading.doubt("too_many", limit=MAX_QUESTIONS)
            del self.cut.drafts[MAX_QUESTIONS:]
        return self.cut

    def _survey(self, lines: Iterable[TextLine]) -> None:
        """Note which words begin questions here: where "Câu 1" is used, "Bài 1" is a heading."""
        count: dict[str, int] = {}
        for line in lines:
            if match := patterns.word_stem(line.text):
                word = re.sub(r"\s+", " ", match["word"].lower())
                count[word] = count.get(word, 0) + 1
        lessons = {"bài", "bai", "c", "q"}
        if any(word not in lessons for word in count):
            count = {word: number for word, number in count.items() if word not in lessons}
        self.words_used = set(count)
        boxed = [int(match["n"]) for line in lines if (match := patterns.BOXED_STEM.match(line.text))]
        self.boxed = not count and bool(boxed) and boxed == list(range(boxed[0], boxed[0] + len(boxed)))

    def line(self, line: TextLine) -> None:
        text = line.text
        if not text.strip():
            return
        if patterns.END.match(text):
            self.ended = True
            self.close()
            return
        if self.ended and not self._goes_on(line):
            if patterns.KEY_TITLE.match(text):
                self.cut.titled = len(self.cut.keys)
            else:
                self.cut.keys.append(line)
            return
        self._question_line(line)

    def _question_line(self, line: TextLine) -> None:
        text = line.text
        if not self.cut.drafts and (code := patterns.PAPER_CODE.search(text)):
            self.cut.code = code[1]
        if patterns.BREAK.match(text):
            if self.complete():
                self.close()
            return
        if self.is_level_title(text, line):
            self.enter(2, text)
            return
        if self._stem(line):
            self.open_heading = None
            return
        if (patterns.KEY_TITLE.match(text) or self._answers_all(text)) and self.complete():
            self.ended = True
            self.close()
            self.cut.titled = 0
            if patterns.KEY_TITLE.match(text):
                self.title = line
            else:
                self.cut.keys.append(line)
            return
        if self.take_heading(line):
            return
        if (passage := passages.begins(line)) and (self.current is None or self.complete()):
            self.close()
            self.passage, self.reading_passage = passage, True
            return
        self._keep(line)

    def _goes_on(self, line: TextLine) -> bool:
        """Whether "Đáp án:" was the answer of one question after all, for the next question stands below it."""
        match = patterns.word_stem(line.text)
        if match is None or self.title is None or patterns.number(match) != self.cut.drafts[-1].number + 1:
            return False
        return self._reopen()

    def _reopen(self) -> bool:
        """Give what follows "Đáp án:" to the last question, unless it answers several."""
        own = [one for one in self.cut.keys if isinstance(one, TextLine)]
        if self.title is None or len(own) < len(self.cut.keys) or len(own) > _LONGEST_ANSWER:
            return False
        if any(answers.answers_in(one.text) or answers.is_numbered(one.text) for one in own):
            return False
        self.current = self.cut.drafts.pop()
        self._lettered.pop(id(self.current), None)
        self.current.lines += [self.title, *own]
        self.cut.keys, self.title, self.ended = [], None, False
        return True

    def _answers_all(self, text: str) -> bool:
        """Whether "ĐÁP ÁN: 1A 2B 3C" answers the whole paper; a matching's "Đáp án: 1-A; 2-C" is its own."""
        if self.current is None or self.current.tag or self.current.hint == "matching":
            return False
        return patterns.pairs_of_key_line(text) == len(self.cut.drafts) + 1 >= 3

    def _keep(self, line: TextLine) -> None:
        if self.current is not None:
            self.current.lines.append(line)
        elif self.reading_passage and self.passage is not None:
            self.passage.lines.append(line)
        elif not self.cut.drafts and len(answers.answers_in(line.text)) >= 3:
            self.cut.keys.append(line)  # the answers stand before the questions
        else:
            self.skipped.append(line)

    def close(self) -> None:
        if self.current is not None:
            self.cut.drafts.extend(unnumbered.split(self.current))
        self.current = None

    def complete(self) -> bool:
        """Whether the question at hand could end here: it has options, or an answer, or asks for an essay."""
        if self.current is None:
            return bool(self.cut.drafts)
        if self.current.hint in ("essay", "short_text", "numeric") or self.current.tag:
            return True
        draft, count, known = self._known_complete
        lines = self.current.lines
        if draft is not self.current:
            count, known = 0, False
        # asked for many lines: what was complete stays so, and plain text does not make it so
        if not known and any(_may_answer(line.text) for line in lines[count:]) and len(lines) <= _LONGEST:
            known = _has_answers(_end_of(lines))
        self._known_complete = (self.current, len(lines), known)
        return known

    def _stem(self, line: TextLine) -> bool:
        match = patterns.word_stem(line.text)
        if match is not None:
            word = re.sub(r"\s+", " ", match["word"].lower())
            if word not in self.words_used or (line.continued and not self._next_in_paragraph(match)):
                match = None
        if match is None:
            match = None if line.continued else self._bare(line)
            if match is None:
                return False
            word = "câu"
        self.close()
        number = patterns.number(match)
        name = f"{word.capitalize()} {number}"
        draft = RawQuestion(
            number=number,
            name=name,
            topic=self.topic(),
            chapter=self.chapter,
            section=self.section,
            hint=self.hint,
            level=self.level,
            paragraph=line.paragraph,
        )
        self.reading_passage = False
        if self.passage is not None and self.passage.is_for(number):
            draft.passage = self.passage
        if self.passage is None or number >= self.passage.last:
            self.passage = None
        brackets.note(draft, match["par"] or "")
        rest = brackets.leading(draft, line.rich[match.end() :])
        if rest:
            draft.lines.append(TextLine(rest, line.paragraph))
        self.current = draft
        return True

    def _next_in_paragraph(self, match: re.Match[str]) -> bool:
        """Whether "Câu 6." after a forced line break is the next question and not a sentence that speaks of one."""
        return self.current is not None and patterns.number(match) == self.current.number + 1 and self.complete()

    def _bare(self, line: TextLine) -> re.Match[str] | None:
        """Return the match of "5." when a question may begin here: the next number, and nothing left open before."""
        match = (patterns.BOXED_STEM if self.boxed else patterns.BARE_STEM).match(line.text)
        if match is None or not line.text[match.end() :].strip():
            return None
        if self.current is not None and self.current.tag:
            return None  # "1) …" under [Ghép đôi] is a thing to be matched
        number = int(match["n"])
        last = self.current or (self.cut.drafts[-1] if self.cut.drafts else None)
        same_section = last is not None and last.section == self.section
        complete = self.complete()
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
        return (
            self.hint in ("essay", "short_text", "numeric", "")
            and not self._numbered_inside()
            and not any(self._with_options(draft) for draft in self.cut.drafts[-3:])
        )

    def _with_options(self, draft: RawQuestion) -> bool:
        """Whether a question that has ended has options; worked out once."""
        if id(draft) not in self._lettered:
            found = options.find(options.joined([line.rich for line in draft.lines]))
            self._lettered[id(draft)] = len(found.options) >= 2
        return self._lettered[id(draft)]

    def _numbered_inside(self) -> bool:
        return self.current is not None and len(self.current.lines) > 1 and self.hint == ""


def _may_answer(text: str) -> bool:
    """Whether a line may hold an option or an answer, looked at quickly."""
    return options.may_hold(text) or patterns.field_of(text) is not None


def _end_of(lines: list[TextLine]) -> list[TextLine]:
    """Return the last lines of a question, as many as its options may take."""
    letters, first = 0, len(lines)
    while first and len(lines) - first < _WINDOW and letters < _WINDOW_LETTERS:
        first -= 1
        letters += len(lines[first].text)
    return lines[first:]


def _has_answers(lines: list[TextLine]) -> bool:
    if any((found := patterns.field_of(line.text)) and found.name == "key" for line in lines):
        return True
    return len(options.find(options.joined([line.rich for line in lines])).options) >= 2
