from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "lms.progress"
    label = "progress"
    verbose_name = _("Progress")

    def ready(self) -> None:
        from lms.progress.marking import enrolments_of
        from lms.progress.services.exams import is_over, sits_on_paper
        from lms.progress.sittings import class_exams, class_staff_scope
        from lms.progress.still_sat import classes_of_sets, key_is_needed, sets_sat_by, sits_same_questions
        from quizzes.policy import (
            register_candidates,
            register_closed,
            register_exam_scope,
            register_group_contexts,
            register_key_needed,
            register_set_classes,
            register_sets_sat,
            register_sitter,
            register_sitting_scope,
        )

        register_closed(is_over)
        register_key_needed(key_is_needed)
        register_sitter(sits_same_questions)
        register_sets_sat(sets_sat_by)
        register_set_classes(classes_of_sets)
        register_candidates(sits_on_paper)
        register_sitting_scope(class_staff_scope)
        register_exam_scope(class_exams)
        register_group_contexts(enrolments_of)
