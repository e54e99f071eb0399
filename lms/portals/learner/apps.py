from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearnerPortalConfig(AppConfig):
    name = "lms.portals.learner"
    label = "portal_learner"
    verbose_name = _("Learner portal")

    def ready(self) -> None:
        from lms.common import menu
        from lms.people.guests import register_guest_home, register_guest_views
        from lms.portals.learner.navigation import GUEST_VIEWS, guest_home, guest_return, learner_menu, return_url
        from quizzes.policy import register_page

        menu.register(learner_menu)
        register_page("attempt_return", return_url)
        register_page("guest_return", guest_return)
        register_guest_views(*GUEST_VIEWS)
        register_guest_home(guest_home)
