from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsPortalConfig(AppConfig):
    name = "lms.portals.exams"
    label = "portal_exams"
    verbose_name = _("Examination portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.exams import links
        from lms.portals.exams.navigation import exams_menu
        from quizzes.policy import register_page

        menu.register(exams_menu)
        register_page("item", links.item_page)
        register_page("sitting", links.sitting_page)
        register_page("marking", links.marking_page)
        register_page("question_file", links.question_file_page)
