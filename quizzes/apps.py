from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    label = "quizzes"
    verbose_name = _("Exams")

    def ready(self) -> None:
        from lms.notifications import kinds
        from quizzes.services import regrade, review

        kinds.register(review.SUBMITTED, _("Question %(item)s in “%(bank)s” is waiting for review."))
        kinds.register(review.APPROVED, _("Your question %(item)s was approved."))
        kinds.register(review.RETURNED, _("Question %(item)s came back to you with remarks."))
        kinds.register(review.COMMENTED, _("There is a new comment on question %(item)s."))
        kinds.register(regrade.CHANGED, _("Your result of “%(exam)s” was corrected: %(reason)s"))
