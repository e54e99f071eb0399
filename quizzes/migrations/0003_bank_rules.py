import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0002_bank_items'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('author__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='quizzes_item_two_people', violation_error_message='Nobody approves a question of their own.'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_version', models.F('current')), ('approved_version__isnull', False)), _connector='OR'), name='quizzes_item_approved_is_current'),
        ),
    ]
