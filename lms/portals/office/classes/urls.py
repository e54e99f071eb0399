"""Addresses of classes, under ``/dieu-hanh/lop/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.classes.views import classes, learners, rosters, slips, timetable

urlpatterns = [
    path("", classes.class_list, name="class_list"),
    path("mo-lop/", classes.class_new, name="class_new"),
    path("tim/don-vi/", classes.pick_unit, name="class_pick_unit"),
    path("tim/nguoi/<slug:field>/", classes.pick_person, name="class_pick_person"),
    path("mau-danh-sach.xlsx", rosters.template_file, name="class_import_template"),
    path("<int:pk>/", classes.class_page, name="class"),
    path("<int:pk>/sua/", classes.class_edit, name="class_edit"),
    path("<int:pk>/trang-thai/", classes.class_state, name="class_state"),
    path("<int:pk>/cong-nhan/", classes.class_recognise, name="class_recognise"),
    path("<int:pk>/giang-vien/", classes.class_staff, name="class_staff"),
    path("<int:pk>/lich/", timetable.timetable, name="class_timetable"),
    path("<int:pk>/lich/lap/", timetable.propose, name="class_timetable_propose"),
    path("<int:pk>/lich/them/", timetable.session_new, name="class_session_new"),
    path("<int:pk>/lich/<int:session_id>/", timetable.session_edit, name="class_session"),
    path("<int:pk>/lich/<int:session_id>/xoa/", timetable.session_remove, name="class_session_remove"),
    path("<int:pk>/muc/<int:item_id>/", timetable.item_dates, name="class_item_dates"),
    path("<int:pk>/hoc-vien/", learners.learners, name="class_learners"),
    path("<int:pk>/hoc-vien/them/", learners.learner_add, name="class_learner_add"),
    path("<int:pk>/hoc-vien/nguoi-moi/", learners.learner_new, name="class_learner_new"),
    path("<int:pk>/hoc-vien/tep.<slug:form>", learners.learners_export, name="class_learners_export"),
    path("<int:pk>/hoc-vien/<int:enrolment_id>/rut/", learners.learner_withdraw, name="class_learner_withdraw"),
    path("<int:pk>/hoc-vien/<int:enrolment_id>/nhan-lai/", learners.learner_reinstate, name="class_learner_reinstate"),
    path("<int:pk>/nhap/", rosters.roster_new, name="class_import"),
    path("<int:pk>/nhap/<int:import_id>/", rosters.roster_preview, name="class_import_preview"),
    path("<int:pk>/nhap/<int:import_id>/bo/", rosters.roster_discard, name="class_import_discard"),
    path("<int:pk>/phieu/", slips.slips, name="class_slips"),
]
