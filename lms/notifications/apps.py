from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from lms.common import menu
        from lms.notifications import kinds
        from lms.notifications.menus import account_menu

        menu.register(account_menu, place=menu.ACCOUNT)
        kinds.register("message", _("A message from %(sender)s"))
