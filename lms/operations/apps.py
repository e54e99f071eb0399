from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "lms.operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from lms.common import health
        from lms.notifications import kinds
        from lms.operations.queries import PARTS

        for part in PARTS:
            health.register(part)
        kinds.register("incident_began", _("Something is wrong with the system: %(title)s"))
        kinds.register("incident_over", _("The system is well again: %(title)s"))
