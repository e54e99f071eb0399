from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "lms.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from lms.common import menu
        from lms.notifications import kinds, own_data, receivers  # noqa: F401
        from lms.notifications.menus import account_menu
        from lms.people.erasure import register_eraser
        from lms.people.exports import register_section

        menu.register(account_menu, place=menu.ACCOUNT)
        kinds.register("message", _("A message from %(sender)s"))
        register_section("notices", own_data.notices, title=_("Notifications"), labels=own_data.LABELS)
        register_eraser(own_data.erase)
        kinds.register("erasure_asked", _("Somebody of your units asks to have the personal data erased."))
        kinds.register(
            "sign_in_guessed",
            _("Somebody has tried wrong passwords for your account many times. Is your password hard to guess?"),
        )
        kinds.register("erasure_refused", _("Your request to erase your data was refused. Read why."))
        kinds.register("home_moved", _("%(name)s now belongs to %(unit)s."))
