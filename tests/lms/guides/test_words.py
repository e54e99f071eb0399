"""What the guides print bold as a word of the screen stands on the screen; their pictures are there and small."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from PIL import Image

from lms.common.text import fold
from lms.guides.catalogue import ENTRIES
from lms.guides.reading import folder
from tests.architecture.test_house_rules import ROOT, ours

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
PICTURE = re.compile(r"!\[([^\]]+)\]\(hinh/([\w-]+\.webp)\)")
#: Words in bold that are said with stress, not read on the screen.
STRESSED = re.compile(r"[.:,!]$|^(?:không|chưa|cứ|những|giờ ghi|đang trên|in ngay|bước này)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def screen() -> str:
    """Return every Vietnamese sentence of the interface, folded, without its values."""
    entries = [entry for path in ours("django*.po") for entry in polib.pofile(str(path))]
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    return "\n".join(fold(" ".join(PLACEHOLDER.sub(" ", text).split())) for text in texts)


def labels(text: str) -> list[str]:
    """Return the words of the screen in a guide: of ``**Coi thi → Tạo ca thi**`` both."""
    parts = [part.strip() for bold in BOLD.findall(text) for part in re.split(r"→|…", " ".join(bold.split()))]
    return [part for part in parts if part and not STRESSED.search(part)]


def width_of(path: Path) -> int:
    with Image.open(path) as picture:
        return picture.width


@pytest.mark.parametrize("path", sorted(folder().glob("*.md")), ids=lambda path: path.stem)
def test_the_words_of_a_guide_stand_on_the_screen(path: Path) -> None:
    shown = screen()
    assert [word for word in labels(path.read_text()) if fold(word) not in shown] == []


def test_a_word_of_no_screen_is_noticed() -> None:
    assert labels("Bấm **Lớp → Mở lớp**, **không đóng trang**, **Nhập … câu**.") == ["Lớp", "Mở lớp", "Nhập", "câu"]
    assert fold("Nút không có ở đâu") not in screen()


def test_every_guide_of_the_catalogue_is_a_file_and_the_other_way_round() -> None:
    assert {entry.slug for entry in ENTRIES} == {path.stem for path in folder().glob("*.md")} - {"index"}
    index = (folder() / "index.md").read_text()
    assert [entry.slug for entry in ENTRIES if f"({entry.slug}.md)" not in index] == []


def test_pictures_are_used_described_and_small() -> None:
    used = [found for path in folder().glob("*.md") for found in PICTURE.findall(path.read_text())]
    files = {path.name: path for path in (folder() / "hinh").glob("*.webp")}
    assert {name for _words, name in used} == set(files)
    assert [name for words, name in used if len(words) < 12] == []
    assert [name for name, path in files.items() if path.stat().st_size > 100_000] == []
    assert {width_of(path) for path in files.values()} == {360, 1280}
    taken = (ROOT / "scripts/guide_pictures.py").read_text()
    assert [name for name in files if f'"{name.removesuffix(".webp")}"' not in taken] == []
