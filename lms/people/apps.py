from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = _("People and units")

    def ready(self) -> None:
        from lms.audit.access import register_scope
        from lms.common import menu
        from lms.people.audit_scope import audit_scope
        from lms.people.menus import account_menu

        menu.register(account_menu, place=menu.ACCOUNT)
        register_scope(audit_scope)
