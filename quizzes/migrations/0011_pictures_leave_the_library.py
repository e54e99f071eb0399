"""Move the pictures of questions out of the media library.

Each keeps its number, which hotspots name, and its file, whose address stands in questions and frozen papers; no text,
paper or receipt changes. A picture that a page shows as well stays in the library too, without the size that questions
show.
"""

import json
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import migrations

SHOWN = "max-1200x1200"
FOLDER = "images/"
SILENT = re.compile(r"/cau-hoi-[0-9a-f]{12}[^/]*$")
ADDRESS = re.compile(r"/tep/anh/[^/\"'\\?#]+/([^/\"'\\?#]+)")


def _texts(version):
    return json.dumps([version["stem"], version["content"], version["key"], version["feedback"]])


def _uses(apps, renditions):
    """Return {image: items} of hotspots, and {image: items} of texts."""
    versions = apps.get_model("quizzes", "ItemVersion").objects.values(
        "item", "kind", "stem", "content", "key", "feedback"
    )
    hotspots, texts = {}, {}
    for version in versions.iterator():
        image = (version["content"] or {}).get("image") if version["kind"] == "hotspot" else None
        if isinstance(image, int):
            hotspots.setdefault(image, set()).add(version["item"])
        for name in ADDRESS.findall(_texts(version)):
            if FOLDER + name in renditions:
                texts.setdefault(renditions[FOLDER + name], set()).add(version["item"])
    return hotspots, texts


def _on_pages(apps, images):
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="sen_media", model="senimage").first()
    if kind is None:
        return set()
    rows = apps.get_model("wagtailcore", "ReferenceIndex").objects.filter(to_content_type=kind)
    return {int(number) for number in rows.values_list("to_object_id", flat=True)} & images


def _forget(apps, images):
    """Delete rows of the library and what points to them by a number alone."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    kind = kinds.filter(app_label="sen_media", model="senimage").first()
    numbers = [str(number) for number in images]
    if kind is not None:
        apps.get_model("taggit", "TaggedItem").objects.filter(content_type=kind, object_id__in=images).delete()
        apps.get_model("wagtailcore", "ReferenceIndex").objects.filter(
            base_content_type=kind, object_id__in=numbers
        ).delete()
        apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(
            content_type=kind, object_id__in=numbers
        ).delete()
    apps.get_model("sen_media", "SenRendition").objects.filter(image__in=images).delete()
    apps.get_model("sen_media", "SenImage").objects.filter(pk__in=images).delete()


def move(apps, schema_editor):
    Image, Rendition = apps.get_model("sen_media", "SenImage"), apps.get_model("sen_media", "SenRendition")
    Picture, Staged = apps.get_model("quizzes", "QuestionPicture"), apps.get_model("quizzes", "ImportPicture")
    Item = apps.get_model("quizzes", "Item")
    renditions = dict(Rendition.objects.values_list("file", "image"))
    hotspots, texts = _uses(apps, renditions)
    staged = dict(Staged.objects.filter(image__isnull=False).values_list("image", "batch__bank"))
    silent = {pk for pk, name in Image.objects.values_list("pk", "file") if SILENT.search(name)}
    moving = silent | set(staged) | (set(hotspots) & set(Image.objects.values_list("pk", flat=True)))
    banks = dict(Item.objects.values_list("pk", "bank"))
    for image in Image.objects.filter(pk__in=moving).order_by("pk"):
        items = hotspots.get(image.pk, set()) | texts.get(image.pk, set())
        shown = Rendition.objects.filter(image=image, filter_spec=SHOWN, focal_point_key="").first()
        if shown is not None:
            name, width, height = shown.file.name, shown.width, shown.height
            Rendition.objects.filter(pk=shown.pk).delete()
        else:
            name, width, height = _copied(image.file.name), image.width, image.height
        picture = Picture.objects.create(
            pk=image.pk,
            bank_id=staged.get(image.pk) or next((banks[item] for item in sorted(items)), None),
            file=name,
            original=image.file.name,
            width=image.width,
            height=image.height,
            shown_width=width,
            shown_height=height,
            alt_text=(image.alt_text or image.description or "")[:250],
            uploaded_by_id=image.uploaded_by_user_id,
        )
        picture.items.add(*sorted(items))
        Staged.objects.filter(image=image).update(picture=picture)
    Staged.objects.filter(image__in=moving).update(image=None)
    _forget(apps, sorted(moving - _on_pages(apps, moving)))
    _reserve(schema_editor, Picture, Image, hotspots)


def _copied(name):
    """Return the name of a copy in the folder that has addresses; a file that is gone has none."""
    target = FOLDER + name.rpartition("/")[2]
    if not default_storage.exists(name):
        return target
    with default_storage.open(name) as file:
        return default_storage.save(target, ContentFile(file.read()))


def _reserve(schema_editor, Picture, Image, hotspots):
    """Give no new picture the number of a former one that a hotspot may still name."""
    numbers = [*Image.objects.values_list("pk", flat=True), *Picture.objects.values_list("pk", flat=True), *hotspots]
    if not numbers:
        return
    last = Picture.objects.create(
        pk=max(numbers) + 1, file="images/-", width=1, height=1, shown_width=1, shown_height=1
    )
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Picture]):
            cursor.execute(statement)
    last.delete()


def back(apps, schema_editor):
    Image, Rendition = apps.get_model("sen_media", "SenImage"), apps.get_model("sen_media", "SenRendition")
    Picture, Staged = apps.get_model("quizzes", "QuestionPicture"), apps.get_model("quizzes", "ImportPicture")
    root = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    for picture in Picture.objects.order_by("pk"):
        image = Image.objects.filter(pk=picture.pk).first() or Image.objects.create(
            pk=picture.pk,
            title=picture.file.name.rpartition("/")[2][:255],
            file=picture.original or picture.file.name,
            width=picture.width,
            height=picture.height,
            alt_text=picture.alt_text,
            collection=root,
            uploaded_by_user_id=picture.uploaded_by_id,
        )
        Rendition.objects.get_or_create(
            image=image,
            filter_spec=SHOWN,
            focal_point_key="",
            defaults={"file": picture.file.name, "width": picture.shown_width, "height": picture.shown_height},
        )
        Staged.objects.filter(picture=picture).update(image=image)
    Staged.objects.update(picture=None)
    Picture.objects.all().delete()
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Image]):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0010_question_pictures"),
        ("sen_media", "0002_rendition_files_indexed"),
        ("wagtailcore", "0098_apitoken"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(move, back)]
