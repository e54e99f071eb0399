"""Keeping what finds a question in line with its current version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lms.common.text import fold
from quizzes.engine.texts import bands, plain_text, shingles, spelling, text_digest
from quizzes.models import Item, ItemBand, ItemText, ItemVersion

SNIPPET = 240


def option_texts(content: Mapping[str, Any]) -> list[str]:
    """Return the plain texts of everything that an answer chooses among, whatever the kind."""
    return [plain_text(str(part.get("html", ""))) for part in _choices(content)]


def _choices(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("statements", "prompts", "options"):
        yield from content.get(name) or ()
    for gap in content.get("gaps") or ():
        yield from gap.get("choices") or ()


def stem_text(stem: str, content: Mapping[str, Any]) -> str:
    """Return the plain text of the question itself; a text with gaps belongs to it."""
    return plain_text(f"{stem} {content.get('text', '')}")


def index_item(item: Item, version: ItemVersion) -> None:
    """Write text and fingerprint of ``item`` as ``version`` has them; called wherever a current version is set."""
    stem = stem_text(version.stem, version.content)
    options = option_texts(version.content)
    whole = " ".join([item.code, stem, *options, item.outcome, version.source])
    ItemText.objects.update_or_create(
        item=item,
        defaults={
            "snippet": stem[:SNIPPET],
            "folded": fold(whole),
            "exact": spelling(whole),
            "stem": stem,
            "options": options,
            "digest": text_digest(stem, options),
        },
    )
    ItemBand.objects.filter(item=item).delete()
    ItemBand.objects.bulk_create([ItemBand(value=value, item=item) for value in sorted(set(bands(shingles(stem))))])
