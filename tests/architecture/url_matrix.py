"""Who may GET what: one line for each address of the product.

Statuses stand in the order of :data:`tests.factories.cast.ROLES`. Rows belong to ``learner``: whoever else may see them
does so by a role. 302 is the way to the sign-in page for strangers, or a page that sends on; 404 is the answer both to
what is absent and to what is forbidden; 405 is an address that only takes writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """The statuses for one address. ``arguments`` renames what stands for an argument, ``path`` replaces reversing."""

    statuses: tuple[int, ...]
    arguments: dict[str, str] = field(default_factory=dict)
    path: str = ""


def everyone(status: int = 200, **more: str) -> Rule:
    """The same for all, strangers too."""
    return Rule((status,) * 8, more)


def signed_in(status: int = 200, *, stranger: int = 302, **more: str) -> Rule:
    """Anybody with an account."""
    return Rule((stranger, *(status,) * 7), more)


def own(status: int = 200, *, stranger: int = 302, **more: str) -> Rule:
    """Only the learner whose row it is; for all others it does not exist."""
    return Rule((stranger, status, *(404,) * 6), more)


def managers(*, stranger: int = 302, **more: str) -> Rule:
    """The managers above the class or the unit."""
    return Rule((stranger, 404, 404, 404, 404, 200, 404, 200), more)


def offices(**more: str) -> Rule:
    """Every manager, for the part of the country that is theirs."""
    return Rule((302, 404, 404, 404, 404, 200, 200, 200), more)


def teachers(*, stranger: int = 302, **more: str) -> Rule:
    """The class's lecturer and the managers above it."""
    return Rule((stranger, 404, 404, 200, 404, 200, 404, 200), more)


def bank_people() -> Rule:
    """Whoever works with questions somewhere."""
    return Rule((302, 404, 404, 200, 200, 200, 200, 200))


def learner_and_teachers(*, stranger: int = 302, **more: str) -> Rule:
    """The learner, the class's lecturer and the managers above it."""
    return Rule((stranger, 200, 404, 200, 404, 200, 404, 200), more)


MATRIX: dict[str, Rule] = {
    "certificates:pdf": signed_in(404),
    "certificates:lookup": everyone(),
    "certificates:verify": everyone(404),
    "offline": everyone(),
    "set_language": everyone(302),
    "service-worker": everyone(),
    "guides": signed_in(),
    "guide": signed_in(slug="guide_slug"),
    "notifications": signed_in(),
    "notifications_read_all": signed_in(405),
    "notification_open": own(302, pk="notification"),
    "notification_read": signed_in(405, pk="notification"),
    "start": everyone(302),
    "login": Rule((200, 302, 302, 302, 302, 302, 302, 302)),
    "account_login": Rule((200, 302, 302, 302, 302, 302, 302, 302)),
    "login_oidc": everyone(405),
    "login_oidc_answer": everyone(404),  # no provider is set here
    "login_code": everyone(302),
    "mfa_authenticate": everyone(302),
    "login_passkey": everyone(),
    "mfa_login_webauthn": everyone(),
    "logout": everyone(405),
    "password_change": signed_in(),
    "profile": signed_in(),
    "profile_sensitive": signed_in(),
    "profile_contact": signed_in(),
    "profile_export": signed_in(),
    "email_confirm_ask": signed_in(405),
    "email_confirm": Rule(everyone().statuses, path="/xac-nhan-email/x/"),
    "account_confirm_email": Rule(everyone().statuses, path="/xac-nhan-email/x/"),
    "profile_identities": signed_in(404),
    "identity_link": signed_in(405),
    "identity_unlink": Rule(signed_in(405).statuses, path="/ho-so/lien-ket/1/go/"),
    "profile_data": signed_in(),
    "profile_data_zip": signed_in(),
    "profile_erasure": signed_in(405),
    "profile_erasure_withdraw": signed_in(405),
    "factor": signed_in(),
    "mfa_index": signed_in(),
    "mfa_list_webauthn": signed_in(),
    "factor_app": signed_in(302),  # without a password given a moment ago, like those below
    "mfa_activate_totp": signed_in(302),
    "factor_off": signed_in(404),
    "mfa_deactivate_totp": signed_in(404),
    "factor_codes": signed_in(404),
    "mfa_view_recovery_codes": signed_in(404),
    "factor_codes_new": signed_in(302),
    "passkey_add": signed_in(302),
    "passkey_name": Rule(signed_in(302).statuses, path="/ho-so/xac-thuc-hai-buoc/khoa-truy-cap/1/ten/"),
    "passkey_off": Rule(signed_in(302).statuses, path="/ho-so/xac-thuc-hai-buoc/khoa-truy-cap/1/xoa/"),
    "profile_sessions": signed_in(),
    "profile_sessions_end_others": signed_in(405),
    "profile_session_end": Rule(signed_in(405).statuses, path="/ho-so/phien-dang-nhap/0123456789ab/"),
    "profile_tokens": signed_in(),
    "profile_token_new": signed_in(302),  # without a password given a moment ago
    "profile_tokens_revoke": signed_in(405),
    "profile_token_revoke": Rule(signed_in(405).statuses, path="/ho-so/truy-cap-api/1/thu-hoi/"),
    "reauthenticate": signed_in(),
    "account_reauthenticate": signed_in(),
    "reauthenticate_code": signed_in(302),  # without a factor, to the password
    "mfa_reauthenticate": signed_in(302),
    "reauthenticate_passkey": signed_in(302),
    "mfa_reauthenticate_webauthn": signed_in(302),
    "activate": everyone(),
    "activate_password": everyone(302),
    "password_reset": everyone(),
    "password_reset_done": everyone(),
    "password_reset_confirm": everyone(),
    "account_reset_password_from_key": everyone(),
    "api:schema": everyone(),
    "api:nowhere": Rule(everyone(404).statuses, path="/api/v1/no/such/address/"),
    "api:api-token": everyone(405),
    "api:api-tokens": signed_in(stranger=401),
    "api:api-own-token": Rule(signed_in(405, stranger=401).statuses, path="/api/v1/auth/tokens/1/"),
    "api:api-me": signed_in(stranger=401),
    "api:bank-imports": Rule(signed_in(404, stranger=401).statuses, path="/api/v1/banks/999999/imports/"),
    "api:bank-import-decide": Rule(
        signed_in(405, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/decide/"
    ),
    "api:bank-import-discard": Rule(
        signed_in(405, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/discard/"
    ),
    "api:bank-import-retry": Rule(signed_in(405, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/retry/"),
    "api:bank-import-question": Rule(
        signed_in(404, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/questions/1/"
    ),
    "api:bank-import-answer": Rule(
        signed_in(405, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/questions/1/answer/"
    ),
    "api:bank-topics": teachers(stranger=401),
    "api:items-bulk": signed_in(405, stranger=401),
    "api:items-near": signed_in(405, stranger=401),
    "api:bank-import": Rule(signed_in(404, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/"),
    "api:bank-import-commit": Rule(
        signed_in(405, stranger=401).statuses, path="/api/v1/banks/999999/imports/1/commit/"
    ),
    "api:bank-export": Rule(signed_in(404, stranger=401).statuses, path="/api/v1/banks/999999/export/"),
    "api:attempt": own(stranger=401),
    "api:attempt-device": signed_in(405, stranger=401),
    "api:attempt-heartbeat": signed_in(405, stranger=401),
    "api:attempt-page": signed_in(405, stranger=401),
    "api:attempt-paper": own(stranger=401),
    "api:attempt-responses": signed_in(405, stranger=401),
    "api:attempt-review": own(stranger=401),
    "api:attempt-submit": signed_in(405, stranger=401),
    "api:certificate": everyone(404),
    "api:certificate-revoke": signed_in(405, stranger=401),
    "api:class": teachers(stranger=401),
    "api:class_learners": teachers(stranger=401),
    "api:exam-statistics": managers(stranger=401, exam_id="sat_exam_id"),
    "api:my-enrolments": signed_in(stranger=401),
    "api:enrolment": learner_and_teachers(stranger=401),
    "api:item-progress": signed_in(405, stranger=401),
    "api:item-attempts": signed_in(405, stranger=401),
    "api:gradebook": teachers(stranger=401),
    "api:item-marks": teachers(stranger=401, item_id="exam_item_id"),
    "api:mark-correct": signed_in(405, stranger=401, item_id="exam_item_id"),
    "api:sittings": signed_in(stranger=401),
    "api:sitting": teachers(stranger=401),
    "api:sitting-act": signed_in(405, stranger=401),
    "api:sitting-attempt-act": signed_in(405, stranger=401),
    "api:units": signed_in(stranger=401),
    "api:unit_children": managers(stranger=401, pk="unit_id"),
    "api:unit_completion": managers(stranger=401, pk="unit_id"),
    "office:home": Rule((302, 404, 404, 404, 404, 302, 302, 302)),
    "office:system": signed_in(404),
    "office:system_confirm": signed_in(405),
    "office:unit": managers(),
    "office:unit_export": managers(),
    "office:learners": offices(),
    "office:learners_export": offices(),
    "office:learner": Rule((302, 302, 404, 200, 404, 200, 404, 200)),
    "office:certificate-revoke": managers(),
    "office:unit_form": managers(),
    "office:unit_form_export": managers(),
    "office:unit_profile": managers(),
    "office:unit_rename": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit_serves": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit_dissolve": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit_restore": signed_in(405),
    "office:unit_pick": signed_in(404),  # no field of these forms
    "office:plans": offices(),
    "office:plan": managers(),
    "office:plan_act": signed_in(405),
    "office:requests": offices(),
    "office:request_answer": signed_in(405),
    "office:request_take_back": signed_in(405),
    "learner:invitation": signed_in(405),
    "api:enrolment-requests": signed_in(stranger=401),
    "api:enrolment-request-accept": signed_in(405, stranger=401),
    "api:enrolment-request-decline": signed_in(405, stranger=401),
    "api:enrolment-request-back": signed_in(405, stranger=401),
    "office:erasures": offices(),
    "office:erasure_new": offices(),
    "office:erasure": managers(),
    "office:audit": signed_in(404),  # for auditors and administrators
    "office:class_list": signed_in(),
    "office:class_new": offices(),
    "office:class_pick_unit": signed_in(),
    "office:class_pick_person": offices(),
    "office:class_import_template": offices(),
    "teacher:home": signed_in(),
    "teacher:class": teachers(),
    "teacher:export_progress": teachers(),
    "teacher:results": teachers(),
    "teacher:exam_results": teachers(item_id="exam_item_id"),
    "teacher:export_results": teachers(item_id="exam_item_id"),
    "teacher:export_questions": teachers(item_id="exam_item_id"),
    "teacher:attendance": teachers(),
    "teacher:attendance_sheet": teachers(),
    "teacher:attendance_undo": signed_in(405),
    "teacher:outline": teachers(),
    "teacher:lesson": teachers(),
    "teacher:messages": teachers(),
    "teacher:learner": teachers(),
    "teacher:marks": teachers(item_id="exam_item_id"),
    "teacher:mark-correct": teachers(item_id="exam_item_id"),
    "teacher:attempt": signed_in(404),  # this attempt is still open: nobody looks into it
    "office:class": teachers(pk="class_id"),
    "office:class_edit": managers(pk="class_id"),
    "office:class_state": signed_in(405, pk="class_id"),
    "office:class_recognise": managers(pk="class_id"),
    "office:class_staff": managers(pk="class_id"),
    "office:class_timetable": teachers(pk="class_id"),
    "office:class_timetable_propose": signed_in(405, pk="class_id"),
    "office:class_session_new": managers(pk="class_id"),
    "office:class_session": managers(pk="class_id"),
    "office:class_session_remove": signed_in(405, pk="class_id"),
    "office:class_item_dates": managers(pk="class_id"),
    "office:class_learners": teachers(pk="class_id"),
    "office:class_learner_add": managers(pk="class_id"),
    "office:class_learner_new": signed_in(405, pk="class_id"),
    "office:class_learners_export": teachers(pk="class_id"),
    "office:class_learner_withdraw": managers(pk="class_id"),
    "office:class_learner_reinstate": signed_in(405, pk="class_id"),
    "office:class_import": managers(pk="class_id"),
    "office:class_import_preview": signed_in(404, pk="class_id"),
    "office:class_import_discard": signed_in(405, pk="class_id"),
    "office:class_slips": managers(pk="class_id"),
    "exams:home": Rule((302, 404, 404, 302, 302, 302, 302, 302)),
    "exams:banks": bank_people(),
    "exams:sittings": bank_people(),
    "exams:sitting_pick": bank_people(),
    "exams:sitting_new": teachers(),
    "exams:class_test": teachers(item_id="exam_item_id"),
    "exams:class_attempt": signed_in(404),  # this attempt was made in a sitting
    "exams:class_upload": signed_in(405),
    "exams:class_file": signed_in(404),
    "exams:class_allowance": teachers(item_id="exam_item_id"),
    "exams:sitting": teachers(),
    "exams:sitting_rows": teachers(),
    "exams:sitting_edit": teachers(),
    "exams:sitting_act": signed_in(405),
    "exams:sitting_projector": teachers(),
    "exams:sitting_figures": teachers(),
    "exams:sitting_ranking": signed_in(404),  # an exam in a room has none
    "exams:sitting_attempt": teachers(),
    "exams:sitting_allowance": teachers(),
    "exams:sitting_guest": teachers(),
    "exams:sitting_upload": signed_in(405),
    "exams:sitting_file": signed_in(404),
    "exams:sitting_results": teachers(),
    "exams:sitting_export": teachers(),
    "exams:regrade": managers(exam_id="sat_exam_id"),
    "exams:regrade_question": managers(exam_id="sat_exam_id"),
    "exams:statistics": offices(),
    "exams:statistics_exam": managers(exam_id="sat_exam_id"),
    "exams:statistics_export": managers(exam_id="sat_exam_id"),
    "exams:statistics_item": managers(exam_id="sat_exam_id"),
    "exams:items": bank_people(),
    "exams:bank-new": Rule((302, 404, 404, 404, 404, 200, 200, 200)),
    "exams:item-picture": signed_in(405),
    "exams:items-bulk": signed_in(405),
    "exams:items-bulk-undo": signed_in(405),
    "exams:bank": teachers(),
    "exams:bank-edit": managers(),
    "exams:bank-topics": teachers(),
    "exams:bank-topic-remove": managers(),
    "exams:bank-duplicates": teachers(),
    "exams:item-new": teachers(),
    "exams:items-near": signed_in(405),
    "exams:item": teachers(item_id="bank_item_id"),
    "exams:item-edit": managers(item_id="bank_item_id"),
    "exams:item-version": teachers(item_id="bank_item_id"),
    "exams:item-state": signed_in(405),
    "exams:item-comment": signed_in(405),
    "exams:item-comment-resolve": signed_in(405),
    "exams:item-enemies": signed_in(405),
    "exams:blueprints": bank_people(),
    "exams:blueprint-new": bank_people(),
    "exams:blueprint": teachers(),
    "exams:blueprint-edit": teachers(),
    "exams:blueprint-check": signed_in(405),
    "exams:blueprint-copy": signed_in(405),
    "exams:blueprint-xlsx": teachers(),
    "exams:blueprint-docx": teachers(),
    "exams:blueprint-row": teachers(),
    "exams:papers": offices(),
    "exams:paper-new": offices(),
    "exams:paper": managers(),
    "exams:paper-edit": managers(),
    "exams:paper-questions": managers(exam_id="fixed_exam_id"),
    "exams:paper-pick": managers(exam_id="fixed_exam_id"),
    "exams:paper-draw": managers(),
    "exams:paper-rules": managers(exam_id="random_exam_id"),
    "exams:paper-proof": managers(),
    "exams:paper-proof-pdf": managers(),
    "exams:paper-freeze": signed_in(405),
    "exams:paper-set": managers(),
    "exams:paper-keys": managers(),
    "exams:paper-sheet": managers(),
    "exams:paper-bundle": managers(),
    "exams:paper-pdf": managers(),
    "exams:paper-docx": managers(),
    "exams:sheets": offices(),
    "exams:sheet-grid": managers(item_id="exam_item_id"),
    "exams:sheet-post": signed_in(405),
    "exams:sheet-settle": managers(item_id="exam_item_id"),
    "exams:sheet-import": managers(item_id="exam_item_id"),
    "exams:sheet-import-preview": signed_in(404, item_id="exam_item_id"),
    "api:blueprints": signed_in(stranger=401),
    "api:blueprint": teachers(stranger=401),
    "api:blueprint-stock": teachers(stranger=401),
    "api:exams": signed_in(stranger=401),
    "api:exam": managers(stranger=401),
    "api:exam-rules": managers(stranger=401),
    "api:exam-questions": managers(stranger=401),
    "api:class-sittings": signed_in(405, stranger=401),
    "api:sitting-terms": signed_in(405, stranger=401),
    "api:sheets": managers(stranger=401, item_id="exam_item_id"),
    "api:sheets-grade": signed_in(405, stranger=401),
    "api:exam-draw": signed_in(405, stranger=401),
    "api:exam-freeze": signed_in(405, stranger=401),
    "api:paper-set": managers(stranger=401),
    "api:paper-file": managers(stranger=401),
    "api:banks": signed_in(stranger=401),
    "api:bank-items": teachers(stranger=401),
    "api:item": teachers(stranger=401, item_id="bank_item_id"),
    "api:item-state": signed_in(405, stranger=401),
    "api:item-versions": teachers(stranger=401, item_id="bank_item_id"),
    "exams:marking": bank_people(),
    "exams:marking-new": signed_in(404, item_id="exam_item_id"),  # the test has no essay
    "exams:marking-session": managers(),
    "exams:marking-act": signed_in(405),
    "exams:marking-scripts": managers(),
    "exams:marking-export": managers(),
    "exams:marking-next": Rule((302, 404, 404, 302, 404, 302, 404, 302)),
    "exams:marking-work": Rule((302, 404, 404, 200, 404, 404, 404, 404)),  # only whoever marks it
    "exams:marking-change": signed_in(405),
    "exams:marking-settle": managers(),
    "exams:marking-take-up": signed_in(405),
    "api:markings": signed_in(stranger=401),
    "api:marking": Rule((401, 404, 404, 200, 404, 404, 404, 404)),
    "api:marking-finish": signed_in(405, stranger=401),
    "api:marking-take-back": signed_in(405, stranger=401),
    "exams:imports": bank_people(),
    "exams:import_template": Rule(bank_people().statuses, path="/khao-thi/nhap/mau/excel/"),
    "exams:import_upload": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/"),
    "exams:export": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/xuat/"),
    "exams:export_file": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/xuat/word/"),
    "exams:import": signed_in(404),
    "exams:import_discard": signed_in(405),
    "exams:import_retry": signed_in(405),
    "exams:import_question": Rule(signed_in(404).statuses, path="/khao-thi/nhap/1/cau/1/"),
    "exams:import_answer": Rule(signed_in(405).statuses, path="/khao-thi/nhap/1/cau/1/dap-an/"),
    "exams:import_picture": Rule(signed_in(404).statuses, path="/khao-thi/nhap/1/hinh/x.png"),
    "learner:home": signed_in(),
    "learner:schedule": signed_in(),
    "learner:certificates": signed_in(),
    "learner:join": everyone(),
    "learner:join_code": everyone(422),  # a wrong code
    "learner:guest": own(),
    "learner:guest_leave": signed_in(405),
    "learner:guest_return": everyone(),
    "learner:guest_start": signed_in(405),
    "learner:contest_ranking": signed_in(404),
    "learner:class": own(),
    "learner:item": own(),
    "learner:finish": signed_in(405),
    "learner:start_exam": signed_in(405),
    "attempts:attempt": own(),
    "attempts:hand-in": signed_in(405),
    "attempts:receipt": own(302),
    "attempts:verify": everyone(404),
    "attempts:result": own(302),
    "home": everyone(),
    "search": everyone(),
    "rendition": Rule((404,) * 8, path="/khong-co-tep/"),
    "wagtail_serve": Rule((404,) * 8, path="/khong-co-trang/"),
    "wagtaildocs_serve": Rule((404,) * 8, path="/tai-lieu/999999/khong-co.pdf"),
}
# Addresses without a name, by route.
UNNAMED: set[str] = set()
# Addresses of the administration that strangers may open.
ADMINISTRATION_OPEN: set[str] = {
    "quan-tri/jsi18n/",  # words of the interface
    "quan-tri/sprite/",  # icons
}
