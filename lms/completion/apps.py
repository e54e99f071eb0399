from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompletionConfig(AppConfig):
    name = "lms.completion"
    label = "completion"
    verbose_name = _("Completion of classes")

    def ready(self) -> None:
        from lms.attendance.signals import attendance_changed
        from lms.classes.signals import class_moved, class_recognised, enrolment_reinstated, timetable_changed
        from lms.completion import receivers
        from lms.completion.gates import attendance_gate
        from lms.completion.services import marks
        from lms.exams.gates import register_exam_gate
        from lms.exams.signals import attempt_annulled, attempt_graded, attempt_started
        from lms.notifications import kinds

        attempt_annulled.connect(receivers.on_attempt_annulled, dispatch_uid="completion")
        attempt_graded.connect(receivers.on_attempt_graded, dispatch_uid="completion")
        attempt_started.connect(receivers.on_attempt_started, dispatch_uid="completion")
        attendance_changed.connect(receivers.on_attendance_changed, dispatch_uid="completion")
        class_moved.connect(receivers.on_class_moved, dispatch_uid="completion")
        class_recognised.connect(receivers.on_class_recognised, dispatch_uid="completion")
        enrolment_reinstated.connect(receivers.on_enrolment_reinstated, dispatch_uid="completion")
        timetable_changed.connect(receivers.on_timetable_changed, dispatch_uid="completion")
        register_exam_gate(attendance_gate)
        kinds.register(marks.ENTERED, _("A mark for “%(item)s” was entered."))
        kinds.register(marks.CORRECTED, _("Your mark for “%(item)s” was corrected: %(reason)s"))
