"""A number that ends every session of a person when it is raised."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_erasure_and_second_factor")]

    operations = [
        migrations.AddField(
            model_name='user',
            name='session_epoch',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
