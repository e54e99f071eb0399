"""Writing Moodle XML."""

from __future__ import annotations

import base64
import html as entities
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from quizzes.formats.gift_writer import absolute_tolerances, as_matching, option_weights
from quizzes.formats.losses import common_losses, short_name
from quizzes.formats.markup import LEVEL_NAMES, plain, shown
from quizzes.formats.model import PICTURE_SRC, Loss, ParsedQuestion, Picture, WrittenFile
from quizzes.formats.pictures import pixels
from quizzes.formats.true_false import is_true_false

_PATTERN_SIGNS = re.compile(r"[.^$*+?{}\[\]\\|()]")


def write(questions: Sequence[ParsedQuestion], pictures: Mapping[str, Picture]) -> WrittenFile:
    """Return the questions as Moodle XML with their pictures inside, and what it could not say."""
    root = etree.Element("quiz")
    losses: list[Loss] = []
    topic: list[str] = []
    for number, question in enumerate(questions, start=1):
        lost = common_losses(question, {"source"})
        element = _Writer(question, number, pictures, lost).element()
        losses += [Loss(short_name(question, number), code) for code in dict.fromkeys(lost)]
        if element is None:
            continue
        if question.topic != topic:
            topic = question.topic
            category = etree.SubElement(root, "question", type="category")
            path = "/".join(["$course$", "top", *(part.replace("/", "//") for part in topic)])
            _text(etree.SubElement(category, "category"), path)
        root.append(element)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return WrittenFile(data, "xml", "application/xml", losses)


def _text(parent: Any, text: str) -> None:
    found = etree.SubElement(parent, "text")
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    if re.search(r"[<>&]", clean) and "]]>" not in clean:
        found.text = etree.CDATA(clean)
    else:
        found.text = clean


class _Writer:
    def __init__(self, question: ParsedQuestion, number: int, pictures: Mapping[str, Picture], lost: list[str]) -> None:
        self.question, self.number, self.pictures, self.lost = question, number, pictures, lost
        self.root = etree.Element("question")

    def element(self) -> Any:
        question = self.question
        kind = "truefalse" if is_true_false(question) else question.kind
        fill = getattr(self, f"_{kind}", None)
        if fill is None or (kind == "short_text" and question.key.get("pattern") and not self._wildcards()):
            self.lost.append("loss_kind")
            return None
        _text(etree.SubElement(self.root, "name"), short_name(question, self.number))
        self.stem = etree.SubElement(self.root, "questiontext", format="html")
        self._html(self.stem, question.stem)
        self._html(etree.SubElement(self.root, "generalfeedback", format="html"), question.feedback.get("general", ""))
        etree.SubElement(self.root, "defaultgrade").text = "1"
        etree.SubElement(self.root, "penalty").text = "0"
        etree.SubElement(self.root, "hidden").text = "0"
        etree.SubElement(self.root, "idnumber").text = question.code
        fill()
        self._tags()
        return self.root

    def _html(self, parent: Any, html: str) -> None:
        """Write html with the pictures that it shows."""
        names: dict[str, None] = {}

        def inside(match: re.Match[str]) -> str:
            names.setdefault(match[2])
            return f"{match[1]}@@PLUGINFILE@@/{match[2]}{match[1]}"

        _text(parent, PICTURE_SRC.sub(inside, html))
        for name in names:
            if name in self.pictures:
                self._file(parent, name)
            else:
                self.lost.append("loss_picture")

    def _file(self, parent: Any, name: str) -> None:
        file = etree.SubElement(parent, "file", name=name, path="/", encoding="base64")
        file.text = base64.b64encode(self.pictures[name].data).decode()

    def _answer(self, fraction: Decimal | str, html: str, note: str = "", form: str = "html") -> Any:
        answer = etree.SubElement(self.root, "answer", fraction=str(fraction), format=form)
        if form == "html":
            self._html(answer, html)
        else:
            _text(answer, html)
        if note:
            self._html(etree.SubElement(answer, "feedback", format="html"), note)
        return answer

    def _tags(self) -> None:
        names = [
            *self.question.tags,
            *([LEVEL_NAMES[self.question.level]] if self.question.level in LEVEL_NAMES else []),
        ]
        if names:
            tags = etree.SubElement(self.root, "tags")
            for name in names:
                _text(etree.SubElement(tags, "tag"), name)

    def _options(self, weights: Mapping[str, Decimal], *, single: bool) -> None:
        options = self.question.content["options"]
        fixed = [bool(option.get("fixed")) for option in options]
        if any(fixed) and not all(fixed):
            self.lost.append("loss_fixed")
        self.root.set("type", "multichoice")
        etree.SubElement(self.root, "single").text = "true" if single else "false"
        etree.SubElement(self.root, "shuffleanswers").text = "false" if all(fixed) else "true"
        etree.SubElement(self.root, "answernumbering").text = "ABCD"
        notes = self.question.feedback.get("options") or {}
        for option in options:
            self._answer(shown(weights[option["id"]]), option["html"], notes.get(option["id"], ""))

    def _single_choice(self) -> None:
        right = self.question.key["correct"]
        self._options(
            {one["id"]: Decimal(100 if one["id"] == right else 0) for one in self.question.content["options"]},
            single=True,
        )

    def _multiple_response(self) -> None:
        if self.question.key.get("scoring", "all_or_nothing") == "all_or_nothing":
            self.lost.append("loss_scoring")
        self._options(option_weights(self.question), single=False)

    def _truefalse(self) -> None:
        self.root.set("type", "truefalse")
        notes = self.question.feedback.get("options") or {}
        for ident, word in (("a", "true"), ("b", "false")):
            self._answer(
                "100" if self.question.key["correct"] == ident else "0",
                word,
                notes.get(ident, ""),
                "moodle_auto_format",
            )

    def _wildcards(self) -> list[str] | None:
        """Return patterns as Moodle's wildcards when they are only texts with ``.*`` between."""
        found = []
        for one in self.question.key["accepted"]:
            parts = one["text"].split(".*")
            bare = [re.sub(r"\\(.)", r"\1", part) for part in parts]
            if any(_PATTERN_SIGNS.search(re.sub(r"\\.", "", part)) for part in parts):
                return None
            found.append("*".join(part.replace("*", "\\*") for part in bare))
        return found

    def _short_text(self) -> None:
        key = self.question.key
        self.root.set("type", "shortanswer")
        etree.SubElement(self.root, "usecase").text = "1" if key.get("case") else "0"
        if not key.get("accents", True):
            self.lost.append("loss_accents")
        if self.question.content.get("lines", 1) != 1:
            self.lost.append("loss_lines")
        texts = (
            self._wildcards() if key.get("pattern") else [one["text"].replace("*", "\\*") for one in key["accepted"]]
        )
        for one, text in zip(key["accepted"], texts or [], strict=True):
            self._answer(shown(Decimal(one.get("share", "1")) * 100), text, form="moodle_auto_format")

    def _numeric(self) -> None:
        key = self.question.key
        self.root.set("type", "numerical")
        for one, width in zip(key["accepted"], absolute_tolerances(key, self.lost), strict=True):
            answer = self._answer(shown(Decimal(one.get("share", "1")) * 100), one["value"], form="moodle_auto_format")
            etree.SubElement(answer, "tolerance").text = width
        if unit := self.question.content.get("unit"):
            units = etree.SubElement(etree.SubElement(self.root, "units"), "unit")
            etree.SubElement(units, "multiplier").text = "1"
            etree.SubElement(units, "unit_name").text = unit
            etree.SubElement(self.root, "unitgradingtype").text = "0"
            etree.SubElement(self.root, "showunits").text = "3"

    def _matching(self) -> None:
        self.root.set("type", "matching")
        prompts, options, pairs = as_matching(self.question, self.lost)
        etree.SubElement(self.root, "shuffleanswers").text = "true"
        for prompt in prompts:
            part = etree.SubElement(self.root, "subquestion", format="html")
            self._html(part, prompt["html"])
            _text(etree.SubElement(part, "answer"), options[pairs[prompt["id"]]])
        asked = set(pairs.values())
        for ident, html in options.items():
            if ident not in asked:
                part = etree.SubElement(self.root, "subquestion", format="html")
                _text(part, "")
                _text(etree.SubElement(part, "answer"), html)

    _true_false_group = _matching

    def _ordering(self) -> None:
        self.root.set("type", "ordering")
        etree.SubElement(self.root, "layouttype").text = "VERTICAL"
        etree.SubElement(self.root, "selecttype").text = "ALL"
        etree.SubElement(self.root, "selectcount").text = "0"
        types = {
            "all_or_nothing": "ALL_OR_NOTHING",
            "position": "ABSOLUTE_POSITION",
            "adjacent": "RELATIVE_NEXT_EXCLUDE_LAST",
        }
        etree.SubElement(self.root, "gradingtype").text = types[self.question.key.get("scoring", "all_or_nothing")]
        options = {one["id"]: one["html"] for one in self.question.content["options"]}
        for place, ident in enumerate(self.question.key["order"], start=1):
            self._answer(f"{place}.0000000", options[ident])

    def _essay(self) -> None:
        self.root.set("type", "essay")
        etree.SubElement(self.root, "responseformat").text = "editor"
        etree.SubElement(self.root, "responserequired").text = "1"
        for ours, theirs in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
            etree.SubElement(self.root, theirs).text = str(self.question.content.get(ours) or "")
        self._html(etree.SubElement(self.root, "graderinfo", format="html"), self.question.key.get("model_html", ""))
        if self.question.key.get("rubric"):
            self.lost.append("loss_rubric")

    def _gap_text(self) -> None:
        """Embedded answers: the question's text holds the gaps."""
        from quizzes.formats.moodle.types import GAP_STEM

        question = self.question
        self.root.set("type", "cloze")
        if question.key.get("scoring", "partial") != "partial":
            self.lost.append("loss_scoring")
        keys = question.key["gaps"]
        gaps = {gap["id"]: self._embedded(gap, keys[gap["id"]]) for gap in question.content["gaps"]}
        text = re.sub(r"\[\[(\w+)\]\]", lambda match: gaps.get(match[1], match[0]), question.content["text"])
        stem = "" if question.stem == GAP_STEM else question.stem
        if stem and not stem.startswith("<p"):
            stem = f"<p>{stem}</p>"
        for child in list(self.stem):
            self.stem.remove(child)
        self._html(self.stem, stem + text)

    def _embedded(self, gap: dict[str, Any], key: dict[str, Any]) -> str:
        weight = Decimal(key.get("weight", "1"))
        if weight != weight.to_integral_value():
            self.lost.append("loss_weight")
        points = max(1, int(weight))
        if "choices" in gap:
            rows = [("=" if one["id"] == key["correct"] else "") + _hide(one["html"]) for one in gap["choices"]]
            return f"{{{points}:MULTICHOICE:{'~'.join(rows)}}}"
        if not key.get("accents", True):
            self.lost.append("loss_accents")
        rows = []
        for one in key["accepted"]:
            share = Decimal(one.get("share", "1")) * 100
            head = "=" if share == 100 else f"%{shown(share)}%"
            body = (
                f"{one['value']}:{one.get('tolerance', '0')}"
                if key.get("numeric")
                else _hide(entities.escape(one["text"], quote=False))
            )
            rows.append(head + body)
        name = "NUMERICAL" if key.get("numeric") else "SHORTANSWER_C" if key.get("case") else "SHORTANSWER"
        return f"{{{points}:{name}:{'~'.join(rows)}}}"

    def _hotspot(self) -> None:
        """ddmarker with one marker."""
        question = self.question
        name = str(question.content.get("image", "")).rpartition("/")[2]
        size = (question.content.get("width") or 1, question.content.get("height") or 1)
        self.root.set("type", "ddmarker")
        if name in self.pictures:
            self._file(self.root, name)
        else:
            self.lost.append("loss_picture")
        drag = etree.SubElement(self.root, "drag")
        etree.SubElement(drag, "no").text = "1"
        _text(drag, "✕")
        etree.SubElement(drag, "noofdrags").text = "1"
        for number, found in enumerate(question.key["areas"], start=1):
            if Decimal(found.get("share", "1")) != 1:
                self.lost.append("loss_share")
                continue
            drop = etree.SubElement(self.root, "drop")
            etree.SubElement(drop, "no").text = str(number)
            values = pixels(found, size)
            shapes = {"rect": "rectangle", "circle": "circle", "poly": "polygon"}
            etree.SubElement(drop, "shape").text = shapes[found["shape"]]
            etree.SubElement(drop, "coords").text = _coords(found["shape"], values)
            etree.SubElement(drop, "choice").text = "1"
        if plain(question.content.get("alt", "")) and question.content["alt"] != plain(question.stem)[:200]:
            self.lost.append("loss_picture")


def _coords(shape: str, values: list[int]) -> str:
    if shape == "circle":
        return f"{values[0]},{values[1]};{values[2]}"
    if shape == "rect":
        return f"{values[0]},{values[1]};{values[2] - values[0]},{values[3] - values[1]}"
    return ";".join(f"{x},{y}" for x, y in zip(values[::2], values[1::2], strict=True))


def _hide(text: str) -> str:
    return re.sub(r"([}#~/\"\\=])", r"\\\1", text)
