from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "lms.guides"
    label = "guides"
    verbose_name = _("Guides")

    def ready(self) -> None:
        from lms.common import menu
        from lms.guides.navigation import help_entry

        menu.register(help_entry, place=menu.HELP)
