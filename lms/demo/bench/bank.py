"""A bank of 5,000 questions that look like real ones, for measuring lists, search and duplicates."""

from __future__ import annotations

import random

from lms.common.text import fold
from lms.people.models import Unit, User
from quizzes.engine.texts import bands, shingles, spelling, text_digest
from quizzes.enums import ItemState, Level
from quizzes.models import Item, ItemBand, ItemBank, ItemText, ItemVersion, Topic

QUESTIONS = 5_000
BATCH = 1_000
_WHO = ("Đảng Cộng sản Việt Nam", "chi bộ", "đảng viên", "cấp ủy cơ sở", "Mặt trận Tổ quốc", "Quốc hội", "đoàn viên")
_DOES = ("lãnh đạo", "thực hiện", "kiểm tra", "giám sát", "xây dựng", "tuyên truyền", "tổ chức", "bảo vệ", "hòa giải")
_WHAT = (
    "nghị quyết đại hội",
    "công tác dân vận",
    "quy chế dân chủ ở cơ sở",
    "kế hoạch phát triển kinh tế",
    "kỷ luật của tổ chức",
    "khối đại đoàn kết toàn dân",
    "chương trình học tập lý luận",
    "nền tảng tư tưởng",
    "phong trào thi đua",
    "đời sống văn hóa",
)
_WHERE = (
    "ở cơ sở",
    "trong giai đoạn mới",
    "theo Điều lệ",
    "tại địa phương",
    "trên không gian mạng",
    "năm 2026",
    "cấp xã",
)
_ASK = (
    "bằng cách nào?",
    "nhằm mục đích gì?",
    "dựa trên nguyên tắc nào?",
    "do ai chịu trách nhiệm?",
    "vào thời điểm nào?",
)


def large_bank(unit: Unit, author: User, count: int = QUESTIONS) -> ItemBank:
    """Fill a new bank of ``unit`` in bulk: versions, texts and fingerprints as the services write them."""
    rng = random.Random(11)  # noqa: S311 (made-up questions)
    bank = ItemBank.objects.create(unit=unit, name=f"Ngân hàng đo {count}")
    topics = [Topic.objects.create(bank=bank, name=f"Chuyên đề {number}", position=number) for number in range(20)]
    stems = [_stem(rng, number) for number in range(count)]
    for first in range(0, count, BATCH):
        _fill(bank, author, topics, stems[first : first + BATCH], first, rng)
    return bank


def _stem(rng: random.Random, number: int) -> str:
    parts = (_WHO, _DOES, _WHAT, _WHERE, _WHO, _DOES, _WHAT, _ASK)
    return f"Theo văn kiện số {number}, {' '.join(rng.choice(part) for part in parts)}"


def _fill(bank: ItemBank, author: User, topics: list[Topic], stems: list[str], first: int, rng: random.Random) -> None:
    items = Item.objects.bulk_create(
        [
            Item(
                bank=bank,
                topic=rng.choice(topics),
                code=f"D{first + index:05d}",
                kind="single_choice",
                level=rng.choice(Level.values),
                author=author,
            )
            for index in range(len(stems))
        ]
    )
    options = [{"id": letter, "html": f"{rng.choice(_DOES)} {rng.choice(_WHAT)}", "fixed": False} for letter in "abcd"]
    texts = [option["html"] for option in options]
    versions = ItemVersion.objects.bulk_create(
        [
            ItemVersion(
                item=item, number=1, kind=item.kind, stem=stem, content={"options": options}, key={"correct": "a"}
            )
            for item, stem in zip(items, stems, strict=True)
        ]
    )
    for item, version in zip(items, versions, strict=True):
        item.current = item.approved_version = version
        item.state = ItemState.APPROVED
    Item.objects.bulk_update(items, ["current", "approved_version", "state"], batch_size=200)
    whole = [f"{item.code} {stem} {' '.join(texts)}" for item, stem in zip(items, stems, strict=True)]
    ItemText.objects.bulk_create(
        [
            ItemText(
                item=item,
                snippet=stem[:240],
                folded=fold(text),
                exact=spelling(text),
                stem=stem,
                options=texts,
                digest=text_digest(stem, texts),
            )
            for item, stem, text in zip(items, stems, whole, strict=True)
        ]
    )
    ItemBand.objects.bulk_create(
        [
            ItemBand(value=value, item=item)
            for item, stem in zip(items, stems, strict=True)
            for value in sorted(set(bands(shingles(stem))))
        ],
        batch_size=5_000,
    )
