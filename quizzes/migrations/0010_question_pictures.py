"""Pictures of questions get a table of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0009_marking_sessions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('file', models.FileField(max_length=200, unique=True, upload_to='images', verbose_name='file')),
                ('original', models.CharField(blank=True, editable=False, max_length=200)),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('shown_width', models.PositiveIntegerField(editable=False)),
                ('shown_height', models.PositiveIntegerField(editable=False)),
                ('alt_text', models.CharField(blank=True, max_length=250, verbose_name='text for screen readers')),
                ('bank', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='quizzes.itembank', verbose_name='item bank')),
                ('items', models.ManyToManyField(blank=True, related_name='pictures', to='quizzes.item', verbose_name='items')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'picture of a question',
                'verbose_name_plural': 'pictures of questions',
            },
        ),
        migrations.AddField(
            model_name='importpicture',
            name='picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.questionpicture'),
        ),
    ]
