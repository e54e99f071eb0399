from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    name = "lms.exams"
    label = "exams"
    verbose_name = _("Exams of classes")

    def ready(self) -> None:
        from lms.classes.reopening import register_reopening_warning
        from lms.exams import own_data
        from lms.exams.access import uses_seen_by
        from lms.exams.queries.exposure import key_shown_in_class, worn_sets
        from lms.exams.queries.still_sat import sets_sat_by
        from lms.exams.services import regrading, sittings
        from lms.exams.services.marking import release, sessions
        from lms.notifications import kinds
        from lms.people.erasure import register_eraser, register_kept
        from lms.people.exports import register_section
        from quizzes import policy

        policy.register_use_scope(uses_seen_by)
        policy.register_worn_sets(worn_sets)
        policy.register_sets_sat(sets_sat_by)
        register_reopening_warning(key_shown_in_class)
        kinds.register(regrading.CHANGED, _("Your result of “%(exam)s” was corrected: %(reason)s"))
        kinds.register(sittings.NAMED, _("You invigilate “%(exam)s”: %(room)s, %(time)s."))
        kinds.register(sessions.GIVEN, _("You mark answers of “%(exam)s”, %(class)s."))
        kinds.register(release.RELEASED, _("The result of “%(exam)s” has been released."))
        register_section("attempts", own_data.attempts, title=_("Exam attempts"), labels=own_data.LABELS)
        register_kept(own_data.kept)
        register_eraser(own_data.forget)
