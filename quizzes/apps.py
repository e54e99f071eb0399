from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    label = "quizzes"
    verbose_name = _("Exams")

    def ready(self) -> None:
        from lms.notifications import kinds
        from media.access import register_guarded
        from quizzes.access import opens_picture
        from quizzes.queries.bank.flags import register_flags
        from quizzes.queries.bank.pictures import DESCRIPTIONS
        from quizzes.services.bank import approval
        from quizzes.services.imports import failing

        register_guarded(opens_picture)
        kinds.register(approval.SUBMITTED, _("Question %(item)s in “%(bank)s” is waiting for review."))
        kinds.register(approval.SUBMITTED_MANY, _("%(count)s questions in “%(bank)s” are waiting for review."))
        kinds.register(approval.APPROVED, _("Your question %(item)s was approved."))
        kinds.register(approval.RETURNED, _("Question %(item)s came back to you with remarks."))
        kinds.register(approval.COMMENTED, _("There is a new comment on question %(item)s."))
        kinds.register(failing.FAILED, _("The question file “%(file)s” could not be read."))
        register_flags(DESCRIPTIONS)
