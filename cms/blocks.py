"""The blocks a lesson or a news item is made of."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

# The menu of a table's cell. The editor's own words exist in few languages, ours in all of the product.
TABLE_MENU = {
    "row_above": _("Insert a row above"),
    "row_below": _("Insert a row below"),
    "col_left": _("Insert a column to the left"),
    "col_right": _("Insert a column to the right"),
    "remove_row": _("Remove the row"),
    "remove_col": _("Remove the column"),
    "undo": _("Undo"),
    "redo": _("Redo"),
}

TEXT_FEATURES = [
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "document-link",
    "superscript",
    "subscript",
]


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Heading")
        template = "cms/blocks/heading.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("Text for screen readers"), required=False, max_length=250)
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "cms/blocks/picture.html"


class DocumentQuoteBlock(blocks.StructBlock):
    """A passage from an official document, named by number, type, organ and date (docs/domain.md)."""

    text = blocks.RichTextBlock(label=_("Passage"), features=["bold", "italic"])
    document = blocks.CharBlock(label=_("Document, number and date"), max_length=250)
    place = blocks.CharBlock(label=_("Article or page"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation from a document")
        template = "cms/blocks/quote.html"


class RecordingBlock(blocks.StructBlock):
    """Video or audio from the library, with captions."""

    file = DocumentChooserBlock(label=_("Video or audio file"))
    captions = DocumentChooserBlock(label=_("Captions (WebVTT)"), required=False)
    title = blocks.CharBlock(label=_("Title"), max_length=200)

    class Meta:
        icon = "media"
        label = _("Video or audio")
        template = "cms/blocks/recording.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        choices=[("key", _("Keep in mind")), ("note", _("Note")), ("warning", _("Warning"))],
        default="key",
        label=_("Kind"),
    )
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=160)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "ol", "ul", "link"])

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "cms/blocks/callout.html"


class LessonTable(TableBlock):
    """A table whose editor speaks the reader's language: Wagtail's asks for words that its editor does not have."""

    def get_table_options(self, table_options: dict[str, Any] | None = None) -> dict[str, Any]:
        menu = {"items": {name: {"name": words} for name, words in TABLE_MENU.items()}}
        own = {"language": "en-US", "contextMenu": menu}
        options: dict[str, Any] = super().get_table_options(table_options={**own, **(table_options or {})})
        return options

    def render_basic(self, value: dict[str, Any] | None, context: dict[str, Any] | None = None) -> SafeString:
        """The words of the cells, row by row: what the comparison of two versions shows."""
        rows = (value or {}).get("data") or []
        lines = ((" | ".join(str(cell or "") for cell in row),) for row in rows)
        return format_html_join("", "<p>{}</p>", lines)


class LessonBody(blocks.StreamBlock):
    heading = HeadingBlock()
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Text"), icon="pilcrow", template="cms/blocks/text.html"
    )
    picture = PictureBlock()
    quote = DocumentQuoteBlock()
    recording = RecordingBlock()
    table = LessonTable(label=_("Table"), template="cms/blocks/table.html")
    callout = CalloutBlock()

    class Meta:
        block_counts: dict[str, dict[str, int]] = {}
