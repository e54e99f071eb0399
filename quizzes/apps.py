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
        from quizzes.queries.item_figures import figures_of_items
        from quizzes.queries.item_flags import register_flags
        from quizzes.queries.item_pictures import DESCRIPTIONS
        from quizzes.queries.item_statistics import register_item_statistics
        from quizzes.services import review
        from quizzes.services.imports import failing

        register_guarded(opens_picture)
        kinds.register(review.SUBMITTED, _("Question %(item)s in “%(bank)s” is waiting for review."))
        kinds.register(review.SUBMITTED_MANY, _("%(count)s questions in “%(bank)s” are waiting for review."))
        kinds.register(review.APPROVED, _("Your question %(item)s was approved."))
        kinds.register(review.RETURNED, _("Question %(item)s came back to you with remarks."))
        kinds.register(review.COMMENTED, _("There is a new comment on question %(item)s."))
        kinds.register(failing.FAILED, _("The question file “%(file)s” could not be read."))
        register_item_statistics(figures_of_items)
        register_flags(DESCRIPTIONS)
