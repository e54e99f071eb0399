"""A text file that is one text with embedded answers (Moodle's format "Embedded answers (Cloze)")."""

from __future__ import annotations

from quizzes.formats import cloze
from quizzes.formats.legacy import guess, to_unicode
from quizzes.formats.markup import from_plain, intake, plain
from quizzes.formats.model import ParsedQuestion, Place, Reading
from quizzes.formats.moodle.types import move_stem
from quizzes.formats.safe import check_size, decode_text


def read(data: bytes, name: str = "") -> Reading:
    """Read the one question of the file.

    Raises:
        UnreadableFileError: empty, too large or not text.
    """
    check_size(data)
    text, _encoding = decode_text(data)
    reading = Reading("cloze")
    if old := guess(text):
        text = to_unicode(text, old)
        reading.doubt("legacy_encoding", encoding=old.upper(), sample=plain(text)[:80])
    question = ParsedQuestion(place=Place("question", "1"))
    html = text if "<" in text and ">" in text else from_plain(text.strip())
    question.stem = cloze.read_gaps(intake(html, reading, question), question)
    move_stem(question)
    reading.questions.append(question)
    return reading
