from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "lms.common"
    label = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        from django.urls.converters import IntConverter

        from lms.common import checks  # noqa: F401 (registers the system checks)

        # An address with a number that no database keeps is an address of nothing: 404, not an overflow somewhere.
        IntConverter.regex = "[0-9]{1,18}"
