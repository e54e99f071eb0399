"""Checks of access that the matrix need not notice, each with its reason or the test that notices it.

Read by ``scripts/mutate_access.py``; ``tests/architecture/test_mutations.py`` holds both lists true to the code.
"""

from __future__ import annotations

#: Checks that stand before or behind another one on every way: taking one away changes nothing that anybody can see
#: or do. (``path:function``, the check) -> why.
DOUBLE: dict[tuple[str, str], str] = {
    ("lms/portals/exams/bank/views/banks.py:bank_list", "Item.objects.visible_to(request.user)"): (
        "What one reviews lies in a bank that one keeps, where every question is visible."
    ),
    ("lms/portals/exams/bank/views/bulk.py:undo", "require_role(request, BANK_ROLES)"): (
        "What is undone was left by a bulk change, which asks the same."
    ),
    ("lms/portals/office/requests/views.py:request_answer", "require_role(request, OFFICE_ROLES)"): (
        "asked_of() finds rows for offices only."
    ),
    ("lms/portals/office/requests/views.py:request_take_back", "require_role(request, OFFICE_ROLES)"): (
        "sent_by() finds rows for offices only."
    ),
    ("lms/portals/office/plans/views.py:plan_page", "AnnualPlan.objects.visible_to(request.user)"): (
        "The unit comes from Unit.visible_to, which asks the same."
    ),
    ("lms/portals/office/plans/views.py:plan_act", "AnnualPlan.objects.visible_to(request.user)"): (
        "The unit comes from Unit.visible_to, which asks the same."
    ),
    ("lms/api/accounts.py:TokenView.delete", "ApiToken.objects.own(user)"): (
        "The token of the request is that of the person whom it signed in."
    ),
    ("lms/api/banks.py:ItemVersions.get", "Item.objects.visible_to(request.user)"): (
        "The bank is asked for next, and every question of a bank for which one writes is visible."
    ),
    ("lms/api/banks.py:_sees_key", "Item.objects.visible_to(request.user)"): (
        "reviewable_by() finds questions of kept banks only, all of which are visible."
    ),
    ("lms/api/classes.py:ClassLearners.get", "Enrolment.objects.visible_to(request.user)"): (
        "The class comes from TrainingClass.visible_to; whoever sees a class sees its enrolments."
    ),
    ("lms/api/enrolment_requests.py:EnrolmentRequests.get", "EnrolmentRequest.objects.visible_to(request.user)"): (
        "The box of one's own is narrowed to requests about oneself, the other boxes ask for themselves."
    ),
    ("lms/classes/access.py:_asked_of", "has_role(user, OFFICE_ROLES)"): (
        "It spares a query: run_by() finds nobody for people without an office."
    ),
    ("lms/operations/queries.py:open_incidents", "Incident.objects.visible_to(user)"): (
        "The page is for administrators of the whole tree, who see every incident."
    ),
    ("lms/operations/queries.py:past_incidents", "Incident.objects.visible_to(user)"): (
        "The page is for administrators of the whole tree, who see every incident."
    ),
    ("lms/people/views/sessions.py:end", "UserSession.objects.own(request.user)"): (
        "The key of the session that asks is nobody else's."
    ),
    ("lms/portals/exams/bank/views/bulk.py:chosen", "ItemBank.objects.visible_to(request.user)"): (
        "ItemList.of shows of any bank only the questions that the person sees."
    ),
    ("lms/portals/exams/bank/views/items.py:_list", "Item.objects.visible_to(request.user)"): (
        "The numbers come from ItemList.of, which asks the same."
    ),
    ("lms/portals/exams/bank/views/items.py:item", "Item.objects.visible_to(request.user)"): (
        "The question comes from find_item(), which asks the same."
    ),
    ("lms/portals/exams/bank/views/items.py:version", "Item.objects.visible_to(request.user)"): (
        "The question comes from find_item(), which asks the same."
    ),
    ("lms/portals/exams/bank/views/review.py:enemies", "Item.objects.visible_to(request.user)"): (
        "The other one lies in the same bank, which one keeps, where every question is visible."
    ),
    ("lms/portals/exams/invigilation/views/classes.py:test", "Sitting.objects.visible_to(request.user)"): (
        "classes_to_sit() finds the class by the same roles; a sitting has the unit of its class."
    ),
    ("lms/portals/exams/marking/views/sessions.py:new", "MarkingSession.objects.manageable_by(request.user)"): (
        "classes_to_mark() finds the class by the same roles; a session has the unit of its class."
    ),
    ("lms/portals/learner/queries.py:own_invitation", "EnrolmentRequest.objects.visible_to(user)"): (
        "Narrowed to requests about the person, which are all visible."
    ),
    ("lms/portals/office/classes/views/learners.py:_find_enrolment", "Enrolment.objects.visible_to(request.user)"): (
        "The class is one that the person runs; whoever runs a class sees its enrolments."
    ),
    ("lms/portals/office/classes/views/learners.py:enrolments_of", "Enrolment.objects.visible_to(request.user)"): (
        "The class comes from seen_class(); whoever sees a class sees its enrolments."
    ),
    ("lms/portals/office/rollup/views/common.py:top_units", "Unit.objects.visible_to(request.user)"): (
        "Narrowed to the very units where the person holds a role that oversees."
    ),
    ("lms/portals/office/classes/views/slips.py:_unopened", "Enrolment.objects.visible_to(request.user)"): (
        "The class is one that the person runs; whoever runs a class sees its enrolments."
    ),
    ("lms/portals/office/system/views.py:confirm", "Incident.objects.visible_to(user)"): (
        "_administrator() has asked the same."
    ),
    ("lms/portals/office/units/views.py:_preview", "TrainingClass.objects.visible_to(request.user)"): (
        "may_restructure() asks for a role that oversees the unit, and with it its classes."
    ),
    ("lms/portals/teacher/queries/matrix.py:learners_of", "Enrolment.objects.visible_to(user)"): (
        "The class comes from visible_classes(); whoever sees a class sees its enrolments."
    ),
    ("quizzes/queries/bank/bulk.py:touchable", "Item.objects.visible_to(user)"): (
        "Narrowed to banks that one keeps, where every question is visible."
    ),
}

#: Checks that no address of the matrix reaches, or behind another one there -> the test that notices.
ELSEWHERE: dict[str, str] = {
    "lms/api/accounts.py:TokenView._second_factor": "tests/lms/people/test_factors.py",
    "lms/api/accounts.py:TokenView.delete": "tests/lms/api/test_accounts.py",
    "lms/api/accounts.py:TokenView.post": "tests/lms/api/test_accounts.py",
    "lms/classes/files.py:file_of_a_class": "tests/media/test_lesson_files.py",
    "lms/classes/services/enrolments.py:enrol": "tests/lms/classes/test_learner_requests.py",
    "lms/classes/services/enrolments.py:enrol_many": "tests/lms/classes/test_learner_requests.py",
    "lms/exams/access.py:markings_visible_to": "tests/lms/exams/marking/test_giving_out.py",
    "lms/exams/access.py:uses_seen_by": "tests/quizzes/bank/test_pictures.py",
    "lms/exams/queries/still_sat.py:_own": "tests/lms/exams/classes/test_key_held.py",
    "lms/exams/services/invigilation.py:_not_ones_own": "tests/lms/exams/test_invigilation.py",
    "lms/exams/services/joining.py:_is_own": "tests/lms/exams/classes/test_guests.py",
    "lms/exams/services/joining.py:own_enrolment": "tests/lms/exams/classes/test_guests.py",
    "lms/exams/services/marking/release.py:settle_script": "tests/lms/exams/marking/test_services.py",
    "lms/exams/services/offline_files.py:accept": "tests/lms/exams/test_offline_files.py",
    "lms/people/adapters.py:FactorAdapter.generate_authenticator_name": "tests/lms/people/test_factors.py",
    "lms/people/adapters.py:FactorAdapter.is_mfa_enabled": "tests/lms/people/test_factors.py",
    "lms/people/passwords.py:WordListValidator.validate": "tests/lms/people/test_passwords.py",
    "lms/people/passwords.py:_own_words": "tests/lms/people/test_passwords.py",
    "lms/people/queries.py:factors_of": "tests/lms/people/test_factors.py",
    "lms/people/queries.py:identities_of": "tests/lms/people/oidc/test_way_in.py",
    "lms/people/queries.py:latest_erasure": "tests/lms/people/test_erasure.py",
    "lms/people/queries.py:own_memberships": "tests/lms/api/test_accounts.py",
    "lms/people/queries.py:own_profile": "tests/lms/people/test_account_pages.py",
    "lms/people/queries.py:own_sensitive": "tests/lms/people/test_account_pages.py",
    "lms/people/services/accounts.py:change_contact": "tests/lms/people/test_accounts.py",
    "lms/people/services/accounts.py:change_password": "tests/lms/people/test_accounts.py",
    "lms/people/services/accounts.py:require_administered": "tests/lms/people/test_accounts.py",
    "lms/people/services/accounts.py:set_active": "tests/lms/people/test_accounts.py",
    "lms/people/services/activation.py:issue_activation_codes": "tests/lms/classes/test_other_units.py",
    "lms/people/services/authority.py:beyond": "tests/lms/classes/test_other_units.py",
    "lms/people/services/erasure.py:_refuse_strangers": "tests/lms/classes/test_other_units.py",
    "lms/people/services/erasure.py:ask": "tests/lms/people/test_erasure.py",
    "lms/people/services/erasure.py:carry_out": "tests/lms/people/test_erasure.py",
    "lms/people/services/factors.py:reset": "tests/lms/people/test_factors.py",
    "lms/people/services/homes.py:move_home": "tests/lms/people/test_backoffice.py",
    "lms/people/views/identities.py:unlink": "tests/lms/people/oidc/test_way_in.py",
    "lms/portals/exams/marking/views/common.py:find_marking": "tests/lms/portals/exams/test_marking.py",
    "lms/programmes/forms.py:PlannedItemForm.__init__": "tests/lms/programmes/test_wagtail.py",
    "lms/programmes/wagtail_views.py:ProgrammeMixin.dispatch": "tests/lms/programmes/test_wagtail.py",
    "quizzes/access.py:opens_picture": "tests/quizzes/bank/test_pictures.py",
    "quizzes/services/bank/approval.py:approve_item": "tests/quizzes/bank/test_approval.py",
}
