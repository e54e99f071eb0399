"""A Word document of many questions, written in time that grows with its length.

python-docx looks through the whole body for every new paragraph, and through every picture for each new one. So the
body holds one question at a time, what is finished stands aside until the end, and pictures are kept by name.
"""

from __future__ import annotations

import io
from typing import Any

from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shape import InlineShape
from docx.shared import Emu


class Growing:
    """Takes finished blocks out of a document's body, and pictures into its package."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._body = document.element.body
        self._finished: list[Any] = []
        self._pictures: dict[str, tuple[str, Image]] = {}
        self._shapes = 0

    def settle(self) -> None:
        """Put aside what the body holds so far; nothing can be added to it afterwards."""
        section = self._body.sectPr
        for block in list(self._body):
            if block is not section:
                self._body.remove(block)
                self._finished.append(block)

    def save(self) -> bytes:
        """Put everything back in order and return the file."""
        self.settle()
        section = self._body.sectPr
        for block in self._finished:
            section.addprevious(block)
        buffer = io.BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()

    def picture(self, run: Any, name: str, data: bytes, width: int | None) -> Any:
        """Add a picture to a run and return its shape.

        Args:
            name: tells pictures apart; the bytes of one name are kept once.
            width: in EMU; nothing for the picture's own.

        Raises:
            UnrecognizedImageError: python-docx does not know this type.
        """
        if name not in self._pictures:
            self._pictures[name] = self._take(data)
        ident, image = self._pictures[name]
        self._shapes += 1
        size = image.scaled_dimensions(Emu(width) if width is not None else None, None)
        inline = CT_Inline.new_pic_inline(self._shapes, ident, name, *size)
        run._r.add_drawing(inline)
        return InlineShape(inline)

    def _take(self, data: bytes) -> tuple[str, Image]:
        image = Image.from_blob(data)
        number = len(self._pictures) + 1
        part = ImagePart.from_image(image, PackURI(f"/word/media/image{number}.{image.ext}"))
        ident = f"rIdPicture{number}"
        self.document.part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, part, ident)
        return ident, image
