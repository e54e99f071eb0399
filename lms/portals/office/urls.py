"""The office: pages of those who run and oversee units, under /dieu-hanh/."""

from __future__ import annotations

from django.urls import URLPattern, path

from lms.portals.office import (
    audit_views,
    certificate_views,
    class_views,
    erasure_views,
    learner_views,
    plan_views,
    request_views,
    rollup_views,
    roster_views,
    slip_views,
    system_views,
    timetable_views,
    unit_views,
)

app_name = "office"

urlpatterns: list[URLPattern] = [
    path("", rollup_views.home, name="home"),
    path("don-vi/<int:unit_id>/", rollup_views.unit_overview, name="unit"),
    path("don-vi/<int:unit_id>/so-lieu.<slug:file_format>", rollup_views.unit_export, name="unit_export"),
    path("don-vi/<int:unit_id>/bieu-tong-hop/", rollup_views.unit_form, name="unit_form"),
    path(
        "don-vi/<int:unit_id>/bieu-tong-hop.<slug:file_format>", rollup_views.unit_form_export, name="unit_form_export"
    ),
    path("don-vi/<int:unit_id>/ho-so/", unit_views.profile, name="unit_profile"),
    path("don-vi/<int:unit_id>/doi-ten/", unit_views.rename, name="unit_rename"),
    path("don-vi/<int:unit_id>/phuc-vu/", unit_views.serves, name="unit_serves"),
    path("don-vi/<int:unit_id>/giai-the/", unit_views.dissolve, name="unit_dissolve"),
    path("don-vi/<int:unit_id>/khoi-phuc/", unit_views.restore, name="unit_restore"),
    path("don-vi/<int:unit_id>/tim/<slug:field>/", unit_views.pick, name="unit_pick"),
    path("hoc-vien/", rollup_views.learners, name="learners"),
    path("hoc-vien/danh-sach.<slug:file_format>", rollup_views.learners_export, name="learners_export"),
    path("hoc-vien/<int:enrolment_id>/", rollup_views.learner, name="learner"),
    path("hoc-vien/<int:enrolment_id>/thu-hoi-chung-nhan/", certificate_views.revoke, name="certificate-revoke"),
    path("ke-hoach/", plan_views.plan_list, name="plans"),
    path("ke-hoach/<int:unit_id>/<int:year>/", plan_views.plan_page, name="plan"),
    path("ke-hoach/<int:unit_id>/<int:year>/xu-ly/", plan_views.plan_act, name="plan_act"),
    path("de-nghi/", request_views.requests, name="requests"),
    path("de-nghi/<int:request_id>/tra-loi/", request_views.request_answer, name="request_answer"),
    path("de-nghi/<int:request_id>/rut/", request_views.request_take_back, name="request_take_back"),
    path("du-lieu-ca-nhan/", erasure_views.requests, name="erasures"),
    path("du-lieu-ca-nhan/them/", erasure_views.enter, name="erasure_new"),
    path("du-lieu-ca-nhan/<int:request_id>/", erasure_views.request_page, name="erasure"),
    path("nhat-ky/", audit_views.entries, name="audit"),
    path("he-thong/", system_views.system, name="system"),
    path("he-thong/<int:incident_id>/xac-nhan/", system_views.confirm, name="system_confirm"),
    path("lop/", class_views.class_list, name="class_list"),
    path("lop/mo-lop/", class_views.class_new, name="class_new"),
    path("lop/tim/don-vi/", class_views.pick_unit, name="class_pick_unit"),
    path("lop/tim/nguoi/<slug:field>/", class_views.pick_person, name="class_pick_person"),
    path("lop/mau-danh-sach.xlsx", roster_views.template_file, name="class_import_template"),
    path("lop/<int:pk>/", class_views.class_page, name="class"),
    path("lop/<int:pk>/sua/", class_views.class_edit, name="class_edit"),
    path("lop/<int:pk>/trang-thai/", class_views.class_state, name="class_state"),
    path("lop/<int:pk>/cong-nhan/", class_views.class_recognise, name="class_recognise"),
    path("lop/<int:pk>/giang-vien/", class_views.class_staff, name="class_staff"),
    path("lop/<int:pk>/lich/", timetable_views.timetable, name="class_timetable"),
    path("lop/<int:pk>/lich/lap/", timetable_views.propose, name="class_timetable_propose"),
    path("lop/<int:pk>/lich/them/", timetable_views.session_new, name="class_session_new"),
    path("lop/<int:pk>/lich/<int:session_id>/", timetable_views.session_edit, name="class_session"),
    path("lop/<int:pk>/lich/<int:session_id>/xoa/", timetable_views.session_remove, name="class_session_remove"),
    path("lop/<int:pk>/muc/<int:item_id>/", timetable_views.item_dates, name="class_item_dates"),
    path("lop/<int:pk>/hoc-vien/", learner_views.learners, name="class_learners"),
    path("lop/<int:pk>/hoc-vien/them/", learner_views.learner_add, name="class_learner_add"),
    path("lop/<int:pk>/hoc-vien/nguoi-moi/", learner_views.learner_new, name="class_learner_new"),
    path("lop/<int:pk>/hoc-vien/tep.<slug:form>", learner_views.learners_export, name="class_learners_export"),
    path(
        "lop/<int:pk>/hoc-vien/<int:enrolment_id>/rut/", learner_views.learner_withdraw, name="class_learner_withdraw"
    ),
    path(
        "lop/<int:pk>/hoc-vien/<int:enrolment_id>/nhan-lai/",
        learner_views.learner_reinstate,
        name="class_learner_reinstate",
    ),
    path("lop/<int:pk>/nhap/", roster_views.roster_new, name="class_import"),
    path("lop/<int:pk>/nhap/<int:import_id>/", roster_views.roster_preview, name="class_import_preview"),
    path("lop/<int:pk>/nhap/<int:import_id>/bo/", roster_views.roster_discard, name="class_import_discard"),
    path("lop/<int:pk>/phieu/", slip_views.slips, name="class_slips"),
]
