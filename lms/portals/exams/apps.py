from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsPortalConfig(AppConfig):
    name = "lms.portals.exams"
    label = "portal_exams"
    verbose_name = _("Examination portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.exams.bank.links import item_page
        from lms.portals.exams.navigation import exams_menu
        from quizzes.policy import register_item_url

        menu.register(exams_menu)
        register_item_url(item_page)
