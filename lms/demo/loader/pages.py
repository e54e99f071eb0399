"""The public site, and the programmes as lecturers would have written them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.images import ImageFile
from django.utils.html import escape

from cms.enums import ProgrammeCategory
from cms.models import LessonPage, ModulePage, NewsPage, ProgrammePage
from cms.services.permissions import collection_of
from cms.services.site import SitePages, ensure_site
from lms.demo.markup import CalloutBlock, HeadingBlock, ImageBlock, QuoteBlock, TableBlock
from lms.demo.texts import ImageText, LessonText, NewsText, ProgrammeText, SiteText
from lms.people.models import Unit, User
from media.models import SenImage

CATEGORIES = {
    "nhan-thuc-ve-dang": ProgrammeCategory.AWARENESS,
    "dang-vien-moi": ProgrammeCategory.NEW_MEMBERS,
    "nghiep-vu-can-bo-co-so": ProgrammeCategory.FRONT,
}


class Library:
    """Images by file name, each taken once into the collection of one unit, where its writers find them."""

    def __init__(self, unit: Unit) -> None:
        self._images: dict[str, SenImage] = {}
        self._collection = collection_of(unit)

    def image(self, text: ImageText) -> SenImage:
        """Return the library image of a demo picture."""
        if text.file not in self._images:
            with text.path.open("rb") as stream:
                image = SenImage(
                    title=text.alt[:250],
                    alt_text=text.alt[:250],
                    file=ImageFile(stream, name=f"demo-{text.file}"),
                    collection=self._collection,
                )
                image.save()
            self._images[text.file] = image
        return self._images[text.file]


def load_site(site: SiteText, news: Iterable[NewsText], library: Library) -> SitePages:
    """Fill the public front page and the news."""
    pages = ensure_site(name=site.name, hero_title=site.hero_title, hero_lead=site.hero_lead)
    home = pages.home
    home.hero_title, home.hero_lead = site.hero_title, site.hero_lead
    home.hero_image = library.image(site.hero_image)
    home.body = [
        {"type": "heading", "value": "Từ giấy cử đi học đến giấy chứng nhận"},
        {"type": "text", "value": _ordered(site.steps)},
        {"type": "heading", "value": "Câu hỏi thường gặp"},
        {"type": "text", "value": "".join(f"<h3>{escape(q)}</h3><p>{escape(a)}</p>" for q, a in site.faq)},
    ]
    contact = site.contact
    home.contact = (
        f"<p><b>{escape(contact['office'])}</b></p><p>{escape(contact['address'])}</p>"
        f"<p>{escape(contact['phone'])} · {escape(contact['email'])}</p><p>{escape(contact['hours'])}</p>"
        f"<p>{escape(contact['note'])}</p>"
    )
    home.save_revision().publish()
    for item in news:
        page = NewsPage(
            title=item.title,
            slug=item.slug,
            date=item.date,
            summary=item.summary,
            image=library.image(item.image),
            body=[{"type": "text", "value": item.body_html}],
        )
        pages.news.add_child(instance=page)
        page.save_revision().publish()
    return pages


def _ordered(steps: Iterable[tuple[str, str]]) -> str:
    return "<ol>" + "".join(f"<li><b>{escape(title)}.</b> {escape(text)}</li>" for title, text in steps) + "</ol>"


def _callout(kind: str, title: str, text: str) -> dict[str, str]:
    return {"kind": kind, "title": title, "text": text}


def load_programme(
    programme: ProgrammeText, *, pages: SitePages, unit: Unit, author: User, library: Library
) -> tuple[ProgrammePage, dict[str, ModulePage], dict[str, LessonPage]]:
    """Write one programme; returns the page, its modules by key and its lessons by slug."""
    page = ProgrammePage(
        title=programme.title,
        slug=programme.slug,
        unit=unit,
        code=programme.code,
        category=CATEGORIES.get(programme.slug, ProgrammeCategory.OTHER),
        summary=programme.description,
        audience=programme.audience,
        outcomes="<ul>" + "".join(f"<li>{escape(outcome)}</li>" for outcome in programme.outcomes) + "</ul>",
        authority=programme.authority[:250],
        cover=library.image(programme.image),
        owner=author,
    )
    pages.programmes.add_child(instance=page)
    page.save_revision(user=author).publish()
    modules: dict[str, ModulePage] = {}
    lessons: dict[str, LessonPage] = {}
    for text in programme.modules:
        module = ModulePage(title=text.title, slug=text.key, kind=text.kind, owner=author)
        page.add_child(instance=module)
        module.save_revision(user=author).publish()
        modules[text.key] = module
        for lesson in text.lessons:
            lessons[lesson.slug] = _lesson(lesson, module, author, library)
    return page, modules, lessons


def _lesson(lesson: LessonText, module: ModulePage, author: User, library: Library) -> LessonPage:
    page = LessonPage(
        title=lesson.title,
        slug=lesson.slug,
        periods=lesson.tiet,
        summary=lesson.summary[:400],
        objectives="<ul>" + "".join(f"<li>{escape(objective)}</li>" for objective in lesson.objectives) + "</ul>",
        body=_body(lesson, library),
        owner=author,
    )
    module.add_child(instance=page)
    page.save_revision(user=author).publish()
    return page


def _body(lesson: LessonText, library: Library) -> list[dict[str, Any]]:
    """The lesson's blocks; runs of paragraphs and lists become one text block, the picture follows the first."""
    body: list[dict[str, Any]] = []
    run: list[str] = []
    picture: ImageText | None = lesson.image

    def flush() -> None:
        nonlocal picture
        if run:
            body.append({"type": "text", "value": "".join(run)})
            run.clear()
            if picture is not None:
                body.append(_picture(picture, library))
                picture = None

    for block in lesson.blocks:
        if isinstance(block, HeadingBlock):
            flush()
            body.append({"type": "heading", "value": block.text})
        elif isinstance(block, QuoteBlock):
            flush()
            value = {"text": block.html, "document": block.source, "place": block.place}
            body.append({"type": "quote", "value": value})
        elif isinstance(block, CalloutBlock):
            flush()
            body.append({"type": "callout", "value": _callout("key", block.title, block.html)})
        elif isinstance(block, TableBlock):
            flush()
            body.append({"type": "table", "value": _table(block)})
        elif isinstance(block, ImageBlock):
            flush()
            body.append(_picture(ImageText(block.file, block.alt, block.caption), library))
        else:
            run.append(block.html)
    flush()
    return body


def _picture(text: ImageText, library: Library) -> dict[str, Any]:
    image = library.image(text)
    return {"type": "picture", "value": {"image": image.pk, "alt": text.alt, "caption": text.caption}}


def _table(block: TableBlock) -> dict[str, Any]:
    from django.utils.html import strip_tags

    rows = [[strip_tags(cell) for cell in row] for row in (block.header, *block.rows)]
    return {
        "data": rows,
        "cell": [],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": "",
        "mergeCells": [],
    }
