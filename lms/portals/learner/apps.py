from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearnerPortalConfig(AppConfig):
    name = "lms.portals.learner"
    label = "portal_learner"
    verbose_name = _("Learner portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.portals.learner.navigation import learner_menu, return_url
        from quizzes.policy import register_return_url

        menu.register(learner_menu)
        register_return_url(return_url)
