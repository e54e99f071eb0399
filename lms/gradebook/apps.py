from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "lms.gradebook"
    label = "gradebook"
    verbose_name = _("Grade book")

    def ready(self) -> None:
        from lms.gradebook import own_data
        from lms.people.erasure import register_kept
        from lms.people.exports import register_section

        register_section("marks", own_data.marks, title=_("Marks"), labels=own_data.LABELS)
        register_kept(own_data.kept)
