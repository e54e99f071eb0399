"""The library's images and documents, owned by units."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.db import models
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from media.signing import is_signed, sign

RENDITIONS = "images"  # the folder of all renditions, under MEDIA_ROOT


def rendition_url(name: str) -> str:
    """Return the signed address of the picture that is stored as ``name`` in the folder of renditions."""
    return reverse("rendition", args=[sign(name), name.removeprefix(f"{RENDITIONS}/")])


def signed_name(address: str) -> str | None:
    """Return the stored name behind one of our own signed addresses, ``None`` for every other address."""
    try:
        match = resolve(unquote(urlsplit(address).path))
    except (Resolver404, ValueError):
        return None
    if match.url_name != "rendition":
        return None
    name = f"{RENDITIONS}/{match.kwargs['filename']}"
    return name if is_signed(name, match.kwargs["token"]) else None


class SenImage(AbstractImage):
    """An image with the words a screen reader speaks and the unit that keeps it."""

    alt_text = models.CharField(_("text for screen readers"), max_length=250, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "alt_text", "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        return self.alt_text or self.description or ""


class SenRendition(AbstractRendition):
    image = models.ForeignKey(SenImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        indexes = [models.Index(fields=["file"], name="sen_media_rendition_file")]

    @property
    def url(self) -> str:
        """The signed address: MEDIA_ROOT has none."""
        return rendition_url(self.file.name)


class SenDocument(AbstractDocument):
    """A file: a paper to download, or a recording with its captions."""

    transcript = models.TextField(_("transcript"), blank=True)

    admin_form_fields = (*Document.admin_form_fields, "transcript")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
