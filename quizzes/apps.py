from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    label = "quizzes"
    verbose_name = _("Exams")

    def ready(self) -> None:
        from lms.notifications.kinds import register

        register("quizzes.result_changed", _("Your result of “%(exam)s” was corrected: %(reason)s"))
