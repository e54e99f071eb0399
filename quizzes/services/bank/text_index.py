"""Keeping what finds a question in line with its current version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

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
    """Write text and fingerprint of ``item`` as ``version`` has them; called wherever a current version is set.

    The fingerprint is of the stem alone, and dear: another code or outcome leaves it as it is.
    """
    fields = _text_fields(item, version)
    if ItemText.objects.filter(item=item, stem=fields["stem"]).update(**fields):
        return
    ItemText.objects.update_or_create(item=item, defaults=fields)
    ItemBand.objects.filter(item=item).delete()
    ItemBand.objects.bulk_create(_bands(item, fields["stem"]))


def index_new_items(pairs: Sequence[tuple[Item, ItemVersion]]) -> None:
    """Write the texts of questions that have none yet, many at once."""
    rows = [(item, _text_fields(item, version)) for item, version in pairs]
    ItemText.objects.bulk_create([ItemText(item=item, **fields) for item, fields in rows], batch_size=500)
    _insert_bands([(value, item.pk) for item, fields in rows for value in _band_values(fields["stem"])])


def _insert_bands(rows: Sequence[tuple[int, int]]) -> None:
    """Insert bands as bare numbers: a file of 1,000 questions has 20,000, and an object for each costs a second."""
    quote = connection.ops.quote_name
    columns = f"{quote('value')}, {quote('item_id')}"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 400):
            part = rows[start : start + 400]
            places = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(
                f"INSERT INTO {quote(ItemBand._meta.db_table)} ({columns}) VALUES {places}",  # noqa: S608 (names only)
                [number for row in part for number in row],
            )


def _text_fields(item: Item, version: ItemVersion) -> dict[str, Any]:
    stem = stem_text(version.stem, version.content)
    options = option_texts(version.content)
    whole = " ".join([item.code, stem, *options, item.outcome, version.source])
    return {
        "snippet": stem[:SNIPPET],
        "folded": fold(whole),
        "exact": spelling(whole),
        "stem": stem,
        "options": options,
        "digest": text_digest(stem, options),
    }


def _bands(item: Item, stem: str) -> list[ItemBand]:
    return [ItemBand(value=value, item=item) for value in _band_values(stem)]


def _band_values(stem: str) -> list[int]:
    return sorted(set(bands(shingles(stem))))
