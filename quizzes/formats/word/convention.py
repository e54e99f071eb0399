"""The lines by which our Word files say what options and underlines cannot: answers of every kind, and how to score.

Read and written here, so that both agree. All of it is words that a teacher can type:
``Đáp án: 1-B; 2-A``, ``Đáp án: C, A, B``, ``[[1]]: *xa | gần``, ``Cách chấm: từng phần``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lms.common.text import fold
from quizzes.formats.markup import decimal, find_tags, from_plain, inline, shown, tidy
from quizzes.formats.model import ERROR, ParsedQuestion, letters
from quizzes.formats.true_false import truth
from quizzes.formats.word.rich import Rich

if TYPE_CHECKING:
    from quizzes.formats.word.build import Parts

KIND_TAGS = {
    "multiple_response": "Nhiều đáp án",
    "true_false_group": "Đúng/Sai",
    "short_text": "Trả lời ngắn",
    "numeric": "Đáp án số",
    "matching": "Ghép đôi",
    "ordering": "Sắp xếp",
    "gap_text": "Điền khuyết",
    "hotspot": "Điểm trên ảnh",
    "essay": "Tự luận",
}
SCORINGS = {
    "all_or_nothing": "đúng hết mới có điểm",
    "partial": "từng phần",
    "partial_penalty": "từng phần, trừ điểm chọn sai",
    "position": "theo vị trí",
    "adjacent": "theo cặp liền nhau",
}
CASE, NO_ACCENTS, PATTERN, RELATIVE = "phân biệt hoa thường", "bỏ qua dấu", "biểu thức chính quy", "sai số tương đối"
_PICTURE = re.compile(r"<img\b[^>]*>")
_PAIR = re.compile(r"(?<!\w)(\d{1,2})\s*[-–:.)→=>]*\s*([A-Za-z])(?!\w)")
_SHARE = re.compile(r"\s*\(\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*\)\s*$")
_NUMBER = re.compile(
    r"^\s*(?P<value>[-−+]?\d[\d.\s]*(?:,\d+)?|[-−+]?\d+(?:[.,]\d+)?)(?:\s*(?:±|\+/-|\+-)\s*(?P<width>\d+(?:[.,]\d+)?))?\s*(?P<unit>[^\d±|]{0,30})$"
)


def scoring(text: str) -> str:
    """Return the way of scoring that a line names."""
    wanted = [part.strip() for part in fold(text).split(";")]
    return next((name for name, words in SCORINGS.items() if fold(words) in wanted), "")


def has(text: str, words: str) -> bool:
    """Whether a line of ways of scoring has these words among them."""
    return fold(words) in [part.strip() for part in fold(text).split(";")]


def scale(text: str, count: int) -> list[str]:
    """Return the scale of a true/false group: "0; 0,1; 0,25; 0,5; 1"."""
    found = [decimal(part) for part in re.findall(r"\d+(?:[.,]\d+)?", text)]
    if len(found) != count + 1 or None in found:
        return []
    return [shown(value) for value in found if value is not None]


def truths(text: str, count: int) -> list[bool] | None:
    """Return the truth of each statement: "ĐSĐS", "Đ, S, S, Đ", "a) Đúng; b) Sai …"; ``None`` for anything else."""
    compact = re.sub(r"[\s,;.\-–/|]+", "", text)
    if re.fullmatch(r"[ĐSđsTFtf]+", compact) and len(compact) == count:
        return [char in "ĐđTt" for char in compact]
    named = re.findall(r"(?<!\w)([a-jA-J1-9])\s*[).:\-–]?\s*(đúng|sai|đ|s|true|false|t|f)(?!\w)", text, re.IGNORECASE)
    if len(named) == count:
        values = [truth(word) for _letter, word in named]
        return [bool(value) for value in values]
    words = [truth(word) for word in re.split(r"[\s,;]+", text.strip()) if word]
    if len(words) == count and None not in words:
        return [bool(word) for word in words]
    return None


def pairs(text: str) -> dict[str, str]:
    """Return "1-B; 2-A" as pairs; nothing for a single pair, which is an answer of a numbered question."""
    found = {match[1]: match[2].lower() for match in _PAIR.finditer(text)}
    return found if len(found) >= 2 or (found and ";" in text) else {}


def number(text: str) -> tuple[Decimal, Decimal, str] | None:
    """Return value, tolerance and unit of "3,5 ± 0,1 tiết"; ``None`` for a text."""
    match = _NUMBER.match(text.strip(" ."))
    if match is None:
        return None
    raw = match["value"].replace("−", "-").replace(" ", "")
    if re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", raw):
        raw = raw.replace(".", "")
    value, width = decimal(raw), decimal(match["width"] or "0")
    if value is None or width is None:
        return None
    return value, width, match["unit"].strip(" .")


def write_number(text: str) -> str:
    """Return a number as it is read here: with a decimal comma."""
    return text.replace(".", ",")


def split_alternatives(text: str) -> list[tuple[str, str]]:
    """Return (text, share) of "xa | gần (50%)"; ``\\|`` is a bar of the text itself."""
    found = []
    for part in re.split(r"\s*(?<!\\)\|\s*", text.strip()):
        worth = "1"
        piece = part
        if match := _SHARE.search(piece):
            percent = decimal(match[1])
            worth = shown((percent or Decimal(0)) / 100)
            piece = piece[: match.start()]
        piece = piece.replace("\\|", "|").strip()
        if piece:
            found.append((piece, worth))
    return found


def join_alternatives(accepted: list[dict[str, str]], field: str = "text") -> str:
    """Write what :func:`split_alternatives` reads."""
    return " | ".join(one[field].replace("|", "\\|") + percent(one.get("share", "1")) for one in accepted)


def percent(share: str) -> str:
    """Return " (50%)" for a share, nothing for all."""
    value = Decimal(share) * 100
    return "" if value == 100 else f" ({write_number(shown(value))}%)"


def fill(parts: Parts, question: ParsedQuestion) -> None:
    """Fill a question of a kind without lettered options from its named lines."""
    key = parts.text("key") or parts.answer
    how = parts.text("scoring")
    match question.kind:
        case "short_text":
            _short(parts, question, key, how)
        case "numeric":
            _numeric(parts, question, key, how)
        case "gap_text":
            _gaps(parts, question, how)
        case "essay":
            _essay(parts, question, key)
        case "hotspot":
            _hotspot(parts, question)


def _short(parts: Parts, question: ParsedQuestion, key: str, how: str) -> None:
    lines = parts.text("lines")
    question.content = {"lines": int(lines) if lines.isdigit() and 0 < int(lines) < 50 else 1}
    question.key = {
        "accepted": [{"text": text, "share": share} for text, share in split_alternatives(key)],
        "case": has(how, CASE),
        "accents": not has(how, NO_ACCENTS),
        "pattern": has(how, PATTERN),
    }
    if not question.key["accepted"]:
        question.doubt("no_answer_line", ERROR)


def _numeric(parts: Parts, question: ParsedQuestion, key: str, how: str) -> None:
    accepted = []
    unit = parts.text("unit")
    for text, share in split_alternatives(key):
        found = number(text)
        if found is None:
            question.doubt("not_a_number", ERROR, text=text[:40])
            continue
        value, width, said = found
        unit = unit or said
        accepted.append({"value": shown(value), "tolerance": shown(width), "share": share})
    question.content = {"unit": unit} if unit else {}
    question.key = {"accepted": accepted, "tolerance_kind": "relative" if has(how, RELATIVE) else "absolute"}
    if not accepted and not question.broken:
        question.doubt("no_answer_line", ERROR)


def _gaps(parts: Parts, question: ParsedQuestion, how: str) -> None:
    from quizzes.formats.word.build import stem_html

    rows = [row for row in parts.stem.split_lines() if row]
    first = next((index for index, row in enumerate(rows) if "[[" in row.text), 0)
    stem, text = _join(rows[:first]), _join(rows[first:])
    question.stem = stem_html(stem) if stem else "Điền vào chỗ trống:"
    gaps: list[dict[str, Any]] = []
    keys: dict[str, Any] = {}
    html = stem_html(text)
    question.doubts = [doubt for doubt in question.doubts if doubt.code != "no_stem"]
    for name, rich in parts.fields:
        if name != "gap":
            continue
        match = re.match(r"\[\[\s*(\d{1,2})\s*\]\][^\t]*\t", rich.text)
        if match is None:
            continue
        gap, spec = _gap(match[1], rich[match.end() :].strip(), question)
        gaps.append(gap)
        keys[match[1]] = spec
    question.content = {"text": html, "gaps": gaps}
    question.key = {"gaps": keys, "scoring": scoring(how) or "partial"}
    if not gaps or set(re.findall(r"\[\[(\d+)\]\]", html)) != set(keys):
        question.doubt("no_gaps", ERROR)


def _gap(ident: str, rich: Rich, question: ParsedQuestion) -> tuple[dict[str, Any], dict[str, Any]]:
    text = rich.text
    weight: dict[str, str] = {}
    flags, end = _flags(text)
    text, rich = text[:end], rich[:end]
    if heavy := re.search(r"hệ số\s*([\d.,]+)", flags):
        weight = {"weight": shown(decimal(heavy[1]) or Decimal(1))}
    if re.search(r"(?:^|\|)\s*\*", text):
        pieces, start = [], 0
        for match in re.finditer(r"(?<!\\)\|", text):
            pieces.append(rich[start : match.start()].strip())
            start = match.end()
        pieces.append(rich[start:].strip())
        ids = letters(len(pieces))
        choices, right = [], ""
        for one, piece in zip(ids, pieces, strict=True):
            if piece.text.startswith("*"):
                right, piece = right or one, piece[1:].strip()
            choices.append({"id": one, "html": inline(piece.html().replace("\\|", "|"))})
        return {"id": ident, "choices": choices}, {"correct": right, **weight}
    if text.startswith("#"):
        rows = []
        for said, share in split_alternatives(text[1:]):
            found = number(said)
            if found is None:
                question.doubt("gap_not_a_number", ERROR, gap=ident, text=said[:40])
            else:
                rows.append({"value": shown(found[0]), "tolerance": shown(found[1]), "share": share})
        return {"id": ident}, {"accepted": rows, "numeric": True, **weight}
    accepted = [{"text": one, "share": share} for one, share in split_alternatives(text)]
    if not accepted:
        question.doubt("gap_no_key", ERROR, gap=ident)
    return {"id": ident}, {"accepted": accepted, "case": CASE in flags, "accents": NO_ACCENTS not in flags, **weight}


def _flags(text: str) -> tuple[str, int]:
    """Return what stands in braces at the end of the last line, and where the text before them ends."""
    whole = text.rstrip()
    start = whole.find("{", whole.rfind("\n") + 1)
    if start < 0 or not whole.endswith("}"):
        return "", len(text)
    return whole[start + 1 : -1], len(whole[:start].rstrip())


def _join(rows: list[Rich]) -> Rich:
    from quizzes.formats.word.options import joined

    return joined(rows)


def _essay(parts: Parts, question: ParsedQuestion, key: str) -> None:
    from quizzes.formats.word.build import stem_html

    words = [int(one) for one in re.findall(r"\d{1,6}", parts.text("words"))]
    question.content = {"min_words": words[0] if words else 0, "max_words": words[1] if len(words) > 1 else 0}
    rubric: list[dict[str, str]] = []
    for name, rich in parts.fields:
        if name != "rubric":
            continue
        head, _, body = rich.text.partition("\t")
        match = re.search(r"\((\d{1,3}(?:[.,]\d+)?)\s*%\)", head)
        title, _, description = re.sub(r"\s+\|\s+", "\n", body, count=1).partition("\n")
        worth = shown((decimal(match[1]) or Decimal(0)) / 100) if match else "0"
        rubric.append(
            {"id": str(len(rubric) + 1), "title": title.strip(), "share": worth, "description": description.strip()}
        )
    model = parts.rich("model")
    html = stem_html(model) if model else ""
    if not html and key:
        html = stem_html(parts.rich("key")) if parts.rich("key") else tidy(from_plain(key))
    question.key = {"rubric": rubric, "model_html": html}


def _hotspot(parts: Parts, question: ParsedQuestion) -> None:
    from quizzes.formats.markup import attributes, tidy

    pictures = [picture[0] for picture in find_tags(_PICTURE, question.stem)]
    seen = attributes(pictures[-1]) if pictures else {}
    if not pictures:
        question.doubt("picture_missing", ERROR, name="")
    else:
        question.stem = inline(tidy(question.stem.replace(pictures[-1], "")))
    question.content = {"image": seen.get("src", ""), "alt": seen.get("alt", ""), "width": 0, "height": 0}
    areas = []
    for name, rich in parts.fields:
        if name != "area":
            continue
        for text, share in split_alternatives(rich.text):
            shape, _, coords = text.partition(" ")
            found = [shown(value) for one in coords.split() if (value := decimal(one)) is not None]
            areas.append({"shape": shape, "coords": found, "share": share})
    question.key = {"areas": areas}
    if not areas:
        question.doubt("no_key", ERROR)


def join_numbers(accepted: list[dict[str, str]]) -> str:
    """Write accepted numbers: "3,5 ± 0,1 | 4 (50%)"."""
    rows = []
    for one in accepted:
        width = one.get("tolerance", "0")
        text = write_number(one["value"]) + (f" ± {write_number(width)}" if Decimal(width) else "")
        rows.append(text + percent(one.get("share", "1")))
    return " | ".join(rows)


def how_scored(question: ParsedQuestion) -> str:
    """Return the line of the ways of scoring where they are not the usual ones."""
    key = question.key
    usual = {
        "multiple_response": "all_or_nothing",
        "matching": "partial",
        "ordering": "all_or_nothing",
        "gap_text": "partial",
    }
    said = []
    if question.kind in usual and key.get("scoring", usual[question.kind]) != usual[question.kind]:
        said.append(SCORINGS[key["scoring"]])
    if question.kind == "short_text":
        said += [CASE] if key.get("case") else []
        said += [NO_ACCENTS] if not key.get("accents", True) else []
        said += [PATTERN] if key.get("pattern") else []
    if question.kind == "numeric" and key.get("tolerance_kind") == "relative":
        said.append(RELATIVE)
    if question.kind == "true_false_group" and key.get("scale"):
        said.append("; ".join(write_number(value) for value in key["scale"]))
    return "; ".join(said)


def whole_text(question: ParsedQuestion) -> str:
    """Return stem and text of a gap text as one html."""
    stem, text = question.stem, question.content.get("text", "")
    stem = stem if stem.startswith("<p") else f"<p>{stem}</p>"
    return stem + (text if text.startswith("<") else f"<p>{text}</p>")


def gap_lines(question: ParsedQuestion) -> list[str]:
    """Return a line for each gap, as :func:`fill` reads them."""
    lines = []
    for gap in question.content.get("gaps", []):
        key = question.key.get("gaps", {}).get(gap["id"], {})
        flags = []
        if "choices" in gap:
            text = " | ".join(
                ("*" if one["id"] == key.get("correct") else "") + one["html"].replace("|", "\\|")
                for one in gap["choices"]
            )
        elif key.get("numeric"):
            text = "# " + join_numbers(key.get("accepted", []))
        else:
            text = join_alternatives(key.get("accepted", []))
            flags += [CASE] if key.get("case") else []
            flags += [NO_ACCENTS] if not key.get("accents", True) else []
        if key.get("weight"):
            flags.append(f"hệ số {write_number(key['weight'])}")
        lines.append(f"[[{gap['id']}]]: {text}" + (f" {{{'; '.join(flags)}}}" if flags else ""))
    return lines


def essay_lines(question: ParsedQuestion) -> list[str]:
    """Return the lines of an essay: how long, by what it is marked, a model."""
    lines = []
    low, high = question.content.get("min_words", 0), question.content.get("max_words", 0)
    if low or high:
        lines.append(f"Số từ: {low} - {high}")
    for one in question.key.get("rubric", []):
        worth = write_number(shown(Decimal(one.get("share", "0")) * 100))
        lines.append(
            f"Tiêu chí ({worth}%): {one.get('title', '')}"
            + (f" | {one['description']}" if one.get("description") else "")
        )
    if model := question.key.get("model_html", ""):
        lines.append(f"Bài mẫu: {model}")
    return lines
