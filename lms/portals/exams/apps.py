from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsPortalConfig(AppConfig):
    name = "lms.portals.exams"
    label = "portal_exams"
    verbose_name = _("Examination portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.exams.navigation import exams_menu

        menu.register(exams_menu)
