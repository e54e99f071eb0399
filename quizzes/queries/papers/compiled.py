"""Papers as they are used: compressed for the wire, compiled for checking answers and for grading.

Papers are immutable, so each process keeps what it worked out. The caches are keyed by the paper's id *and* its
random seed, so that a database put back to an earlier state can never meet a stranger's paper under the same id.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import brotli

from quizzes.engine.grading import KeySlot
from quizzes.engine.layout import shown_names
from quizzes.engine.receipt import canonical_json
from quizzes.enums import CorrectionRule
from quizzes.kinds import Kind, get_kind
from quizzes.models import ItemVersion, KeyCorrection, Paper

# A few hundred classes at once with eight codes each; a compiled paper of 40 questions takes about 60 KB.
PAPERS_KEPT = 1024


@dataclass(frozen=True, slots=True)
class CompressedPaper:
    """The paper's JSON, ready to send."""

    raw: bytes
    gzip: bytes
    br: bytes
    etag: str

    def best(self, accept_encoding: str) -> tuple[bytes, str]:
        """Return the body and its Content-Encoding (empty for none) for the client's Accept-Encoding."""
        accepted = {part.split(";")[0].strip() for part in accept_encoding.lower().split(",") if ";q=0" not in part}
        if "br" in accepted:
            return self.br, "br"
        if "gzip" in accepted:
            return self.gzip, "gzip"
        return self.raw, ""


@dataclass(frozen=True, slots=True)
class SheetSlot:
    """The facts of one question that checking an answer needs."""

    kind: Kind
    lookup: Any


@dataclass(frozen=True, slots=True)
class PaperKey:
    """The key of a paper, which never leaves the server before a review allows it, in the paper's own letters."""

    slots: tuple[KeySlot, ...]
    feedback: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Correction:
    """The way in which a question counts from now on: with the key of ``corrected``, or by a rule."""

    rule: str = ""
    corrected: int | None = None


def paper_bytes(paper_id: int, *, digest: str = "") -> CompressedPaper:
    """Return the paper compressed; pass the ``digest`` when it is known, which saves a query."""
    if not digest:
        digest = Paper.objects.values_list("digest", flat=True).get(pk=paper_id)
    return _paper_bytes(paper_id, digest)


@lru_cache(maxsize=PAPERS_KEPT)
def _paper_bytes(paper_id: int, digest: str) -> CompressedPaper:
    content = Paper.objects.values_list("content", flat=True).get(pk=paper_id)
    raw = canonical_json(content)
    return CompressedPaper(
        raw, gzip.compress(raw, 9, mtime=0), brotli.compress(raw, mode=brotli.MODE_TEXT, quality=9), f'"{digest}"'
    )


@lru_cache(maxsize=PAPERS_KEPT)
def paper_content(paper_id: int, seed: int) -> dict[str, Any]:
    """Return the public content of a paper. Callers must not change it."""
    content: dict[str, Any] = Paper.objects.values_list("content", flat=True).get(pk=paper_id, seed=seed)
    return content


@lru_cache(maxsize=PAPERS_KEPT)
def answer_sheet(paper_id: int, seed: int) -> Mapping[int, SheetSlot]:
    """Return, by slot, what checks an answer."""
    sheet = {}
    for question in paper_content(paper_id, seed)["questions"]:
        kind = get_kind(question["kind"])
        sheet[question["slot"]] = SheetSlot(kind, kind.lookup(question))
    return sheet


def paper_key(paper_id: int, seed: int, revision: int = 0) -> PaperKey:
    """Return the compiled key: the item versions' keys and feedback in this paper's letters.

    ``revision`` is ``Exam.key_revision``: how many of the exam's corrections count.
    """
    return _paper_key(paper_id, seed, revision)


@lru_cache(maxsize=PAPERS_KEPT)
def _paper_key(paper_id: int, seed: int, revision: int) -> PaperKey:
    layout, exam_id = Paper.objects.values_list("layout", "exam_id").get(pk=paper_id, seed=seed)
    return compile_key(layout, corrections_in_force(exam_id, revision) if revision else {})


def corrections_in_force(exam_id: int, revision: int) -> dict[int, Correction]:
    """Return, by the version that was asked, the last of the exam's corrections up to ``revision``."""
    rows = KeyCorrection.objects.filter(exam_id=exam_id, number__lte=revision).order_by("number")
    return {
        version: Correction(rule, corrected)
        for version, rule, corrected in rows.values_list("version_id", "rule", "corrected_id")
    }


def compile_key(layout: Sequence[Mapping[str, Any]], corrections: Mapping[int, Correction]) -> PaperKey:
    """Work out the key of a paper's layout with these corrections, by the version that was asked."""
    asked = {entry["version"]: corrections.get(entry["version"], Correction()) for entry in layout}
    used = {version: correction.corrected or version for version, correction in asked.items()}
    found = ItemVersion.objects.in_bulk(set(used.values()))
    versions = {version: found[other] for version, other in used.items()}
    slots = []
    feedback: dict[int, dict[str, Any]] = {}
    for entry in layout:
        version = versions[entry["version"]]
        shown = shown_names(entry)
        key = get_kind(version.kind).shown_key(version.key, shown)
        rule = asked[entry["version"]].rule
        rule = "" if rule == CorrectionRule.NEW_KEY else rule
        slots.append(KeySlot(entry["slot"], version.kind, key, Decimal(entry["points"]), rule))
        notes = dict(version.feedback)
        if "options" in notes:
            notes["options"] = shown_notes(notes["options"], shown)
        if version.source:
            notes["source"] = version.source
        feedback[entry["slot"]] = notes
    return PaperKey(tuple(slots), feedback)


def shown_notes(notes: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    """Return feedback by part in the paper's letters or numbers: of options, else of statements or gaps."""
    found = {}
    for ident, text in notes.items():
        name = next((name for name in (ident, f"statements/{ident}", f"gaps/{ident}") if name in shown), None)
        if name is not None:
            found[shown[name]] = text
    return found
