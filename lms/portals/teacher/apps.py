from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeacherPortalConfig(AppConfig):
    name = "lms.portals.teacher"
    label = "portal_teacher"
    verbose_name = _("Lecturer portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.teacher.navigation import teacher_menu

        menu.register(teacher_menu)
