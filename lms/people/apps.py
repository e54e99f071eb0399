from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = _("People and units")

    def ready(self) -> None:
        from lms.audit.access import register_scope
        from lms.common import menu
        from lms.people import own_data, receivers  # noqa: F401
        from lms.people.audit_scope import audit_scope
        from lms.people.erasure import register_blocker, register_kept
        from lms.people.menus import account_menu
        from lms.people.services.erasure import own_blockers

        menu.register(account_menu, place=menu.ACCOUNT)
        register_scope(audit_scope)
        register_kept(own_data.kept)
        register_blocker(own_blockers)
