from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "lms.classes"
    label = "classes"
    verbose_name = _("Training classes")

    def ready(self) -> None:
        from lms.audit.access import register_scope
        from lms.classes import own_data
        from lms.classes.access import people_in_classes
        from lms.classes.audit_scope import audit_scope
        from lms.classes.files import file_of_a_class
        from lms.notifications import kinds
        from lms.people.access import register_people_scope
        from lms.people.erasure import register_blocker, register_eraser, register_kept
        from lms.people.exports import register_section
        from media.access import register_policy

        register_people_scope(people_in_classes)
        register_policy(file_of_a_class)
        register_scope(audit_scope)
        register_section("enrolments", own_data.enrolments, title=_("Classes"), labels=own_data.LABELS)
        register_kept(own_data.kept)
        register_blocker(own_data.blockers)
        register_eraser(own_data.erase)
        register_section("requests", own_data.requests, title=_("Invitations to classes"), labels=own_data.LABELS)
        kinds.register("enrolment_invited", _("%(unit)s invites you to the class “%(class)s”."))
        kinds.register("enrolment_asked", _("%(unit)s asks for people of your unit for the class “%(class)s”."))
        kinds.register("enrolment_accepted", _("%(name)s may attend the class “%(class)s” and is enrolled."))
        kinds.register("enrolment_declined", _("%(name)s will not attend the class “%(class)s”."))
        kinds.register(
            "enrolment_declined_for_you",
            _("Your unit has declined the invitation of %(unit)s to the class “%(class)s”."),
        )
        kinds.register("enrolment_made", _("You are enrolled in the class “%(class)s” of %(unit)s."))
        kinds.register(
            "enrolment_made_one",
            _("%(actor)s has enrolled %(name)s of your unit in the class “%(class)s” of %(unit)s."),
        )
        kinds.register(
            "enrolment_made_many",
            _("%(actor)s has enrolled %(count)s people of your unit in the class “%(class)s” of %(unit)s."),
        )
