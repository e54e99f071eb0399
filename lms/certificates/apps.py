from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "lms.certificates"
    label = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from lms.certificates import own_data, receivers, services
        from lms.classes.signals import class_recognised
        from lms.completion.signals import enrolment_completed
        from lms.notifications import kinds
        from lms.people.erasure import register_kept
        from lms.people.exports import register_section

        class_recognised.connect(receivers.on_class_recognised, dispatch_uid="certificates")
        enrolment_completed.connect(receivers.on_enrolment_completed, dispatch_uid="certificates")
        register_section("certificates", own_data.certificates, title=_("Certificates"), labels=own_data.LABELS)
        register_kept(own_data.kept)
        kinds.register(services.REVOKED, _("Your certificate no. %(number)s was revoked: %(reason)s"))
