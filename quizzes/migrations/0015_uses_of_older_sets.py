"""Write down which items the sets of papers ask that were frozen before this was kept.

Whether a key may be shown is decided by these rows, so none may be missing. Nothing else changes.
"""

from collections import Counter

from django.db import migrations


def add_uses(apps, schema_editor):
    Paper = apps.get_model("quizzes", "Paper")
    ItemUse = apps.get_model("quizzes", "ItemUse")
    ItemVersion = apps.get_model("quizzes", "ItemVersion")
    known = set(ItemUse.objects.order_by().values_list("exam_id", "paper_set").distinct())
    sets = Paper.objects.order_by().values_list("exam_id", "edition_number").distinct()
    for exam, number in sets:
        if (exam, number) in known:
            continue
        papers = list(Paper.objects.filter(exam_id=exam, edition_number=number).order_by("pk"))
        forms = {paper.form: {entry["version"] for entry in paper.layout} for paper in papers}
        versions = set().union(*forms.values())
        items = dict(ItemVersion.objects.filter(pk__in=versions).values_list("pk", "item_id"))
        times = Counter(items[version] for form in forms.values() for version in form if version in items)
        ItemUse.objects.bulk_create(
            ItemUse(
                item_id=item, exam_id=exam, paper_set=number, forms=count, used_on=papers[0].created_at.date()
            )
            for item, count in sorted(times.items())
        )


class Migration(migrations.Migration):

    dependencies = [
        ("quizzes", "0014_key_shown"),
    ]

    operations = [
        migrations.RunPython(add_uses, migrations.RunPython.noop, elidable=True),
    ]
