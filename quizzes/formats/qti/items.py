"""One QTI item: from its interactions to one of our kinds."""

from __future__ import annotations

import logging
import re
from decimal import Decimal
from typing import Any

from quizzes.formats.markup import Fetch, inline, plain
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading
from quizzes.formats.qti import interactions
from quizzes.formats.qti.body import BLOCKS, INLINE, Body
from quizzes.formats.qti.gaps import inline_gaps
from quizzes.formats.qti.processing import NotUnderstoodError, Processing, Value
from quizzes.formats.qti.several import take_apart

logger = logging.getLogger(__name__)
#: Feedbacks times options, each of which is tried against the other.
_MOST_FEEDBACK = 10_000
#: Things asked in one item; more are no question.
_MOST_INTERACTIONS = 500


class AssessmentItem:
    """One ``assessmentItem`` with everything that its readers need."""

    def __init__(self, root: Any, reading: Reading, fetch: Fetch, number: int, stimulus: str = "") -> None:
        self.root = root
        title = re.sub(r"\s+", " ", root.get("title") or root.get("identifier") or "").strip()
        self.question = ParsedQuestion(place=Place("question", str(number), title[:80]))
        self.reading = reading
        self.body = Body(reading, self.question, fetch)
        self.processing = Processing(root)
        self.content = root.find("itemBody")
        self.stimulus = stimulus
        found = [] if self.content is None else [one for one in self.content.iter() if one.tag in BLOCKS | INLINE]
        # the stage of a position interaction holds the interactions
        self.interactions = [one for one in found if one.tag != "positionObjectStage"]

    def name(self, interaction: Any) -> str:
        return interaction.get("responseIdentifier") or ""

    def correct(self, interaction: Any) -> list[str]:
        return self.processing.correct.get(self.name(interaction)) or []

    def score(self, interaction: Any, values: Value) -> Decimal | None:
        """Return the score of one answer; ``None`` when the rules are beyond us."""
        try:
            return self.processing.score({**self.processing.correct, self.name(interaction): values})
        except (NotUnderstoodError, ArithmeticError, ValueError, IndexError, KeyError):
            return None

    def stem_around(self, interaction: Any) -> str:
        """Return the text of the item with the interaction's prompt in its place."""
        prompt = interaction.find("prompt")
        asked = self.body.html(prompt) if prompt is not None else ""
        if asked and not re.match(r"<(p|ul|ol|table|blockquote|h[34]|pre)\b", asked):
            asked = f"<p>{asked}</p>"

        def replace(element: Any) -> str | None:
            return (
                asked if element.get("responseIdentifier") == self.name(interaction) and element.tag in BLOCKS else None
            )

        from quizzes.formats.markup import tidy

        return tidy(self.stimulus + self.body.html(self.content, replace))

    def feedback(self, interaction: Any, idents: dict[str, str]) -> None:
        """Attach what the item says after an answer: to its option where it speaks of one, else to the question."""
        notes: dict[str, str] = {}
        general: list[str] = []
        modal = self.root.findall("modalFeedback")
        spoken: set[int] = set()
        if len(modal) * len(idents) > _MOST_FEEDBACK:
            self.question.doubt("feedback_left", NOTE)
            modal = []
        shows = {
            index: {theirs for theirs in idents if self._is_shown(shown, interaction, theirs)}
            for index, shown in enumerate(modal)
        }
        choices: dict[str, Any] = {}
        for one in interaction.iter():
            choices.setdefault(one.get("identifier") or "", one)
        for theirs, ours in idents.items():
            choice = choices.get(theirs)
            inner = choice.find(".//feedbackInline") if choice is not None else None
            texts = [_inline_html(self.body.html(inner))] if inner is not None else []
            for index, shown in enumerate(modal):
                if theirs in shows[index] and len(shows[index]) < len(idents):
                    texts.append(_inline_html(self.body.html(shown)))
                    spoken.add(index)
            if text := "".join(texts).strip():
                notes[ours] = text
        general.extend(
            _inline_html(self.body.html(shown))
            for index, shown in enumerate(modal)
            if index not in spoken and shown.get("showHide", "show") == "show"
        )
        blocks = (self.body.html(block) for block in self.content.iter("feedbackBlock"))
        general.extend(text for text in blocks if plain(text))
        if len(set(notes.values())) == 1 and len(notes) == len(idents) > 1:
            general.insert(0, next(iter(notes.values())))
            notes = {}
        if notes:
            self.question.feedback["options"] = notes
        self.say(general)

    def say(self, general: list[str]) -> None:
        """Keep what is said about the question as a whole."""
        useful = [text for text in dict.fromkeys(general) if plain(text) or "<img" in text]
        if len(useful) == 1:
            self.question.feedback["general"] = useful[0]
        elif useful:
            self.question.feedback["general"] = "".join(
                text if text.startswith("<") else f"<p>{text}</p>" for text in useful
            )

    def say_afterwards(self) -> None:
        """Keep what an item without options shows after the answer."""
        modal = self.root.findall("modalFeedback")
        self.say([_inline_html(self.body.html(one)) for one in modal if one.get("showHide", "show") == "show"])

    def _is_shown(self, modal: Any, interaction: Any, choice: str) -> bool:
        try:
            outcomes = self.processing.run({self.name(interaction): [choice]})
        except (NotUnderstoodError, ArithmeticError, ValueError, IndexError, KeyError):
            return modal.get("identifier") == choice
        value = outcomes.get(modal.get("outcomeIdentifier") or "") or []
        hit = modal.get("identifier") in value
        return hit if modal.get("showHide", "show") == "show" else not hit


def _inline_html(html: str) -> str:
    return inline(html)


def read_item(root: Any, reading: Reading, fetch: Fetch, number: int, stimulus: str = "") -> ParsedQuestion:  # noqa: C901 (one case each)
    """Read one item; whatever stands in the way is a doubt of its question."""
    item = AssessmentItem(root, reading, fetch, number, stimulus)
    question = item.question
    identifier = (root.get("identifier") or "").strip()
    question.code = "" if re.fullmatch(r"sen-item-\d+", identifier) else identifier[:60]
    if item.content is None:
        question.doubt("no_stem", ERROR)
        return question
    if (root.get("adaptive") or "false").lower() == "true":
        return _refused(item, "adaptive")
    if root.find("templateProcessing") is not None or root.find("templateDeclaration") is not None:
        return _refused(item, "template_item")
    if len(item.interactions) > _MOST_INTERACTIONS:
        return _refused(item, "several_interactions", count=len(item.interactions))
    kinds = {one.tag for one in item.interactions}
    if not kinds:
        return _refused(item, "no_interaction")
    if kinds <= INLINE:
        inline_gaps(item)
    elif len(item.interactions) > 1:
        return _refused(item, "several_interactions", count=len(item.interactions))
    else:
        interaction = item.interactions[0]
        reader = interactions.READERS.get(interaction.tag)
        if reader is None:
            return _refused(item, "unsupported_interaction", type=interaction.tag.removesuffix("Interaction"))
        reader(item, interaction)
        if interaction.tag not in ("choiceInteraction", "hottextInteraction"):
            item.say_afterwards()
    question.stem = inline(question.stem)
    if not plain(question.stem) and "<img" not in question.stem:
        title = root.get("title") or ""
        if title and question.kind == "gap_text":
            question.stem = title
        elif title and not question.broken:
            from quizzes.formats.markup import escape

            question.stem = escape(title)
        else:
            question.doubt("no_stem", ERROR)
    if (root.get("timeDependent") or "false").lower() == "true":
        question.doubt("time_dependent", NOTE)
    return question


def read_safely(root: Any, reading: Reading, fetch: Fetch, number: int, stimulus: str = "") -> list[ParsedQuestion]:
    """Read one item into its questions: one, or several when it asks several things that are scored apart.

    One that no reader foresaw is kept with an error, and noted for those who run the server.
    """
    try:
        return [read_item(part, reading, fetch, number, stimulus) for part in take_apart(root)]
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        logger.exception("A QTI item cannot be read")
        title = re.sub(r"\s+", " ", root.get("title") or root.get("identifier") or "").strip()
        question = ParsedQuestion(place=Place("question", str(number), title[:80]))
        question.doubt("item_broken", ERROR)
        return [question]


def _refused(item: AssessmentItem, code: str, **params: Any) -> ParsedQuestion:
    """Keep the text, so that the author sees which item it is."""
    item.question.stem = item.body.html(item.content)
    item.question.content, item.question.key = {}, {}
    item.question.doubts = [doubt for doubt in item.question.doubts if doubt.code != "printed_variable"]
    item.question.doubt(code, ERROR, **params)
    return item.question
