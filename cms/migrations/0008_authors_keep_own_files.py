"""Authors and lecturers change and delete only the files that they brought themselves."""

from django.db import migrations

KEEPERS = ("editor", "administrator")
CHANGE = ("change_image", "change_document")


def _groups(apps):
    return apps.get_model("cms", "ContentGroup").objects.exclude(role__in=KEEPERS).values("group")


def take(apps, schema_editor):
    rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    rows.filter(group__in=_groups(apps), permission__codename__in=CHANGE).delete()


def give_back(apps, schema_editor):
    rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    permissions = apps.get_model("auth", "Permission").objects
    for change in CHANGE:
        permission = permissions.filter(codename=change).first()
        adding = rows.filter(group__in=_groups(apps), permission__codename=change.replace("change", "add"))
        for group, collection in list(adding.values_list("group_id", "collection_id")):
            rows.get_or_create(group_id=group, collection_id=collection, permission=permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_wagtail_review"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(take, give_back)]
