"""Questions as hypothesis makes them, in the form that every reader gives: the same thing said in one way only."""

from __future__ import annotations

import io

from hypothesis import strategies as st
from PIL import Image

from quizzes.formats.markup import escape
from quizzes.formats.model import ParsedQuestion, Picture, letters

WORDS = [
    "Đảng",
    "cộng",
    "sản",
    "Việt",
    "Nam",
    "thành",
    "lập",
    "ngày",
    "mùa",
    "xuân",
    "cách",
    "mạng",
    "tháng",
    "tám",
    "quốc",
    "hội",
    "trung",
    "ương",
    "nghị",
    "quyết",
    "hội",
    "nghị",
    "đại",
    "hội",
    "giai",
    "cấp",
    "công",
    "nhân",
    "nông",
    "dân",
    "trí",
    "thức",
    "đoàn",
    "kết",
    "dân",
    "chủ",
    "kỷ",
    "luật",
    "chi",
    "bộ",
    "đảng",
    "viên",
    "cương",
    "lĩnh",
    "điều",
    "lệ",
    "x<y",
    "a&b",
    "100%",
    "#1",
    "{ngoặc}",
    "dấu=bằng",
    "~ngã",
    "kết:luận",
    '"ngoặc"',
    "gạch\\chéo",
    "1930",
    "03/02/1930",
    "5%",
]
words = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7).map(" ".join)
plain_words = st.lists(st.sampled_from([word for word in WORDS if word.isalpha()]), min_size=1, max_size=5).map(
    " ".join
)
PNG = io.BytesIO()
Image.new("RGB", (200, 100), "white").save(PNG, "PNG")
PICTURE = Picture("so-do.png", PNG.getvalue())
SHOWN = '<img src="/-/hinh/so-do.png" alt="sơ đồ" width="200" height="100">'


def html(*, looks: bool = True, picture: bool = False):
    plain = words.map(escape)
    kinds = [plain]
    if looks:
        kinds.append(st.tuples(plain, plain, plain).map(lambda t: f"{t[0]} <b>{t[1]}</b> {t[2]} {t[0]}"))
        kinds.append(st.tuples(plain, plain).map(lambda t: f"{t[0]} H<sub>2</sub>O {t[1]}"))
    if picture:
        kinds.append(plain.map(lambda text: f"{text} {SHOWN}"))
    return st.one_of(kinds)


@st.composite
def stems(draw, *, looks=True, picture=False):
    parts = draw(st.lists(html(looks=looks, picture=picture), min_size=1, max_size=2))
    return parts[0] if len(parts) == 1 else "".join(f"<p>{part}</p>" for part in parts)


@st.composite
def option_list(draw, *, least=2, most=6, fixed=True, looks=True):
    texts = draw(st.lists(html(looks=looks), min_size=least, max_size=most, unique_by=str.lower))
    return [
        {"id": ident, "html": text, "fixed": draw(st.booleans()) if fixed else False}
        for ident, text in zip(letters(len(texts)), texts, strict=True)
    ]


def ids(options):
    return [one["id"] for one in options]


shares = st.sampled_from(["1", "0.5", "0.25"])


@st.composite
def single_choice(draw, **how):
    options = draw(option_list(**how))
    return {"content": {"options": options}, "key": {"correct": draw(st.sampled_from(ids(options)))}}


@st.composite
def multiple_response(draw, *, scorings=("all_or_nothing", "partial", "partial_penalty"), **how):
    options = draw(option_list(least=3, **how))
    count = draw(st.integers(2, len(options) - 1))  # with one right answer two ways of scoring are the same
    return {
        "content": {"options": options},
        "key": {"correct": ids(options)[:count], "scoring": draw(st.sampled_from(scorings))},
    }


@st.composite
def true_false_group(draw, *, scale=False, looks=True):
    texts = draw(st.lists(html(looks=looks), min_size=2, max_size=5, unique_by=str.lower))
    statements = [{"id": str(index), "html": text} for index, text in enumerate(texts, start=1)]
    true = [one["id"] for one in statements if draw(st.booleans())]
    key = {"true": true}
    if scale and draw(st.booleans()):
        key["scale"] = ["0", *["0.25"] * (len(texts) - 1), "1"]
    return {"content": {"statements": statements}, "key": key}


@st.composite
def short_text(draw, *, accents=(True, False), cases=(True, False), lines=(1, 3)):
    texts = draw(st.lists(plain_words, min_size=1, max_size=3, unique_by=str.lower))
    accepted = [{"text": text, "share": "1" if index == 0 else draw(shares)} for index, text in enumerate(texts)]
    return {
        "content": {"lines": draw(st.sampled_from(lines))},
        "key": {
            "accepted": accepted,
            "case": draw(st.sampled_from(cases)),
            "accents": draw(st.sampled_from(accents)),
            "pattern": False,
        },
    }


@st.composite
def numeric(draw, *, units=("", "tiết"), kinds=("absolute",), most=3):
    values = draw(
        st.lists(st.sampled_from(["3.5", "1930", "-2", "0.25", "12000"]), min_size=1, max_size=most, unique=True)
    )
    accepted = [
        {
            "value": value,
            "tolerance": draw(st.sampled_from(["0", "0.1", "2"])),
            "share": "1" if index == 0 else draw(shares),
        }
        for index, value in enumerate(values)
    ]
    unit = draw(st.sampled_from(units))
    return {
        "content": {"unit": unit} if unit else {},
        "key": {"accepted": accepted, "tolerance_kind": draw(st.sampled_from(kinds))},
    }


@st.composite
def matching(draw, *, scorings=("partial", "all_or_nothing"), **how):
    options = draw(option_list(least=2, most=5, **how))
    texts = draw(st.lists(html(looks=how.get("looks", True)), min_size=2, max_size=len(options), unique_by=str.lower))
    prompts = [{"id": str(index), "html": text} for index, text in enumerate(texts, start=1)]
    return {
        "content": {"prompts": prompts, "options": options},
        "key": {
            "pairs": {one["id"]: draw(st.sampled_from(ids(options))) for one in prompts},
            "scoring": draw(st.sampled_from(scorings)),
        },
    }


@st.composite
def ordering(draw, *, scorings=("all_or_nothing", "position", "adjacent"), looks=True, sorted_key=False):
    options = [{"id": one["id"], "html": one["html"]} for one in draw(option_list(looks=looks))]
    order = ids(options) if sorted_key else draw(st.permutations(ids(options)))
    return {"content": {"options": options}, "key": {"order": list(order), "scoring": draw(st.sampled_from(scorings))}}


@st.composite
def gap_text(draw, *, scorings=("partial", "all_or_nothing"), accents=(True, False), weights=("1", "2"), looks=False):
    count = draw(st.integers(1, 3))
    gaps, keys, pieces = [], {}, []
    for number in range(1, count + 1):
        ident = str(number)
        kind = draw(st.sampled_from(["choice", "text", "number"]))
        weight = draw(st.sampled_from(weights)) if number > 1 else "1"
        key: dict = {}
        if kind == "choice":
            texts = draw(st.lists(plain_words, min_size=2, max_size=4, unique_by=str.lower))
            choices = [{"id": one, "html": text} for one, text in zip(letters(len(texts)), texts, strict=True)]
            gaps.append({"id": ident, "choices": choices})
            key = {"correct": draw(st.sampled_from(ids(choices)))}
        elif kind == "text":
            gaps.append({"id": ident})
            case = draw(st.booleans())
            texts = draw(st.lists(plain_words, min_size=1, max_size=2, unique_by=str.lower))
            accepted = [{"text": text, "share": "1" if index == 0 else "0.5"} for index, text in enumerate(texts)]
            key = {"accepted": accepted, "case": case, "accents": draw(st.sampled_from(accents))}
        else:
            gaps.append({"id": ident})
            key = {
                "accepted": [{"value": "1930", "tolerance": draw(st.sampled_from(["0", "2"])), "share": "1"}],
                "numeric": True,
            }
        if weight != "1":
            key["weight"] = weight
        keys[ident] = key
        pieces.append(f"{draw(plain_words)} [[{ident}]]")
    scoring = draw(st.sampled_from(scorings)) if count > 1 else "partial"
    if scoring == "all_or_nothing":  # then weights say nothing
        for key in keys.values():
            key.pop("weight", None)
    text = " ".join(pieces) + " " + draw(plain_words)
    return {"content": {"text": text, "gaps": gaps}, "key": {"gaps": keys, "scoring": scoring}}


@st.composite
def hotspot(draw):
    def share(size):
        return st.integers(1, size // 2 - 1).map(lambda value: f"{value / size:g}")

    areas = []
    for _number in range(draw(st.integers(1, 2))):
        shape = draw(st.sampled_from(["rect", "circle", "poly"]))
        x, y = draw(share(200)), draw(share(100))
        coords = {
            "rect": [x, y, "0.75", "0.8"],
            "circle": [x, y, "0.1"],
            "poly": [x, y, "0.9", y, "0.5", "0.9"],
        }[shape]
        areas.append({"shape": shape, "coords": coords, "share": "1"})
    return {
        "content": {"image": "/-/hinh/so-do.png", "alt": "sơ đồ", "width": 200, "height": 100},
        "key": {"areas": areas},
    }


@st.composite
def essay(draw, *, words_limit=True, rubric=False, model=True):
    content = {"min_words": 0, "max_words": 0}
    if words_limit and draw(st.booleans()):
        content = {"min_words": 100, "max_words": 500}
    rows = []
    if rubric and draw(st.booleans()):
        rows = [
            {"id": "1", "title": draw(plain_words), "share": "0.4", "description": draw(st.sampled_from(["", "đủ ý"]))},
            {"id": "2", "title": draw(plain_words), "share": "0.6", "description": ""},
        ]
    return {
        "content": content,
        "key": {"rubric": rows, "model_html": draw(html()) if model and draw(st.booleans()) else ""},
    }


@st.composite
def question(draw, kind, parts, *, stem=None, source=True, code=True, general=True, notes=False, topic=True, tags=True):
    made = ParsedQuestion(kind=kind, stem=draw(stem if stem is not None else stems()), **draw(parts))
    if general and draw(st.booleans()):
        made.feedback["general"] = draw(html())
    if notes and draw(st.booleans()):
        made.feedback["options"] = {"b": draw(html())}
    if source and draw(st.booleans()):
        made.source = "Quy định số 19-QĐ/TW ngày 08/4/2026"
    if topic:
        made.topic = draw(st.sampled_from([[], ["Lịch sử Đảng"], ["Chương 1", "Bài 2: Điều lệ"]]))
    made.level = draw(st.sampled_from(["", "recall", "understand", "apply", "apply_high"]))
    if tags:
        made.tags = draw(st.sampled_from([[], ["ôn tập"], ["ôn tập", "đợt 1"]]))
    if code and draw(st.booleans()):
        made.code = "C0012"
    return made
