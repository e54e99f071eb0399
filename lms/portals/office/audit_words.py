"""What stands for an action of the record on the screen. An action without words is shown as it was written."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AREAS: list[tuple[str, Promise]] = [
    ("people", _("People and roles")),
    ("units", _("Units")),
    ("cms", _("Content")),
    ("edition", _("Editions")),
    ("classes", _("Classes")),
    ("attendance", _("Attendance")),
    ("gradebook", _("Marks")),
    ("certificates", _("Certificates")),
    ("operations", _("Operations")),
]

WORDS: dict[str, Promise] = {
    "attendance.marked": _("Attendance marked"),
    "certificates.issued": _("Certificate issued"),
    "certificates.revoked": _("Certificate revoked"),
    "classes.class_cancelled": _("Class cancelled"),
    "classes.class_closed": _("Class closed"),
    "classes.class_edited": _("Class changed"),
    "classes.class_opened": _("Class opened"),
    "classes.class_recognised": _("Class recognised"),
    "classes.class_reopened": _("Class opened again"),
    "classes.class_started": _("Class begun"),
    "classes.item_dated": _("Dates of an item set"),
    "classes.learner_enrolled": _("Learner enrolled"),
    "classes.learner_reinstated": _("Learner taken back"),
    "classes.learner_withdrawn": _("Learner withdrawn"),
    "classes.learners_enrolled": _("Learners enrolled"),
    "classes.learners_exported": _("List of learners exported"),
    "classes.message_sent": _("Message sent"),
    "classes.roster_carried_out": _("List of learners taken in"),
    "classes.roster_read": _("List of learners read"),
    "classes.session_added": _("Session added"),
    "classes.session_edited": _("Session changed"),
    "classes.session_removed": _("Session removed"),
    "classes.staff_added": _("Lecturer assigned"),
    "classes.staff_changed": _("Lecturer's task changed"),
    "classes.staff_removed": _("Lecturer removed"),
    "classes.timetable_laid_out": _("Timetable laid out"),
    "cms.review_approved": _("Page approved"),
    "cms.review_changes": _("Changes to a page requested"),
    "edition.frozen": _("Edition frozen"),
    "gradebook.mark_corrected": _("Mark corrected"),
    "gradebook.mark_entered": _("Mark entered"),
    "operations.clock_confirmed": _("A machine's clock confirmed"),
    "people.activated": _("Account activated"),
    "people.closed": _("Account closed"),
    "people.codes_issued": _("Activation codes issued"),
    "people.contact_changed": _("Contact data changed"),
    "people.created": _("Account made"),
    "people.created_many": _("Accounts made"),
    "people.edited": _("Account changed"),
    "people.erased": _("Personal data erased"),
    "people.erasure_asked": _("Erasure asked for"),
    "people.erasure_refused": _("Erasure refused"),
    "people.exported": _("Own data downloaded"),
    "people.factor_off": _("Second factor removed"),
    "people.factor_on": _("Second factor set up"),
    "people.opened": _("Account opened again"),
    "people.password_changed": _("Password changed"),
    "people.recovery_codes": _("New recovery codes made"),
    "people.recovery_used": _("Signed in with a recovery code"),
    "people.role_ended": _("Role ended"),
    "people.role_granted": _("Role granted"),
    "people.sensitive_read": _("Sensitive data read"),
    "units.country_loaded": _("Units of the country loaded"),
    "units.created": _("Unit made"),
    "units.dissolved": _("Unit dissolved"),
    "units.edited": _("Unit changed"),
}


def words_for(action: str) -> str | Promise:
    """Return what happened, in the reader's language."""
    return WORDS.get(action, action)
