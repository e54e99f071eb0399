"""The life of a bank in the demo: tags, questions in every state, near-duplicates, comments, a pair kept apart."""

from __future__ import annotations

from lms.common.text import fold
from lms.people.models import User
from quizzes.enums import ItemState, Level
from quizzes.models import Item, ItemBank
from quizzes.services.bank.approval import approve_item, comment_item, request_changes, retire_item, submit_item
from quizzes.services.bank.banks import keep_apart
from quizzes.services.bank.items import create_item, save_version, set_tags

# Words in a question that give it a tag.
TAGS = {
    "dân vận": "công tác dân vận",
    "nghị quyết": "nghị quyết",
    "hòa giải": "hòa giải ở cơ sở",
    "điều lệ": "Điều lệ Đảng",
    "đảng viên": "đảng viên",
    "nhân dân": "dân chủ ở cơ sở",
    "hồ chí minh": "học tập và làm theo Bác",
    "họp": "hội nghị",
}


def tag_items(items: dict[str, Item]) -> None:
    """Tag questions by the words in their stems."""
    for item in items.values():
        assert item.current is not None
        stem = fold(item.current.stem)
        set_tags(item=item, names=[tag for word, tag in TAGS.items() if fold(word) in stem])


def enliven_bank(bank: ItemBank, *, author: User, officer: User) -> None:
    """Add what a bank at work has beside its approved questions."""
    approved = list(bank.items.select_related("current", "topic").order_by("code"))
    _revise(approved[0], author=author)
    _near_duplicates(approved[2:5], author=author)
    _in_review(approved[5:8], bank, officer=officer)
    keep_apart(item=approved[8], other=approved[9], reason="Câu trước gợi ra đáp án của câu sau", actor=officer)
    old = _copy(approved[10], author, "Trước đây, ")
    retire_item(item=old, actor=officer, reason="Văn bản nêu trong câu hỏi đã được thay thế.")


def _copy(item: Item, author: User, before: str) -> Item:
    version = item.current
    assert version is not None
    return create_item(
        bank=item.bank,
        kind=version.kind,
        stem=f"{before}{version.stem[:1].lower()}{version.stem[1:]}",
        content=version.content,
        key=version.key,
        feedback=version.feedback,
        source=version.source,
        author=author,
        topic=item.topic,
        level=item.level,
    )


def _revise(item: Item, *, author: User) -> None:
    """An approved question whose next version waits for review: the reviewer sees what changed."""
    version = item.current
    assert version is not None
    save_version(
        item=item,
        kind=version.kind,
        stem=f"{version.stem.rstrip()} Chọn phương án đầy đủ nhất.",
        content=version.content,
        key=version.key,
        feedback=version.feedback,
        source=version.source,
        author=author,
    )
    submit_item(item=item, actor=author, note="Sửa câu dẫn cho rõ, phương án giữ nguyên.")


def _near_duplicates(items: list[Item], *, author: User) -> None:
    """The same question written again by somebody who did not look: what the bank's list of duplicates is for."""
    for item in items:
        _copy(item, author, "Theo đồng chí, ")


def _in_review(items: list[Item], bank: ItemBank, *, officer: User) -> None:
    """Questions of the exam officer that wait for somebody else, one that came back, one with a comment."""
    first = create_item(
        bank=bank,
        kind="single_choice",
        stem="Khi tiếp công dân, cán bộ cơ sở nhận đơn không thuộc thẩm quyền giải quyết của mình thì làm gì?",
        content={
            "options": [
                {"id": "a", "html": "Hướng dẫn người gửi đơn đến đúng cơ quan có thẩm quyền"},
                {"id": "b", "html": "Giữ đơn lại, chờ cấp trên hỏi đến"},
                {"id": "c", "html": "Trả lại đơn mà không giải thích"},
                {"id": "d", "html": "Cả ba cách trên đều được", "fixed": True},
            ]
        },
        key={"correct": "a"},
        feedback={"general": "Cán bộ tiếp công dân có trách nhiệm hướng dẫn người dân gửi đơn đúng nơi giải quyết."},
        source="Luật Tiếp công dân 2013",
        author=officer,
        topic=items[0].topic,
        level=Level.APPLY,
        outcome="Vận dụng đúng trình tự tiếp công dân trong tình huống cụ thể",
        tags=["tiếp công dân"],
    )
    submit_item(item=first, actor=officer)
    second = _copy(items[1], officer, "Trong thực tế công tác ở cơ sở, ")
    submit_item(item=second, actor=officer)
    reviewer = items[0].author
    assert reviewer is not None
    comment_item(item=second, actor=reviewer, text="Phương án C và D gần như nhau, đồng chí xem lại giúp.")
    request_changes(item=second, actor=reviewer, note="Đề nghị sửa phương án D cho khác hẳn phương án C.")


def approve_all(bank: ItemBank, *, approver: User) -> None:
    """Take every draft of ``bank`` through review, as those that the exams use were."""
    for item in bank.items.filter(state=ItemState.DRAFT).select_related("current", "bank__unit").order_by("pk"):
        submit_item(item=item, actor=item.author, quiet=True)
        approve_item(item=item, actor=approver, quiet=True)
