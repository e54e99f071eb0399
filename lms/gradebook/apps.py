from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GradebookConfig(AppConfig):
    name = "lms.gradebook"
    label = "gradebook"
    verbose_name = _("Grade book")

    def ready(self) -> None:
        from lms.attendance.signals import attendance_changed
        from lms.classes.signals import class_moved, class_recognised, enrolment_reinstated
        from lms.exams.gates import register_exam_gate
        from lms.exams.signals import attempt_annulled, attempt_graded
        from lms.gradebook import own_data, receivers
        from lms.gradebook.gates import attendance_gate
        from lms.gradebook.services import ledger
        from lms.notifications import kinds
        from lms.people.erasure import register_kept
        from lms.people.exports import register_section
        from lms.progress.signals import item_state_changed

        attempt_annulled.connect(receivers.on_attempt_annulled, dispatch_uid="gradebook")
        attempt_graded.connect(receivers.on_attempt_graded, dispatch_uid="gradebook")
        attendance_changed.connect(receivers.on_attendance_changed, dispatch_uid="gradebook")
        class_recognised.connect(receivers.on_class_recognised, dispatch_uid="gradebook.recognised")
        class_moved.connect(receivers.on_class_moved, dispatch_uid="gradebook")
        enrolment_reinstated.connect(receivers.on_enrolment_reinstated, dispatch_uid="gradebook")
        item_state_changed.connect(receivers.on_item_state_changed, dispatch_uid="gradebook")
        register_exam_gate(attendance_gate)
        register_section("marks", own_data.marks, title=_("Marks"), labels=own_data.LABELS)
        register_kept(own_data.kept)
        kinds.register(ledger.ENTERED, _("A mark for “%(item)s” was entered."))
        kinds.register(ledger.CORRECTED, _("Your mark for “%(item)s” was corrected: %(reason)s"))
