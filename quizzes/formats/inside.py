"""Reading a question file inside the limited process (:mod:`lms.common.limited`); nothing else calls this."""

from __future__ import annotations

from typing import Any

from quizzes.formats.detect import read_file
from quizzes.formats.model import UnreadableFileError


def read(data: bytes, *, name: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what a file holds as plain data, its pictures beside it; or ``{"refused": code, "params": …}``."""
    try:
        reading = read_file(data, name)
    except UnreadableFileError as error:
        return {"refused": error.code, "params": error.params}, []
    except RecursionError:
        return {"refused": "too_deep", "params": {}}, []
    return {
        "format": reading.format,
        "questions": [question.as_json() for question in reading.questions],
        "doubts": [doubt.as_json() for doubt in reading.doubts],
        "pictures": list(reading.pictures),
    }, [picture.data for picture in reading.pictures.values()]
