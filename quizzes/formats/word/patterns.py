"""Patterns of the beginning of a line in a teacher's file: question, heading, option, answer, end of the paper."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.common.text import fold

_PAREN = r"(?P<par>(?:\s*(?:\([^()\n]{1,60}\)|\[[^\[\]\n]{1,40}\]))*)"
WORD_STEM = re.compile(
    r"^\s*(?P<star>\*\s*)?(?P<word>câu\s*hỏi|câu|cau\s*hoi|cau|bài\s*tập|bài|bai|question|quest|ques|q|c)\s*"
    r"(?:(?:số|so|thứ)\s*)?(?P<box>[\[(]\s*)?(?P<n>\d{1,4}|(?-i:[IVX]{1,5})(?=\s*[.:)]))"
    + _PAREN
    + r"\s*(?P<sep>[.:)\]/]+|[-–—]+(?=\s|[^\W\d])|\t|$|(?=[A-ZÀ-ỸĐ\"“‘'(«\ufffc]))\s*",
    re.IGNORECASE,
)
# With re.IGNORECASE the look-ahead for a capital would take small letters too: "Câu 5 sai ở đâu" is no new question.
# Whether a letter is small is asked of the letter: between "à" and "ỹ" stand small and capital ones by turns.
_NEXT_LETTER = re.compile(r"^\s*\S+(?:\s*hỏi)?\s*(?:số)?\s*\d{1,4}\s+([^\W\d_])")
#: "[5] …" and "#5. …": numbers only where they grow, for "[1]" may be a level too.
BOXED_STEM = re.compile(r"^\s*(?:\[|#\s?)(?P<n>\d{1,4})(?P<par>)(?P<sep>\s*[\].:)]+)\s*")
BARE_STEM = re.compile(
    r"^\s*(?P<n>\d{1,4})" + _PAREN + r"\s*(?P<sep>\.(?!\d)|\)|/(?!\d)|:(?!\d)|[-–—](?=\s*[^\W\d]|\s*[\"“(…]))\s*"
)
ROMAN = r"(?:[IVX]{1,5}|[ivx]{1,4})"
HEADING = re.compile(
    r"^\s*(?P<word>phần|phan|chương|chuong|chuyên\s*đề|chuyen\s*de|chủ\s*đề|mục|bài|bai|section|chapter|part|topic)\s+"
    r"(?:thứ\s+|số\s+)?(?P<n>[IVXLC]+|\d{1,3}|[A-ZĐ]|nhất|một|hai|ba|bốn|tư|năm|sáu|bảy)\b\s*(?P<sep>[.:\-–—)]*)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
LETTERED_HEADING = re.compile(r"^\s*(?P<n>[A-D]|[IVX]{1,5})\s*[.)/:\-–]?\s+(?P<rest>\S.*)$")
LABELLED_TOPIC = re.compile(r"^\s*(?:chủ đề|chuyên đề|chương|phần|topic)\s*:\s*(?P<rest>.+)$", re.IGNORECASE)
END = re.compile(r"^[\W_]*(?:h\s*ế\s*t|the\s+end|kết thúc(?: đề)?)[\W_]*$", re.IGNORECASE)
KEY_TITLE = re.compile(
    r"^[\W_]*(?:bảng\s+|phần\s+)?(?:đáp\s*án|hướng dẫn chấm|answer keys?|answers|key)"
    r"(?:\s+(?:đề|mã đề|trắc nghiệm|phần|chương|và|câu|thi|chi tiết|tham khảo|môn)\b.*)?[\W_]*$",
    re.IGNORECASE,
)

PAPER_CODE = re.compile(r"mã\s*đề(?:\s*thi)?\s*(?:số)?\s*[:：.]?\s*(\w{0,3}\d{2,4})\b", re.IGNORECASE)
#: "a) Đúng" below the statements of a group.
VERDICT = re.compile(r"^\s*[a-h]\s*[).:\-–]\s*(?:đúng|sai|đ|s)(?!\w)", re.IGNORECASE)
#: "[<br>]" and rules between questions, as other programs want them.
BREAK = re.compile(r"^\s*(?:\[?</?br\s*/?>\]?|[-–—_=*~]{4,})\s*$", re.IGNORECASE)
_KEY_LINE = re.compile(r"^[\W_]*(?:bảng\s+)?(?:đáp\s*án|answers?|key)\s*[:：]\s*(?P<rest>.+)$", re.IGNORECASE)
_KEY_PAIR = re.compile(r"(?<!\w)\d{1,3}\s*[-–.:)=/]?\s*(?:[A-H]|[ĐS]{2,10})(?!\w)")

KINDS = (
    ("matching", ("ghep doi", "ghep cot", "noi cot", "noi y", "ghep noi", "matching")),
    ("ordering", ("sap xep", "ordering")),
    ("gap_text", ("dien khuyet", "dien vao cho trong", "dien tu", "cloze")),
    ("hotspot", ("diem tren anh", "diem tren hinh", "hotspot")),
    (
        "true_false_group",
        ("dung sai", "dung - sai", "dung/sai", "dung hoac sai", "dung hay sai", "true false", "true/false"),
    ),
    ("numeric", ("so", "dap an so", "numeric")),
    ("short_text", ("tra loi ngan", "dien dap an", "short answer")),
    ("essay", ("tu luan", "essay", "luan")),
    ("multiple_response", ("nhieu dap an", "nhieu lua chon dung", "chon nhieu", "multiple response")),
    (
        "single_choice",
        ("mot dap an", "trac nghiem", "nhieu lua chon", "nhieu phuong an", "single choice", "multiple choice"),
    ),
)
_SECTION_WORDS = re.compile(
    r"trac nghiem|tu luan|tra loi ngan|dung sai|dung - sai|nhieu lua chon|nhieu phuong an|dien khuyet|ghep doi"
)


@dataclass(frozen=True, slots=True)
class Field:
    """The subject of a line of the form "Name: …"."""

    name: str
    rest: int  # where its text begins


_SO = r"(?:(?:vậy|như\s*vậy|do\s*đó|vì\s*vậy|vì\s*thế|nên|suy\s*ra|ta)[,:]?\s+)?"
_RIGHT_ANSWER = (
    r"(?:(?:đáp\s*án|phương\s*án|câu|lựa\s*chọn)(?:\s*trả\s*lời)?\s*(?:đúng\s*nhất|đúng|chính\s*xác)|phương\s*án\s*trả\s*lời|đáp\s*án(?:\s*là)?|đáp\s*số"
    r"|đ\s*/\s*a|đ\.\s*a\.?|đ/án|đa|d/a|(?:correct\s*)?answer|ans|key|kết\s*quả|trả\s*lời)"
)
_CHOOSE = r"(?:chọn|[=-]+>|→|⇒|✓|✔|√|đúng\s*:)"
_CALLED = r"(?:(?:là|chọn)\s*)?[-–.:]?\s*(?:(?:đáp\s*án|phương\s*án|câu|ý)\s+)?(?:là\s*)?"
_FIELDS = (
    ("key", _SO + _RIGHT_ANSWER + r"(?:\s*là)?\s*[:：=]"),
    ("key", _SO + r"(?:" + _RIGHT_ANSWER + r"|" + _CHOOSE + r")\s*" + _CALLED + r"(?:(?=(?-i:[A-H])\b\s*(?:$|[.,;:)>\]]|(?-i:[A-H])\b|và\b|vì\b))|(?=[a-h]\s*[.)]?\s*$))"),
    ("key", r"(?=(?-i:[A-H])\s+là\s+(?:đáp\s*án|phương\s*án|câu\s*trả\s*lời|lựa\s*chọn)\s+(?:đúng|chính\s*xác))"),
    ("explanation", r"(?:giải\s*thích|hướng\s*dẫn\s*giải|hướng\s*dẫn\s*chấm|hướng\s*dẫn\s*trả\s*lời|lời\s*giải(?:\s*chi\s*tiết)?|gợi\s*ý(?:\s*trả\s*lời)?|giải|explanation|phản\s*hồi)\s*[:：]"),
    ("explanation", r"(?:hướng\s*dẫn|lời)\s*[:：]\s*(?=chọn\b)"),
    ("explanation", r"(?:giải\s*thích|hướng\s*dẫn\s*(?:giải|chấm|trả\s*lời)|lời\s*giải|đáp\s*án\s*chi\s*tiết)(?:\s*chi\s*tiết)?\s*[.)\]]?\s*$"),
    ("source", r"(?:nguồn|căn\s*cứ|trích|trích\s*dẫn|tài\s*liệu|tham\s*khảo|source)\s*[:：]"),
    ("level", r"(?:mức\s*độ(?:\s*nhận\s*thức)?|cấp\s*độ|mức|độ\s*khó|level)\s*[:：]"),
    ("topic", r"(?:chủ\s*đề|chuyên\s*đề|topic)\s*[:：]"),
    ("code", r"(?:mã\s*câu(?:\s*hỏi)?|mã\s*số|mã|code)\s*[:：]"),
    ("tags", r"(?:thẻ|từ\s*khóa|tags?)\s*[:：]"),
    ("scoring", r"(?:cách\s*chấm|scoring)\s*[:：]"),
    ("model", r"(?:bài\s*mẫu|đáp\s*án\s*mẫu|model\s*answer)\s*[:：]"),
    ("rubric", r"(?:tiêu\s*chí)\s*(?=[:：(\d])[^:：]{0,12}[:：]"),
    ("words", r"(?:số\s*từ)\s*[:：]"),
    ("area", r"(?:vùng\s*đúng|area)\s*[:：]"),
    ("lines", r"(?:số\s*dòng)\s*[:：]"),
    ("unit", r"(?:đơn\s*vị(?:\s*tính)?)\s*[:：]"),
    ("fixed", r"(?:giữ\s*(?:chỗ|nguyên\s*vị\s*trí)|không\s*(?:đảo|trộn|hoán\s*vị))\s*[:：]"),
    ("gap", r"\[\[\s*\d{1,2}\s*\]\]\s*[:：=]"),
    ("note", r"nhận\s*xét\s+[A-Z]\s*[:：]"),
)  # fmt: skip
_FIELD_PATTERNS = tuple(
    (name, re.compile(r"^\s*[(\[<*•]*(?:[-–](?![->]))?\s*" + pattern + r"\s*", re.IGNORECASE))
    for name, pattern in _FIELDS
)
# Lines without a colon are fields only when they begin like this.
_FIELD_START = re.compile(
    r"\s*+[(\[<*\-–•]*+\s*+(?:vậy|như\s|do\s|vì\s|nên|suy\s|ta\s|chọn|đáp|đ[./a]|đúng|answer|correct|key|ans|phương|câu|lựa|trả|kết|lời|hướng|giải|[=-]++>|[>→⇒✓✔√]|[A-H]\s++là\s)",
    re.IGNORECASE,
)
INLINE_KEY = re.compile(
    r"(?:(?<![\s(\[])[\s(\[]++(?:đáp\s*án(?:\s*đúng)?|đ/a|ĐA|answer|key)\s*[:：=]|(?<!\s)\s*+[(\[]\s*(?:đáp\s*án(?:\s*đúng)?(?:\s*là)?|đ/a|ĐA|chọn)\s)\s*"
    r"(?P<key>[A-H](?:\s*(?:,|;|và)\s*[A-H])*)\s*[)\].]*\s*$",
    re.IGNORECASE,
)


def field_of(text: str) -> Field | None:
    """Return which field a line begins, if any."""
    if ":" not in text and "：" not in text and "=" not in text and not _FIELD_START.match(text):
        return None
    for name, pattern in _FIELD_PATTERNS:
        if match := pattern.match(text):
            return Field(name, match.end())
    return None


def word_stem(text: str) -> re.Match[str] | None:
    """Return the match of "Câu 5:" and its like at the beginning of a line."""
    match = WORD_STEM.match(text)
    if match is None:
        return None
    word = match["word"].lower()
    if word in ("q", "c") and not (match["sep"].strip() and match.start("n") == match.end("word")):
        return None
    if not match["sep"].strip() and match.end() < len(text):
        if word in ("q", "c", "bài", "bai") or _small_next(text):
            return None
        following = text[match.end() : match.end() + 1]
        if following.islower():
            return None
    return match


def _small_next(text: str) -> bool:
    match = _NEXT_LETTER.match(text)
    return match is not None and match[1].islower()


def number(match: re.Match[str]) -> int:
    """Return the number of a question, whatever its figures: "5", "IV"."""
    text = match["n"]
    return int(text) if text.isdigit() else roman(text)


def roman(text: str) -> int:
    """Return the value of a Roman number."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[char] for char in text.upper()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def hint_of(text: str) -> str:
    """Return the kind of question that a heading or a bracket names, nothing for none."""
    folded = " " + re.sub(r"[^\w/ -]", " ", fold(text).replace("–", "-")) + " "
    for kind, words in KINDS:
        if any(f" {word} " in folded for word in words):
            return kind
    return ""


def pairs_of_key_line(text: str) -> int:
    """Return how many questions a line answers: 3 for "ĐÁP ÁN: 1A 2B 3C"."""
    match = _KEY_LINE.match(text)
    return len(_KEY_PAIR.findall(match["rest"])) if match else 0


def level_of_title(text: str) -> str:
    """Return the level that a heading names: "II. THÔNG HIỂU", "Phần 1: Nhận biết (10 câu)"."""
    from quizzes.formats.markup import level_of

    if len(text) > 60:
        return ""
    bare = re.sub(r"\([^()]*\)", "", text).strip(" *-–•")
    bare = re.sub(r"^(?:phần\s*)?(?:[IVX]{1,5}|\d{1,2})\s*[.:)\-–/]+\s*", "", bare, flags=re.IGNORECASE)
    bare = re.sub(
        r"^(?:(?:các\s+)?câu(?:\s*hỏi)?\s+)?(?:(?:mức|cấp)(?:\s*độ)?\s*[:\-–]?\s+)?", "", bare, flags=re.IGNORECASE
    )
    return level_of(bare)


def is_section_title(text: str) -> bool:
    """Whether a heading only names a form of question, not a topic."""
    return _SECTION_WORDS.search(fold(text).replace("–", "-")) is not None
