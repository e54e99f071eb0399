"""Who may send what where: one line for each way in that takes a POST, PUT, PATCH or DELETE.

The names of people are those of :mod:`tests.architecture.write_people`: ``author`` holds the role at the unit of the
rows, ``author*`` at a foreign one. Whoever is not named gets the answer of what does not exist (404; for strangers the
way to the sign-in page, or 401), and nothing is written. A way in that lets somebody past and is not in :data:`WRITES`
fails the test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lms.people.enums import Role

EVERY_ROLE = frozenset(str(role) for role in Role)
SIGNED_IN = frozenset(
    {"learner", "learner*", "teacher", "teacher*"}
    | EVERY_ROLE
    | {f"{role}*" for role in EVERY_ROLE if role != Role.NATIONAL_MANAGER}
)
EVERYBODY = SIGNED_IN | {"anonymous"}
LEARNER = frozenset({"learner"})
TEACHER = frozenset({"teacher"})
READER = frozenset({"centre_manager"})  # whoever read the list in
MANAGERS = frozenset({"administrator", "centre_manager", "provincial_manager", "national_manager"})
ABOVE = MANAGERS - {"centre_manager"}
OFFICE = MANAGERS | {"registrar"}
CLASS = OFFICE | {"teacher"}
EXAMS = MANAGERS | {"exam_officer"}
HALL = EXAMS | {"registrar", "teacher"}
PAPER = EXAMS | {"registrar"}
KEEPERS = EXAMS | {"editor"}
WRITERS = KEEPERS | {"author", "lecturer", "teacher"}


def anywhere(roles: frozenset[str]) -> frozenset[str]:
    """The roles, wherever they are held: to make something of one's own."""
    return frozenset(roles | {f"{role}*" for role in roles if role != "national_manager"})


@dataclass(frozen=True)
class Write:
    """Who gets past the check of an address, with a body that reaches it.

    Values of ``body`` and ``arguments`` that begin with ``$`` stand for rows of the world. ``by_traces`` looks at what
    was written instead of at the status: for addresses of everybody whose body names the row.
    """

    people: frozenset[str]
    body: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    path: str = ""
    by_traces: bool = False


_QUESTION = {
    "kind": "single_choice",
    "stem_html": "<p>?</p>",
    "content": {"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]},
    "key": {"correct": "a"},
}
_BLUEPRINT = {"name": "Ma trận", "unit": "$unit_id", "bank": "$bank_id", "rows": [{"count": 1, "points": "1"}]}
_IMPORT = {"import_id": "$question_import_id", "row_id": "$import_row_id"}
_PK = {"pk": "$class_id"}
_ROSTER = {**_PK, "import_id": "$roster_import_id"}
_SAT = {"exam_id": "$sat_exam_id"}
_FIXED = {"exam_id": "$fixed_exam_id"}
_ITEM = {"item_id": "$bank_item_id"}
_TEST = {"item_id": "$exam_item_id"}

#: "method name" -> who may.
WRITES: dict[str, Write] = {
    # everybody
    "post set-language": Write(EVERYBODY),
    "post login": Write(EVERYBODY),
    "post account_login": Write(EVERYBODY),
    "post logout": Write(EVERYBODY),
    "post activate": Write(EVERYBODY),
    "post activate-password": Write(EVERYBODY),
    "post password-reset": Write(EVERYBODY),
    "post password-reset-confirm": Write(EVERYBODY),
    "post account_reset_password_from_key": Write(EVERYBODY),
    "put password-reset": Write(EVERYBODY),  # Django's forms take PUT like POST
    "post api:api-token": Write(EVERYBODY),
    "post learner:join": Write(EVERYBODY),
    "post learner:join-code": Write(EVERYBODY),  # a wrong code; coming in is tests/lms/exams/classes/test_guests.py
    "post learner:guest-return": Write(EVERYBODY),
    "post home": Write(EVERYBODY),
    # one's own
    "post notifications-read-all": Write(SIGNED_IN),
    "post password-change": Write(SIGNED_IN),
    "post profile-contact": Write(SIGNED_IN),
    "post profile-erasure": Write(SIGNED_IN),
    "post profile-erasure-withdraw": Write(SIGNED_IN),
    "post email-confirm-ask": Write(SIGNED_IN),
    "post identity-link": Write(SIGNED_IN),
    "post identity-unlink": Write(SIGNED_IN),
    # to the question who is there; what comes then is tests/lms/people/test_factors.py
    "post factor-app": Write(SIGNED_IN),
    "post mfa_activate_totp": Write(SIGNED_IN),
    "post factor-codes-new": Write(SIGNED_IN),
    "post passkey-add": Write(SIGNED_IN),
    "post passkey-name": Write(SIGNED_IN),
    "post passkey-off": Write(SIGNED_IN),
    "post reauthenticate": Write(SIGNED_IN),
    "post account_reauthenticate": Write(SIGNED_IN),
    "post reauthenticate-code": Write(SIGNED_IN),
    "post mfa_reauthenticate": Write(SIGNED_IN),
    "post reauthenticate-passkey": Write(SIGNED_IN),
    "post mfa_reauthenticate_webauthn": Write(SIGNED_IN),
    # only own sessions can be named; of any other it says what it says of one that is over
    "post profile-session-end": Write(SIGNED_IN),
    "post profile-sessions-end-others": Write(SIGNED_IN),
    "post profile-token-new": Write(SIGNED_IN),
    "post profile-tokens-revoke": Write(SIGNED_IN),
    "delete api:api-token": Write(SIGNED_IN),
    "delete api:api-tokens": Write(SIGNED_IN),
    "post login-code": Write(SIGNED_IN),  # they are sent home; half a sign-in is tests/lms/people/test_factors.py
    "post mfa_authenticate": Write(SIGNED_IN),
    "post login-passkey": Write(SIGNED_IN),  # without a key; with one it is tests/e2e/test_passkeys.py
    "post mfa_login_webauthn": Write(SIGNED_IN),
    "post notification-read": Write(LEARNER, arguments={"pk": "$notification"}),
    # learning
    "put api:item-progress": Write(LEARNER, {"position": 0.1, "seconds": 1, "completed": False}),
    "post api:item-attempts": Write(LEARNER, arguments=_TEST),
    "post learner:finish": Write(LEARNER),
    "post learner:start-exam": Write(LEARNER, arguments=_TEST),
    "post learner:guest-start": Write(LEARNER),
    "post learner:guest-leave": Write(LEARNER),
    # sitting a test
    "post api:attempt-device": Write(LEARNER, {"device": "a" * 32}),
    "post api:attempt-heartbeat": Write(LEARNER),
    "put api:attempt-page": Write(LEARNER, {"from_slot": 1}),
    "put api:attempt-responses": Write(LEARNER, {"responses": [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}]}),
    "post api:attempt-submit": Write(LEARNER),
    "post attempts:attempt": Write(LEARNER, {"act": "save"}),
    "post attempts:hand-in": Write(LEARNER),
    # the class
    "post teacher:attendance-sheet": Write(CLASS),
    "post teacher:attendance-undo": Write(CLASS),
    "post teacher:messages": Write(CLASS, {"text": "Xin chào"}),
    "post teacher:marks": Write(CLASS, {"points": "7,5", "seen": "$entry_id"}, _TEST),
    "post teacher:mark-correct": Write(CLASS, {"points": "7,5", "reason": "Cộng nhầm"}, _TEST),
    "post api:item-marks": Write(CLASS, {"points": "7.5", "seen": "$entry_id"}, _TEST),
    "post api:mark-correct": Write(CLASS, {"points": "7.5", "reason": "Cộng nhầm"}, _TEST),
    "post office:class-new": Write(anywhere(OFFICE)),
    "post office:class-edit": Write(OFFICE, arguments=_PK),
    "post office:class-state": Write(OFFICE, {"act": "close"}, _PK),
    "post office:class-recognise": Write(OFFICE, arguments=_PK),
    "post office:class-staff": Write(OFFICE, arguments=_PK),
    "post office:class-timetable-propose": Write(OFFICE, arguments=_PK),
    "post office:class-session-new": Write(OFFICE, arguments=_PK),
    "post office:class-session": Write(OFFICE, arguments=_PK),
    "post office:class-session-remove": Write(OFFICE, arguments=_PK),
    "post office:class-item-dates": Write(OFFICE, arguments=_PK),
    "post office:class-learner-add": Write(OFFICE, arguments=_PK),
    "post office:class-learner-new": Write(OFFICE, arguments=_PK),
    "post office:class-learner-withdraw": Write(OFFICE, {"reason": "Thôi học"}, _PK),
    "post office:class-learner-reinstate": Write(OFFICE, arguments=_PK),
    "post office:class-import": Write(OFFICE, arguments=_PK),
    "post office:class-import-preview": Write(
        frozenset({"centre_manager"}), arguments={**_PK, "import_id": "$roster_import_id"}
    ),
    "post office:class-import-discard": Write(
        frozenset({"centre_manager"}), arguments={**_PK, "import_id": "$roster_import_id"}
    ),
    "post office:class-slips": Write(OFFICE, arguments=_PK),
    # learners of other units: the home's office answers, the class's office takes back
    "post office:request-answer": Write(OFFICE, {"act": "decline"}, {"request_id": "$asked_request_id"}),
    "post learner:invitation": Write(
        frozenset({"learner*"}), {"act": "decline"}, arguments={"request_id": "$sent_request_id"}
    ),
    "post office:request-take-back": Write(OFFICE, arguments={"request_id": "$sent_request_id"}),
    "post api:enrolment-request-accept": Write(OFFICE, arguments={"request_id": "$asked_request_id"}, by_traces=True),
    "post api:enrolment-request-decline": Write(OFFICE, arguments={"request_id": "$asked_request_id"}, by_traces=True),
    "post api:enrolment-request-back": Write(OFFICE, arguments={"request_id": "$sent_request_id"}, by_traces=True),
    # units, plans, personal data
    "post office:unit-rename": Write(ABOVE),
    "post office:unit-serves": Write(ABOVE),
    "post office:unit-dissolve": Write(ABOVE),
    "post office:unit-restore": Write(ABOVE),
    "post office:plan": Write(OFFICE),
    "post office:certificate-revoke": Write(OFFICE, {"reason": "Cấp nhầm"}),
    "post api:certificate-revoke": Write(OFFICE, {"reason": "Cấp nhầm"}, {"code": "$certificate_code"}),
    "post office:plan-act": Write(OFFICE, {"act": "submit"}),
    "post office:erasure-new": Write(anywhere(MANAGERS)),
    "post office:erasure": Write(MANAGERS),
    # banks and questions
    "post exams:bank-new": Write(anywhere(KEEPERS)),
    "post exams:bank-edit": Write(KEEPERS),
    "post exams:bank-topics": Write(KEEPERS),
    "post exams:bank-topic-remove": Write(KEEPERS),
    "post exams:item-new": Write(WRITERS),
    "post exams:items-bulk": Write(anywhere(WRITERS), {"act": "describe"}),
    "post exams:items-bulk-undo": Write(anywhere(WRITERS)),  # one's own last change; there is none to undo
    "post exams:items-near": Write(WRITERS, {"kind": "single_choice", "stem": "Câu hỏi"}),
    "post exams:item-edit": Write(KEEPERS, arguments=_ITEM),
    "post exams:item-state": Write(KEEPERS, {"act": "retire", "note": "Cũ"}, _ITEM),
    "post exams:item-comment": Write(WRITERS, {"text": "Xem lại"}, _ITEM),
    "post exams:item-comment-resolve": Write(KEEPERS, arguments={**_ITEM, "comment_id": "$real_comment_id"}),
    "post exams:item-enemies": Write(KEEPERS, arguments=_ITEM),
    "post api:bank-topics": Write(KEEPERS, {"name": "Chủ đề"}),
    "post api:bank-items": Write(WRITERS, _QUESTION),
    "put api:item": Write(KEEPERS, _QUESTION, _ITEM),
    "post api:item-state": Write(KEEPERS, {"do": "retire", "note": "Cũ"}, _ITEM),
    # question files
    "post exams:import-upload": Write(WRITERS, path="/khao-thi/nhap/ngan-hang/$bank_id/"),
    "post exams:import": Write(KEEPERS, {"act": "x"}, _IMPORT),
    "post exams:import-retry": Write(KEEPERS, arguments=_IMPORT),
    "post exams:import-discard": Write(KEEPERS, arguments=_IMPORT),
    "post exams:import-question": Write(KEEPERS, path="/khao-thi/nhap/$question_import_id/cau/$import_row_id/"),
    "post exams:import-answer": Write(KEEPERS, path="/khao-thi/nhap/$question_import_id/cau/$import_row_id/dap-an/"),
    "post api:bank-imports": Write(WRITERS, path="/api/v1/banks/$bank_id/imports/"),
    # exams and papers
    "post exams:exam-new": Write(anywhere(KEEPERS)),
    "post exams:exam-edit": Write(KEEPERS),
    "post exams:exam-questions": Write(KEEPERS, arguments=_FIXED),
    "post exams:exam-pick": Write(KEEPERS, arguments=_FIXED),
    "post exams:exam-draw": Write(KEEPERS),
    "post exams:exam-rules": Write(KEEPERS, arguments={"exam_id": "$random_exam_id"}),
    "post exams:exam-freeze": Write(KEEPERS),
    "post exams:regrade-question": Write(KEEPERS, arguments=_SAT),
    "patch api:exam-rules": Write(KEEPERS, {"time_limit": 45}),
    "put api:exam-questions": Write(KEEPERS, {"questions": []}, _FIXED),
    "post api:exam-draw": Write(KEEPERS),
    "post api:exam-freeze": Write(KEEPERS),
    "post exams:blueprint-new": Write(anywhere(WRITERS - {"teacher"}) | {"teacher", "teacher*"}),
    "post exams:blueprint-edit": Write(WRITERS),
    "post exams:blueprint-check": Write(WRITERS),
    "post exams:blueprint-copy": Write(WRITERS),
    "put api:blueprint": Write(WRITERS, _BLUEPRINT),
    # sittings
    "post exams:sitting-new": Write(HALL),
    "post exams:sitting-edit": Write(HALL),
    "post exams:sitting-act": Write(HALL, {"act": "open"}),
    "post exams:sitting-attempt": Write(HALL),
    "post exams:sitting-allowance": Write(HALL),
    "post exams:sitting-guest": Write(HALL),
    "post exams:sitting-upload": Write(HALL),
    "post exams:class-allowance": Write(HALL, arguments=_TEST),
    "post api:class-sittings": Write(HALL),
    "put api:sitting-terms": Write(HALL),
    "post api:sitting-act": Write(HALL, {"minutes": 5, "reason": "Mất điện"}),
    "post api:sitting-attempt-act": Write(HALL, {"minutes": 5, "reason": "Mất điện"}),
    # answers on paper
    "post exams:sheet-grid": Write(PAPER, arguments=_TEST),
    "post exams:sheet-post": Write(PAPER, arguments=_TEST),
    "post exams:sheet-settle": Write(PAPER, arguments=_TEST),
    "post exams:sheet-import": Write(PAPER, arguments=_TEST),
    "post api:sheets": Write(PAPER, arguments=_TEST),
    "post api:sheets-grade": Write(PAPER, arguments=_TEST),
    # marking
    "post exams:marking-act": Write(EXAMS),
    "post exams:marking-settle": Write(EXAMS),
    "post exams:marking-take-up": Write(EXAMS),
    "post exams:marking-work": Write(TEACHER),
    "post exams:marking-change": Write(TEACHER),
    "put api:marking": Write(TEACHER, {"version": 0}),
    "post api:marking-finish": Write(TEACHER),
    "post api:marking-take-back": Write(TEACHER),
    # rows that are named in the body
    "post api:items-bulk": Write(
        KEEPERS, {"do": "describe", "items": ["$bank_item_id"], "level": "apply"}, by_traces=True
    ),
    "post api:items-near": Write(SIGNED_IN, {"stem": "?"}),
    "post api:blueprints": Write(WRITERS, _BLUEPRINT, by_traces=True),
    "post api:exams": Write(
        KEEPERS, {"title": "Bài thi", "unit": "$unit_id", "source": "fixed", "purpose": "final"}, by_traces=True
    ),
}
