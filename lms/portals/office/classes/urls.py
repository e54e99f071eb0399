"""Addresses of classes, under ``/dieu-hanh/lop/``."""

from __future__ import annotations

from django.urls import path

from lms.portals.office.classes.views import classes, learners, rosters, slips, timetable

urlpatterns = [
    path("", classes.class_list, name="class-list"),
    path("mo-lop/", classes.class_new, name="class-new"),
    path("tim/don-vi/", classes.pick_unit, name="class-pick-unit"),
    path("tim/nguoi/<slug:field>/", classes.pick_person, name="class-pick-person"),
    path("mau-danh-sach.xlsx", rosters.template_file, name="class-import-template"),
    path("<int:pk>/", classes.class_page, name="class"),
    path("<int:pk>/sua/", classes.class_edit, name="class-edit"),
    path("<int:pk>/trang-thai/", classes.class_state, name="class-state"),
    path("<int:pk>/cong-nhan/", classes.class_recognise, name="class-recognise"),
    path("<int:pk>/giang-vien/", classes.class_staff, name="class-staff"),
    path("<int:pk>/lich/", timetable.timetable, name="class-timetable"),
    path("<int:pk>/lich/lap/", timetable.propose, name="class-timetable-propose"),
    path("<int:pk>/lich/them/", timetable.session_new, name="class-session-new"),
    path("<int:pk>/lich/<int:session_id>/", timetable.session_edit, name="class-session"),
    path("<int:pk>/lich/<int:session_id>/xoa/", timetable.session_remove, name="class-session-remove"),
    path("<int:pk>/muc/<int:item_id>/", timetable.item_dates, name="class-item-dates"),
    path("<int:pk>/hoc-vien/", learners.learners, name="class-learners"),
    path("<int:pk>/hoc-vien/them/", learners.learner_add, name="class-learner-add"),
    path("<int:pk>/hoc-vien/nguoi-moi/", learners.learner_new, name="class-learner-new"),
    path("<int:pk>/hoc-vien/tep.<slug:form>", learners.learners_export, name="class-learners-export"),
    path("<int:pk>/hoc-vien/<int:enrolment_id>/rut/", learners.learner_withdraw, name="class-learner-withdraw"),
    path("<int:pk>/hoc-vien/<int:enrolment_id>/nhan-lai/", learners.learner_reinstate, name="class-learner-reinstate"),
    path("<int:pk>/nhap/", rosters.roster_new, name="class-import"),
    path("<int:pk>/nhap/<int:import_id>/", rosters.roster_preview, name="class-import-preview"),
    path("<int:pk>/nhap/<int:import_id>/bo/", rosters.roster_discard, name="class-import-discard"),
    path("<int:pk>/phieu/", slips.slips, name="class-slips"),
]
