from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "lms.demo"
    label = "demo"
    verbose_name = _("Demo data")

    def ready(self) -> None:
        from lms.common.startup import register_notice
        from lms.demo import accounts

        register_notice(accounts.notice)
