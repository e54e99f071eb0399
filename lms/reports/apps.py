from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "lms.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from lms.notifications import kinds
        from lms.reports import receivers
        from lms.reports.task_names import TASK_FAILED

        receivers.connect()
        kinds.register(
            TASK_FAILED,
            _("Background work failed and is not tried again: %(name)s. Tell whoever runs the server (%(task)s)."),
        )
        kinds.register(
            "audit_broken",
            _("The audit trail is broken in %(streams)s streams, first at %(first)s. Tell whoever runs the server."),
        )
