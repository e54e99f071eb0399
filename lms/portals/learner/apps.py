from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearnerPortalConfig(AppConfig):
    name = "lms.portals.learner"
    label = "portal_learner"
    verbose_name = _("Learner portal")
