"""Pages, the groups of their authors, and the review."""

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('people', '0001_initial'),
        ('sen_media', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='LessonPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('periods', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1)], verbose_name='periods (tiết, 45 minutes)')),
                ('summary', models.TextField(blank=True, max_length=400, verbose_name='summary')),
                ('objectives', wagtail.fields.RichTextField(blank=True, verbose_name='objectives')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('picture', 5), ('quote', 9), ('recording', 13), ('table', 14), ('callout', 18)], blank=True, block_lookup={0: ('cms.blocks.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'h4', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'superscript', 'subscript'], 'icon': 'pilcrow', 'label': 'Text', 'template': 'cms/blocks/text.html'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Text for screen readers', 'max_length': 250, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'Passage'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Document, number and date', 'max_length': 250}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Article or page', 'max_length': 120, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('text', 6), ('document', 7), ('place', 8)]], {}), 10: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Video or audio file'}), 11: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Captions (WebVTT)', 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 200}), 13: ('wagtail.blocks.StructBlock', [[('file', 10), ('captions', 11), ('title', 12)]], {}), 14: ('cms.blocks.LessonTable', (), {'label': 'Table', 'template': 'cms/blocks/table.html'}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('key', 'Keep in mind'), ('note', 'Note'), ('warning', 'Warning')], 'label': 'Kind'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160, 'required': False}), 17: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 18: ('wagtail.blocks.StructBlock', [[('kind', 15), ('title', 16), ('text', 17)]], {})}, verbose_name='body')),
                ('word_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='words')),
            ],
            options={
                'verbose_name': 'lesson',
                'verbose_name_plural': 'lessons',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ModulePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('kind', models.CharField(choices=[('theory', 'Theory'), ('professional', 'Professional')], default='theory', max_length=12, verbose_name='kind')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
            ],
            options={
                'verbose_name': 'module',
                'verbose_name_plural': 'modules',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', wagtail.fields.RichTextField(blank=True, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'news list',
                'verbose_name_plural': 'news lists',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ProgrammeIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('intro', wagtail.fields.RichTextField(blank=True, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'programme list',
                'verbose_name_plural': 'programme lists',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
            ],
            options={
                'verbose_name': 'review by the editors of the unit',
                'verbose_name_plural': 'reviews by the editors of the unit',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('hero_title', models.CharField(blank=True, max_length=160, verbose_name='headline')),
                ('hero_lead', models.TextField(blank=True, verbose_name='lead')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('picture', 5), ('quote', 9), ('recording', 13), ('table', 14), ('callout', 18)], blank=True, block_lookup={0: ('cms.blocks.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'h4', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'superscript', 'subscript'], 'icon': 'pilcrow', 'label': 'Text', 'template': 'cms/blocks/text.html'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Text for screen readers', 'max_length': 250, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'Passage'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Document, number and date', 'max_length': 250}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Article or page', 'max_length': 120, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('text', 6), ('document', 7), ('place', 8)]], {}), 10: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Video or audio file'}), 11: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Captions (WebVTT)', 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 200}), 13: ('wagtail.blocks.StructBlock', [[('file', 10), ('captions', 11), ('title', 12)]], {}), 14: ('cms.blocks.LessonTable', (), {'label': 'Table', 'template': 'cms/blocks/table.html'}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('key', 'Keep in mind'), ('note', 'Note'), ('warning', 'Warning')], 'label': 'Kind'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160, 'required': False}), 17: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 18: ('wagtail.blocks.StructBlock', [[('kind', 15), ('title', 16), ('text', 17)]], {})}, verbose_name='body')),
                ('contact', wagtail.fields.RichTextField(blank=True, verbose_name='contact')),
                ('hero_image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sen_media.senimage', verbose_name='headline image')),
            ],
            options={
                'verbose_name': 'front page',
                'verbose_name_plural': 'front pages',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('date', models.DateField(verbose_name='date')),
                ('summary', models.TextField(max_length=400, verbose_name='summary')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('picture', 5), ('quote', 9), ('recording', 13), ('table', 14), ('callout', 18)], block_lookup={0: ('cms.blocks.HeadingBlock', (), {}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'h4', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'superscript', 'subscript'], 'icon': 'pilcrow', 'label': 'Text', 'template': 'cms/blocks/text.html'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Text for screen readers', 'max_length': 250, 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'Passage'}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Document, number and date', 'max_length': 250}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Article or page', 'max_length': 120, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('text', 6), ('document', 7), ('place', 8)]], {}), 10: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Video or audio file'}), 11: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Captions (WebVTT)', 'required': False}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 200}), 13: ('wagtail.blocks.StructBlock', [[('file', 10), ('captions', 11), ('title', 12)]], {}), 14: ('cms.blocks.LessonTable', (), {'label': 'Table', 'template': 'cms/blocks/table.html'}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('key', 'Keep in mind'), ('note', 'Note'), ('warning', 'Warning')], 'label': 'Kind'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160, 'required': False}), 17: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 18: ('wagtail.blocks.StructBlock', [[('kind', 15), ('title', 16), ('text', 17)]], {})}, verbose_name='body')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sen_media.senimage', verbose_name='image')),
            ],
            options={
                'verbose_name': 'news item',
                'verbose_name_plural': 'news items',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ProgrammePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('code', models.CharField(blank=True, max_length=30, verbose_name='code')),
                ('category', models.CharField(choices=[('elementary', 'Elementary political theory'), ('new_members', 'New Party members'), ('awareness', 'Awareness of the Party'), ('committee', 'Party committee members and cell secretaries'), ('front', 'Fatherland Front and mass organisations'), ('other', 'Other')], default='other', max_length=20, verbose_name='category in reports')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('audience', models.TextField(blank=True, verbose_name='for whom')),
                ('outcomes', wagtail.fields.RichTextField(blank=True, verbose_name='outcomes')),
                ('authority', models.CharField(blank=True, help_text='The document that prescribes this programme.', max_length=250, verbose_name='issued under')),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sen_media.senimage', verbose_name='cover image')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='people.unit', verbose_name='owning unit')),
            ],
            options={
                'verbose_name': 'programme',
                'verbose_name_plural': 'programmes',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='UnitCollection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='unit_link', to='wagtailcore.collection', verbose_name='collection')),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='collection_link', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'collection of a unit',
                'verbose_name_plural': 'collections of units',
            },
        ),
        migrations.CreateModel(
            name='ContentGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lecturer', 'lecturer'), ('author', 'author'), ('editor', 'editor'), ('registrar', 'registrar'), ('centre_manager', 'centre manager'), ('provincial_manager', 'provincial manager'), ('national_manager', 'national manager'), ('exam_officer', 'exam officer'), ('auditor', 'auditor'), ('administrator', 'administrator')], max_length=24, verbose_name='role')),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='content_group', to='auth.group', verbose_name='group')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='content_groups', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'content group',
                'verbose_name_plural': 'content groups',
                'constraints': [models.UniqueConstraint(fields=('unit', 'role'), name='cms_contentgroup_once')],
            },
        ),
    ]
