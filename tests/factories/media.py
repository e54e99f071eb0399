"""Pictures and documents of the library."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from media.models import SenDocument, SenImage


def image_bytes(kind="JPEG", size=(64, 36), *, place=False):
    """A picture of one colour; ``place`` adds the hidden facts that a phone writes."""
    picture = Image.new("RGB", size, (155, 28, 49))
    buffer = io.BytesIO()
    options = {}
    if place:
        exif = Image.Exif()
        exif[0x010F] = "Camera"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", (21.0, 1.0, 42.0)
        options["exif"] = exif
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def make_image(title="Ảnh", *, size=(1600, 900), **fields):
    file = ContentFile(image_bytes(size=size), name="anh.jpg")
    return SenImage.objects.create(title=title, file=file, width=size[0], height=size[1], **fields)


def make_document(title="Tài liệu", name="tai-lieu.pdf", content=b"%PDF-1.7 0123456789", **fields):
    return SenDocument.objects.create(title=title, file=ContentFile(content, name=name), **fields)


def picture_file(name="anh.jpg", *, size=(64, 36)):
    """A picture as a browser sends it."""
    return SimpleUploadedFile(name, image_bytes(size=size), "image/jpeg")
