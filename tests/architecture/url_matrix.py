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
    "set-language": everyone(302),
    "service-worker": everyone(),
    "guides": signed_in(),
    "guide": signed_in(slug="guide_slug"),
    "notifications": signed_in(),
    "notifications-read-all": signed_in(405),
    "notification-open": own(302, pk="notification"),
    "notification-read": signed_in(405, pk="notification"),
    "start": everyone(302),
    "login": Rule((200, 302, 302, 302, 302, 302, 302, 302)),
    "account_login": Rule((200, 302, 302, 302, 302, 302, 302, 302)),
    "login-oidc": everyone(405),
    "login-oidc-answer": everyone(404),  # no provider is set here
    "login-code": everyone(302),
    "mfa_authenticate": everyone(302),
    "login-passkey": everyone(),
    "mfa_login_webauthn": everyone(),
    "logout": everyone(405),
    "password-change": signed_in(),
    "profile": signed_in(),
    "profile-sensitive": signed_in(),
    "profile-contact": signed_in(),
    "profile-export": signed_in(),
    "email-confirm-ask": signed_in(405),
    "email-confirm": Rule(everyone().statuses, path="/xac-nhan-email/x/"),
    "account_confirm_email": Rule(everyone().statuses, path="/xac-nhan-email/x/"),
    "profile-identities": signed_in(404),
    "identity-link": signed_in(405),
    "identity-unlink": Rule(signed_in(405).statuses, path="/ho-so/lien-ket/1/go/"),
    "profile-data": signed_in(),
    "profile-data-zip": signed_in(),
    "profile-erasure": signed_in(405),
    "profile-erasure-withdraw": signed_in(405),
    "factor": signed_in(),
    "mfa_index": signed_in(),
    "mfa_list_webauthn": signed_in(),
    "factor-app": signed_in(302),  # without a password given a moment ago, like those below
    "mfa_activate_totp": signed_in(302),
    "factor-off": signed_in(404),
    "mfa_deactivate_totp": signed_in(404),
    "factor-codes": signed_in(404),
    "mfa_view_recovery_codes": signed_in(404),
    "factor-codes-new": signed_in(302),
    "passkey-add": signed_in(302),
    "passkey-name": Rule(signed_in(302).statuses, path="/ho-so/xac-thuc-hai-buoc/khoa-truy-cap/1/ten/"),
    "passkey-off": Rule(signed_in(302).statuses, path="/ho-so/xac-thuc-hai-buoc/khoa-truy-cap/1/xoa/"),
    "profile-sessions": signed_in(),
    "profile-sessions-end-others": signed_in(405),
    "profile-session-end": Rule(signed_in(405).statuses, path="/ho-so/phien-dang-nhap/0123456789ab/"),
    "profile-tokens": signed_in(),
    "profile-token-new": signed_in(302),  # without a password given a moment ago
    "profile-tokens-revoke": signed_in(405),
    "profile-token-revoke": Rule(signed_in(405).statuses, path="/ho-so/truy-cap-api/1/thu-hoi/"),
    "reauthenticate": signed_in(),
    "account_reauthenticate": signed_in(),
    "reauthenticate-code": signed_in(302),  # without a factor, to the password
    "mfa_reauthenticate": signed_in(302),
    "reauthenticate-passkey": signed_in(302),
    "mfa_reauthenticate_webauthn": signed_in(302),
    "activate": everyone(),
    "activate-password": everyone(302),
    "password-reset": everyone(),
    "password-reset-done": everyone(),
    "password-reset-confirm": everyone(),
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
    "api:class-learners": teachers(stranger=401),
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
    "api:unit-children": managers(stranger=401, pk="unit_id"),
    "api:unit-completion": managers(stranger=401, pk="unit_id"),
    "office:home": Rule((302, 404, 404, 404, 404, 302, 302, 302)),
    "office:system": signed_in(404),
    "office:system-confirm": signed_in(405),
    "office:unit": managers(),
    "office:unit-export": managers(),
    "office:learners": offices(),
    "office:learners-export": offices(),
    "office:learner": Rule((302, 302, 404, 200, 404, 200, 404, 200)),
    "office:certificate-revoke": managers(),
    "office:unit-form": managers(),
    "office:unit-form-export": managers(),
    "office:unit-profile": managers(),
    "office:unit-rename": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit-serves": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit-dissolve": Rule((302, 404, 404, 404, 404, 404, 404, 200)),
    "office:unit-restore": signed_in(405),
    "office:unit-pick": signed_in(404),  # no field of these forms
    "office:plans": offices(),
    "office:plan": managers(),
    "office:plan-act": signed_in(405),
    "office:requests": offices(),
    "office:request-answer": signed_in(405),
    "office:request-take-back": signed_in(405),
    "learner:invitation": signed_in(405),
    "api:enrolment-requests": signed_in(stranger=401),
    "api:enrolment-request-accept": signed_in(405, stranger=401),
    "api:enrolment-request-decline": signed_in(405, stranger=401),
    "api:enrolment-request-back": signed_in(405, stranger=401),
    "office:erasures": offices(),
    "office:erasure-new": offices(),
    "office:erasure": managers(),
    "office:audit": signed_in(404),  # for auditors and administrators
    "office:class-list": signed_in(),
    "office:class-new": offices(),
    "office:class-pick-unit": signed_in(),
    "office:class-pick-person": offices(),
    "office:class-import-template": offices(),
    "teacher:home": signed_in(),
    "teacher:class": teachers(),
    "teacher:export-progress": teachers(),
    "teacher:results": teachers(),
    "teacher:exam-results": teachers(item_id="exam_item_id"),
    "teacher:export-results": teachers(item_id="exam_item_id"),
    "teacher:export-questions": teachers(item_id="exam_item_id"),
    "teacher:attendance": teachers(),
    "teacher:attendance-sheet": teachers(),
    "teacher:attendance-undo": signed_in(405),
    "teacher:outline": teachers(),
    "teacher:lesson": teachers(),
    "teacher:messages": teachers(),
    "teacher:learner": teachers(),
    "teacher:marks": teachers(item_id="exam_item_id"),
    "teacher:mark-correct": teachers(item_id="exam_item_id"),
    "teacher:attempt": signed_in(404),  # this attempt is still open: nobody looks into it
    "office:class": teachers(pk="class_id"),
    "office:class-edit": managers(pk="class_id"),
    "office:class-state": signed_in(405, pk="class_id"),
    "office:class-recognise": managers(pk="class_id"),
    "office:class-staff": managers(pk="class_id"),
    "office:class-timetable": teachers(pk="class_id"),
    "office:class-timetable-propose": signed_in(405, pk="class_id"),
    "office:class-session-new": managers(pk="class_id"),
    "office:class-session": managers(pk="class_id"),
    "office:class-session-remove": signed_in(405, pk="class_id"),
    "office:class-item-dates": managers(pk="class_id"),
    "office:class-learners": teachers(pk="class_id"),
    "office:class-learner-add": managers(pk="class_id"),
    "office:class-learner-new": signed_in(405, pk="class_id"),
    "office:class-learners-export": teachers(pk="class_id"),
    "office:class-learner-withdraw": managers(pk="class_id"),
    "office:class-learner-reinstate": signed_in(405, pk="class_id"),
    "office:class-import": managers(pk="class_id"),
    "office:class-import-preview": signed_in(404, pk="class_id"),
    "office:class-import-discard": signed_in(405, pk="class_id"),
    "office:class-slips": managers(pk="class_id"),
    "exams:home": Rule((302, 404, 404, 302, 302, 302, 302, 302)),
    "exams:banks": bank_people(),
    "exams:sittings": bank_people(),
    "exams:sitting-pick": bank_people(),
    "exams:sitting-new": teachers(),
    "exams:class-test": teachers(item_id="exam_item_id"),
    "exams:class-attempt": signed_in(404),  # this attempt was made in a sitting
    "exams:class-upload": signed_in(405),
    "exams:class-file": signed_in(404),
    "exams:class-allowance": teachers(item_id="exam_item_id"),
    "exams:sitting": teachers(),
    "exams:sitting-rows": teachers(),
    "exams:sitting-edit": teachers(),
    "exams:sitting-act": signed_in(405),
    "exams:sitting-projector": teachers(),
    "exams:sitting-figures": teachers(),
    "exams:sitting-ranking": signed_in(404),  # an exam in a room has none
    "exams:sitting-attempt": teachers(),
    "exams:sitting-allowance": teachers(),
    "exams:sitting-guest": teachers(),
    "exams:sitting-upload": signed_in(405),
    "exams:sitting-file": signed_in(404),
    "exams:sitting-results": teachers(),
    "exams:sitting-export": teachers(),
    "exams:regrade": managers(exam_id="sat_exam_id"),
    "exams:regrade-question": managers(exam_id="sat_exam_id"),
    "exams:statistics": offices(),
    "exams:statistics-exam": managers(exam_id="sat_exam_id"),
    "exams:statistics-export": managers(exam_id="sat_exam_id"),
    "exams:statistics-item": managers(exam_id="sat_exam_id"),
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
    "exams:exams": offices(),
    "exams:exam-new": offices(),
    "exams:exam": managers(),
    "exams:exam-edit": managers(),
    "exams:exam-questions": managers(exam_id="fixed_exam_id"),
    "exams:exam-pick": managers(exam_id="fixed_exam_id"),
    "exams:exam-draw": managers(),
    "exams:exam-rules": managers(exam_id="random_exam_id"),
    "exams:exam-proof": managers(),
    "exams:exam-proof-pdf": managers(),
    "exams:exam-freeze": signed_in(405),
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
    "exams:import-template": Rule(bank_people().statuses, path="/khao-thi/nhap/mau/excel/"),
    "exams:import-upload": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/"),
    "exams:export": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/xuat/"),
    "exams:export-file": Rule(signed_in(404).statuses, path="/khao-thi/nhap/ngan-hang/999999/xuat/word/"),
    "exams:import": signed_in(404),
    "exams:import-discard": signed_in(405),
    "exams:import-retry": signed_in(405),
    "exams:import-question": Rule(signed_in(404).statuses, path="/khao-thi/nhap/1/cau/1/"),
    "exams:import-answer": Rule(signed_in(405).statuses, path="/khao-thi/nhap/1/cau/1/dap-an/"),
    "exams:import-picture": Rule(signed_in(404).statuses, path="/khao-thi/nhap/1/hinh/x.png"),
    "learner:home": signed_in(),
    "learner:schedule": signed_in(),
    "learner:certificates": signed_in(),
    "learner:join": everyone(),
    "learner:join-code": everyone(422),  # a wrong code
    "learner:guest": own(),
    "learner:guest-leave": signed_in(405),
    "learner:guest-return": everyone(),
    "learner:guest-start": signed_in(405),
    "learner:contest-ranking": signed_in(404),
    "learner:class": own(),
    "learner:item": own(),
    "learner:finish": signed_in(405),
    "learner:start-exam": signed_in(405),
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
