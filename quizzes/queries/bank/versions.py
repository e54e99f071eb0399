"""The parts of a question's version in words, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lms.common.formats import number
from quizzes.engine.texts import plain_text, snippet
from quizzes.engine.worddiff import Piece, word_diff
from quizzes.models import ItemVersion

type Text = tuple[str, str, Mapping[str, Any], Mapping[str, Any], Mapping[str, Any], str]


@dataclass(frozen=True, slots=True)
class VersionPart:
    """One part: ``ident`` matches it between versions, ``secret`` parts give the key away.

    It has either ``html``, which authors format, or ``text``, which is printed as it was typed.
    """

    ident: str
    label: str
    text: str = ""
    html: str = ""
    secret: bool = False

    @property
    def words(self) -> str:
        return plain_text(self.html) if self.html else self.text


@dataclass(frozen=True, slots=True)
class Change:
    """A part between two versions. ``op``: same, changed, look (only its formatting), added, removed."""

    label: str
    op: str
    pieces: list[Piece] = field(default_factory=list)
    secret: bool = False


def short_text(version: ItemVersion) -> str:
    """Return the first words of the question as this very version asks it, whatever is being drafted meanwhile."""
    return snippet(version.stem, version.content.get("text", ""))


def parts(version: ItemVersion, *, with_key: bool) -> list[VersionPart]:
    """Return what ``version`` is made of, in the order in which it is read; the key only where asked for."""
    found = list(_parts(version))
    return found if with_key else [part for part in found if not part.secret]


def compare_versions(old: ItemVersion | None, new: ItemVersion, *, with_key: bool) -> list[Change]:
    """Return every part of either version with what happened to it. Without ``old`` everything was added."""
    before = {part.ident: part for part in parts(old, with_key=with_key)} if old is not None else {}
    after = parts(new, with_key=with_key)
    changes = []
    for part in after:
        was = before.pop(part.ident, None)
        if was is None:
            changes.append(Change(part.label, "added", [Piece("added", part.words)], part.secret))
        elif (was.html, was.text) == (part.html, part.text):
            changes.append(Change(part.label, "same", [Piece("same", part.words)], part.secret))
        else:
            pieces = word_diff(was.words, part.words)
            op = "look" if all(piece.op == "same" for piece in pieces) else "changed"
            changes.append(Change(part.label, op, pieces, part.secret))
    changes += [Change(part.label, "removed", [Piece("removed", part.words)], part.secret) for part in before.values()]
    return changes


def _parts(version: ItemVersion) -> Iterator[VersionPart]:
    content = version.content
    yield VersionPart("stem", _("Question"), html=version.stem)
    if content.get("text"):
        yield VersionPart("text", _("Text with gaps"), html=content["text"])
    for name, label in (
        ("statements", _("Statement %(id)s")),
        ("prompts", _("Row %(id)s")),
        ("options", _("Option %(id)s")),
    ):
        for option in content.get(name) or ():
            ident = str(option["id"])
            yield VersionPart(f"{name}.{ident}", label % {"id": ident.upper()}, html=option["html"])
            if option.get("fixed"):
                yield VersionPart(
                    f"{name}.{ident}.fixed", _("Option %(id)s") % {"id": ident.upper()}, _("stays in its place")
                )
    for gap in content.get("gaps") or ():
        chosen = " · ".join(
            f"{choice['id'].upper()}. {plain_text(choice['html'])}" for choice in gap.get("choices") or ()
        )
        if chosen:
            yield VersionPart(f"gaps.{gap['id']}", _("Choices of gap %(id)s") % {"id": gap["id"]}, chosen)
    yield from _particulars(content)
    yield from _secrets(version)


def _particulars(content: Mapping[str, Any]) -> Iterator[VersionPart]:
    for name, label in (
        ("unit", _("Unit of measure")),
        ("image", _("Picture")),
        ("alt", _("Text for screen readers")),
        ("lines", _("Lines")),
        ("min_words", _("Fewest words")),
        ("max_words", _("Most words")),
    ):
        if content.get(name):
            yield VersionPart(name, label, str(content[name]))


def _secrets(version: ItemVersion) -> Iterator[VersionPart]:
    content, key = version.content, version.key
    for index, line in enumerate(key_lines(version.kind, content, key)):
        yield VersionPart(f"key.{index}", _("Key"), line, secret=True)
    if general := version.feedback.get("general"):
        yield VersionPart("feedback", _("Explanation"), html=general, secret=True)
    for ident, text in (version.feedback.get("options") or {}).items():
        label = _("Remark on %(id)s") % {"id": str(ident).upper()}
        yield VersionPart(f"feedback.{ident}", label, html=text, secret=True)
    if version.source:
        yield VersionPart("source", _("Source"), version.source, secret=True)


def key_lines(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
    """Return the key of a question in words, a line a piece."""
    lines = list(_key(kind, content, key))
    if scoring := key.get("scoring"):
        lines.append(str(scoring_label(scoring)))
    return lines


def scoring_label(name: str) -> str:
    """Return the words for a way of scoring."""
    return {
        "all_or_nothing": _("All or nothing"),
        "partial": _("Each right part counts"),
        "partial_penalty": _("Each right part counts, a wrong one takes away"),
        "position": _("Each right position counts"),
        "adjacent": _("Each right neighbourhood counts"),
    }.get(name, name)


def _key(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[str]:
    reader = _KEYS.get(kind)
    if reader is not None:
        yield from reader(content, key)


def _true_false(content: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[str]:
    right = set(key.get("true", ()))
    for statement in content.get("statements", ()):
        yield f"{statement['id']}: {_('true') if statement['id'] in right else _('false')}"
    if scale := key.get("scale"):
        yield _("Points by number right: %(scale)s") % {"scale": " – ".join(map(_number, scale))}


def _gaps(_content: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[str]:
    for ident, gap in (key.get("gaps") or {}).items():
        answer = str(gap["correct"]).upper() if "correct" in gap else "; ".join(_accepted(gap))
        yield f"({ident}) {answer}"


def _essay(_content: Mapping[str, Any], key: Mapping[str, Any]) -> Iterator[str]:
    for row in key.get("rubric") or ():
        yield f"{row['title']} ({_number(row['share'])})"
    if key.get("model_html"):
        yield plain_text(key["model_html"])


def _number(text: object) -> str:
    """Return a kept decimal as people write it."""
    return number(Decimal(str(text)), 6)


def _accepted(key: Mapping[str, Any]) -> Iterator[str]:
    for answer in key.get("accepted", ()):
        text = str(answer.get("text", answer.get("value", "")))
        if answer.get("tolerance") not in (None, "", "0"):
            text += f" ± {_number(answer['tolerance'])}"
        if str(answer.get("share", "1")) != "1":
            text += f" ({_number(answer['share'])})"
        yield text


_KEYS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[str]]] = {
    "single_choice": lambda _content, key: [str(key.get("correct", "")).upper()],
    "multiple_response": lambda _content, key: [", ".join(str(one).upper() for one in key.get("correct", ()))],
    "true_false_group": _true_false,
    "matching": lambda _content, key: [f"{row} → {str(one).upper()}" for row, one in key.get("pairs", {}).items()],
    "ordering": lambda _content, key: [" → ".join(str(one).upper() for one in key.get("order", ()))],
    "short_text": lambda _content, key: _accepted(key),
    "numeric": lambda _content, key: _accepted(key),
    "gap_text": _gaps,
    "hotspot": lambda _content, key: [
        f"{area['shape']} {' '.join(map(str, area['coords']))}" for area in key.get("areas", ())
    ],
    "essay": _essay,
}
