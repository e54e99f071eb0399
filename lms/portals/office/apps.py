from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficePortalConfig(AppConfig):
    name = "lms.portals.office"
    label = "portal_office"
    verbose_name = _("Manager portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.office.navigation import office_menu

        menu.register(office_menu)
