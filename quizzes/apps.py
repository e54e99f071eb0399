from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    label = "quizzes"
    verbose_name = _("Exams")

    def ready(self) -> None:
        from lms.notifications import kinds
        from lms.people.erasure import register_eraser, register_kept
        from lms.people.exports import register_section
        from media.access import register_guarded
        from quizzes import own_data
        from quizzes.access import opens_picture
        from quizzes.queries.item_figures import figures_of_items
        from quizzes.queries.item_flags import register_flags
        from quizzes.queries.item_pictures import DESCRIPTIONS
        from quizzes.queries.item_statistics import register_item_statistics
        from quizzes.services import marking_release, marking_sessions, regrade, review, sittings
        from quizzes.services.imports import failing

        register_guarded(opens_picture)
        kinds.register(review.SUBMITTED, _("Question %(item)s in “%(bank)s” is waiting for review."))
        kinds.register(review.SUBMITTED_MANY, _("%(count)s questions in “%(bank)s” are waiting for review."))
        kinds.register(review.APPROVED, _("Your question %(item)s was approved."))
        kinds.register(review.RETURNED, _("Question %(item)s came back to you with remarks."))
        kinds.register(review.COMMENTED, _("There is a new comment on question %(item)s."))
        kinds.register(regrade.CHANGED, _("Your result of “%(exam)s” was corrected: %(reason)s"))
        kinds.register(sittings.NAMED, _("You invigilate “%(exam)s”: %(room)s, %(time)s."))
        kinds.register(failing.FAILED, _("The question file “%(file)s” could not be read."))
        kinds.register(marking_sessions.GIVEN, _("You mark answers of “%(exam)s”, %(class)s."))
        kinds.register(marking_release.RELEASED, _("The result of “%(exam)s” has been released."))
        register_section("attempts", own_data.attempts, title=_("Exam attempts"), labels=own_data.LABELS)
        register_kept(own_data.kept)
        register_eraser(own_data.forget)
        register_item_statistics(figures_of_items)
        register_flags(DESCRIPTIONS)
