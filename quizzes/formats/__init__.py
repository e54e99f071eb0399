"""Question files: reading them into plain data and writing them, one module or package for each format.

Only :func:`read_file` decides what a file is: by its content, with the name as a hint.
"""

from __future__ import annotations

from quizzes.formats.detect import Format, all_formats, detect, read_file
from quizzes.formats.model import Doubt, Loss, ParsedQuestion, Picture, Place, Reading, UnreadableFileError, WrittenFile

__all__ = [
    "Doubt",
    "Format",
    "Loss",
    "ParsedQuestion",
    "Picture",
    "Place",
    "Reading",
    "UnreadableFileError",
    "WrittenFile",
    "all_formats",
    "detect",
    "read_file",
]
